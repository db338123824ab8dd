"""Is the journal whole: every entry there, readable, in order, chained to the one before?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.snapshot import RawEntry, Snapshot
from docgen.archive.layout import entry_path
from docgen.base.findings import Finding

GENESIS = "0" * 64


def check_journal(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield what is wrong with the journal itself."""
    project, entries = snapshot.project, snapshot.entries
    there = {entry.number for entry in entries}
    for number in range(1, max(there, default=0) + 1):
        if number not in there:
            yield finding("AV08", project, entry_path(number))
    for entry in entries:
        if entry.data is None:
            yield finding("AV10", project, entry.path)
        elif entry.data["seq"] != entry.number:
            yield finding("AV09", project, entry.path, found=entry.data["seq"])
    sound = [entry for entry in entries if entry.data and entry.data["seq"] == entry.number]
    if sound and sound[0].number == 1 and _prev(sound[0]) != GENESIS:
        yield finding("AV07", project, sound[0].path)
    for before, after in pairwise(sound):
        if after.number == before.number + 1 and _prev(after) != before.digest:
            yield finding("AV07", project, before.path)


def _prev(entry: RawEntry) -> str:
    return str(entry.data["prev"]) if entry.data else ""


def check_head(snapshot: Snapshot, digest: str) -> bool:
    """Whether an entry of this project has the digest that was noted or printed some time ago."""
    return any(entry.digest == digest.strip().lower() for entry in snapshot.entries)
