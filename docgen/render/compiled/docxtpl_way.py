"""What docxtpl itself does: pictures and sub-documents of a copy, media and links of a template."""

from __future__ import annotations

import io
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

import jinja2
from docx import Document
from docxtpl import DocxTemplate, InlineImage

from docgen.render.package import Package
from docgen.render.properties import CORE

if TYPE_CHECKING:
    from docxtpl import Subdoc

#: Time of a template that has none: a copy must not depend on the moment at which it is made.
_NO_TIME = datetime(1980, 1, 1)


def settled(data: bytes) -> bytes:
    """Return a template whose file properties are all there, as docxtpl leaves them in a copy."""
    had_properties = CORE in Package.open(data).parts
    document = Document(io.BytesIO(data))
    if not had_properties or document.core_properties.modified is None:
        document.core_properties.modified = _NO_TIME
    return _saved(document)


def replaced(data: bytes, how: str, *files: Any) -> bytes:
    """Return a template in which docxtpl has replaced media (``how``: `replace_pic` and the like)."""
    template = DocxTemplate(io.BytesIO(data))
    getattr(template, how)(*files)
    template.render_init()
    return _saved(template)


def linked(data: bytes, url: str) -> tuple[bytes, str]:
    """Return a template that knows the address ``url``, and the id by which texts refer to it."""
    template = DocxTemplate(io.BytesIO(data))
    link = template.build_url_id(url)
    return _saved(template.docx), link


def render(data: bytes, context: Mapping[str, object], environment: jinja2.Environment) -> bytes:
    """Return the copy that docxtpl makes, repacked so that equal copies have equal bytes."""
    template = DocxTemplate(io.BytesIO(data))
    host = _host(context, data)
    if host is not None:
        template.docx = deepcopy(host.docx)
    template.render(_moved(context, template, host), environment, autoescape=True)
    return _saved(template)


def _host(context: Mapping[str, object], data: bytes) -> DocxTemplate | None:
    """Return the template for which the sub-documents were made, if it is a copy of this one.

    Their pictures, styles and lists are in its package already.
    """
    fresh = (one.tpl for one in _subdocs(context) if not one.tpl.is_rendered)
    hosts = {id(one): one for one in fresh if _bytes_of(one) == data}
    return next(iter(hosts.values()), None) if len(hosts) == 1 else None


def _subdocs(value: object) -> list[Subdoc]:
    if type(value).__name__ == "Subdoc":
        return [value]
    if isinstance(value, Mapping):
        return [one for item in value.values() for one in _subdocs(item)]
    return [one for item in value for one in _subdocs(item)] if isinstance(value, list | tuple) else []


def _bytes_of(template: DocxTemplate) -> bytes:
    source = template.template_file
    if hasattr(source, "getvalue"):
        return settled(source.getvalue())
    try:
        with open(source, "rb") as stream:  # noqa: PTH123 - whatever docxtpl itself could open
            return settled(stream.read())
    except (OSError, TypeError):  # gone, or an open file: then it counts as another template
        return b""


def _moved(value: Any, template: DocxTemplate, host: DocxTemplate | None) -> Any:
    """Return ``value`` with pictures and sub-documents that belong to ``template``."""
    if isinstance(value, InlineImage):
        return InlineImage(template, value.image_descriptor, value.width, value.height, value.anchor)
    if type(value).__name__ == "Subdoc":
        return value if value.tpl is host else template.new_subdoc(io.BytesIO(_document_of(value)))
    if isinstance(value, Mapping):
        return {key: _moved(item, template, host) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [_moved(item, template, host) for item in value]
        return items if isinstance(value, list) else _like(value, items)
    return value


def _like(value: tuple[Any, ...], items: list[Any]) -> tuple[Any, ...]:
    """Return ``items`` as a tuple of the kind of ``value``, names included."""
    make = getattr(value, "_make", tuple)
    return make(items)


def _document_of(subdoc: Any) -> bytes:
    """Return a sub-document as a document of its own: its text, in the package that has what it needs."""
    document = deepcopy(subdoc.docx)
    body = document.element.body
    kept = body.sectPr
    for element in list(body):
        if element is not kept:
            body.remove(element)
    for element in subdoc.subdocx.element.body:
        if element.tag != getattr(kept, "tag", None):
            body.insert(len(body) - (kept is not None), deepcopy(element))
    return _saved(document)


def _saved(document: Any) -> bytes:
    """Return the file of a document or template, without the time of saving: equal ones have equal bytes."""
    copy = io.BytesIO()
    document.save(copy)
    return Package.open(copy.getvalue()).to_bytes()
