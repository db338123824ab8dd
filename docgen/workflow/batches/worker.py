"""The work of one process: rows checked, documents printed, PDFs made."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.archive.catalogue import Catalogue
from docgen.archive.identity import RECORD_EXT
from docgen.archive.parcel import Facts
from docgen.base.errors import ArchiveRefused, DocgenError, InvalidData
from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.forms.definition import Form
from docgen.workflow.batches.changes import fitting
from docgen.workflow.batches.linking import links_of
from docgen.workflow.batches.refusing import refused
from docgen.workflow.batches.tasks import (
    Answer,
    Convert,
    Converted,
    Prepare,
    Print,
    Printed,
    Ready,
    Refused,
    SourceRow,
    Task,
)
from docgen.workflow.cards import Card, read_cards
from docgen.workflow.carried import Carried, carried_record
from docgen.workflow.drafted import Draft, drafted
from docgen.workflow.drafts import protect_draft, protect_edits, remove_untouched, write_draft
from docgen.workflow.file_generated import facts
from docgen.workflow.preparing import Prepared, prepare, prepare_again
from docgen.workflow.printing import OpenTemplate, open_template, print_record
from docgen.workflow.records import override
from docgen.workflow.session import Session

if TYPE_CHECKING:
    from docgen.render.pdf import Converter


#: Prepared records that a worker keeps: those of a few groups.
_KEPT = 200


@dataclass(frozen=True)
class ReadingSession(Session):
    """A workspace as a worker sees it, the same from the first row to the last.

    Settling the archive is left to the run; every day is ``day``; drafts are those that were there before
    the batch.
    """

    day: date
    own: Path

    @property
    def today(self) -> date:
        """The day on which the batch was begun."""
        return self.day

    @cached_property
    def catalogue(self) -> Catalogue:
        """What is known about the archive."""
        return Catalogue(self.workspace.index)

    @cached_property
    def cards(self) -> Sequence[Card]:
        """The project cards, as they were when the worker started."""
        return read_cards(self.workspace.projects)

    @cached_property
    def drafted(self) -> Mapping[tuple[str, str], Sequence[Draft]]:
        """The drafts that were there when the worker started, but for those of the batch itself."""
        return drafted(self.workspace.drafts, without=self.own)


@dataclass(frozen=True, slots=True)
class Start:
    """How a worker starts; it is handed to a new process.

    Attributes:
        root: The workspace.
        day: The day on which the batch was begun.
        folder: Where the drafts of the batch go.
        changes: Values that go before those of every row (`--set`).
        traditional: Documents in Traditional Chinese.
        overwrite_edits: Drafts that were edited by hand may be replaced.
    """

    root: Path
    day: date
    folder: Path
    changes: Mapping[str, str]
    traditional: bool = False
    overwrite_edits: bool = False

    def __call__(self) -> Callable[[Task], Answer]:
        """Open the workspace; return the function that handles tasks."""
        return Worker(ReadingSession(Workspace(self.root), self.day, self.folder), self).handle


@dataclass
class Worker:
    """Handles the tasks of one process; what it opened stays open between them."""

    session: Session
    start: Start
    _templates: dict[str, OpenTemplate] = field(default_factory=dict)
    #: Prepared records that wait to be printed, by place.
    _waiting: OrderedDict[int, Prepared] = field(default_factory=OrderedDict)

    def handle(self, task: Task) -> Answer:
        """Return what came of ``task``; bad data is an answer, not an error."""
        began = time.perf_counter()
        try:
            result = self._do(task)
        except DocgenError as error:
            result = (
                Refused.by(error) if isinstance(task, Convert) else refused(self.session, task.row, error)
            )
        return Answer(result, time.perf_counter() - began)

    def _do(self, task: Task) -> Ready | Printed | Converted | Refused:
        if isinstance(task, Prepare):
            prepared = self._prepare(task.row)
            self._keep(task.row.place, prepared)
            digest = self._template(prepared.form).digest
            record = prepared.record
            return Ready(prepared.claim(digest), record.warnings, prepared.partial, links_of(record))
        return self._print(task) if isinstance(task, Print) else self._convert(task)

    def _keep(self, place: int, prepared: Prepared) -> None:
        """Keep a record until it is printed; rows that are never printed must not pile up."""
        self._waiting[place] = prepared
        if len(self._waiting) > _KEPT:
            self._waiting.popitem(last=False)

    def _prepare(self, row: SourceRow) -> Prepared:
        if row.problems:
            raise InvalidData(Message("这一行读不了", "the row cannot be read"), row.problems)
        form = self.session.form(row.type_id)
        changes = fitting(form, self.start.changes)
        if not row.record:
            return prepare(self.session, form, override(form, row.answers, changes, every=False))
        project, archive = row.record.partition("/")[0], self.session.workspace.archive
        if row.record.endswith(f".{RECORD_EXT}"):
            return prepare_again(self.session, form, _record_text(archive, row.record), project, changes)
        carried = _carried(archive, row.record)
        return prepare_again(self.session, form, carried.text, project, changes, whole=carried.digest)

    def _print(self, task: Print) -> Printed:
        """Write the document and its record, the document last: where it is, both are."""
        prepared = self._waiting.pop(task.row.place, None) or self._prepare(task.row)
        record = prepared.decided(task.decided)
        docx, pdf = (task.folder / f"{task.stem}.{ext}" for ext in ("docx", "pdf"))
        if not self.start.overwrite_edits:
            for draft in task.drafts:
                protect_edits(draft)
        if task.trial:
            protect_draft(docx, prepared.number, overwrite_edits=self.start.overwrite_edits)
            return Printed(docx, "", Facts())
        template = self._template(prepared.form)
        printed = print_record(template, record, serial=task.serial)
        same = docx.exists() and docx.read_bytes() == printed.docx
        if not same:
            protect_draft(docx, prepared.number, overwrite_edits=self.start.overwrite_edits)
            pdf.unlink(missing_ok=True)
        write_draft(task.folder / f"{task.stem}.{RECORD_EXT}", printed.record_json)
        if not same:
            write_draft(docx, printed.docx)
        for draft in task.drafts:
            if draft.parent == task.folder:
                remove_untouched(draft, prepared.number)
        digest = hashlib.sha256(printed.docx).hexdigest()
        note = task.decided.get("change_note", "")
        made = facts(record, printed, note=note)
        slow = bool(template.template.slow_parts)
        there = pdf.exists() and pdf.stat().st_size > 0  # a power cut may have left an empty one
        return Printed(docx, digest, made, same, pdf if there else None, slow)

    def _convert(self, task: Convert) -> Converted:
        timeout = self.session.settings.pdf_timeout
        results = self._converter.convert(task.sources, task.targets, timeout=timeout)
        return Converted(tuple(Refused.by(one) if isinstance(one, DocgenError) else one for one in results))

    @cached_property
    def _converter(self) -> Converter:
        from docgen.render.pdf import Converter

        return Converter()

    def _template(self, form: Form) -> OpenTemplate:
        if form.id not in self._templates:
            self._templates[form.id] = open_template(self.session, form, traditional=self.start.traditional)
        return self._templates[form.id]


def _carried(archive: Path, record: str) -> Carried:
    """Return what an archived document carries; one that cannot be read concerns its own row only."""
    try:
        return carried_record(archive / record)
    except DocgenError as error:
        raise ArchiveRefused(
            Message("归档的文件不存在或读不了", "the archived document is missing or cannot be read"),
            where=f"archive/{record}",
            hint=Message("运行 docgen verify 查明缺损", "docgen verify tells what is damaged"),
        ) from error


def _record_text(archive: Path, record: str) -> str:
    """Return an archived record; one that cannot be read concerns its own row only."""
    try:
        return (archive / record).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ArchiveRefused(
            Message("归档的数据文件不存在或读不了", "the archived record is missing or cannot be read"),
            where=f"archive/{record}",
            hint=Message("运行 docgen verify 查明缺损", "docgen verify tells what is damaged"),
        ) from error
