"""What matches, read literally: the meaning that every engine has to give a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from docgen.search.engine import IndexDocument
from docgen.search.fold import fold, fold_name
from docgen.search.patterns import pattern
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term

#: Between the values of a field that has several; a folded term cannot contain it.
BORDER = "\n"


def field_values(document: IndexDocument) -> dict[Field, str]:
    """Return the folded text of every field, several values separated by `BORDER`."""
    own = {
        Field.PROJECT: (document.project,),
        Field.TYPE: (document.type_name, document.type_id, *document.aliases),
        Field.CATEGORY: (document.category,),
        Field.TITLE: (document.title,),
    }
    values = {name: BORDER.join(dict.fromkeys(map(fold_name, texts))) for name, texts in own.items()}
    # a paper that has the number itself, not only that of its contract, has it twice: it comes first
    values[Field.NUMBER] = BORDER.join(filter(None, map(fold_name, (document.number, document.doc_id))))
    values[Field.TEXT] = fold(document.text)
    values[Field.VERSION] = BORDER.join(version_values(document.version))
    return values


def version_values(version: str) -> tuple[str, ...]:
    """Return the ways to write a version in a query: V1.2 is v1.2, 1.2, and one of v1 and 1."""
    number = fold_name(version).removeprefix("v")
    major = number.partition(".")[0]
    return (f"v{number}", number, f"v{major}", major)


def version_fits(term: Term, values: tuple[str, ...]) -> bool:
    """Whether a version written in one of ``values`` is meant: the whole of it, or its start with `*`."""
    if term.kind is Kind.PREFIX:
        return any(value.startswith(term.text) for value in values)
    return term.text in values


@dataclass(frozen=True, slots=True)
class Reading:
    """One document as a query reads it."""

    fields: Mapping[Field, str]
    date: dt.date

    @classmethod
    def of(cls, document: IndexDocument) -> Reading:
        """Fold all fields of ``document``."""
        return cls(field_values(document), document.date)


def matches(node: Node, reading: Reading) -> bool:
    """Whether the document matches ``node``."""
    match node:
        case Everything():
            return True
        case Dates(first, last):
            return first <= reading.date <= last
        case Not(item):
            return not matches(item, reading)
        case And(items):
            return all(matches(item, reading) for item in items)
        case Or(items):
            return any(matches(item, reading) for item in items)
        case Term():
            return any(_in_field(node, name, reading.fields[name]) for name in node.fields)


def _in_field(term: Term, name: Field, value: str) -> bool:
    if name is Field.VERSION:
        return version_fits(term, tuple(value.split(BORDER)))
    return pattern(term).search(value) is not None
