"""The file properties of a document: title, author and dates from its record, the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lxml import etree

from docgen.render.filters import printable
from docgen.render.ooxml import NAMESPACES, qn
from docgen.render.package import Package

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


def drop_properties(package: Package) -> None:
    """Take out what the author of a template left in it: times, names, thumbnail, own properties."""
    for kind in (_CORE, *_DROPPED):
        for name in package.related("", kind):
            package.unrelate("", name)
            package.set_content_type(name, None)
            del package.parts[name]


def set_properties(package: Package, context: Mapping[str, object]) -> None:
    """Write the core properties from the values of a record."""
    prefixes = ("cp", "dc", "dcterms", "xsi")
    root = etree.Element(qn("cp:coreProperties"), nsmap={prefix: NAMESPACES[prefix] for prefix in prefixes})
    for name, fields in _SOURCES.items():
        value = next((str(context[field]) for field in fields if context.get(field)), "")
        if value:
            etree.SubElement(root, qn(name)).text = printable(value)
    day = context.get("doc_date")
    if isinstance(day, date):
        for name in ("dcterms:created", "dcterms:modified"):
            stamp = etree.SubElement(root, qn(name), {qn("xsi:type"): "dcterms:W3CDTF"})
            stamp.text = f"{day:%Y-%m-%d}T00:00:00Z"
    package.put("docProps/core.xml", root)
    package.relate("", _CORE, "docProps/core.xml")
    package.set_content_type("docProps/core.xml", _CORE_TYPE)
