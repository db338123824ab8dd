"""What the run and its workers say to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docgen.archive.parcel import Facts
from docgen.base.errors import DocgenError, EnvironmentFault, InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.workflow.drafts import DraftEdited
from docgen.workflow.editions import Claim


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row to make a document of.

    Attributes:
        place: Position among the rows, from 0.
        line: Line in the table, or place from 1; for people.
        type_id: Document type.
        answers: What the row says; empty when ``record`` is given.
        record: An archived record to start from, or a document that carries one; inside the archive folder.
        problems: What is already known to be wrong with it.
        lines: Table -> the rows of its own sheet from which its lines come.
    """

    place: int
    line: int
    type_id: str
    answers: Mapping[str, object]
    record: str = ""
    problems: tuple[Problem, ...] = ()
    lines: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that makes no document, and why.

    Attributes:
        message: In one line.
        edited: A draft is there that someone edited; ``path`` says where.
        general: It concerns the rows after this one, too: a full disk, a lost share.
        project: Which document the row speaks of, as far as it says so.
        number: Likewise.
    """

    message: Message
    problems: tuple[Problem, ...] = ()
    edited: bool = False
    path: str = ""
    general: bool = False
    project: str = ""
    number: str = ""

    @classmethod
    def by(cls, error: DocgenError) -> Refused:
        """Return what ``error`` says; errors themselves do not travel between processes."""
        problems = error.problems if isinstance(error, InvalidData) else ()
        said = Message("；".join(error.text("zh").splitlines()), "; ".join(error.text("en").splitlines()))
        # a file that someone has open (Windows) concerns its own row only
        general = isinstance(error, EnvironmentFault) and not isinstance(error.__cause__, PermissionError)
        edited = isinstance(error, DraftEdited)
        path = error.where if edited else ""
        return cls(said, problems, edited, path, general)


@dataclass(frozen=True, slots=True)
class Printed:
    """The files of one row that were written.

    Attributes:
        same: True: the very same document was there already.
        pdf: A PDF of it that was there already.
        slow: The template makes docxtpl's own steps necessary for every copy.
    """

    docx: Path
    sha256: str
    facts: Facts
    same: bool = False
    pdf: Path | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Prepare:
    """Check a row and say which document it makes."""

    row: SourceRow


@dataclass(frozen=True, slots=True)
class Print:
    """Make the document of a prepared row.

    Attributes:
        decided: Version, number and note of change, by field id.
        folder: Where its files go.
        stem: Their name without extension.
        serial: The document's serial, if any.
        drafts: Other drafts of this very edition; one in the same folder gives way unless it was edited.
        trial: True: everything is looked at, and nothing is written.
    """

    row: SourceRow
    decided: Mapping[str, str]
    folder: Path
    stem: str
    serial: str
    drafts: tuple[Path, ...] = ()
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Convert:
    """Make PDFs of Word files, in one group; ``places`` are those of their rows."""

    places: tuple[int, ...]
    sources: tuple[Path, ...]
    targets: tuple[Path, ...]

    def singly(self) -> Iterator[Convert]:
        """Yield the same as tasks of one file each."""
        for place, source, target in zip(self.places, self.sources, self.targets, strict=True):
            yield Convert((place,), (source,), (target,))


Task = Prepare | Print | Convert


@dataclass(frozen=True, slots=True)
class Ready:
    """What became of `Prepare`.

    Attributes:
        partial: True: nobody knows more of the record than what its document prints.
        links: What it names (`linking`).
    """

    claim: Claim
    warnings: tuple[Problem, ...]
    partial: bool = False
    links: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of `Convert`: a PDF or the reason why there is none, for each source in turn."""

    results: tuple[Path | Refused, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker says of a task, and the seconds that it took."""

    result: Ready | Printed | Converted | Refused
    seconds: float
