"""From a filled form to a finished document, and on into the archive."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.decide import LostRace
from docgen.archive.identity import RECORD_EXT
from docgen.base.errors import ArchiveRefused, DocgenError, InvalidData
from docgen.base.files import make_folder
from docgen.base.files import replace as write
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.definition import Form
from docgen.forms.records import Record
from docgen.forms.retyping import retyped
from docgen.workflow.carried import carried_record
from docgen.workflow.drafts import protect_draft, protect_edits, remove_untouched
from docgen.workflow.editions import Edition, next_edition
from docgen.workflow.file_generated import already_filed, file_draft
from docgen.workflow.generated import DRAFT, Generated, Wishes
from docgen.workflow.own_folders import refuse_inside
from docgen.workflow.preparing import prepare
from docgen.workflow.printing import Printed, open_template, print_record
from docgen.workflow.register import Register
from docgen.workflow.session import Session

#: How often a document is rendered anew because another process took its version meanwhile.
_RACES = 20


def read_answers(form: Form, path: Path | None) -> dict[str, object]:
    """Return what a data file (YAML, JSON, CSV, XLSX …) says about one document.

    It may also be a record of the archive, or a document that carries its own.

    Raises:
        InvalidData: The file is not valid, or does not hold exactly one record.
        ArchiveRefused: It is a Word file that docgen did not make.
    """
    if path is None:
        return {}
    if path.name.endswith(f".{RECORD_EXT}"):
        return _record_answers(form, _read(path), path)
    if path.suffix.lower() == ".docx":
        return _record_answers(form, carried_record(path).text, path)
    from docgen.batch.tables import read_single

    return dict(read_single(path, form).answers)


def _read(path: Path) -> str:
    with told(path):
        data = path.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise InvalidData(Message("不是 UTF-8 文本", "not UTF-8 text"), where=str(path)) from error


def _record_answers(form: Form, text: str, path: Path) -> dict[str, object]:
    """Return what would have to be typed to get a record again; version and note come with its new place."""
    try:
        outcome = Record.from_json(form, text)
    except InvalidData as error:
        raise InvalidData(error.message, error.problems, where=str(path)) from error
    answers = retyped(outcome.checked(form.name))
    return {key: value for key, value in answers.items() if key not in ("version", "change_note")}


def generate(
    session: Session, form: Form, answers: Mapping[str, object], wishes: Wishes = DRAFT
) -> Generated:
    """Make the document that ``answers`` describe; with ``wishes.file`` it is filed.

    Raises:
        UsageFault: `wishes.out` is inside the workspace's own folders.
        InvalidData: The answers have problems; all are named, nothing is written.
        TemplateFault: The type's template has mistakes.
        ArchiveRefused: The archive does not take it (number taken, name impossible); the draft stays.
        ProgramFault: A PDF was wanted and LibreOffice is missing or failed; the draft stays.
    """
    if wishes.out:
        refuse_inside(session.workspace, wishes.out)
    template = open_template(session, form, traditional=wishes.traditional)
    prepared = prepare(session, form, answers)
    doc_type, claim = session.types[form.id], prepared.claim(template.digest)
    for _ in range(_RACES):
        edition = next_edition(doc_type, claim, Register(session.catalogue), major=wishes.major)
        record = prepared.decided(edition.decided)
        if wishes.file and edition.unchanged and edition.previous:
            return already_filed(session, edition, record, wishes)
        printed = print_record(template, record, serial=edition.identity.serial)
        draft = _Draft(session, edition, record, printed, claim.number, wishes)
        try:
            return draft.filed() if wishes.file else draft.kept()
        except LostRace:
            prepared = prepare(session, form, answers)
            claim = prepared.claim(template.digest)
    raise ArchiveRefused(
        Message("其他程序一直在归档同一份文件", "other programs keep filing the same document"),
        hint=Message("稍后再试", "try again later"),
    )


@dataclass(frozen=True)
class _Draft:
    """A document that is rendered: kept as a draft, or filed at once."""

    session: Session
    edition: Edition
    record: Record
    printed: Printed
    number: str
    wishes: Wishes

    @property
    def place(self) -> Path:
        """Where the draft belongs."""
        folder = self.wishes.out or self.session.workspace.drafts
        return folder.absolute() / self.edition.identity.filename("docx")

    def kept(self) -> Generated:
        """Write the draft to its place."""
        protect_draft(self.place, self.number)
        if not self.wishes.pdf:  # one of other data
            self.place.with_suffix(".pdf").unlink(missing_ok=True)
        return self._written(self.place.parent)

    def filed(self) -> Generated:
        """File it from a folder of its own: whoever makes another document of this name is not in the way."""
        protect_edits(self.place, self.number)
        make_folder(self.session.workspace.drafts)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=self.session.workspace.drafts))
        try:
            written = self._written(folder)
            filed = file_draft(self.session, self.edition, self.record, self.printed, written)
        except LostRace:
            raise
        except Exception:
            with suppress(DocgenError, OSError):
                self._move_here(folder)
            raise
        else:
            if self.wishes.out:
                self._move_here(folder)
            else:
                remove_untouched(self.place, self.number)
            return filed
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _move_here(self, folder: Path) -> None:
        protect_draft(self.place, self.number)
        for path in folder.iterdir():
            path.replace(self.place.with_name(path.name))

    def _written(self, folder: Path) -> Generated:
        edition = self.edition
        path = folder / edition.identity.filename("docx")
        make_folder(folder)
        write(path, self.printed.docx)
        write(path.with_name(edition.identity.filename(RECORD_EXT)), self.printed.record_json)
        pdf = None
        if self.wishes.pdf:
            from docgen.render.pdf import to_pdf

            pdf = to_pdf(path, path.with_suffix(".pdf"), timeout=self.session.settings.pdf_timeout)
        problems = (*self.record.warnings, *_edited_before(edition))
        return Generated(path, pdf, edition.identity, edition.doc_type.id, edition.doc_id, problems)


def _edited_before(edition: Edition) -> tuple[Problem, ...]:
    if not edition.previous or not edition.previous.edited:
        return ()
    reason = Message(
        f"最新版本 {edition.previous.version} 经过手工修改，本次生成的内容不含那些修改",
        f"the newest version {edition.previous.version} was edited by hand; this one lacks those changes",
    )
    return (Problem("version", "版本号", reason, severity=Severity.WARNING),)
