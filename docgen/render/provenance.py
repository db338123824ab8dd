"""What a generated document knows about itself: a custom XML part that Word, WPS and LibreOffice keep.

It is found by its namespace, never by its part name: editors number such parts anew. Whatever it says in a
file that comes back is untrusted, and is validated again like any input.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree
from markupsafe import escape

from docgen.render.ooxml import ILLEGAL, NAMESPACES, BadPackage, parse, qn, serialise
from docgen.render.package import CUSTOM_XML, Package, rels_name
from docgen.render.textnorm import text_digest

NAMESPACE = "urn:docgen:provenance:1"
#: Longest part that is looked at: a record of a thousand rows takes a tenth of it.
MAX_BYTES = 8 << 20
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_XML_TYPE = "application/xml"
#: Identity of the part inside a file, as Word wants it.
_ITEM_ID = "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)).upper() + "}"
_TEXTS = (
    "type_id",
    "today",
    "from_today",
    "form_digest",
    "template_digest",
    "record_digest",
    "docgen_version",
    "text_digest",
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document comes from.

    Attributes:
        type_id: Document type.
        fields: Values that the document prints, and those that identify it, as in the full record's JSON.
        today: The day as of which the record was made.
        from_today: Fields and columns whose value is a default taken from that day, with blanks between.
        form_digest: Of the form that the record was checked by.
        template_digest: Of the assembled template.
        record_digest: Of the whole record.
        docgen_version: Version of docgen that made the document.
        text_digest: Of the document's own text; set by `embed`.
    """

    type_id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    today: str = ""
    from_today: str = ""
    form_digest: str = ""
    template_digest: str = ""
    record_digest: str = ""
    docgen_version: str = ""
    text_digest: str = ""


def embed(docx: bytes, provenance: Provenance) -> bytes:
    """Return the document with its provenance, the digest of its text taken now; an older one is replaced."""
    package = Package.open(strip(docx))
    stamped = replace(provenance, text_digest=text_digest(docx))
    package.parts[make_place(package)] = part_of(stamped)
    return package.to_bytes()


def make_place(package: Package) -> str:
    """Make place in a package for the part, with links and content types; return the part's name."""
    name = _free_name(package)
    properties = name.replace("item", "itemProps")
    package.parts[name] = b""
    package.parts[properties] = serialise(_item_properties())
    package.relate(package.main, CUSTOM_XML, name)
    package.relate(name, _PROPERTIES, properties)
    package.set_content_type(name, _XML_TYPE)
    package.set_content_type(properties, _PROPERTIES_TYPE)
    return name


def part_of(provenance: Provenance) -> bytes:
    """Return the part that holds ``provenance``."""
    text = json.dumps(dict(provenance.fields), ensure_ascii=False, sort_keys=True)
    escaped = ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    texts = {**{name: getattr(provenance, name) for name in _TEXTS}, "fields": escaped}
    items = "".join(f"<dg:{name}>{escape(text)}</dg:{name}>" for name, text in texts.items())
    root = f'<dg:provenance xmlns:dg="{NAMESPACE}">{items}</dg:provenance>'
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n{root}".encode()


def read(docx: bytes | Path) -> Provenance | None:
    """Return the provenance of a Word file, ``None`` when it has none that can be read.

    Raises:
        BadPackage: Not a whole Word file, or one built to do harm.
        OSError: The file cannot be read.
    """
    return read_in(Package.open(docx))


def read_in(package: Package) -> Provenance | None:
    """Return the provenance of an opened Word file, ``None`` when it has none that can be read.

    Raises:
        BadPackage: It is built to do harm.
    """
    found = (_from_xml(package.xml(name)) for name in _parts(package))
    return next((provenance for provenance in found if provenance), None)


def strip(docx: bytes) -> bytes:
    """Return the document without provenance; the bytes are those given when it has none."""
    package = Package.open(docx)
    names = _parts(package)
    for name in names:
        for properties in package.related(name, _PROPERTIES):
            _remove(package, properties)
        package.parts.pop(rels_name(name), None)
        package.unrelate(package.main, name)
        _remove(package, name)
    return package.to_bytes() if names else docx


def is_edited(docx: bytes) -> bool:
    """Whether the text of a document is no longer what docgen wrote; never so without provenance."""
    provenance = read(docx)
    return provenance is not None and provenance.text_digest != text_digest(docx)


def _parts(package: Package) -> list[str]:
    """The parts whose root is in our namespace, wherever an editor has put them."""
    return [name for name in package.related(package.main, CUSTOM_XML) if _is_ours(package.parts[name], name)]


def _is_ours(data: bytes, name: str) -> bool:
    if len(data) > MAX_BYTES:
        return False
    try:
        return etree.QName(parse(data, name)).namespace == NAMESPACE
    except BadPackage:
        return False


def _free_name(package: Package) -> str:
    numbers = range(1, len(package.parts) + 2)
    return next(
        name for name in (f"customXml/item{number}.xml" for number in numbers) if name not in package.parts
    )


def _remove(package: Package, name: str) -> None:
    del package.parts[name]
    package.set_content_type(name, None)


def _from_xml(root: etree._Element) -> Provenance | None:
    texts = {name: root.findtext(f"{{{NAMESPACE}}}{name}") or "" for name in (*_TEXTS, "fields")}
    try:
        fields = json.loads(texts.pop("fields"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(fields, dict) or not texts["type_id"]:
        return None
    return Provenance(fields=fields, **texts)


def _item_properties() -> etree._Element:
    root = etree.Element(qn("ds:datastoreItem"), {qn("ds:itemID"): _ITEM_ID}, nsmap={"ds": NAMESPACES["ds"]})
    references = etree.SubElement(root, qn("ds:schemaRefs"))
    etree.SubElement(references, qn("ds:schemaRef"), {qn("ds:uri"): NAMESPACE})
    return root
