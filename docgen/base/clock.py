"""What time it is: journal times in UTC, and every "today" in the zone of the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Anything that tells the time; tests hand in one that stands still.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the current moment in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Return ``moment`` as RFC 3339 in UTC with milliseconds: `2026-11-02T03:04:05.678Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def today(zone: ZoneInfo, clock: Clock = system_clock) -> date:
    """Return the date that the calendar on the wall shows in ``zone``."""
    return clock().astimezone(zone).date()
