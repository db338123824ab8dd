"""Versions are compared as numbers and follow each other without gaps."""

from __future__ import annotations

import pytest

from docgen.archive.versions import Version, leaves_gap, next_version
from docgen.base.errors import ArchiveRefused


def versions(text: str) -> list[Version]:
    return [Version.parse(part) for part in text.split()]


def test_versions_are_compared_as_numbers() -> None:
    assert max(versions("V1.9 V1.10 V1.2")) == Version(1, 10)
    assert sorted(versions("V10.0 V2.0 V1.10 V1.9")) == versions("V1.9 V1.10 V2.0 V10.0")


@pytest.mark.parametrize(
    "text", ["V0.0", "V0.1", "V1", "V1.0.1", "v1.0", "V01.0", "V1.00", "最终版", "", "V1.-1", "V１.0"]
)
def test_what_is_not_a_version_is_refused(text: str) -> None:
    with pytest.raises(ArchiveRefused, match="不是版本号"):
        Version.parse(text)


@pytest.mark.parametrize(
    ("taken", "major", "expected"),
    [
        ("", False, "V1.0"),
        ("", True, "V1.0"),
        ("V1.0", False, "V1.1"),
        ("V1.0", True, "V2.0"),
        ("V1.9 V1.10", False, "V1.11"),
        ("V2.0 V1.7", False, "V2.1"),
    ],
)
def test_the_next_version_raises_the_newest(taken: str, major: bool, expected: str) -> None:
    assert str(next_version(versions(taken), major=major)) == expected


@pytest.mark.parametrize(
    ("version", "taken", "gap"),
    [
        ("V1.0", "", False),
        ("V1.1", "V1.0", False),
        ("V1.2", "V1.0", True),
        ("V2.0", "V1.0 V1.1", False),
        ("V2.0", "", True),
        ("V3.0", "V1.0", True),
        ("V1.0", "V2.0", False),
    ],
)
def test_a_gap_is_a_missing_predecessor(version: str, taken: str, gap: bool) -> None:
    assert leaves_gap(Version.parse(version), versions(taken)) is gap
