"""Does the manifest say what the journal says?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.raw import RawFile
from docgen.archive.checks.snapshot import Snapshot, entry_number
from docgen.archive.layout import MANIFEST, entry_path
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


def removed_files(snapshot: Snapshot) -> dict[str, RawFile]:
    """Return the files that were removed after their retention, by path."""
    return {file.path: file for item in snapshot.items if item.event == "tombstone" for file in item.files}


def manifest_lines(snapshot: Snapshot) -> dict[str, str]:
    """Return the digests that the manifest lists, by path; lines that cannot be read are left out."""
    found = (_LINE.fullmatch(line) for line in _lines(snapshot))
    return {match[2]: match[1] for match in reversed([match for match in found if match])}


def _lines(snapshot: Snapshot) -> list[str]:
    return (snapshot.manifest or b"").decode("utf-8", "replace").splitlines(keepends=True)


def check_manifest(snapshot: Snapshot, doubtful: set[str]) -> Iterator[Finding]:
    """Yield where manifest and journal differ; paths in ``doubtful`` are spoken of elsewhere."""
    project = snapshot.project
    expected = _expected(snapshot)
    if snapshot.manifest is None:
        if expected and not snapshot.hidden(MANIFEST) and MANIFEST not in snapshot.irregular:
            yield finding("AV11", project, MANIFEST)
        return
    listed: dict[str, str] = {}
    whole = True
    for number, line in enumerate(_lines(snapshot), start=1):
        match = _LINE.fullmatch(line)
        if not match:
            whole = False
            yield finding("AV14", project, MANIFEST, line=number)
        elif match[2] in listed:
            yield finding("AV13", project, match[2])
        else:
            listed[match[2]] = match[1]
    unsure = doubtful | {path for path in listed if snapshot.hidden(path)}
    yield from _differences(project, expected, listed, unsure, whole=whole)
    if listed == expected and whole and list(listed) != list(expected):
        yield finding("AV31", project, MANIFEST)


def _expected(snapshot: Snapshot) -> dict[str, str]:
    """Return path and digest of every line that must be there, in the order of the format."""
    filed = filed_files(snapshot)
    lines: dict[str, str] = {}
    for entry in snapshot.entries:
        for item in entry.items:
            kept = [file for file in item.files if filed.get(file.path) == file]
            lines |= {file.path: file.sha256 for file in kept if item.event in ("filed", "added")}
        lines[entry.path] = entry.digest
    return lines


def _differences(
    project: str, expected: dict[str, str], listed: dict[str, str], unsure: set[str], *, whole: bool
) -> Iterator[Finding]:
    for path, digest in expected.items():
        if path not in listed and whole:  # a line that cannot be read is reported as such
            yield finding("AV11", project, path)
        elif path in listed and listed[path] != digest and path not in unsure:
            yield finding("AV12", project, path)
    for path in listed.keys() - expected.keys() - unsure:
        if not entry_number(path):
            yield finding("AV13", project, path)


def check_end(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield, once, the entries that the manifest knows beyond the end of the journal: it was cut off."""
    last = max((entry.number for entry in snapshot.entries), default=0)
    numbers = {entry_number(path) for path in manifest_lines(snapshot) if not snapshot.hidden(path)}
    lost = sorted(number for number in numbers if number > last)
    if lost:
        yield finding("AV08", snapshot.project, entry_path(lost[0]), count=len(lost))
