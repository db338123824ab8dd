"""Rows that name documents of earlier rows: they are prepared once those are filed."""

from __future__ import annotations

from collections.abc import Iterable

from docgen.archive.legal import fold_key
from docgen.batch.states import State
from docgen.forms.records import Record
from docgen.workflow.batches.group import Group, Work
from docgen.workflow.batches.tasks import Refused
from docgen.workflow.file_generated import refs_of


def links_of(record: Record) -> frozenset[str]:
    """Return what a record names in its own project."""
    project = str(record.values["project_name"])
    return frozenset(_key(project, ref.text) for ref in refs_of(record))


def missed(refused: Refused) -> frozenset[str]:
    """Return what a row may have named in vain, if links must lead somewhere."""
    return frozenset(
        _key(refused.project, problem.value) for problem in refused.problems if isinstance(problem.value, str)
    )


def made(works: Iterable[Work]) -> set[str]:
    """Return what can be named of rows that have their documents, or their places."""
    return {
        _key(work.state.project, work.state.doc_id)
        for work in works
        if work.state.doc_id and work.state.state in (State.MADE, State.RESERVED)
    }


def rest_of(group: Group) -> Group | None:
    """Take the rows from ``group`` that come with or behind the first one that names a row before it."""
    numbers: set[str] = set()
    for place, work in enumerate(group.works):
        if work.links & numbers:
            group.works, rest = group.works[:place], group.works[place:]
            return Group(group.worker, rest)
        if work.ready and work.claim.number:
            numbers.add(_key(work.claim.project, work.claim.number))
    return None


def _key(project: str, number: str) -> str:
    return f"{fold_key(project)}/{fold_key(number)}"
