"""docxtpl itself as the judge of compiled templates."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import docx
import jinja2
import pytest
from docxtpl import DocxTemplate
from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.render.compiled.template import CompiledTemplate

Build = Callable[[Any], None]
CORE = "docProps/core.xml"


def template_of(build: Build) -> bytes:
    """Return the template that ``build`` writes into an empty document."""
    document = docx.Document()
    build(document)
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()


def by_docxtpl(
    template: bytes, context: Mapping[str, Any] | None = None, prepare: Callable[[Any], Any] | None = None
) -> bytes:
    """Return what docxtpl makes; ``prepare`` may use the template object, and return a context."""
    document = DocxTemplate(io.BytesIO(template))
    made = prepare(document) if prepare else None
    document.render(dict(made or context or {}), jinja2.Environment(), autoescape=True)
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()


def stories(document: bytes) -> dict[str, bytes]:
    """Return the canonical XML of everything that is filled in."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        names = [
            name
            for name in archive.namelist()
            if name == CORE
            or name.startswith(("word/document", "word/header", "word/footer", "word/footnotes"))
        ]
        return {name: canonical(archive.read(name)) for name in sorted(names)}


def canonical(xml: bytes) -> bytes:
    return bytes(etree.tostring(etree.fromstring(xml), method="c14n"))


def check_whole(document: bytes) -> None:
    """Every target of a relationship is there and of a known type; python-docx opens the file."""
    docx.Document(io.BytesIO(document))
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        known = {item.get("PartName", "").lstrip("/") for item in types}
        endings = {item.get("Extension", "").lower() for item in types}
        for name in names:
            if name.endswith(".rels"):
                for link in etree.fromstring(archive.read(name)):
                    if link.get("TargetMode") != "External":
                        assert target(name, link.get("Target")) in names
            elif name != "[Content_Types].xml":
                assert name in known or name.rpartition(".")[2].lower() in endings


def target(rels: str, name: str) -> str:
    folder = posixpath.dirname(posixpath.dirname(rels))
    return posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")


def compare(build: Build, context: Mapping[str, Any]) -> CompiledTemplate:
    """Check that both make the same of a template, twice over; return the compiled one.

    Where docxtpl fails, so must the compiled template, in its own words.
    """
    template = template_of(build)
    compiled = CompiledTemplate(template)
    try:
        expected = by_docxtpl(template, context)
    except etree.XMLSyntaxError:
        with pytest.raises(TemplateFault):
            compiled.render(context)
        return compiled
    made = compiled.render(context)
    assert stories(made) == stories(expected)
    check_whole(made)
    assert compiled.render(context) == made
    return compiled


@pytest.fixture(scope="session")
def same() -> Callable[[Build, Mapping[str, Any]], CompiledTemplate]:
    """Compare with docxtpl; see `compare`."""
    return compare


@pytest.fixture(scope="session")
def make() -> Callable[[Build], bytes]:
    """Make a template; see `template_of`."""
    return template_of


@pytest.fixture(scope="session")
def oracle() -> Callable[..., bytes]:
    """Let docxtpl make a copy; see `by_docxtpl`."""
    return by_docxtpl


@pytest.fixture(scope="session")
def texts() -> Callable[[bytes], dict[str, bytes]]:
    """Return what is filled in, canonical; see `stories`."""
    return stories


@pytest.fixture(scope="session")
def whole() -> Callable[[bytes], None]:
    """Check a file as a package; see `check_whole`."""
    return check_whole
