"""Misfiled documents to their right place; where they were they are kept, marked withdrawn."""

from __future__ import annotations

from docgen.archive.filed import Filed
from docgen.archive.refile import refile as archive_refile
from docgen.archive.refile import replace_misfiled
from docgen.base.errors import ArchiveRefused, UsageFault
from docgen.base.messages import Message
from docgen.workflow.filing import Taken
from docgen.workflow.finding import find_one, versions_of, with_files
from docgen.workflow.indexing import index_filed
from docgen.workflow.session import Session
from docgen.workflow.signed_scans import misfiled_scan


def refile(
    session: Session, document: str, *, project: str = "", type_name: str = "", signed: str = ""
) -> list[Taken]:
    """File a misfiled document where it belongs; the old is withdrawn.

    Args:
        session: The workspace.
        document: What names it.
        project: Its right project.
        type_name: Its right type.
        signed: Instead of both: the document whose signed scan it is.

    Raises:
        UsageFault: It is not said where it belongs, or that twice; or a document is not found.
        ArchiveRefused: It is there already, or the right place is taken; nothing has changed.
    """
    if signed and (project or type_name):
        raise UsageFault(
            Message("--signed 不与 --project、--type 同用", "--signed goes without --project and --type")
        )
    if not (project or type_name or signed):
        raise UsageFault(
            Message("没有说明正确的归属", "it is not said where the document belongs"),
            hint=Message("加 --project、--type 或 --signed", "give --project, --type or --signed"),
        )
    if signed:
        moved = _as_signed(session, document, signed)
    else:
        old = find_one(session, document)
        doc_type = session.type_named(type_name) if type_name else session.types[old.type_id]
        right = project or old.project
        versions = versions_of(session, old)
        moved = archive_refile(session.archive, versions, doc_type, right, actor=session.actor)
    late = index_filed(session)
    return [Taken(filed, (*filed.notes, *filed.warnings, *late)) for filed in moved]


def _as_signed(session: Session, document: str, signed: str) -> list[Filed]:
    """File a scan that was filed by itself as what it signs, all of its document or nothing."""
    scan = with_files(find_one(session, document))
    if len([one for one in versions_of(session, scan) if not one.withdrawn]) > 1:
        raise ArchiveRefused(
            Message("这份文件有几个版本，不是一份扫描件", "it has several versions, and is no single scan"),
            where=scan.stem,
        )
    parcel = misfiled_scan(session, scan, signed)
    return [replace_misfiled(session.archive, scan, parcel, actor=session.actor)]
