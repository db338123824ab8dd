"""Do the documents fit together: versions, numbers, references?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.snapshot import RawItem, Snapshot
from docgen.archive.legal import fold_key
from docgen.archive.versions import Version, leaves_gap
from docgen.base.findings import Finding

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


def editions(snapshot: Snapshot) -> dict[Document, list[Edition]]:
    """Return the versions of every document that are not withdrawn, in the order of filing."""
    withdrawn = {
        (item.document, item.identity.version) for item in snapshot.items if item.event == "withdrawn"
    }
    found: dict[Document, list[Edition]] = {}
    for item in snapshot.items:
        if item.event == "filed" and item.files and (item.document, item.identity.version) not in withdrawn:
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
    for documents in filed.values():
        newest = max(documents, key=lambda one: one.item.identity.version)
        for ref in newest.item.refs:
            target, text = fold_key(ref["doc_id"]), fold_key(ref["text"])
            named = text in known or any(text.startswith(stem) for stem in stems)
            if not (target in known if target else named):
                yield finding("AV17", snapshot.project, newest.path, text=ref["text"])


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
