"""Many documents from a table, or from the records of the archive: fast, continued after any interruption."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from docgen.archive.legal import canonical_project
from docgen.base.errors import ArchiveRefused
from docgen.base.files import make_folder
from docgen.base.messages import Message
from docgen.base.pool import Pool
from docgen.batch.jobs import Job, JobTable
from docgen.batch.report import check_report, write_report
from docgen.batch.states import State
from docgen.workflow.batches.placing import Placing
from docgen.workflow.batches.run import Run
from docgen.workflow.batches.settling import Settling
from docgen.workflow.batches.tasks import Answer, Task
from docgen.workflow.batches.wanted import Batch, Progress, Summary, Wanted
from docgen.workflow.batches.worker import Start
from docgen.workflow.indexing import index_filed
from docgen.workflow.register import Register
from docgen.workflow.session import Session

#: Rows that a summary shows: names of a trial, failures of a run.
SHOWN = 10
#: States in which a reason is a remark.
_WELL = (State.MADE, State.UNCHANGED)
#: Failures that a trial shows: all, within what anyone can read.
SHOWN_OF_TRIAL = 10_000


def run_batch(
    session: Session,
    batch: Batch,
    wanted: Wanted,
    *,
    watch: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Make a document of every row of ``batch``, report on each, and close ``batch``.

    A run that was cut short is gone on with; one that had ended starts anew. With ``wanted.dry_run`` every
    row is checked and placed, and nothing is written.

    Args:
        watch: Told how far the run is, after every group of rows.
        stop: Asked between groups; True: the rows in hand are finished, no more are taken.

    Raises:
        UsageFault: The report would go over a table.
        ProgramFault: PDFs are wanted and LibreOffice is missing.
        EnvironmentFault: Disk, permission, lock, or this very batch is running; it can be continued.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        stack.callback(batch.close)
        if wanted.report:
            check_report(wanted.report, batch.inputs)
        if wanted.pdf and not wanted.dry_run:
            from docgen.render.pdf import need_office

            need_office()
        jobs = _job_table(session, batch, wanted, stack)
        job = jobs.open(batch.key, _folder_name(batch), day=session.today, rows=batch.snapshot)
        said = _other_day(session, job)
        settling = Settling(session, wanted, job, jobs, session.workspace.drafts / job.name)
        run = _run(session, batch, settling, watch=watch, stop=stop)
        reports = _write_reports(session, settling)
        if run.cut or not run.stopped:
            _end(jobs, job)
        late = [*said, *settling.late]
        if wanted.file and not wanted.dry_run:
            late += _index(session, jobs.counts(job).get(State.MADE, 0), watch, stop)
        return _summary(settling, run, reports, late, time.monotonic() - began)


def _job_table(session: Session, batch: Batch, wanted: Wanted, stack: ExitStack) -> JobTable:
    """Open the job table, for this run alone; of a trial one that is thrown away."""
    folder = session.workspace.state
    if wanted.dry_run:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docgen-")))
    jobs = JobTable(folder)
    stack.callback(jobs.close)
    if not wanted.dry_run:
        stack.enter_context(jobs.held(batch.key))
    return jobs


def _run(
    session: Session,
    batch: Batch,
    settling: Settling,
    *,
    watch: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> Run:
    """Settle the rows."""
    wanted, job, jobs = settling.wanted, settling.job, settling.jobs
    placing = Placing(session, wanted, job, jobs, Register(session.catalogue))
    if not wanted.dry_run:
        make_folder(settling.folder)
    placing.keep_earlier()
    start = Start(
        session.workspace.root,
        job.day,
        settling.folder,
        wanted.changes,
        wanted.traditional,
        wanted.overwrite_edits,
    )
    with Pool[Task, Answer](wanted.workers, start) as pool:
        run = Run(batch, pool, placing, settling, stop=stop, watch=watch)
        run.go()
    return run


def _write_reports(session: Session, settling: Settling) -> tuple[Path, ...]:
    wanted, folder = settling.wanted, settling.folder
    beside = () if wanted.dry_run else (folder / "报告.csv", folder / "报告.json")
    reports = (wanted.report,) if wanted.report else beside
    for path in reports:
        write_report(path, settling.jobs.all_rows(settling.job), wanted.lang or session.settings.lang)
    return reports


def _end(jobs: JobTable, job: Job) -> None:
    if hasattr(os, "sync"):
        os.sync()  # drafts are on the disk before the job says that it has ended
    jobs.finish(job)


def _other_day(session: Session, job: Job) -> list[Message]:
    """Say that "today" is not today, where a run goes on with one of another day."""
    if not job.continued or job.day == session.today:
        return []
    return [
        Message(
            f"继续的是 {job.day} 开始的批量，各行的“今天”仍是那一天",
            f"this went on with a batch that was begun on {job.day}: that day is “today” for all its rows",
        )
    ]


def _index(
    session: Session, filed: int, watch: Callable[[Progress], None], stop: Callable[[], bool]
) -> tuple[Message, ...]:
    """Bring the ``filed`` documents into the index, some at a time."""

    def tell(done: int) -> None:
        done = min(done, filed)
        watch(Progress(done, filed, done, 0, indexing=True))

    tell(0)
    return index_filed(session, tell, stop)


def _summary(
    settling: Settling, run: Run, reports: tuple[Path, ...], late: list[Message], seconds: float
) -> Summary:
    wanted, jobs, job = settling.wanted, settling.jobs, settling.job
    return Summary(
        counts=jobs.counts(job),
        folder=settling.folder,
        reports=reports,
        stopped=run.stopped,
        seconds=seconds,
        slow={type_id: number for type_id, number in run.slow.items() if number},
        late=tuple(dict.fromkeys(late)),
        rows=tuple(islice(jobs.all_rows(job), SHOWN)) if wanted.dry_run else (),
        failures=tuple(jobs.some(job, [State.FAILED], SHOWN_OF_TRIAL if wanted.dry_run else SHOWN)),
        edited=tuple(jobs.some(job, [State.EDITED], SHOWN)),
        remarked=tuple(jobs.some(job, _WELL, SHOWN, remarked=True)),
        remarks=jobs.number(job, _WELL, remarked=True),
    )


def _folder_name(batch: Batch) -> str:
    """Return a folder name that says what it holds, and differs for different batches."""
    try:
        name = canonical_project(batch.name)
    except ArchiveRefused:
        name = "批量"
    return f"{name}-{batch.key[:8]}"
