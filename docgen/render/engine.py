"""Templates: opened and checked once, rendered for any number of records.

The language is docxtpl's (jinja2 with tags for paragraphs, rows and cells); docxtpl turns the XML of Word
into a jinja2 template and its results back into Word's lines and tables. Everything else - what a template
may do, how values print, which bytes come out - is decided here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta
from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.forms.faults import BadValue
from docgen.render.assemble import assemble
from docgen.render.checks import file_findings, findings
from docgen.render.diagnosis import explain
from docgen.render.expressions import expression_faults
from docgen.render.filters import FilterFault
from docgen.render.ooxml import NAMESPACES, BadPackage, parse, qn, serialise
from docgen.render.package import Package
from docgen.render.properties import drop_properties, set_properties
from docgen.render.sandbox import TemplateEnvironment
from docgen.render.tags import Tag, lost_text, nesting_faults, scan

#: How a template writes brackets that are printed: docxtpl's spelling -> jinja2's.
_LITERALS = {"{_{": '{{ "{{" }}', "}_}": '{{ "}}" }}', "{_%": '{{ "{%" }}', "%_}": '{{ "%}" }}'}
#: What a tag may raise when its value does not fit.
_FAILURES = (
    *(jinja2.TemplateError, FilterFault, BadValue),
    *(ArithmeticError, TypeError, ValueError, LookupError, AttributeError),
)


@dataclass(frozen=True)
class _Story:
    """One part of the document that is filled in."""

    part: str
    source: str
    compiled: jinja2.Template
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class Template:
    """A checked template.

    Attributes:
        digest: SHA-256 of the assembled template: it changes when the template, the house style or one of the
            blocks that it uses changes.
    """

    digest: str
    _where: str
    _package: Package = field(repr=False)
    _stories: tuple[_Story, ...] = field(repr=False)
    _fields: frozenset[str] = field(repr=False)

    @classmethod
    def open(
        cls, path: Path, houses: Sequence[Path], *, choices: Mapping[str, Sequence[str]] | None = None
    ) -> Template:
        """Assemble, check and compile a template.

        Args:
            path: `template.docx`, or the folder that holds it.
            houses: House folders, the workspace's before the shipped one.
            choices: Options by field id (`table.column` for columns), for the filter `options`.

        Raises:
            TemplateFault: With every mistake found in it, each with its place.
        """
        package = Package.open(assemble(path, houses))
        drop_properties(package)
        environment = TemplateEnvironment(choices or {})
        tags = _checked_tags(package, environment, str(path))
        stories = tuple(
            _compile(package, part, tags, environment, str(path)) for _, part in package.stories()
        )
        names = (meta.find_undeclared_variables(environment.parse(story.source)) for story in stories)
        used = frozenset().union(*names) - environment.globals.keys()
        return cls(_digest(package), str(path), package, stories, used)

    def fields(self) -> frozenset[str]:
        """Return the names of the values that the template uses."""
        return self._fields

    def render(self, context: Mapping[str, object]) -> bytes:
        """Return the document: the same bytes for the same template and values.

        Args:
            context: Every field by id (``None`` when empty), rows as mappings, and `type_name`.

        Raises:
            TemplateFault: The template uses a value that ``context`` lacks, or in a way that does not fit it.
        """
        result = Package(dict(self._package.parts))
        for story in self._stories:
            result.parts[story.part] = self._fill(story, context)
        set_properties(result, context)
        return result.to_bytes()

    def _fill(self, story: _Story, context: Mapping[str, object]) -> bytes:
        try:
            text = story.compiled.render(context)
        except _FAILURES as error:
            raise explain(error, story.source, story.tags, _known(context), self._where) from error
        try:
            return _finish(text, self._package, story)
        except BadPackage as error:
            raise TemplateFault(
                Message(
                    "标记的位置使文档结构不完整（例如在超链接里分段）",
                    "the place of a tag breaks the document (a new paragraph inside a link, say)",
                ),
                where=self._where,
            ) from error


def _known(context: Mapping[str, object]) -> set[str]:
    """Return the names that data has: fields, and columns of tables."""
    rows = (row for value in context.values() if isinstance(value, tuple | list) for row in value)
    columns = (str(name) for row in rows if isinstance(row, Mapping) for name in row)
    return {str(name) for name in context} | set(columns)


def _checked_tags(package: Package, environment: TemplateEnvironment, where: str) -> list[Tag]:
    tags, faults = scan(package)
    faults += [*nesting_faults(tags), *lost_text(tags)]
    faults += [fault for tag in tags for fault in expression_faults(tag, environment)]
    found = [*file_findings(package, ""), *findings(faults, "")]
    errors = [item for item in found if item.severity is Severity.ERROR]
    if errors:
        raise TemplateFault(Message("模板有错误", "the template has mistakes"), errors, where=where)
    return tags


def _compile(
    package: Package, part: str, tags: Sequence[Tag], environment: TemplateEnvironment, where: str
) -> _Story:
    source = _source(package, part)
    try:
        compiled = environment.from_string(source)
    except (jinja2.TemplateSyntaxError, RecursionError) as error:
        raise TemplateFault(
            Message(f"模板写法不通：{error}", f"cannot be compiled: {error}"), where=where
        ) from error
    return _Story(part, source, compiled, tuple(tag for tag in tags if tag.spot.part == part))


def _source(package: Package, part: str) -> str:
    """Return the jinja2 source of a part, a paragraph a line so that errors can name it."""
    root = package.xml(part)
    body = root.find("w:body", NAMESPACES)
    xml = etree.tostring(root if body is None else body, encoding="unicode")
    patched = str(_docxtpl().patch_xml(xml))
    for literal, printed in _LITERALS.items():
        patched = patched.replace(literal, printed)
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", patched)


def _finish(text: str, package: Package, story: _Story) -> bytes:
    """Turn what jinja2 printed into the part: line breaks, tables, picture ids."""
    text = re.sub(r"\n<w:p([ >])", r"<w:p\1", text)
    if re.search("[\n\t\a]", text):
        text = _docxtpl().resolve_listing(text)
    tree = parse(text.encode("utf-8"), story.part)
    if any(tag.level == "tc" or tag.keyword in ("colspan", "hm") for tag in story.tags):
        tree = _docxtpl().fix_tables(text)
    root = package.xml(story.part)
    body = root.find("w:body", NAMESPACES)
    if body is None:
        return serialise(tree)
    for number, picture in enumerate(tree.iter(qn("wp:docPr")), start=1):
        picture.set("id", str(number))
    root.replace(body, tree)
    return serialise(root)


@cache
def _docxtpl() -> Any:
    """docxtpl's transformations of XML; they do not look at the file that the object was made for."""
    from docxtpl import DocxTemplate

    return DocxTemplate("")


def _digest(package: Package) -> str:
    whole = hashlib.sha256()
    for name in sorted(package.parts):
        whole.update(f"{name}\0{hashlib.sha256(package.parts[name]).hexdigest()}\n".encode())
    return whole.hexdigest()
