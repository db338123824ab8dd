"""The shipped types as tests see them: form, sample, records, printed text."""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.forms.lookup import Asked, NoLookup
from docgen.forms.records import Outcome, Record, build_record
from docgen.forms.types import load_types
from docgen.forms.values import Ref
from docgen.forms.yaml_nodes import read_yaml
from docgen.render.engine import Template

TEMPLATES = Path(__file__).parents[2] / "templates"
TODAY = date(2026, 11, 22)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class AllFiled(NoLookup):
    """A project in which every document that is referred to is filed."""

    def find_refs(self, project: str, asked: Sequence[Asked]) -> Sequence[Ref]:
        """Return the documents as found."""
        return [Ref(one.text, one.type_ids[0], one.text, "V1.0") for one in asked]


@dataclass(frozen=True)
class Printed:
    """What a rendered document says: paragraphs and tables of the body, in order."""

    docx: bytes

    @cached_property
    def _body(self) -> Any:
        with zipfile.ZipFile(io.BytesIO(self.docx)) as package:
            return etree.fromstring(package.read("word/document.xml")).find(f"{W}body")

    @cached_property
    def text(self) -> str:
        """All paragraphs, one a line."""
        return "\n".join(_text(paragraph) for paragraph in self._body.iter(f"{W}p"))

    @cached_property
    def tables(self) -> list[list[list[str]]]:
        """Every table as rows of cell texts."""
        return [
            [[_text(cell) for cell in row.iterchildren(f"{W}tc")] for row in table.iterchildren(f"{W}tr")]
            for table in self._body.iter(f"{W}tbl")
        ]

    def rows_under(self, *heads: str) -> list[list[str]]:
        """Return the rows that follow the row whose cells are ``heads``; fails if there is none."""
        for table in self.tables:
            if list(heads) in table:
                return table[table.index(list(heads)) + 1 :]
        raise AssertionError(f"no table with the heads {heads}")


def _text(element: Any) -> str:
    return "".join(
        "\n" if node.tag == f"{W}br" else node.text or "" for node in element.iter(f"{W}t", f"{W}br")
    )


@dataclass(frozen=True)
class ShippedType:
    """One type: its form and its sample, changed and built."""

    form: Form
    sample: Mapping[str, Any]

    def answers(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the sample with ``changes``: field or `table.0.column` -> value, `None` to leave it out."""
        answers = copy.deepcopy(dict(self.sample))
        for path, value in changes.items():
            *way, last = path.split(".")
            place: Any = answers
            for step in way:
                place = place[int(step) if step.isdigit() else step]
            key = int(last) if isinstance(place, list) else last
            if value is not None:
                place[key] = value
            elif isinstance(place, list) or key in place:
                del place[key]
        return answers

    def build(self, changes: Mapping[str, Any] | None = None) -> Outcome:
        """Return the outcome of the sample with ``changes``."""
        return build_record(self.form, self.answers(changes or {}), today=TODAY, lookup=AllFiled())

    def record(self, changes: Mapping[str, Any] | None = None) -> Record:
        """Return the record of the sample with ``changes``; fails with its problems."""
        outcome = self.build(changes)
        assert outcome.record, [problem.sentence() for problem in outcome.problems]
        return outcome.record

    def value(self, field_id: str, changes: Mapping[str, Any] | None = None) -> Any:
        """Return one value of that record."""
        return self.record(changes).values[field_id]

    def assert_refused(self, changes: Mapping[str, Any], field: str, reason: str) -> None:
        """Fail unless there is no record, and a problem of ``field`` (or `table.column`) says ``reason``."""
        outcome = self.build(changes)
        said = [(problem.field, problem.sentence()) for problem in outcome.problems]
        assert outcome.record is None
        assert any(where == field and reason in sentence for where, sentence in said), said

    def warnings(self, changes: Mapping[str, Any]) -> list[str]:
        """Return the warnings, as people read them."""
        return [problem.sentence() for problem in self.build(changes).warnings]

    def printed(self, changes: Mapping[str, Any] | None = None) -> Printed:
        """Return the document of the sample with ``changes``."""
        values = {**self.record(changes).values, "type_name": self.form.name}
        return Printed(self.template.render(values))

    @cached_property
    def template(self) -> Template:
        """The type's template, assembled."""
        fields = [(field.id, field) for field in self.form.fields]
        fields += [(f"{key}.{column.id}", column) for key, field in fields for column in field.columns]
        choices = {key: field.options for key, field in fields if field.options}
        return Template.open(TEMPLATES / self.form.id, (TEMPLATES / "house",), choices=choices)


@pytest.fixture(scope="session")
def shipped():
    """Return a function: type id -> `ShippedType`."""
    types = load_types(TEMPLATES / "types.yaml")

    def load(type_id: str) -> ShippedType:
        form = load_form(TEMPLATES / type_id, [TEMPLATES / "groups"], types)
        sample = read_yaml((TEMPLATES / "samples" / f"{type_id}.yaml").read_bytes(), type_id)
        return ShippedType(form, sample.plain())

    return load
