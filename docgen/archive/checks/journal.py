"""Is the journal whole: every entry there, readable, in order, chained to the one before?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.snapshot import Snapshot, entry_number
from docgen.archive.layout import entry_path
from docgen.archive.legal import fold_key
from docgen.base.findings import Finding

GENESIS = "0" * 64


def check_journal(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield what is wrong with the journal itself."""
    project, entries = snapshot.project, snapshot.entries
    last = 0
    for number in sorted({entry.number for entry in entries} | _unread(snapshot)):
        if number > last + 1:
            yield finding("AV08", project, entry_path(last + 1), count=number - last - 1)
        last = number
    for entry in entries:
        if not entry.readable:
            yield finding("AV10", project, entry.path)
        elif entry.seq != entry.number:
            yield finding("AV09", project, entry.path, found=entry.seq)
    sound = [entry for entry in entries if entry.readable and entry.seq == entry.number]
    if sound and sound[0].number == 1 and sound[0].prev != GENESIS:
        yield finding("AV07", project, sound[0].path)
    for before, after in pairwise(sound):
        if after.number == before.number + 1 and after.prev != before.digest:
            yield finding("AV07", project, before.path)


def _unread(snapshot: Snapshot) -> set[int]:
    """Return the numbers of the entries that are there, but cannot be read."""
    return {number for path in snapshot.unreadable if (number := entry_number(path))}


def check_subjects(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield events about versions that the journal never filed."""
    filed = set()
    for item in snapshot.items:
        if item.event == "filed":
            filed.add(item.version)
        elif item.version not in filed:
            yield finding("AV29", snapshot.project, item.entry, stem=item.identity.stem)


def check_heads(snapshots: Sequence[Snapshot], digests: Iterable[str]) -> Iterator[Finding]:
    """Yield digests, printed or noted some time ago, that no entry has any longer."""
    for digest in digests:
        if not any(_has(snapshot, digest) for snapshot in snapshots):
            yield finding("AV23", "", digest=digest)


def check_known(snapshots: Sequence[Snapshot], known: Mapping[str, str]) -> Iterator[Finding]:
    """Yield projects that are gone, or whose entry of this digest is."""
    there = {fold_key(snapshot.project): snapshot for snapshot in snapshots}
    for project, digest in known.items():
        snapshot = there.get(fold_key(project))
        if snapshot is None:
            yield finding("AV30", project)
        elif not _has(snapshot, digest):
            yield finding("AV23", snapshot.project, digest=digest)


def _has(snapshot: Snapshot, digest: str) -> bool:
    return any(entry.digest == digest.strip().lower() for entry in snapshot.entries)
