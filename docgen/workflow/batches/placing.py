"""Rows placed in their order: which document, which version, which number; or why none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion
from docgen.base.errors import DocgenError
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.jobs import Job, JobTable
from docgen.batch.states import State
from docgen.workflow.batches.archived import row_of
from docgen.workflow.batches.drafts import Drafts
from docgen.workflow.batches.group import Work, document_key, sentences
from docgen.workflow.batches.numbers import check_numbers
from docgen.workflow.batches.tasks import Printed, Refused
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.editions import Edition, Place, next_edition, same
from docgen.workflow.register import Register
from docgen.workflow.session import Session


@dataclass
class Placing:
    """Gives rows their places: equal rows in equal order get equal ones, however often a run is cut short."""

    session: Session
    wanted: Wanted
    job: Job
    jobs: JobTable
    register: Register

    def keep_earlier(self) -> None:
        """Take over the places that an earlier run of the same batch gave out, or left drafts of."""
        for row in self.jobs.all_rows(self.job):
            doc_type = self.session.types.get(row.type_id)  # it may have been removed meanwhile
            if row.doc_id and row.date and doc_type:
                day = date.fromisoformat(row.date)
                self.register.keep(doc_type, row.project, day, row.serial, row.doc_id)
        for draft in self.drafts.inside(self._folder):
            self.register.keep(draft.doc_type, draft.project, draft.day, draft.serial, draft.doc_id)

    def place(self, works: list[Work]) -> list[Work]:
        """Give each row its place, or say why it gets none.

        Returns:
            Rows that are to be prepared anew: meanwhile newer data of their documents was filed.
        """
        keys = [document_key(self.session.types[work.claim.type_id], work.claim) for work in works]
        self.register.look_up(work.claim.number for work in works)
        for work in works:
            work.remarks.clear()
        lines = {key: row.line for key, row in self.jobs.claimed(self.job, keys, works[0].row.place).items()}
        for work, key in zip(works, keys, strict=True):
            line = lines.setdefault(key, work.row.line)
            if line != work.row.line:
                work.refuse(_twice(line))
                continue
            try:
                self._place(work, key)
            except DocgenError as error:
                work.refuse(Refused.by(error))
        stale = [work for work in works if not work.refused and self._stale(work)]
        placed = [work for work in works if work.placed and work not in stale]
        stale += check_numbers(self.session.catalogue, self.jobs, self.job, placed)
        for work in stale:
            work.reopen()
        return stale

    def again(self, work: Work) -> None:
        """Forget the place of a row that another program has taken meanwhile."""
        claim = work.claim
        doc_type = self.session.types[claim.type_id]
        self.register.reconsider(doc_type, claim.project, claim.day, claim.number)
        work.reopen()
        work.races += 1

    def _place(self, work: Work, key: str) -> None:
        claim = work.claim
        doc_type = self.session.types[claim.type_id]
        before = self._before(work, key)
        edition = next_edition(doc_type, claim, self.register, major=self.wanted.major, before=before)
        edition.identity.filename(RECORD_EXT)  # refused where the name becomes too long
        work.edition = edition
        work.state = replace(
            work.state,
            state=State.RESERVED,
            document=key,
            **_shown(edition),
        )
        if work.ready and work.ready.warnings:
            work.remarks.append(sentences(work.ready.warnings))
        if work.ready and work.ready.partial and not edition.unchanged:
            work.remarks.append(_PARTIAL)
        previous = edition.previous
        if previous and previous.edited and not self.wanted.overwrite_edits:
            work.close(State.EDITED, _edited(previous), **_filed_as(previous))
        elif previous and edition.unchanged:
            self._unchanged(work, previous)
        elif previous and not previous.record_digest:
            self._above_foreign(work, previous)

    def others(self, work: Work) -> tuple[Path, ...]:
        """Return other drafts of the edition that a row makes; those elsewhere only if it is to be filed."""
        assert work.edition is not None
        own = self._folder / work.file_name("docx")
        drafts = self.drafts.of(work.claim, work.edition.identity)
        return tuple(one for one in drafts if one != own and (self.wanted.file or one.parent == own.parent))

    @cached_property
    def drafts(self) -> Drafts:
        """The drafts that were there when the run began."""
        return Drafts(self.session)

    @property
    def _folder(self) -> Path:
        return self.session.workspace.drafts / self.job.name

    def _before(self, work: Work, key: str) -> Place | None:
        """Return the place that the row's document had in an earlier run."""
        if work.before and work.before.document == key and work.before.doc_id:
            return Place(work.before.serial, work.before.doc_id)
        return self.drafts.place(work.claim, self._folder)

    def _above_foreign(self, work: Work, previous: FiledVersion) -> None:
        """Leave a row alone whose data is filed, though a signed scan, say, came on top of it."""
        versions = self.session.catalogue.versions_of(previous.document_id)
        made = next((one for one in _standing(versions) if one.record_digest), None)
        on_top = Message(
            f"最新版本 {previous.version} 不是 docgen 生成的（如签署件）",
            f"the newest version {previous.version} was not made by docgen (a signed scan, say)",
        )
        work.remarks.append(on_top)
        if made and same(made, work.claim):
            work.close(State.UNCHANGED, **_filed_as(previous))

    def _stale(self, work: Work) -> bool:
        """Whether an archived record is no longer the one to start from; the row is set right, or closed."""
        if not work.row.record or work.edition is None or work.closed:
            return False
        previous = work.edition.previous
        if previous is None:
            work.close(State.SKIPPED, _withdrawn())
            return False
        versions = self.session.catalogue.versions_of(previous.document_id)
        row = row_of(self.session, _standing(versions), overwrite=self.wanted.overwrite_edits)
        if row.state is not State.PENDING:
            work.state = replace(row, place=work.row.place, line=work.row.line)
            work.closed = True
            return False
        if row.source == work.row.record:
            return False
        work.row = replace(work.row, record=row.source)
        return True

    def _unchanged(self, work: Work, previous: FiledVersion) -> None:
        """Leave a filed version as it is; only a PDF that it lacks is still to be made."""
        docx, pdf = previous.file("docx"), previous.file("pdf")
        if self.wanted.pdf and docx and not pdf:
            source = self.session.workspace.archive / docx.path
            work.printed = Printed(source, docx.sha256, previous.facts, same=True)
            work.remarks.append(Message("内容未变化，只补充 PDF", "unchanged, but for its PDF"))
            return
        state = State.MADE if work.made_before else State.UNCHANGED
        sha256 = docx.sha256 if docx else ""
        work.close(state, path=_path(previous, "docx"), pdf=_path(previous, "pdf"), sha256=sha256)


def _standing(versions: Sequence[FiledVersion]) -> list[FiledVersion]:
    return [one for one in versions if not (one.withdrawn or one.removed)]


def _shown(edition: Edition) -> dict[str, Any]:
    """Return what the report says of a place."""
    identity = edition.identity
    return {
        "project": identity.project,
        "type_name": identity.type_name,
        "serial": identity.serial,
        "date": identity.date.isoformat(),
        "version": str(identity.version),
        "doc_id": edition.doc_id,
    }


def _filed_as(version: FiledVersion) -> dict[str, Any]:
    """Return what the report says of a version that is left as it is."""
    known = {"version": str(version.version), "date": version.date.isoformat(), "doc_id": version.doc_id}
    return {**known, "path": _path(version, "docx"), "pdf": _path(version, "pdf")}


def _path(version: FiledVersion, ext: str) -> str:
    file = version.file(ext)
    return f"archive/{file.path}" if file else ""


_PARTIAL = Message(
    "没有归档数据文件，数据取自文件本身，不含没有打印的字段",
    "no record was filed: the data is that of the document itself, without fields that it does not print",
)


def _edited(previous: FiledVersion) -> Message:
    return Message(
        f"最新版本 {previous.version} 经过手工修改，没有重新生成；要覆盖请加 --overwrite-edits",
        f"the newest version {previous.version} was edited by hand and is left alone; "
        "--overwrite-edits goes over it",
    )


def _withdrawn() -> Message:
    return Message("已改归别处或已撤回，没有重新生成", "it was refiled or withdrawn, and is not made anew")


def _twice(line: int) -> Refused:
    reason = Message(f"与第 {line} 行是同一份文件", f"the same document as row {line}")
    hint = Message("改正编号或删去一行", "correct the number, or take out a row")
    problem = Problem("doc_id", "文件", reason, accepted=hint)
    return Refused(reason, (problem,))
