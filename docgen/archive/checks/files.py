"""Are the filed files there, in their place, whole, and alone?"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.manifest import filed_files
from docgen.archive.checks.snapshot import RawFile, Snapshot, canonical_place, is_canonical
from docgen.archive.digests import sha256_file
from docgen.archive.legal import fold_key
from docgen.base.findings import Finding


def check_files(snapshot: Snapshot, subset: tuple[int, int], since: str) -> Iterator[Finding]:
    """Yield what is wrong with the files.

    Args:
        snapshot: The project.
        subset: (k, n): content is read of the k-th of n parts only; n runs read everything.
        since: Content is read only of files filed at this moment (RFC 3339, UTC) or later.
    """
    filed = filed_files(snapshot)
    unlisted = [path for path in snapshot.listing if path not in filed]
    missing = [file for path, file in filed.items() if path not in snapshot.listing]
    moved = dict(_moved(snapshot, missing, unlisted))
    for file in missing:
        if file.path in moved.values():
            continue
        yield finding("AV01", snapshot.project, file.path)
    for path in unlisted:
        if path in moved:
            yield finding("AV06", snapshot.project, path, expected=moved[path])
        else:
            code = "AV04" if is_canonical(path.rpartition("/")[2]) else "AV05"
            yield finding(code, snapshot.project, path)
    late = {file.path for item in snapshot.items if item.time >= since for file in item.files}
    for path, file in filed.items():
        if path in snapshot.listing:
            yield from _check_content(snapshot, file, subset, read=path in late)
    yield from _check_places(snapshot)


def _moved(snapshot: Snapshot, missing: list[RawFile], unlisted: list[str]) -> Iterator[tuple[str, str]]:
    """Yield (where it is, where it belongs) of missing files that lie elsewhere in the project."""
    wanted = {(file.size, file.sha256): file.path for file in missing}
    sizes = {file.size for file in missing}
    for path in unlisted:
        if snapshot.listing[path] in sizes:
            digest = sha256_file(snapshot.folder / path)
            if place := wanted.pop((snapshot.listing[path], digest), ""):
                yield path, place


def _check_content(
    snapshot: Snapshot, file: RawFile, subset: tuple[int, int], *, read: bool
) -> Iterator[Finding]:
    found = snapshot.listing[file.path]
    if found != file.size:
        yield finding("AV02", snapshot.project, file.path, expected=file.size, found=found)
        return
    part, parts = subset
    if not read or zlib.crc32(file.path.encode()) % parts != part - 1:
        return
    try:
        if sha256_file(snapshot.folder / file.path) != file.sha256:
            yield finding("AV03", snapshot.project, file.path)
    except OSError as error:
        yield finding("AV22", snapshot.project, file.path, reason=error.strerror or error)


def _check_places(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield files that the journal itself lists under a name that is not that of their identity."""
    for item in snapshot.items:
        for file in item.files if item.event in ("filed", "added") else ():
            place = canonical_place(item, file.path)
            elsewhere = fold_key(item.identity.project) != fold_key(snapshot.project)
            if file.path != place or elsewhere:
                home = f"{item.identity.project}/" if elsewhere else ""
                yield finding("AV06", snapshot.project, file.path, expected=home + place)
