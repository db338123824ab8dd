"""Templates: opened and checked once, rendered for any number of records.

The language is docxtpl's (jinja2 with tags for paragraphs, rows and cells); docxtpl turns the XML of Word
into a jinja2 template and its results back into Word's lines and tables. Everything else - what a template
may do, how values print, which bytes come out - is decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import jinja2
from jinja2 import meta

from docgen.base.errors import TemplateFault
from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.render.assemble import assemble
from docgen.render.checks import file_findings, findings
from docgen.render.compiled.container import Container
from docgen.render.compiled.generator import fast
from docgen.render.compiled.story import Story, compile_story
from docgen.render.diagnosis import FAILURES, broken_structure, explain, known_names
from docgen.render.expressions import expression_faults
from docgen.render.filters import put
from docgen.render.ooxml import BadPackage, parse
from docgen.render.package import Package
from docgen.render.properties import CORE, core_properties, drop_properties, relate_properties
from docgen.render.provenance import Provenance, make_place, part_of
from docgen.render.sandbox import TemplateEnvironment
from docgen.render.tags import Tag, lost_text, nesting_faults, scan
from docgen.render.textnorm import TextReader

#: How a template writes brackets that are printed: docxtpl's spelling -> jinja2's.
_LITERALS = {"{_{": '{{ "{{" }}', "}_}": '{{ "}}" }}', "{_%": '{{ "{%" }}', "%_}": '{{ "%}" }}'}


@dataclass(frozen=True)
class Template:
    """A checked template.

    Attributes:
        digest: SHA-256 of the assembled template: it changes when the template, the house style or one of the
            blocks that it uses changes.
    """

    digest: str
    _where: str
    _tags: tuple[Tag, ...] = field(repr=False)
    _package: Package = field(repr=False)
    _stories: tuple[Story, ...] = field(repr=False)
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
        fast(environment, put)
        tags = _checked_tags(package, environment, str(path))
        stories = tuple(
            _compile(package, kind, part, environment, str(path)) for kind, part in package.stories()
        )
        names = (meta.find_undeclared_variables(environment.parse(story.source)) for story in stories)
        used = frozenset().union(*names) - environment.globals.keys()
        digest = _digest(package)
        relate_properties(package)
        return cls(digest, str(path), tuple(tags), package, stories, used)

    def fields(self) -> frozenset[str]:
        """Return the names of the values that the template uses."""
        return self._fields

    @property
    def slow_parts(self) -> tuple[str, ...]:
        """The parts of which docxtpl's own steps must set right every copy (columns that come and go)."""
        return tuple(story.part for story in self._stories if story.slow)

    def render(self, context: Mapping[str, object]) -> bytes:
        """Return the document: the same bytes for the same template and values.

        Args:
            context: Every field by id (``None`` when empty), rows as mappings, and `type_name`.

        Raises:
            TemplateFault: The template uses a value that ``context`` lacks, or in a way that does not fit it.
        """
        return self._container.pack(self._parts(context))

    def stamped(self, context: Mapping[str, object], provenance: Provenance) -> bytes:
        """Return the document with its ``provenance``, the digest of its text taken now.

        Raises:
            TemplateFault: As `render`.
        """
        container, place = self._stamped_container
        parts = self._parts(context)
        stamp = replace(provenance, text_digest=self._text.digest(parts))
        return container.pack({**parts, place: part_of(stamp)})

    @cached_property
    def _container(self) -> Container:
        return Container(self._package.parts, {CORE, *(story.part for story in self._stories)})

    @cached_property
    def _stamped_container(self) -> tuple[Container, str]:
        """What never changes in a document with provenance, and the name of the part that holds it."""
        package = Package(dict(self._package.parts))
        place = make_place(package)
        return Container(package.parts, {CORE, place, *(story.part for story in self._stories)}), place

    @cached_property
    def _text(self) -> TextReader:
        return TextReader(self._package)

    def _parts(self, context: Mapping[str, object]) -> dict[str, bytes]:
        """Return the parts that depend on ``context``."""
        parts = {story.part: self._fill(story, context) for story in self._stories}
        return {**parts, CORE: core_properties(context)}

    def _fill(self, story: Story, context: Mapping[str, object]) -> bytes:
        try:
            return story.fill(context)
        except BadPackage as error:
            raise broken_structure(self._where) from error
        except FAILURES as error:
            here = [tag for tag in self._tags if tag.spot.part == story.part]
            raise explain(error, story.source, here, known_names(context), self._where) from error


def _checked_tags(package: Package, environment: TemplateEnvironment, where: str) -> list[Tag]:
    tags, faults = scan(package)
    faults += [*nesting_faults(tags), *lost_text(tags)]
    faults += [fault for tag in tags for fault in expression_faults(tag, environment)]
    found = [*file_findings(package, ""), *findings(faults, "")]
    errors = [item for item in found if item.severity is Severity.ERROR]
    if errors:
        raise TemplateFault(Message("模板有错误", "the template has mistakes"), errors, where=where)
    return tags


def _compile(package: Package, kind: str, part: str, environment: TemplateEnvironment, where: str) -> Story:
    try:
        return compile_story(
            part,
            package.xml(part),
            environment,
            is_body=kind == "body",
            literals=_LITERALS,
            reader=partial(_read, part),
        )
    except (jinja2.TemplateSyntaxError, RecursionError) as error:
        raise TemplateFault(
            Message(f"模板写法不通：{error}", f"cannot be compiled: {error}"), where=where
        ) from error


def _read(part: str, text: str) -> None:
    """Refuse XML that is not well-formed."""
    parse(text.encode(), part)


def _digest(package: Package) -> str:
    whole = hashlib.sha256()
    for name in sorted(package.parts):
        whole.update(f"{name}\0{hashlib.sha256(package.parts[name]).hexdigest()}\n".encode())
    return whole.hexdigest()
