"""What is wished of a batch, what it is made of, and how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docgen.base.messages import Message
from docgen.batch.states import SETTLED, RowState, State
from docgen.workflow.batches.tasks import SourceRow


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a batch.

    Attributes:
        changes: Values that go before those of every row (`--set`).
        workers: Number of processes.
        report: Where the report is to be written; else beside the drafts.
        lang: Language of the report; that of the settings where it is empty.
    """

    changes: Mapping[str, str] = field(default_factory=dict)
    pdf: bool = False
    file: bool = False
    major: bool = False
    traditional: bool = False
    overwrite_edits: bool = False
    fail_fast: bool = False
    dry_run: bool = False
    workers: int = 1
    report: Path | None = None
    lang: str = ""

    def settled(self, row: RowState) -> bool:
        """Whether a run that goes on passes ``row`` over.

        A row that failed before it had a place is tried again, for its cause may be gone; what has a place
        keeps it, so that the rows after it do. A run that ends at the first failure tries that row again.
        """
        if row.state is State.FAILED:
            return bool(row.document) and not self.fail_fast
        return row.state in SETTLED

    def deciding(self) -> dict[str, object]:
        """Return the options that decide which documents come out, for the key of the job."""
        return {
            "changes": dict(sorted(self.changes.items())),
            "pdf": self.pdf,
            "file": self.file,
            "major": self.major,
            "traditional": self.traditional,
            "overwrite_edits": self.overwrite_edits,
        }


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows to make documents of.

    Attributes:
        name: For people, and for the folder of the drafts.
        key: Digest of all that decides the outcome: rows, options, forms, templates.
        rows: Gives the rows, from the first, as often as it is asked.
        total: Number of rows, if it is known.
        said: What was detected in the table.
        inputs: The files that it was read from.
        snapshot: Instead of ``rows``: archived records, as they are when the batch begins.
        close: Gives up what ``rows`` reads from.
    """

    name: str
    key: str
    rows: Callable[[], Iterable[SourceRow]]
    total: int | None
    said: tuple[Message, ...] = ()
    inputs: tuple[Path, ...] = ()
    snapshot: tuple[RowState, ...] = ()
    close: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        done: Rows that are settled, those of an earlier run of the same batch included.
        total: All rows, if that is known.
        now: Rows settled by this run, for the rate.
        indexing: True: the rows are all done, and what was filed is being brought into the index; the numbers
            are those of versions.
        converting: True: PDFs are being made, which takes a second each.
    """

    done: int
    total: int | None
    now: int
    failed: int
    indexing: bool = False
    converting: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What came of a run.

    Attributes:
        counts: Rows by state.
        folder: Where the drafts are.
        reports: The report, as CSV and JSON.
        stopped: True: the user stopped it, and the same command goes on; or `--fail-fast` did.
        slow: Type -> documents that took docxtpl's own, slower steps.
        late: Warnings that concern no row.
        rows: Of a trial: the first rows.
        failures: The first rows that failed; of a trial many more of them.
        edited: The first rows that were left alone because someone edited their documents.
        remarked: The first rows that were made, with a remark.
        remarks: How many of these there are.
    """

    counts: Mapping[State, int]
    folder: Path
    reports: tuple[Path, ...]
    stopped: bool
    seconds: float
    slow: Mapping[str, int] = field(default_factory=dict)
    late: tuple[Message, ...] = ()
    rows: tuple[RowState, ...] = ()
    failures: tuple[RowState, ...] = ()
    edited: tuple[RowState, ...] = ()
    remarked: tuple[RowState, ...] = ()
    remarks: int = 0
