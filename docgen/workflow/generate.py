"""From a filled form to a finished document, and on into the archive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from docgen.archive.decide import LostRace
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.base.errors import ArchiveRefused
from docgen.base.files import make_folder
from docgen.base.files import replace as write
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.records import Record
from docgen.forms.values import Ref
from docgen.workflow.editions import Edition, next_edition
from docgen.workflow.indexing import index_pending
from docgen.workflow.printing import Printed, open_template, print_record
from docgen.workflow.records import make_record, override
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
    for _ in range(_RACES):
        record = make_record(session, form, answers)
        edition = next_edition(session, record, template.digest, major=wishes.major)
        record = make_record(session, form, override(form, answers, _decided(edition, record)))
        if wishes.file and edition.unchanged and edition.previous:
            return _already_filed(session, edition, record)
        printed = print_record(template, record, serial=edition.identity.serial)
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
        changed_data = edition.previous.record_digest != record.digest
        decided["change_note"] = "数据更新" if changed_data else "模板更新"
    return {key: value for key, value in decided.items() if record.form.field(key)}


def _write_draft(
    session: Session, edition: Edition, record: Record, printed: Printed, wishes: Wishes
) -> Generated:
    folder = wishes.out or session.workspace.drafts
    path = folder / edition.identity.filename("docx")
    _protect(path)
    make_folder(folder)
    write(path, printed.docx)
    write(path.with_name(edition.identity.filename("record.json")), printed.record_json)
    pdf = None
    if wishes.pdf:
        from docgen.render.pdf import to_pdf

        pdf = to_pdf(path, path.with_suffix(".pdf"), timeout=session.settings.pdf_timeout)
    problems = (*record.warnings, *_edited_before(edition))
    return Generated(path, pdf, edition.identity, edition.doc_type.id, edition.doc_id, problems)


def _protect(path: Path) -> None:
    """Refuse to replace a draft that someone has changed by hand."""
    from docgen.render.provenance import is_edited

    if path.exists() and is_edited(path.read_bytes()):
        raise ArchiveRefused(
            Message("草稿已被手工修改，没有覆盖", "the draft was edited by hand and is left alone"),
            where=str(path),
            hint=Message(
                "先把它改名、移走或归档，再重新生成", "rename, move or file it first, then generate again"
            ),
        )


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
    paths = [draft.path, draft.path.with_name(edition.identity.filename("record.json"))]
    paths += [draft.pdf] if draft.pdf else []
    files = tuple(
        ParcelFile.of(path, path.name.removeprefix(edition.identity.stem + "."), finish=inside)
        for path in paths
    )
    parcel = Parcel(
        edition.doc_type,
        edition.identity,
        files,
        doc_id=edition.doc_id,
        facts=_facts(record, printed),
    )
    filed = session.archive.file(parcel, actor=session.actor)
    index_pending(session)
    filed.finish()
    kept = [session.workspace.archive / path for path in filed.paths]
    pdf = next((path for path in kept if path.suffix == ".pdf"), None)
    problems = (*draft.problems, *(_remark(warning) for warning in filed.warnings))
    return replace(
        draft, path=kept[0], pdf=pdf, identity=filed.identity, doc_id=filed.doc_id, problems=problems
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


def _remove_draft(draft: Generated) -> None:
    for path in draft.path.parent.glob(f"{draft.identity.stem}.*"):
        path.unlink()


def _already_filed(session: Session, edition: Edition, record: Record) -> Generated:
    previous = edition.previous
    assert previous is not None
    root = session.workspace.archive
    docx, pdf = previous.file("docx"), previous.file("pdf")
    path = root / (docx or previous.files[0]).path
    return Generated(
        path,
        root / pdf.path if pdf else None,
        edition.identity,
        edition.doc_type.id,
        previous.doc_id,
        record.warnings,
        fresh=False,
    )
