"""Is the archive whole? Reads files, journals and manifests only; shares no code with what writes them.

Names and digests are the exception (`identity`, `legal`, `versions`, `layout`, `digests`); import-linter
holds it.

Everything is checked and every fault reported; nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType

from docgen.archive.checks.documents import (
    Kept,
    check_keeping,
    check_numbers,
    check_references,
    check_versions,
    newest,
)
from docgen.archive.checks.files import check_files
from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.journal import check_heads, check_journal, check_known, check_subjects
from docgen.archive.checks.manifest import check_end, check_manifest, manifest_lines
from docgen.archive.checks.raw import is_canonical
from docgen.archive.checks.snapshot import (
    Snapshot,
    interrupted,
    is_irregular,
    project_names,
    strays,
    take_snapshot,
)
from docgen.archive.legal import fold_key
from docgen.base.findings import Finding, Severity

#: Is told how many files are done, of how many.
Watch = Callable[[int, int], None]


def unwatched(_done: int, _total: int) -> None:
    """Watch nothing."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and the head of every journal that was read.

    Attributes:
        findings: Errors first, then by project and path.
        heads: Project -> (number, digest) of its last entry; print it to check against later. Projects whose
            journal is not whole have none.
        newest: The newest versions of those projects, for checks of what is in the papers.
    """

    findings: tuple[Finding, ...]
    heads: Mapping[str, tuple[int, str]]
    newest: tuple[Kept, ...] = ()


def verify(
    archive: Path,
    *,
    projects: Collection[str] = (),
    subset: tuple[int, int] = (1, 1),
    since: str = "",
    heads: Collection[str] = (),
    known: Mapping[str, str] = MappingProxyType({}),
    today: date | None = None,
    watch: Watch = unwatched,
) -> Report:
    """Check the archive folder.

    Args:
        archive: The folder.
        projects: Only these; empty: all.
        subset: (k, n): read the content of the k-th of n parts of the files; the rest is checked always.
        since: Read the content only of files filed at this moment (RFC 3339, UTC) or later.
        heads: Digests of entries that must be found somewhere: heads that were printed.
        known: Project -> digest of an entry that must be found in it: the heads that the catalogue knows.
        today: Versions whose retention has passed on this day are noted; ``None``: it is not looked at.
        watch: Is told how many files are done, of how many.

    Raises:
        EnvironmentFault: A project is locked for too long.
    """
    wanted = {fold_key(project) for project in projects}
    names = [name for name in project_names(archive) if not wanted or fold_key(name) in wanted]
    findings: list[Finding] = list(_check_root(archive, names)) if archive.is_dir() and not wanted else []
    snapshots = [take_snapshot(archive, name) for name in names]
    done, total = count(1), sum(len(snapshot.listing) for snapshot in snapshots)
    sound: list[Snapshot] = []
    for snapshot in snapshots:
        journal = [*check_journal(snapshot), *check_end(snapshot)]
        findings.extend(journal)
        read = partial(check_files, snapshot, subset, since, tick=lambda: watch(next(done), total))
        findings.extend(_check_project(snapshot, journal, read, today))
        if not journal and not snapshot.unreadable:
            sound.append(snapshot)
    findings.extend(check_numbers(snapshots))
    findings.extend(check_heads(snapshots, heads))
    doubtful = {snapshot.project for snapshot in snapshots} - {snapshot.project for snapshot in sound}
    findings.extend(one for one in check_known(snapshots, known) if one.project not in doubtful)
    kept = tuple(version for snapshot in sound for version in newest(snapshot))
    return Report(in_order(findings), _heads(sound), kept)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as they are told: errors first, then by project and path."""
    order = list(Severity)
    return tuple(
        sorted(findings, key=lambda one: (order.index(one.severity), one.project, one.path, one.code))
    )


def _check_project(
    snapshot: Snapshot,
    journal: Sequence[Finding],
    read: Callable[[Mapping[str, str]], Iterator[Finding]],
    today: date | None,
) -> Iterator[Finding]:
    """Yield what is wrong beside what was found wrong with the journal."""
    for path, reason in snapshot.unreadable.items():
        yield finding("AV22", snapshot.project, path, reason=reason)
    lost = bool(snapshot.unreadable) or any(one.code in ("AV08", "AV10") for one in journal)
    witness = manifest_lines(snapshot) if lost else {}
    yield from check_manifest(snapshot, {*witness, *(one.path for one in journal)})
    yield from read(witness)
    if not lost:  # else what they miss may stand in what is lost
        yield from check_subjects(snapshot) if not journal else ()
        yield from check_versions(snapshot)
        yield from check_references(snapshot)
        yield from check_keeping(snapshot, today)


def _check_root(archive: Path, names: Sequence[str]) -> Iterator[Finding]:
    for name in strays(archive):
        code = "AV24" if is_irregular(archive / name) else "AV04" if is_canonical(name) else "AV05"
        yield finding(code, "", name)
    for name in interrupted(archive):
        yield finding("AV20", "", name)
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(fold_key(name), name)
        if other != name:
            yield finding("AV21", name, other=other)


def _heads(snapshots: Sequence[Snapshot]) -> dict[str, tuple[int, str]]:
    last = {snapshot.project: snapshot.entries[-1] for snapshot in snapshots if snapshot.entries}
    return {project: (entry.number, entry.digest) for project, entry in last.items()}
