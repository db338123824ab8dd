"""The run of a batch: rows out to the workers, documents back, settled in the order of the rows."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from itertools import chain

from docgen.base.pool import Pool
from docgen.batch.states import State
from docgen.workflow.batches.group import Group, Work
from docgen.workflow.batches.hearing import Hearing
from docgen.workflow.batches.linking import made, rest_of
from docgen.workflow.batches.placing import Placing
from docgen.workflow.batches.settling import Settling
from docgen.workflow.batches.taking import Taking
from docgen.workflow.batches.tasks import (
    Answer,
    Convert,
    Prepare,
    Print,
    Task,
)
from docgen.workflow.batches.wanted import Batch, Progress

#: Groups in hand for each worker: one that is worked on, one that waits.
_AHEAD = 2
#: Seconds after which it is told how far the run is, though nothing happened.
_QUIET = 1.0


class Run:
    """One run over the rows of a batch.

    Args:
        stop: Asked between groups; True: rows in hand are finished, no more are taken.
        watch: Told how far the run is.
    """

    def __init__(
        self,
        batch: Batch,
        pool: Pool[Task, Answer],
        placing: Placing,
        settling: Settling,
        *,
        stop: Callable[[], bool],
        watch: Callable[[Progress], None],
    ) -> None:
        self._batch, self._pool = batch, pool
        self._placing, self._settling = placing, settling
        self._wanted, self._folder = settling.wanted, settling.folder
        self._job, self._jobs = settling.job, settling.jobs
        self._stop, self._watch = stop, watch
        self._flight: deque[Group] = deque()
        self._hearing = Hearing(pool, settling)
        self._taking = Taking(batch, settling)
        self._groups = self._taking.groups()
        self._now = self._failed = 0
        self.stopped = False
        #: True: it ended at the first row that failed, as was wished.
        self.cut = False
        #: Rows that were taken when the wish to stop came.
        self._held: list[Work] = []
        #: Rows that were in hand when the first failed one ended the run.
        self._dropped: list[Work] = []

    @property
    def slow(self) -> Counter[str]:
        """Documents by type that took docxtpl's own steps."""
        return self._hearing.slow

    def go(self) -> None:
        """Settle every row, or stop early.

        Raises:
            EnvironmentFault: Disk, permission, lock; what is settled stays so, and the run can be continued.
        """
        self._feed()
        while self._flight:
            self._listen()
            self._reserve()
            self._finish()
            self._reserve()
            self._feed()
        while self._pool.busy:
            self._listen()  # what was printed for rows that are dropped has to be known
        self._settling.discard(self._dropped)
        self._note_rest()

    def _listen(self) -> None:
        for event in self._pool.wait(_QUIET):
            self._hearing.hear(event)
        self._tell()

    def _tell(self) -> None:
        converting = any(group.converting for group in self._flight)
        done, failed = self._taking.done + self._now, self._taking.failed + self._failed
        self._watch(Progress(done, self._batch.total, self._now, failed, converting=converting))

    def _note_rest(self) -> None:
        """Note the rows that were not begun, so that the report has a line for each."""
        if self.stopped and not self._batch.snapshot:
            self._jobs.put(self._job, [work.state for work in self._dropped])
            self._jobs.add(self._job, chain((work.state for work in self._held), self._taking.rest()))

    # Rows out

    def _feed(self) -> None:
        """Hand out rows while workers have room for them."""
        while len(self._flight) < _AHEAD * len(self._pool) and not self.stopped:
            works = next(self._groups, None)
            if works is None:
                return
            if self._stop():
                self._held = works
                self.stopped = True
                return
            if works:
                self._flight.append(self._start(works))
            else:  # an earlier run has settled them
                self._tell()

    def _start(self, works: list[Work]) -> Group:
        group = Group(self._pool.idlest(), works)
        for work in works:
            self._hearing.works[work.row.place] = work
            self._pool.submit(group.worker, Prepare(work.row))
        return group

    # In order

    def _reserve(self) -> None:
        """Place the rows of every group that is prepared, as far as all groups before it are placed."""
        while group := next((one for one in self._flight if not one.reserved), None):
            if not group.prepared or self._must_wait(group) or not self._place(group):
                return

    def _place(self, group: Group) -> bool:
        """Place the rows of a group; return whether that is done, or some are prepared again first."""
        stale = self._placing.place(group.open) if group.open else []
        for work in stale:
            self._pool.submit(group.worker, Prepare(work.row))
        if stale:
            return False
        group.reserved = True
        self._jobs.put(self._job, [work.state for work in group.open])
        for work in group.open:
            if work.printed is None:
                self._print(group, work)
        return True

    def _must_wait(self, group: Group) -> bool:
        """Whether rows of a group name what is to be filed before; they are prepared again afterwards."""
        if not self._wanted.file or self._wanted.dry_run:
            return False
        unfiled = made(work for one in self._flight if one.reserved for work in one.works)
        if any(work.links & unfiled for work in group.works):
            return True
        outdated = [work for work in group.works if work.links & group.since]
        group.since.clear()
        for work in outdated:
            work.reopen()
            self._pool.submit(group.worker, Prepare(work.row))
        rest = None if outdated else rest_of(group)
        if rest:
            self._flight.insert(self._flight.index(group) + 1, rest)
        return bool(outdated)

    def _print(self, group: Group, work: Work) -> None:
        assert work.edition is not None
        identity = work.edition.identity
        task = Print(
            work.row,
            work.edition.decided,
            self._folder,
            identity.stem,
            identity.serial,
            self._placing.others(work),
            self._wanted.dry_run,
        )
        self._pool.submit(group.worker, task)

    def _finish(self) -> None:
        """Settle the groups at the head that are whole; ask for PDFs where they are still missing."""
        if self._pdf:
            for group in self._flight:
                self._convert(group)
        while self._flight and self._whole(self._flight[0]):
            self._settle(self._flight.popleft())

    def _whole(self, group: Group) -> bool:
        return group.printed and (not self._pdf or group.converted)

    @property
    def _pdf(self) -> bool:
        return self._wanted.pdf and not self._wanted.dry_run

    def _convert(self, group: Group) -> None:
        lacking = [work for work in group.open if work.pdf is None]
        if not group.printed or group.converting or not lacking:
            return
        group.converting = True
        places = tuple(work.row.place for work in lacking)
        sources = tuple(work.printed.docx for work in lacking if work.printed)
        targets = tuple(self._folder / work.file_name("pdf") for work in lacking)
        self._pool.submit(group.worker, Convert(places, sources, targets))

    def _settle(self, group: Group) -> None:
        self._cut_after_failure(group)
        raced = self._settling.settle(group.works)
        self._cut_after_failure(group)  # the archive may have refused some
        raced = [work for work in raced if work in group.works]
        self._settling.discard(raced)
        for work in raced:
            self._placing.again(work)
        filed = made(group.works)
        for other in self._flight:
            other.since |= filed
        for work in group.works:
            if work not in raced:
                del self._hearing.works[work.row.place]
                self._count(work)
        if raced:
            self._flight.appendleft(self._start(raced))

    def _count(self, work: Work) -> None:
        self._now += 1
        self._failed += work.state.state is State.FAILED

    def _cut_after_failure(self, group: Group) -> None:
        """Drop what comes after the first row that failed, if it was wished so; what is filed stays."""
        failing = next((work for work in group.works if work.refused), None)
        if failing is None or not self._wanted.fail_fast:
            return
        later = group.works[group.works.index(failing) + 1 :]
        dropped = [work for work in later if not (work.closed and not work.refused)]
        self._dropped += [*dropped, *(work for one in self._flight for work in one.works)]
        group.works = [work for work in group.works if work not in dropped]
        self._flight.clear()
        self.stopped = self.cut = True
