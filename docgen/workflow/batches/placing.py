"""Rows placed in their order: which document, which version, which number; or why none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.base.errors import DocgenError, InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.jobs import Job, JobTable
from docgen.batch.states import State
from docgen.workflow.batches.group import Work, document_key, sentences
from docgen.workflow.batches.tasks import Printed, Refused
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.drafted import Draft
from docgen.workflow.editions import Edition, next_edition
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
        """Take over the places of the rows that an earlier run of the same batch has settled."""
        for row in self.jobs.all_rows(self.job):
            if row.doc_id and self.wanted.settled(row):
                doc_type = self.session.types[row.type_id]
                day = date.fromisoformat(row.date)
                self.register.keep(doc_type, row.project, day, row.serial, row.doc_id)

    def place(self, works: list[Work]) -> None:
        """Give each row its place, or say why it gets none."""
        keys = [document_key(self.session.types[work.claim.type_id], work.claim) for work in works]
        self._note_numbers(works)
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

    def _note_numbers(self, works: list[Work]) -> None:
        """Remark on numbers that a document of another project has: most often a slip of the pen."""
        numbers = [work.claim.number for work in works if work.claim.number]
        before = self.jobs.numbered(self.job, numbers, works[0].row.place)
        known = {fold_key(number): (row.line, row.project) for number, row in before.items()}
        for work in works:
            number, project = work.claim.number, work.claim.project
            line, other = known.setdefault(fold_key(number), (work.row.line, project))
            if number and fold_key(other) != fold_key(project):
                work.remarks.append(_number_twice(number, line, other))

    def again(self, work: Work) -> None:
        """Forget the place of a row that another program has taken meanwhile."""
        claim = work.claim
        doc_type = self.session.types[claim.type_id]
        self.register.reconsider(doc_type, claim.project, claim.day, claim.number)
        work.ready = work.edition = work.printed = work.pdf = None
        work.remarks.clear()
        work.races += 1

    def _place(self, work: Work, key: str) -> None:
        claim = work.claim
        doc_type = self.session.types[claim.type_id]
        edition = next_edition(doc_type, claim, self.register, major=self.wanted.major)
        work.edition = edition
        work.state = replace(
            work.state,
            state=State.RESERVED,
            document=key,
            record_digest=claim.record_digest,
            **_shown(edition),
        )
        if work.ready and work.ready.warnings:
            work.remarks.append(sentences(work.ready.warnings))
        previous = edition.previous
        if previous and previous.edited and not self.wanted.overwrite_edits:
            work.close(State.EDITED, _edited(previous), **_filed_as(previous))
        elif previous and edition.unchanged:
            self._unchanged(work, previous)
        elif draft := self._edited_draft(edition):
            work.close(State.EDITED, _draft_edited(), path=self._relative(draft.docx))

    def _edited_draft(self, edition: Edition) -> Draft | None:
        """Return the draft of this very edition that someone edited; it is what he wants to file."""
        if not self.wanted.file or self.wanted.overwrite_edits:
            return None
        identity = edition.identity
        drafts = self._drafted.get((fold_key(identity.project), fold_key(edition.doc_id)), ())
        named = (edition.doc_type.id, str(identity.version))
        return next((one for one in drafts if (one.type_id, one.version) == named and one.edited), None)

    @cached_property
    def _drafted(self) -> Mapping[tuple[str, str], Sequence[Draft]]:
        return self.session.drafted

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.session.workspace.root).as_posix()

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


def _edited(previous: FiledVersion) -> Message:
    return Message(
        f"最新版本 {previous.version} 经过手工修改，没有重新生成；要覆盖请加 --overwrite-edits",
        f"the newest version {previous.version} was edited by hand and is left alone; "
        "--overwrite-edits goes over it",
    )


def _draft_edited() -> Message:
    return Message(
        "草稿已被手工修改，没有另行生成；用 docgen file 把草稿归档，或加 --overwrite-edits 重新生成",
        "the draft was edited by hand, and no other is made; file it with docgen file, or make it anew with "
        "--overwrite-edits",
    )


def _number_twice(number: str, line: int, project: str) -> Message:
    return Message(
        f"编号 {number} 与第 {line} 行（{project}）相同，请核对",
        f"the number {number} is that of row {line} ({project}), too; please check",
    )


def _twice(line: int) -> Refused:
    reason = Message(f"与第 {line} 行是同一份文件", f"the same document as row {line}")
    hint = Message("改正编号或删去一行", "correct the number, or take out a row")
    problem = Problem("doc_id", "文件", reason, accepted=hint)
    return Refused(InvalidData.exit_code, reason, (problem,))
