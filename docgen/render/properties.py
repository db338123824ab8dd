"""The file properties of a document: title, author and dates from its record, the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import escape

from docgen.render.filters import printable
from docgen.render.ooxml import NAMESPACES
from docgen.render.package import Package

#: The part in every document of ours.
CORE = "docProps/core.xml"
_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DROPPED = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties",
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
)
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
#: Property -> fields of the record that it is taken from, the first that is filled in.
_SOURCES: Mapping[str, tuple[str, ...]] = {
    "dc:title": ("type_name",),
    "dc:subject": ("project_name",),
    "dc:creator": ("prepared_by", "provider_name"),
    "dc:identifier": ("doc_id",),
}
_PREFIXES = " ".join(f'xmlns:{name}="{NAMESPACES[name]}"' for name in ("cp", "dc", "dcterms", "xsi"))
_HEAD = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<cp:coreProperties {_PREFIXES}>"


def drop_properties(package: Package) -> None:
    """Take out what the author of a template left in it: times, names, thumbnail, own properties."""
    for kind in (_CORE, *_DROPPED):
        for name in package.related("", kind):
            package.unrelate("", name)
            package.set_content_type(name, None)
            del package.parts[name]


def relate_properties(package: Package) -> None:
    """Make place in a template for the core properties that every document of it brings."""
    package.parts[CORE] = core_properties({})
    package.relate("", _CORE, CORE)
    package.set_content_type(CORE, _CORE_TYPE)


def core_properties(context: Mapping[str, object]) -> bytes:
    """Return the part `docProps/core.xml` from the values of a record."""
    lines = [_HEAD]
    for name, fields in _SOURCES.items():
        value = next((str(context[field]) for field in fields if context.get(field)), "")
        if value:
            lines.append(f"<{name}>{escape(printable(value))}</{name}>")
    day = context.get("doc_date")
    if isinstance(day, date):
        stamp = f' xsi:type="dcterms:W3CDTF">{day:%Y-%m-%d}T00:00:00Z</'
        lines += [f"<{name}{stamp}{name}>" for name in ("dcterms:created", "dcterms:modified")]
    return "".join((*lines, "</cp:coreProperties>")).encode()
