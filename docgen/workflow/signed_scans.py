"""The signed and sealed scan of a document: its next major version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docgen.archive.digests import sha256_file
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.queries import FiledVersion
from docgen.archive.refile import files_of
from docgen.archive.versions import next_version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.workflow.finding import find_one
from docgen.workflow.session import Session
from docgen.workflow.triage import check_content

SIGNED = "已签署"


def signed_scan(session: Session, group: tuple[Path, ...], document: str, *, move: bool) -> Parcel:
    """Return the signed scan of ``document`` as its next major version.

    Raises:
        UsageFault: ``document`` names none, or several.
        ArchiveRefused: A file is no whole scan, or is filed in the project as another document.
    """
    for path in group:
        check_content(path)
    signed = find_one(session, document)
    for path in group:
        _check_free(session, path, signed)
    files = [ParcelFile.of(path, path.suffix[1:].lower(), finish=move) for path in group]
    return _parcel(session, signed, files)


def misfiled_scan(session: Session, scan: FiledVersion, document: str) -> Parcel:
    """Return a version that was filed by itself as the signed scan of ``document``.

    Raises:
        UsageFault: ``document`` names none, or several.
        ArchiveRefused: It is a version of that very document.
    """
    signed = find_one(session, document)
    if signed.document_id == scan.document_id:
        raise ArchiveRefused(
            Message("它就是这份文件的一个版本", "it is a version of that very document"), where=scan.stem
        )
    return _parcel(session, signed, files_of(session.archive, scan))


def _parcel(session: Session, signed: FiledVersion, files: Sequence[ParcelFile]) -> Parcel:
    versions = [one.version for one in session.catalogue.versions_of(signed.document_id)]
    version = next_version(versions, major=True)
    identity = Identity(signed.project, signed.type_name, signed.serial, signed.date, version)
    facts = Facts(status=SIGNED, confidentiality=signed.confidentiality, change_note="签署盖章件")
    return Parcel(session.types[signed.type_id], identity, tuple(files), doc_id=signed.doc_id, facts=facts)


def _check_free(session: Session, path: Path, signed: FiledVersion) -> None:
    """Refuse what the project holds as another document: it would be a duplicate, and sign nothing."""
    with told(path):
        holders = session.catalogue.holding(sha256_file(path))
    other = next((one for one in holders if one.project == signed.project), None)
    if other is None or other.document_id == signed.document_id:
        return
    raise ArchiveRefused(
        Message(
            f"已归档为 {other.stem}，没有归为 {signed.stem} 的签署件",
            f"it is filed as {other.stem}, and not as the signed scan of {signed.stem}",
        ),
        where=str(path),
        hint=Message(
            f"docgen refile {other.stem} --signed {signed.stem} 把它改归为签署件",
            f"docgen refile {other.stem} --signed {signed.stem} makes it the signed scan",
        ),
    )
