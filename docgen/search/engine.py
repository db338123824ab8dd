"""What every search engine takes and gives; engines differ in size and speed, never in what they find."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.search.snippets import Snippet
from docgen.search.tree import Node


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """One version of a document, as it is indexed and as a hit returns it."""

    #: Key of the version; adding the same id again replaces it.
    id: str
    doc_id: str
    project: str
    type_id: str
    type_name: str
    category: str
    date: dt.date
    #: `V1.0`
    version: str
    title: str
    #: Text of all files of the version, as extracted (not folded).
    text: str
    #: The document's own number (contract number …); empty where it has none.
    number: str = ""
    serial: str = ""
    #: Other names of the type; found like its name.
    aliases: tuple[str, ...] = ()
    #: 草稿, 已签署 …
    status: str = ""
    #: Further columns of the archive's index: the contract it belongs to, with whom, phase of the service …
    contract: str = ""
    counterparty: str = ""
    phase: str = ""
    problem_type: str = ""
    data_class: str = ""
    confidentiality: str = ""
    #: The newest version that is not withdrawn.
    current: bool = True
    withdrawn: bool = False
    #: Path of the first file and paths of all files, relative to the archive.
    path: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """New standing of a version that is indexed already: no text is needed to tell it."""

    id: str
    current: bool
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions beside the query; by default the newest versions that are not withdrawn."""

    #: Whole name of the project; width, case and script do not matter.
    project: str = ""
    #: Name, id or alias of the type.
    type: str = ""
    category: str = ""
    status: str = ""
    #: `V1.0`; `V1` is every V1.x.
    version: str = ""
    #: Whole values of the further columns.
    contract: str = ""
    counterparty: str = ""
    phase: str = ""
    problem_type: str = ""
    data_class: str = ""
    confidentiality: str = ""
    #: First and last date, both included.
    since: dt.date | None = None
    until: dt.date | None = None
    all_versions: bool = False
    withdrawn: bool = False


#: No condition beside the default.
NEWEST = Filters()


class Sort(StrEnum):
    """Order of hits; among equals the newer comes first."""

    SCORE = "score"
    #: Newest first.
    DATE = "date"
    #: By project, type, date.
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Hit:
    """One version that matches."""

    document: IndexDocument
    #: Comparable inside one result only.
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits; total and facets count all of them."""

    total: int
    hits: tuple[Hit, ...]
    #: project, type, category, year, status -> value -> number of hits, most frequent first.
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Health(StrEnum):
    """State of an index on disk."""

    READY = "ready"
    MISSING = "missing"
    #: Made with another schema, analysis or library: it serves, but must be rebuilt.
    STALE = "stale"
    BROKEN = "broken"


class IndexFault(EnvironmentFault):
    """The index is missing, stale or broken; `docgen rebuild` brings it back from the archive."""

    def __init__(self, health: Health, message: Message, *, where: str) -> None:
        hint = Message(
            "运行 docgen rebuild 重建索引；归档的文件不受影响",
            "run docgen rebuild to make the index anew; the archive itself is not touched",
        )
        super().__init__(message, where=where, hint=hint)
        self.health = health


class Engine(Protocol):
    """One index. Searching and writing may go on in several processes at once.

    Raises:
        IndexFault: The index is missing or broken; for writing also when it is stale.
        EnvironmentFault: Another process keeps writing for too long, or the disk refuses.
    """

    def health(self) -> Health:
        """Return the state of the index on disk."""

    def rebuild(self, documents: Iterable[IndexDocument]) -> int:
        """Make the index anew from ``documents`` beside the old one, swap, return their number."""

    def add(self, documents: Iterable[IndexDocument] = (), marks: Iterable[Mark] = ()) -> None:
        """Add or replace ``documents`` and change the standing of others, in one commit."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forget versions; unknown ids do not matter."""

    def search(
        self,
        query: Node,
        filters: Filters = NEWEST,
        *,
        sort: Sort = Sort.SCORE,
        offset: int = 0,
        limit: int | None = 10,
        facets: bool = True,
    ) -> Results:
        """Return the hits ``offset`` … ``offset + limit`` (``None``: all); total and facets are exact."""

    def values(self, name: str) -> frozenset[str]:
        """Return what occurs as project, type, number or title: the stock of suggestions."""

    def count(self) -> int:
        """Return the number of versions indexed."""

    def held(self) -> AbstractContextManager[None]:
        """Keep others from writing while the context lasts: what they add waits, or is refused."""

    def discard(self) -> None:
        """Remove the index, as it will not be brought up any more."""

    def optimise(self) -> bool:
        """Merge some of what many additions left in pieces, for idle time; return whether there was any.

        An addition never merges. Others may search and add meanwhile.
        """

    def close(self) -> None:
        """Let go of files; the engine can be used again."""
