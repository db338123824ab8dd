"""Rows that are still to be done, in groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from docgen.batch.states import RowState, State
from docgen.workflow.batches.group import Work
from docgen.workflow.batches.settling import Settling
from docgen.workflow.batches.tasks import SourceRow
from docgen.workflow.batches.wanted import Batch

#: Rows that go together; fewer where each of them takes a second for its PDF.
_GROUP, _PDF_GROUP = 50, 10


class Taking:
    """Takes the rows of a batch that an earlier run of it has not settled.

    Attributes:
        done: Rows that were settled, as far as they have been passed over.
        failed: Those of them that had failed.
    """

    def __init__(self, batch: Batch, settling: Settling) -> None:
        self._batch, self._settling = batch, settling
        self._wanted, self._job, self._jobs = settling.wanted, settling.job, settling.jobs
        self._left = self._rows()
        self.done = self.failed = 0

    def groups(self) -> Iterator[list[Work]]:
        """Yield groups of rows that an earlier run has not settled."""
        size = _PDF_GROUP if self._wanted.pdf else _GROUP
        while chunk := list(islice(self._left, size)):
            known = self._jobs.rows(self._job, [row.place for row in chunk]) if self._remembers else {}
            works = []
            for row in chunk:
                before = known.get(row.place)
                if before and self._wanted.settled(before) and self._settling.stands(before):
                    self.done += 1
                    self.failed += before.state is State.FAILED
                else:
                    works.append(Work(row, self._first_state(row, before), before=before))
            yield works

    def rest(self) -> Iterator[RowState]:
        """Yield the rows of which no group was made, as if nothing were known of them."""
        return (self._first_state(row, None) for row in self._left)

    def _first_state(self, row: SourceRow, before: RowState | None) -> RowState:
        """Return what is known of a row before anything is done for it."""
        doc_type = self._settling.session.types.get(row.type_id)
        name = doc_type.name if doc_type else ""
        state = RowState(row.place, row.line, source=row.record, type_id=row.type_id)
        if not (row.record and before):
            return replace(state, type_name=name)
        return replace(state, type_name=name, project=before.project, doc_id=before.doc_id)

    @property
    def _remembers(self) -> bool:
        """Whether the job table may know rows of this run already."""
        return self._job.continued or bool(self._batch.snapshot)

    def _rows(self) -> Iterator[SourceRow]:
        """Yield all rows: of the table, or of the records that were there when the batch began."""
        if not self._batch.snapshot:
            yield from self._batch.rows()
            return
        for row in self._jobs.all_rows(self._job):
            yield SourceRow(row.place, row.line, row.type_id, {}, record=row.source)
