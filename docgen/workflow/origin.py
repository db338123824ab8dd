"""What docgen wrote into a document when it made it: a stranger's word in a file that comes back.

A docx of unknown origin is read here only as far as its XML goes, up to a size that documents of docgen never
have; a larger one counts as made by somebody else. Of what it says, a value that docgen would never write is
left out, and an unknown mark of confidentiality counts as the strictest known one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice
from pathlib import Path

from docgen.archive.identity import Identity
from docgen.archive.inheriting import CONFIDENTIALITY
from docgen.archive.parcel import Facts
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.system_errors import told
from docgen.forms.lookup import Asked
from docgen.forms.types import DocType
from docgen.forms.values import Ref
from docgen.render.ooxml import BadPackage
from docgen.render.package import Package
from docgen.render.provenance import Provenance, read_in
from docgen.render.textnorm import digest_of
from docgen.workflow.lookup import Lookup
from docgen.workflow.session import Session

#: Bytes of XML that are read: far more than a thousand rows make. In memory it may be 25 times as much.
_MOST_XML = 24 << 20
#: Characters of one value, and references of one document.
_LONGEST, _MOST_REFS = 200, 1_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: The keys by which a reference is known in a record.
_REF = {field.name for field in fields(Ref)}


@dataclass(frozen=True)
class Origin:
    """What docgen wrote into a document when it made it, checked."""

    doc_type: DocType
    identity: Identity
    provenance: Provenance
    edited: bool

    @property
    def doc_id(self) -> str:
        """The document's number, empty where it names none."""
        return _line(self.provenance.fields.get("doc_id"))


def origin_of(session: Session, docx: Path) -> Origin | None:
    """Return what docgen wrote into a Word file, ``None`` when it did not make it.

    Raises:
        EnvironmentFault: The file cannot be read.
    """
    try:
        with told(docx):
            package = Package.xml_of(docx, _MOST_XML)
        provenance = read_in(package)
        doc_type = session.types.get(provenance.type_id) if provenance else None
        if provenance is None or doc_type is None:
            return None
        edited = provenance.text_digest != digest_of(package)
        return Origin(doc_type, _identity(doc_type, provenance.fields), provenance, edited)
    except (BadPackage, ArchiveRefused, ValueError):
        return None  # then only its name can say what it is


def _identity(doc_type: DocType, fields: Mapping[str, object]) -> Identity:
    text = {key: str(fields.get(key) or "") for key in ("project_name", "serial", "doc_date", "version")}
    day, version = date.fromisoformat(text["doc_date"]), Version.parse(text["version"])
    return Identity(text["project_name"], doc_type.token, text["serial"], day, version)


def facts_of(session: Session, origin: Origin | None) -> Facts:
    """Return what the journal is to know of a document by its origin."""
    if origin is None:
        return Facts()
    made = origin.provenance
    return Facts(
        edited=origin.edited,
        status=_line(made.fields.get("status")),
        confidentiality=_mark(made.fields.get("confidentiality")),
        record_digest=_digest(made.record_digest),
        template_digest=_digest(made.template_digest),
        form_digest=_digest(made.form_digest),
        refs=_refs(Lookup(session), origin),
    )


def _line(value: object) -> str:
    """Return a value that may be printed and indexed, else nothing."""
    return value if isinstance(value, str) and value.isprintable() and len(value) <= _LONGEST else ""


def _digest(text: str) -> str:
    return text if _SHA256.fullmatch(text) else ""


def _mark(value: object) -> str:
    if not value:
        return Facts().confidentiality
    return str(value) if value in CONFIDENTIALITY else CONFIDENTIALITY[-1]


def _refs(lookup: Lookup, origin: Origin) -> tuple[Ref, ...]:
    """Return what the document refers to, looked up anew: what it says of them is a stranger's word."""
    asked = list(islice(_asked(origin.provenance.fields), _MOST_REFS))
    found = lookup.find_refs(origin.identity.project, asked)
    return tuple(ref or Ref(one.text) for one, ref in zip(asked, found, strict=True))


def _asked(fields: Mapping[str, object]) -> Iterator[Asked]:
    rows = (row for value in fields.values() if isinstance(value, list) for row in value)
    cells = (cell for row in rows if isinstance(row, Mapping) for cell in row.values())
    for value in (*fields.values(), *cells):
        if isinstance(value, Mapping) and value.keys() == _REF and (text := _line(value["text"])):
            known = _line(value["type_id"])
            yield Asked([known] if known else [], text)
