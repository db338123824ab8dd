"""A record on paper: context, template, script, provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docgen import __version__
from docgen.forms.definition import Field, Form
from docgen.forms.records import Record
from docgen.render.engine import Template
from docgen.render.provenance import Provenance, embed
from docgen.workflow.session import Session

#: Fields that name the document and its standing; its provenance has them whether it prints them or not.
_IDENTIFYING = frozenset(("project_name", "doc_date", "version", "doc_id", "status", "confidentiality"))


@dataclass(frozen=True)
class OpenTemplate:
    """A type's template, and whether it prints Traditional Chinese."""

    template: Template
    traditional: bool = False

    @property
    def digest(self) -> str:
        """Differs whenever the same record would print differently."""
        return self.template.digest + (":hant" if self.traditional else "")


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished document and the record that lies beside it."""

    docx: bytes
    record_json: bytes
    template_digest: str


def open_template(session: Session, form: Form, *, traditional: bool = False) -> OpenTemplate:
    """Return the template of ``form``'s type, assembled and checked."""
    return OpenTemplate(session.template(form), traditional)


def print_record(template: OpenTemplate, record: Record, *, serial: str = "") -> Printed:
    """Return the document that ``record`` makes: the same bytes for the same record and template."""
    provenance = _provenance(template, record, serial)
    if template.traditional:
        from docgen.render.script import to_traditional

        stamped = embed(to_traditional(template.template.render(context(record))), provenance)
    else:
        stamped = template.template.stamped(context(record), provenance)
    return Printed(stamped, (record.json() + "\n").encode(), template.digest)


def _provenance(template: OpenTemplate, record: Record, serial: str) -> Provenance:
    """Return what the document is to know of itself: what it prints, and what identifies it."""
    names = (template.template.fields() | _IDENTIFYING | {record.form.number}) - {
        field.id for field in record.form.fields if field.internal and field.id not in _IDENTIFYING
    }
    fields = {name: record.canonical[name] for name in sorted(names & record.values.keys())}
    return Provenance(
        record.form.id,
        {**fields, "serial": serial} if serial else fields,
        today=record.today.isoformat(),
        from_today=" ".join(sorted(record.from_today)),
        form_digest=record.form.digest,
        template_digest=template.digest,
        record_digest=record.digest,
        docgen_version=__version__,
    )


def context(record: Record) -> dict[str, object]:
    """Return what templates may print: every field but the internal ones, and the name of the type."""
    values: dict[str, object] = {
        field.id: _printable(field, record.values[field.id])
        for field in record.form.fields
        if not field.internal
    }
    return {**values, "type_name": record.form.name}


def _printable(field: Field, value: object) -> object:
    if not field.columns or not isinstance(value, tuple):
        return value
    shown = [column.id for column in field.columns if not column.internal]
    return tuple({name: row[name] for name in shown} for row in value if isinstance(row, Mapping))
