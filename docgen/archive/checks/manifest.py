"""Does the manifest say what the journal says?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.snapshot import RawFile, Snapshot
from docgen.archive.layout import JOURNAL, MANIFEST
from docgen.base.findings import Finding

_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)\n")


def filed_files(snapshot: Snapshot) -> dict[str, RawFile]:
    """Return the files that the journal says must be there, by path."""
    held: dict[str, RawFile] = {}
    for item in snapshot.items:
        if item.event in ("filed", "added"):
            held |= {file.path: file for file in item.files}
        elif item.event == "tombstone":
            held = {path: file for path, file in held.items() if file not in item.files}
    return held


def check_manifest(snapshot: Snapshot, doubtful: set[str]) -> Iterator[Finding]:
    """Yield where manifest and journal differ; entries in ``doubtful`` are reported already."""
    project = snapshot.project
    expected = {path: file.sha256 for path, file in filed_files(snapshot).items()}
    expected |= {entry.path: entry.digest for entry in snapshot.entries}
    if snapshot.manifest is None:
        if expected:
            yield finding("AV11", project, MANIFEST)
        return
    listed: dict[str, str] = {}
    lines = snapshot.manifest.decode("utf-8", "replace").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if not match:
            yield finding("AV14", project, MANIFEST, line=number)
        elif match[2] in listed:
            yield finding("AV13", project, match[2])
        else:
            listed[match[2]] = match[1]
    whole = all(_LINE.fullmatch(line) for line in lines)
    yield from _differences(project, expected, listed, doubtful, whole=whole)


def _differences(
    project: str, expected: dict[str, str], listed: dict[str, str], doubtful: set[str], *, whole: bool
) -> Iterator[Finding]:
    for path, digest in expected.items():
        if path not in listed and whole:  # a line that cannot be read is reported as such
            yield finding("AV11", project, path)
        elif path in listed and listed[path] != digest and path not in doubtful:
            yield finding("AV12", project, path)
    for path in listed.keys() - expected.keys() - doubtful:
        yield finding("AV08" if path.startswith(f"{JOURNAL}/") else "AV13", project, path)
