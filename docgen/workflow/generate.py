"""From a filled form to a finished document, and on into the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from docgen.archive.decide import LostRace, missing_refs
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.queries import FiledVersion
from docgen.base.errors import ArchiveRefused
from docgen.base.files import make_folder
from docgen.base.files import replace as write
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.records import Record
from docgen.forms.values import Ref
from docgen.workflow.drafts import protect_draft
from docgen.workflow.editions import Edition, next_edition
from docgen.workflow.indexing import index_filed
from docgen.workflow.printing import Printed, open_template, print_record
from docgen.workflow.records import make_record, override, own_number, take_version
from docgen.workflow.session import Session

#: How often a document is rendered anew because another process took its version meanwhile.
_RACES = 20


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants beside the document itself."""

    out: Path | None = None
    pdf: bool = False
    file: bool = False
    traditional: bool = False
    major: bool = False


@dataclass(frozen=True, slots=True)
class Generated:
    """A document that was made: the draft, or the filed copy."""

    path: Path
    pdf: Path | None
    identity: Identity
    type_id: str
    doc_id: str
    problems: tuple[Problem, ...]
    #: False: nothing had changed since the last filed version.
    fresh: bool = True

    def identity_json(self) -> dict[str, str]:
        """Return the identity as JSON data."""
        return {
            "project": self.identity.project,
            "type": self.type_id,
            "serial": self.identity.serial,
            "date": self.identity.date.isoformat(),
            "version": str(self.identity.version),
            "doc_id": self.doc_id,
        }


def read_answers(form: Form, path: Path | None) -> dict[str, object]:
    """Return what a data file (YAML, JSON, CSV, XLSX …) says about one document.

    Raises:
        InvalidData: The file is not valid, or does not hold exactly one record.
    """
    if path is None:
        return {}
    from docgen.batch.tables import read_single

    return dict(read_single(path, form).answers)


def generate(
    session: Session, form: Form, answers: Mapping[str, object], wishes: Wishes = Wishes()
) -> Generated:
    """Make the document that ``answers`` describe; with ``wishes.file`` it is filed.

    Raises:
        InvalidData: The answers have problems; all are named, nothing is written.
        TemplateFault: The type's template has mistakes.
        ArchiveRefused: The archive does not take it (number taken, name impossible); the draft stays.
        ProgramFault: A PDF was wanted and LibreOffice is missing or failed; the draft stays.
    """
    template = open_template(session, form, traditional=wishes.traditional)
    typed, answers = take_version(form, answers)
    for _ in range(_RACES):
        record = make_record(session, form, answers)
        number = own_number(form, answers, record)
        edition = next_edition(
            session, record, template.digest, number=number, typed=typed, major=wishes.major
        )
        record = make_record(session, form, override(form, answers, _decided(edition, record)))
        if wishes.file and edition.unchanged and edition.previous:
            return _already_filed(session, edition, record, wishes)
        printed = print_record(template, record, serial=edition.identity.serial)
        protect_draft(_draft_path(session, edition, wishes), number)
        draft = _write_draft(session, edition, record, printed, wishes)
        if not wishes.file:
            return draft
        try:
            return _file_draft(session, edition, record, printed, draft)
        except LostRace:
            _remove_draft(draft)
    raise ArchiveRefused(
        Message("其他程序一直在归档同一份文件", "other programs keep filing the same document"),
        hint=Message("稍后再试", "try again later"),
    )


def _decided(edition: Edition, record: Record) -> dict[str, object]:
    """Return version and number, and for a later version what changed, unless that was said."""
    decided: dict[str, object] = {"version": str(edition.identity.version), "doc_id": edition.doc_id}
    if edition.previous and not edition.unchanged and not record.values.get("change_note"):
        decided["change_note"] = _change(edition.previous, record)
    return {key: value for key, value in decided.items() if record.form.field(key)}


def _change(previous: FiledVersion, record: Record) -> str:
    if previous.edited:
        return "重新生成，不含上一版的手工修改"
    return "数据更新" if previous.record_digest != record.digest else "模板更新"


def _write_draft(
    session: Session, edition: Edition, record: Record, printed: Printed, wishes: Wishes
) -> Generated:
    path = _draft_path(session, edition, wishes)
    make_folder(path.parent)
    write(path, printed.docx)
    write(path.with_name(edition.identity.filename("record.json")), printed.record_json)
    pdf = None
    if wishes.pdf:
        from docgen.render.pdf import to_pdf

        pdf = to_pdf(path, path.with_suffix(".pdf"), timeout=session.settings.pdf_timeout)
    problems = (*record.warnings, *_edited_before(edition))
    return Generated(path, pdf, edition.identity, edition.doc_type.id, edition.doc_id, problems)


def _draft_path(session: Session, edition: Edition, wishes: Wishes) -> Path:
    return (wishes.out or session.workspace.drafts).absolute() / edition.identity.filename("docx")


def _edited_before(edition: Edition) -> tuple[Problem, ...]:
    if not edition.previous or not edition.previous.edited:
        return ()
    reason = Message(
        f"最新版本 {edition.previous.version} 经过手工修改，本次生成的内容不含那些修改",
        f"the newest version {edition.previous.version} was edited by hand; this one lacks those changes",
    )
    return (Problem("version", "版本号", reason, severity=Severity.WARNING),)


def _file_draft(
    session: Session, edition: Edition, record: Record, printed: Printed, draft: Generated
) -> Generated:
    inside = draft.path.parent == session.workspace.drafts
    paths = _files_of(draft)
    files = tuple(
        ParcelFile.of(path, path.name.removeprefix(edition.identity.stem + "."), finish=inside)
        for path in paths
    )
    facts = _facts(record, printed)
    parcel = Parcel(edition.doc_type, edition.identity, files, doc_id=edition.doc_id, facts=facts)
    filed = session.archive.file(parcel, actor=session.actor)
    late = (*index_filed(session), *filed.finish())
    kept = [session.workspace.archive / path for path in filed.paths]
    pdf = next((path for path in kept if path.suffix == ".pdf"), None)
    said = missing_refs(facts)  # by the record, with the name of the field
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


def _facts(record: Record, printed: Printed) -> Facts:
    return Facts(
        generated=True,
        status=str(record.values.get("status") or ""),
        confidentiality=str(record.values.get("confidentiality") or "内部"),
        change_note=str(record.values.get("change_note") or ""),
        record_digest=record.digest,
        template_digest=printed.template_digest,
        form_digest=record.form.digest,
        refs=tuple(_refs(record)),
    )


def _refs(record: Record) -> list[Ref]:
    cells = (cell for value in record.values.values() if isinstance(value, tuple) for cell in value)
    nested = (value for cell in cells if isinstance(cell, Mapping) for value in cell.values())
    return [value for value in (*record.values.values(), *nested) if isinstance(value, Ref)]


def _files_of(draft: Generated) -> list[Path]:
    record = draft.path.with_name(draft.identity.filename("record.json"))
    return [draft.path, record, *([draft.pdf] if draft.pdf else [])]


def _remove_draft(draft: Generated) -> None:
    for path in _files_of(draft):
        path.unlink()


def _already_filed(session: Session, edition: Edition, record: Record, wishes: Wishes) -> Generated:
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
    filed.finish()
    return session.workspace.archive / filed.paths[0]
