"""Version numbers: `V<major>.<minor>`, compared as numbers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

_VERSION = re.compile(r"V([1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """One version: V1.0 is the first issue; V1.10 is newer than V1.9."""

    major: int
    minor: int

    def __post_init__(self) -> None:
        if not (1 <= self.major <= 9999 and 0 <= self.minor <= 9999):
            raise _not_a_version(f"V{self.major}.{self.minor}")

    def __str__(self) -> str:
        return f"V{self.major}.{self.minor}"

    @classmethod
    def parse(cls, text: str) -> Version:
        """Return the version that ``text`` writes in full (`V1.0`).

        Raises:
            ArchiveRefused: It is not one.
        """
        match = _VERSION.fullmatch(text)
        if not match:
            raise _not_a_version(text)
        return cls(int(match[1]), int(match[2]))

    def next_minor(self) -> Version:
        """Return the version after a change of content."""
        return Version(self.major, self.minor + 1)

    def next_major(self) -> Version:
        """Return the version after a new signing or approval."""
        return Version(self.major + 1, 0)


FIRST = Version(1, 0)


def next_version(taken: Collection[Version], *, major: bool = False) -> Version:
    """Return the version that follows ``taken``: V1.0 when there is none, else the newest raised."""
    if not taken:
        return FIRST
    newest = max(taken)
    return newest.next_major() if major else newest.next_minor()


def leaves_gap(version: Version, taken: Collection[Version]) -> bool:
    """Whether ``version`` has no predecessor in ``taken`` (V1.2 without V1.1, V2.0 without any V1)."""
    if version == FIRST:
        return False
    if version.minor:
        return Version(version.major, version.minor - 1) not in taken
    return all(other.major != version.major - 1 for other in taken)


def _not_a_version(text: str) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"“{text}”不是版本号；首版为 V1.0，修改后为 V1.1，重新签署为 V2.0",
            f"“{text}” is not a version; the first issue is V1.0, then V1.1, after a new signing V2.0",
        )
    )
