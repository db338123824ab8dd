"""Rows settled: drafts noted or filed, states remembered, sources let go."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docgen.archive.decide import LostRace
from docgen.archive.filed import Filed
from docgen.archive.identity import RECORD_EXT
from docgen.archive.links import missing_refs
from docgen.archive.parcel import Parcel, ParcelFile
from docgen.base.errors import DocgenError
from docgen.base.messages import Message
from docgen.batch.jobs import Job, JobTable
from docgen.batch.states import RowState, State
from docgen.forms.definition import WHEN_STATUS
from docgen.workflow.batches.group import Work
from docgen.workflow.batches.tasks import Refused
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.session import Session

#: Other programs that may take the place of one row before it is given up.
_RACES = 20
_WRITTEN = frozenset((State.MADE, State.UNCHANGED))


@dataclass
class Settling:
    """Brings rows to their end, group by group.

    Attributes:
        folder: Where the drafts of the batch are.
        late: Warnings of the archive that concern no single row.
    """

    session: Session
    wanted: Wanted
    job: Job
    jobs: JobTable
    folder: Path
    late: list[Message] = field(default_factory=list)

    def stands(self, before: RowState) -> bool:
        """Whether what an earlier run made of a row is still there; a power cut may have taken a draft."""
        if before.state not in _WRITTEN or not before.path:
            return True
        path = self.session.workspace.root / before.path
        if self.wanted.file or path.is_relative_to(self.session.workspace.archive):
            return path.exists()
        if self.wanted.pdf and not (before.pdf and (self.session.workspace.root / before.pdf).exists()):
            return False
        record = path.with_name(f"{path.stem}.{RECORD_EXT}")
        if not path.exists() or not record.exists() or record.stat().st_size == 0:
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == before.sha256

    def settle(self, works: Sequence[Work]) -> list[Work]:
        """File or note the rows; return those whose place another program has taken meanwhile."""
        waiting = [work for work in works if not work.closed]
        filed: list[Filed] = []
        raced: list[Work] = []
        if self.wanted.dry_run:
            for work in waiting:
                work.close(State.MADE)
        elif self.wanted.file:
            filed, raced = self._file(waiting)
        else:
            for work in waiting:
                self._note_draft(work)
        self.jobs.put(self.job, [work.state for work in works if work.closed])
        self.late.extend(self.session.archive.finish(filed))
        return raced

    def discard(self, works: Sequence[Work]) -> None:
        """Remove what was printed for rows that come to nothing; drafts that were there before stay."""
        for work in () if self.wanted.dry_run else works:
            if work.printed and (self.wanted.file or not work.printed.same):
                for ext in ("docx", RECORD_EXT, "pdf"):
                    (self.folder / work.file_name(ext)).unlink(missing_ok=True)

    def path(self, work: Work, refused: Refused) -> str:
        """Return where the Word file of a row is that was refused, if it has come so far."""
        if refused.path:
            return self._relative(Path(refused.path))
        if work.printed:
            return self._relative(work.printed.docx)
        draft = self.folder / work.file_name("docx") if work.edition else None
        return self._relative(draft) if draft and draft.exists() else ""

    def log(self, traceback: str) -> None:
        """Keep the traceback of an internal error for the maintainers."""
        folder = self.session.workspace.state / "log"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{self.job.name}.log").open("a", encoding="utf-8") as log:
            log.write(traceback + "\n")

    def _note_draft(self, work: Work) -> None:
        assert work.printed is not None
        same = work.printed.same and not work.made_before
        if not same:
            work.remarks.extend(_signed_before(work))
        work.close(
            State.UNCHANGED if same else State.MADE,
            path=self._relative(work.printed.docx),
            pdf=self._relative(work.pdf) if work.pdf else "",
            sha256=work.printed.sha256,
        )

    def _file(self, works: Sequence[Work]) -> tuple[list[Filed], list[Work]]:
        parcels: list[tuple[Work, Parcel]] = []
        for work in works:
            try:
                parcels.append((work, self._parcel(work)))
            except DocgenError as error:  # someone has taken its files away
                work.refuse(Refused.by(error))
        given = [parcel for _, parcel in parcels]
        results = self.session.archive.file_many(given, actor=self.session.actor) if given else []
        filed, raced = [], []
        for (work, _), result in zip(parcels, results, strict=True):
            if isinstance(result, Filed):
                filed.append(result)
                self._note_filed(work, result)
            elif isinstance(result, LostRace) and work.races < _RACES:
                raced.append(work)
            else:
                work.refuse(Refused.by(result))
        return filed, raced

    def _parcel(self, work: Work) -> Parcel:
        """Return the files of a row; of a filed document that only lacked its PDF, that alone."""
        assert work.edition is not None
        assert work.printed is not None
        edition, docx = work.edition, work.printed.docx
        files = []
        if docx.parent == self.folder:
            files = [
                ParcelFile.of(docx, "docx", finish=True),
                ParcelFile.of(self.folder / work.file_name(RECORD_EXT), RECORD_EXT, finish=True),
            ]
        if work.pdf:
            files.append(ParcelFile.of(work.pdf, "pdf", finish=True))
        if not edition.unchanged:
            facts = work.printed.facts
            return Parcel(
                edition.doc_type,
                edition.identity,
                tuple(files),
                edition.doc_id,
                facts=facts,
                follows=edition.follows,
            )
        return Parcel(edition.doc_type, edition.identity, tuple(files))

    def _note_filed(self, work: Work, filed: Filed) -> None:
        assert work.printed is not None
        said = missing_refs(work.printed.facts)  # by the record, with the name of the field
        work.remarks.extend(warning for warning in filed.warnings if warning not in said)
        work.remarks.extend(_signed_before(work))
        paths = {
            ext: f"archive/{path}" for path in filed.paths for ext in ("docx", "pdf") if path.endswith(ext)
        }
        docx = paths.get("docx") or self._relative(work.printed.docx)
        work.close(
            State.MADE,
            path=docx,
            pdf=paths.get("pdf", ""),
            sha256=work.printed.sha256,
            doc_id=filed.doc_id,
        )

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.session.workspace.root).as_posix()


def _signed_before(work: Work) -> list[Message]:
    """Say so where a new version calls itself signed, or approved, because the one before it was."""
    assert work.edition is not None
    assert work.printed is not None
    status = work.printed.facts.status
    if work.edition.previous is None or work.edition.unchanged or status not in WHEN_STATUS.values():
        return []
    return [
        Message(
            f"状态仍为“{status}”，签署、批准信息照旧印出；内容有变动的请重新签署、审批",
            f"it still says {status}, with the names and dates of before; have it signed anew if it changed",
        )
    ]
