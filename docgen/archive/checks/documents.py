"""Do the documents fit together: versions, numbers, references?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.manifest import filed_files
from docgen.archive.checks.raw import RawItem
from docgen.archive.checks.snapshot import Snapshot
from docgen.archive.identity import RECORD_EXT, Identity
from docgen.archive.legal import fold_key
from docgen.archive.versions import Version, leaves_gap
from docgen.base.findings import Finding

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Document = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """One filed version that is not withdrawn, as the journal tells it."""

    project: str
    item: RawItem

    @property
    def path(self) -> str:
        """The first of its files."""
        return self.item.files[0].path


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest version of a document, for those who look into the papers themselves.

    Attributes:
        project: Name of its folder.
        identity: What it is.
        type_id: Its type.
        status: 草稿, 已签署 …, as the journal says last.
        files: Its files, relative to the project folder -> whether docgen made them.
        printed: The newest PDF of the document that docgen made, of this version or an earlier one.
    """

    project: str
    identity: Identity
    type_id: str
    status: str
    files: Mapping[str, bool]
    printed: str = ""


def newest(snapshot: Snapshot) -> Iterator[Kept]:
    """Yield the newest version of every document whose files are kept."""
    held = filed_files(snapshot)
    files: dict[tuple[Document, Version], dict[str, bool]] = {}
    for item in snapshot.items:
        if item.event in ("filed", "added"):
            own = {file.path: item.generated for file in item.files if file.path in held}
            files.setdefault(item.version, {}).update(own)
    said = {item.version: item for item in snapshot.items if item.event in ("filed", "corrected")}
    for filed in editions(snapshot).values():
        last = max(filed, key=lambda one: one.item.identity.version).item
        if files[last.version]:
            status, own = said[last.version].status, files[last.version]
            printed = _printed(files[one.item.version] for one in filed)
            yield Kept(snapshot.project, last.identity, last.type_id, status, own, printed)


def _printed(versions: Iterable[Mapping[str, bool]]) -> str:
    """Return the last PDF that docgen made; versions come in the order of filing."""
    made = (path for files in versions for path, ours in files.items() if ours and path.endswith(".pdf"))
    return max(enumerate(made), default=(0, ""))[1]


def editions(snapshot: Snapshot) -> dict[Document, list[Edition]]:
    """Return the versions of every document that are not withdrawn, in the order of filing."""
    withdrawn = {item.version for item in snapshot.items if item.event == "withdrawn"}
    found: dict[Document, list[Edition]] = {}
    for item in snapshot.items:
        if item.event == "filed" and item.files and item.version not in withdrawn:
            found.setdefault(item.document, []).append(Edition(snapshot.project, item))
    return found


def check_versions(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield versions that exist twice, and gaps."""
    taken: dict[Document, list[Version]] = {}
    for item in snapshot.items:
        if item.event == "filed":
            taken.setdefault(item.document, []).append(item.identity.version)
    for document, filed in editions(snapshot).items():
        seen: set[Version] = set()
        for edition in filed:
            version = edition.item.identity.version
            if version in seen:
                yield finding("AV15", snapshot.project, edition.path, version=version)
            elif leaves_gap(version, taken[document]):
                yield finding("AV16", snapshot.project, edition.path, version=version)
            seen.add(version)


def check_references(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield references of newest versions whose target is not in the project."""
    filed = editions(snapshot)
    known = {fold_key(one.item.doc_id) for documents in filed.values() for one in documents}
    stems = {fold_key(one.item.identity.stem) for documents in filed.values() for one in documents}
    deleted = _deleted(snapshot)
    for documents in filed.values():
        newest = max(documents, key=lambda one: one.item.identity.version)
        for ref in newest.item.refs if newest.item.version not in deleted else ():
            target, text = fold_key(ref.doc_id), fold_key(ref.text)
            named = {text, text.rpartition(".")[0], text.removesuffix(f".{RECORD_EXT}")}
            if target not in known if target else not named & (known | stems):
                yield finding("AV17", snapshot.project, newest.path, text=ref.text)


def _deleted(snapshot: Snapshot) -> set[tuple[Document, Version]]:
    return {item.version for item in snapshot.items if item.event == "tombstone"}


def check_keeping(snapshot: Snapshot, today: date | None) -> Iterator[Finding]:
    """Yield versions without a mark of confidentiality, and those whose retention has passed."""
    said = {item.version: item for item in snapshot.items if item.event in ("filed", "corrected")}
    deleted = _deleted(snapshot)
    for documents in editions(snapshot).values():
        for edition in documents:
            last = said[edition.item.version]
            if edition.item.version in deleted:
                continue
            if not last.confidentiality:
                yield finding("AV26", snapshot.project, edition.path)
            if today and _DAY.fullmatch(last.retention) and last.retention <= today.isoformat():
                yield finding("AV27", snapshot.project, edition.path, until=last.retention)


def check_numbers(snapshots: Sequence[Snapshot]) -> Iterator[Finding]:
    """Yield numbers that several documents have."""
    first: dict[str, tuple[Edition, Document]] = {}
    for snapshot in snapshots:
        for document, filed in editions(snapshot).items():
            newest = max(filed, key=lambda one: one.item.identity.version)
            key = fold_key(newest.item.doc_id)
            if key not in first:
                first[key] = (newest, document)
                continue
            other = first[key][0]
            code = "AV18" if other.project == newest.project else "AV19"
            where = other.path if code == "AV18" else f"{other.project}/{other.path}"
            yield finding(code, newest.project, newest.path, doc_id=newest.item.doc_id, other=where)
