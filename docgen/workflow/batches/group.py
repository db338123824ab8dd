"""Rows in hand: a few that are prepared, placed, printed and settled together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from docgen.archive.legal import fold_key
from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.batch.states import RowState, State
from docgen.forms.types import DocType
from docgen.workflow.batches.tasks import Printed, Ready, Refused, SourceRow
from docgen.workflow.editions import Claim, Edition


@dataclass
class Work:
    """One row on its way.

    Attributes:
        state: What the job table and the report say of it.
        ready: What it claims to be, once it is prepared.
        edition: Its place, once that is reserved.
        printed: Its files, once they are written; of a filed document that only lacks its PDF, that document.
        pdf: Its PDF, once that is made.
        closed: True: nothing more is to be done for it.
        before: What a run that was cut short left of it.
        races: How often another program took its place.
    """

    row: SourceRow
    state: RowState
    ready: Ready | None = None
    edition: Edition | None = None
    printed: Printed | None = None
    pdf: Path | None = None
    closed: bool = False
    before: RowState | None = None
    races: int = 0
    #: What it names (`linking`).
    links: frozenset[str] = frozenset()
    #: Warnings that go into the report.
    remarks: list[Message] = field(default_factory=list)

    @property
    def claim(self) -> Claim:
        """What it claims to be."""
        assert self.ready is not None
        return self.ready.claim

    @property
    def made_before(self) -> bool:
        """Whether a run that was cut short has made this very document without having noted it."""
        before = self.before
        return before is not None and (before.state, before.document, before.version) == (
            State.RESERVED,
            self.state.document,
            self.state.version,
        )

    def close(self, state: State, reason: Message | None = None, **known: object) -> None:
        """Note what became of it."""
        said = [*([reason] if reason else []), *(self.remarks if state is not State.FAILED else [])]
        zh, en = "；".join(one.zh for one in said), "; ".join(one.en for one in said)
        self.state = replace(self.state, state=state, reason=zh, reason_en=en, **known)  # type: ignore[arg-type]
        self.closed = True

    def refuse(self, refused: Refused, *, path: str = "") -> None:
        """Note why it makes no document; ``path``: where its Word file is all the same."""
        if refused.edited:
            self.close(State.EDITED, refused.message, path=path)
            return
        errors = [one for one in refused.problems if one.severity is Severity.ERROR]
        labels = "、".join(dict.fromkeys(one.label for one in errors))
        known = {"project": refused.project, "doc_id": refused.number}
        known = {name: said for name, said in known.items() if said and not getattr(self.state, name)}
        first = errors[0].field if errors else ""
        self.close(State.FAILED, _reason(refused), field=first, labels=labels, path=path, **known)

    def reopen(self) -> None:
        """Forget what was prepared and placed, or refused: it is done again."""
        self.ready = self.edition = self.printed = self.pdf = None
        self.links, self.closed = frozenset(), False
        self.state = replace(self.state, state=State.PENDING, field="", labels="", reason="", reason_en="")

    @property
    def placed(self) -> bool:
        """Whether it has a place, and something is left to do for it."""
        return self.edition is not None and not self.closed

    @property
    def refused(self) -> bool:
        """Whether it is known that it makes no document."""
        return self.state.state is State.FAILED

    def attempt(self) -> None:
        """Count a process that died over it."""
        self.state = replace(self.state, attempts=self.state.attempts + 1)

    def file_name(self, ext: str) -> str:
        """Return the canonical name of its file with the extension ``ext``."""
        assert self.edition is not None
        return self.edition.identity.filename(ext)

    def spent(self, seconds: float) -> None:
        """Add the time of a worker."""
        self.state = replace(self.state, seconds=round(self.state.seconds + seconds, 4))


@dataclass
class Group:
    """Rows that go through the run together, in the hands of one worker.

    Attributes:
        reserved: True: its rows have their places.
        converting: True: its PDFs were asked for.
        since: What was filed since its rows were handed out to be prepared (`linking`).
    """

    worker: int
    works: list[Work]
    reserved: bool = False
    converting: bool = False
    since: set[str] = field(default_factory=set)

    @property
    def open(self) -> list[Work]:
        """The rows for which something is left to do."""
        return [work for work in self.works if not work.closed]

    @property
    def prepared(self) -> bool:
        """Whether every row is ready to be placed."""
        return all(work.ready for work in self.open)

    @property
    def printed(self) -> bool:
        """Whether every row has its Word file."""
        return self.reserved and all(work.printed for work in self.open)

    @property
    def converted(self) -> bool:
        """Whether every row has its PDF."""
        return all(work.pdf for work in self.open)


def document_key(doc_type: DocType, claim: Claim) -> str:
    """Return what is equal for rows that make the same document."""
    day = claim.day.isoformat() if doc_type.recurring else ""
    return "/".join((fold_key(claim.project), doc_type.id, day, fold_key(claim.number)))


def _reason(refused: Refused) -> Message:
    """Return the reason in one line: every problem, else the message."""
    errors = tuple(one for one in refused.problems if one.severity is Severity.ERROR)
    return sentences(errors) if errors else refused.message


def sentences(problems: tuple[Problem, ...]) -> Message:
    """Return problems as one line of sentences."""
    return Message(
        "；".join(problem.sentence("zh") for problem in problems),
        "; ".join(problem.sentence("en") for problem in problems),
    )
