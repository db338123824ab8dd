"""Generated documents into the archive, from the draft or not again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from docgen.archive.links import missing_refs
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.base.files import make_folder
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.records import Record
from docgen.forms.values import Ref
from docgen.workflow.editions import Edition
from docgen.workflow.generated import Generated, Wishes
from docgen.workflow.groupings import groups_of
from docgen.workflow.indexing import index_filed
from docgen.workflow.printing import Printed
from docgen.workflow.session import Session


def file_draft(
    session: Session, edition: Edition, record: Record, printed: Printed, draft: Generated
) -> Generated:
    """File a draft and what lies beside it; it stays where it is.

    Raises:
        LostRace: Its version or number was taken meanwhile; it must be rendered anew.
        ArchiveRefused: The archive does not take it; the draft stays.
    """
    paths = draft.files
    files = tuple(ParcelFile.of(path, path.name.removeprefix(edition.identity.stem + ".")) for path in paths)
    known = facts(record, printed, note=edition.note)
    parcel = Parcel(
        edition.doc_type,
        edition.identity,
        files,
        doc_id=edition.doc_id,
        facts=known,
        follows=edition.follows,
    )
    filed = session.archive.file(parcel, actor=session.actor)
    late = index_filed(session)
    kept = [session.workspace.archive / path for path in filed.paths]
    pdf = next((path for path in kept if path.suffix == ".pdf"), None)
    said = missing_refs(known)  # by the record, with the name of the field
    remarks = [_remark(warning) for warning in (*filed.warnings, *late) if warning not in said]
    return replace(
        draft,
        path=kept[0],
        pdf=pdf,
        identity=filed.identity,
        doc_id=filed.doc_id,
        problems=(*draft.problems, *remarks),
    )


def _remark(warning: Message) -> Problem:
    return Problem("doc_id", "归档", warning, severity=Severity.WARNING)


def facts(record: Record, printed: Printed, *, note: str) -> Facts:
    """Return what the journal is to know of a generated document beside its identity.

    Args:
        note: What changed, where the record has no field that says it.
    """
    return Facts(
        generated=True,
        status=str(record.values.get("status") or ""),
        confidentiality=str(record.values.get("confidentiality") or "内部"),
        change_note=str(record.values.get("change_note") or note),
        record_digest=record.digest,
        template_digest=printed.template_digest,
        form_digest=record.form.digest,
        refs=tuple(refs_of(record)),
        groups=groups_of(record),
    )


def refs_of(record: Record) -> list[Ref]:
    """Return the links of a record, those in tables at the end."""
    cells = (cell for value in record.values.values() if isinstance(value, tuple) for cell in value)
    nested = (value for cell in cells if isinstance(cell, Mapping) for value in cell.values())
    return [value for value in (*record.values.values(), *nested) if isinstance(value, Ref)]


def already_filed(session: Session, edition: Edition, record: Record, wishes: Wishes) -> Generated:
    """Return the version that says the same; a PDF that it lacks and that is wanted is added to it."""
    previous = edition.previous
    assert previous is not None
    root = session.workspace.archive
    docx, pdf = previous.file("docx"), previous.file("pdf")
    path = root / (docx or previous.files[0]).path
    kept = root / pdf.path if pdf else None
    if wishes.pdf and docx and not kept:
        kept = _add_pdf(session, edition, path)
    return Generated(
        path,
        kept,
        edition.identity,
        edition.doc_type.id,
        previous.doc_id,
        record.warnings,
        fresh=False,
    )


def _add_pdf(session: Session, edition: Edition, docx: Path) -> Path:
    from docgen.render.pdf import to_pdf

    made = session.workspace.drafts / edition.identity.filename("pdf")
    make_folder(made.parent)
    to_pdf(docx, made, timeout=session.settings.pdf_timeout)
    parcel = Parcel(edition.doc_type, edition.identity, (ParcelFile.of(made, "pdf", finish=True),))
    filed = session.archive.file(parcel, actor=session.actor)
    index_filed(session)
    session.archive.finish([filed])
    return session.workspace.archive / filed.paths[0]
