"""Are the filed files there, in their place, whole, and alone?"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.kinds import HEAD, contradiction
from docgen.archive.checks.manifest import filed_files, removed_files
from docgen.archive.checks.raw import RawFile, canonical_place, is_canonical
from docgen.archive.checks.snapshot import Snapshot, entry_number
from docgen.archive.digests import sha256_file
from docgen.base.findings import Finding


def check_files(
    snapshot: Snapshot,
    subset: tuple[int, int],
    since: str,
    witness: Mapping[str, str],
    tick: Callable[[], None],
) -> Iterator[Finding]:
    """Yield what is wrong with the files.

    Args:
        snapshot: The project.
        subset: (k, n): content is read of the k-th of n parts only; n runs read everything.
        since: Content is read only of files filed at this moment (RFC 3339, UTC) or later.
        witness: What the manifest lists, where entries are lost that may have told of it: path -> digest.
        tick: Is called after each file.
    """
    filed = _witnessed(snapshot, witness) | filed_files(snapshot)
    there = {*snapshot.listing, *snapshot.irregular}
    unlisted = [path for path in snapshot.listing if path not in filed]
    missing = [file for path, file in filed.items() if path not in there]
    moved = dict(_moved(snapshot, missing, unlisted))
    for file in missing:
        if file.path not in moved.values() and not snapshot.hidden(file.path):
            yield finding("AV01", snapshot.project, file.path)
    for path in unlisted:
        yield _unlisted(snapshot, path, moved.get(path, ""))
    for path in snapshot.irregular:
        yield finding("AV24", snapshot.project, path)
    late = {*witness} | {file.path for item in snapshot.items if item.time >= since for file in item.files}
    for path, file in filed.items():
        if path in snapshot.listing:
            yield from _check_content(snapshot, file, subset, read=path in late)
            tick()
    yield from _check_places(snapshot)


def _witnessed(snapshot: Snapshot, witness: Mapping[str, str]) -> dict[str, RawFile]:
    """Return the files for which the manifest alone stands; it says nothing of their size."""
    gone = removed_files(snapshot)
    return {
        path: RawFile(path, snapshot.listing.get(path, 0), digest)
        for path, digest in witness.items()
        if not entry_number(path) and path not in gone
    }


def _moved(snapshot: Snapshot, missing: list[RawFile], unlisted: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (where it is, where it belongs) of missing files that lie elsewhere in the project."""
    wanted = {(file.size, file.sha256): file.path for file in missing}
    sizes = {file.size for file in missing}
    for path in unlisted:
        if snapshot.listing[path] in sizes:
            digest = _digest(snapshot, path)
            if place := wanted.pop((snapshot.listing[path], digest), ""):
                yield path, place


def _unlisted(snapshot: Snapshot, path: str, home: str) -> Finding:
    """Return what a file is that the journal does not tell of, or no longer."""
    if home:
        return finding("AV06", snapshot.project, path, expected=home)
    removed = removed_files(snapshot).get(path)
    if removed and _digest(snapshot, path) == removed.sha256:
        return finding("AV28", snapshot.project, path)
    return finding("AV04" if is_canonical(path.rpartition("/")[2]) else "AV05", snapshot.project, path)


def _digest(snapshot: Snapshot, path: str) -> str:
    """Return the digest of an unlisted file; of one that cannot be read, nothing."""
    try:
        return sha256_file(snapshot.folder / path)
    except OSError:
        return ""


def _check_content(
    snapshot: Snapshot, file: RawFile, subset: tuple[int, int], *, read: bool
) -> Iterator[Finding]:
    found = snapshot.listing[file.path]
    if found != file.size:
        yield finding("AV02", snapshot.project, file.path, expected=file.size, found=found)
        return
    if not read or not in_subset(file.path, subset):
        return
    path = snapshot.folder / file.path
    try:
        if sha256_file(path) != file.sha256:
            yield finding("AV03", snapshot.project, file.path)
            return
        with path.open("rb") as stream:
            kind = contradiction(file.path.rpartition(".")[2], stream.read(HEAD))
    except OSError as error:
        yield finding("AV22", snapshot.project, file.path, reason=error.strerror or error)
        return
    if kind:
        yield finding("AV25", snapshot.project, file.path, kind=kind)


def in_subset(path: str, subset: tuple[int, int]) -> bool:
    """Whether a path belongs to the k-th of n parts, ``subset`` being (k, n)."""
    part, parts = subset
    return zlib.crc32(path.encode()) % parts == part - 1


def _check_places(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield files that the journal itself lists under a name that is not that of their identity."""
    for item in snapshot.items:
        for file in item.files if item.event in ("filed", "added") else ():
            place = canonical_place(item, file.path)
            elsewhere = item.identity.project != snapshot.project
            if file.path != place or elsewhere:
                home = f"{item.identity.project}/" if elsewhere else ""
                yield finding("AV06", snapshot.project, file.path, expected=home + place)
