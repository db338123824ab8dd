"""When a file may be taken: it has held still, its content is whole, and so are those that belong to it.

Nothing here looks at the disk or the clock: both are told. Times are seconds of any clock that only goes
forward.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from docgen.base.messages import Message
from docgen.ingest.content.examine import extension, stem
from docgen.ingest.content.verdict import State, Verdict, unfit
from docgen.ingest.scanning import Sighting

#: Pauses before something that failed is tried again, in seconds: doubled each time, up to the last.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
#: Mistakes of ours over one file after which it is given up.
MOST_MISTAKES = 3


@dataclass(frozen=True, slots=True)
class Mistake(Message):
    """What people are told of a mistake of ours that is the file's own, not that of disk or database."""


class Waits(StrEnum):
    """Why a file is not taken yet."""

    CHANGING = "changing"
    INCOMPLETE = "incomplete"
    PARTNER = "partner"
    FAILED = "failed"
    IN_HAND = "in_hand"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, and why.

    Attributes:
        seconds: For how long it has not changed.
        reason: What is missing, or what failed; ``None`` where `why` says it all.
        next_try: Seconds until it is tried again after a failure.
    """

    path: Path
    size: int
    why: Waits
    seconds: float
    reason: Message | None = None
    next_try: float | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """Files that are taken together, each as it was seen when it was looked into."""

    files: tuple[tuple[Path, Sighting], ...]
    #: Set for a single file that is to be rejected: why.
    refusal: Message | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The paths alone."""
        return tuple(path for path, _ in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(seen.size for _, seen in self.files)


@dataclass(slots=True)
class _File:
    seen: Sighting
    since: float
    verdict: Verdict | None = None
    tries: int = 0
    mistakes: int = 0
    retry_at: float = 0.0
    failure: Message | None = None
    in_hand: bool = False


class Settling:
    """Follows the files of one inbox from sighting to sighting.

    Args:
        settle: Seconds of stillness before a file is looked into.
        incomplete: Seconds of stillness after which an incomplete one is given up, and one taken whose
            content does not tell where it ends.
    """

    def __init__(self, settle: float, incomplete: float) -> None:
        self._settle = settle
        self._incomplete = max(settle, incomplete)
        self._files: dict[Path, _File] = {}

    def __len__(self) -> int:
        return len(self._files)

    def see(self, found: Mapping[Path, Sighting], now: float) -> None:
        """Take note of everything that lies in the inbox now."""
        for path in [path for path in self._files if path not in found]:
            del self._files[path]
        for path, seen in found.items():
            known = self._files.get(path)
            if known is None or (known.seen != seen and not known.in_hand):
                self._files[path] = _File(seen, now)

    def to_examine(self, now: float) -> list[tuple[Path, Sighting]]:
        """Return the files that have held still and were not looked into since they last changed."""
        return [
            (path, one.seen)
            for path, one in self._files.items()
            if one.verdict is None
            and not one.in_hand
            and now - one.since >= self._settle
            and now >= one.retry_at
        ]

    def examined(self, path: Path, seen: Sighting, verdict: Verdict) -> None:
        """Take note of what looking into a file said, if it is still the one that was looked into."""
        known = self._files.get(path)
        if known and known.seen == seen:
            known.verdict, known.failure, known.tries = verdict, None, 0

    def changed(self, paths: Collection[Path], now: float) -> None:
        """Take note that files changed while they were taken: they have to settle again."""
        for path in paths:
            if path in self._files:
                self._files[path] = _File(self._files[path].seen, now)

    def forget(self, paths: Collection[Path]) -> None:
        """Take note that files were taken out of the inbox."""
        for path in paths:
            self._files.pop(path, None)

    def failed(self, paths: Collection[Path], reason: Message, now: float) -> None:
        """Take note that files could not be read or filed; they are tried again, after growing pauses.

        Those over which we made several mistakes are given up.
        """
        for path in paths:
            if one := self._files.get(path):
                pause = min(FIRST_PAUSE * 2**one.tries, LONGEST_PAUSE)
                one.tries, one.retry_at, one.failure = one.tries + 1, now + pause, reason
                one.mistakes += isinstance(reason, Mistake)
                if one.mistakes >= MOST_MISTAKES:
                    zh, en = f"无法处理：{reason.zh}", f"it cannot be dealt with: {reason.en}"
                    one.verdict, one.retry_at, one.failure = unfit(zh, en), now, None

    def hold(self, paths: Collection[Path]) -> None:
        """Take note that files are being worked on: they are not given out a second time."""
        for path in paths:
            if one := self._files.get(path):
                one.in_hand = True

    def release(self, paths: Collection[Path]) -> None:
        """Take note that work on files has ended; those that are gone will not be seen again."""
        for path in paths:
            if one := self._files.get(path):
                one.in_hand = False

    def retry_now(self) -> None:
        """Forget all pauses."""
        for one in self._files.values():
            one.retry_at = 0.0

    def ready(self, now: float) -> list[Parcel]:
        """Return what can be taken or rejected now; of what belongs together, nothing before all is ready."""
        return [parcel for group in self._groups() for parcel in self._parcels(group, now)]

    def _parcels(self, group: Mapping[Path, _File], now: float) -> Iterator[Parcel]:
        if any(self._holds_up(one, now) for one in group.values()):
            return
        refused = {path: reason for path, one in group.items() if (reason := self._refusal(one, now))}
        for path, reason in refused.items():
            yield Parcel(((path, group[path].seen),), reason)
        whole = tuple((path, one.seen) for path, one in group.items() if path not in refused)
        if whole:
            yield Parcel(whole)

    def _holds_up(self, one: _File, now: float) -> bool:
        """Whether a file, or those that belong to it, must wait for it."""
        if one.in_hand or one.verdict is None or now < one.retry_at:
            return True
        may_go_on = one.verdict.state in (State.INCOMPLETE, State.ENDLESS)
        return may_go_on and now - one.since < self._incomplete

    def _refusal(self, one: _File, now: float) -> Message | None:
        assert one.verdict is not None
        reason = one.verdict.reason
        if one.verdict.state is State.ENDLESS:
            return None
        if one.verdict.state is not State.INCOMPLETE or reason is None:
            return reason
        still = round(now - one.since)
        return Message(
            f"{reason.zh}（已 {still} 秒没有变化）", f"{reason.en} (unchanged for {still} seconds)"
        )

    def _groups(self) -> Iterator[dict[Path, _File]]:
        """Yield the files that belong together: same folder and name, each extension once."""
        groups: dict[tuple[Path, str, int], dict[Path, _File]] = {}
        taken: dict[tuple[Path, str, str], int] = {}
        for path, one in self._files.items():
            name, ext = stem(path.name), extension(path.name)
            turn = taken.get((path.parent, name, ext), 0)
            taken[path.parent, name, ext] = turn + 1
            groups.setdefault((path.parent, name, turn), {})[path] = one
        yield from groups.values()

    def waiting(self, now: float) -> list[Waiting]:
        """Return everything that waits, and why."""
        return [
            self._waiting(path, one, group, now) for group in self._groups() for path, one in group.items()
        ]

    def _waiting(self, path: Path, one: _File, group: Mapping[Path, _File], now: float) -> Waiting:
        still = max(0.0, now - one.since)
        size = one.seen.size
        if one.in_hand:
            return Waiting(path, size, Waits.IN_HAND, still)
        if one.failure:
            return Waiting(path, size, Waits.FAILED, still, one.failure, max(0.0, one.retry_at - now))
        if one.verdict is None:
            return Waiting(path, size, Waits.CHANGING, still)
        if one.verdict.state is State.INCOMPLETE or (
            one.verdict.state is State.ENDLESS and self._holds_up(one, now)
        ):
            return Waiting(path, size, Waits.INCOMPLETE, still, one.verdict.reason)
        others = [other for other, its in group.items() if other != path and self._holds_up(its, now)]
        if others:
            names = "、".join(other.name for other in others)
            return Waiting(path, size, Waits.PARTNER, still, Message(f"等待 {names}", f"waits for {names}"))
        return Waiting(path, size, Waits.IN_HAND, still)
