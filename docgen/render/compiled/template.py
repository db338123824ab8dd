"""A docxtpl template that is opened, patched and compiled once, and filled in any number of times."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import jinja2
from docx.opc.oxml import parse_xml
from jinja2 import meta
from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.render.compiled.container import Container
from docgen.render.compiled.docxtpl_way import linked, render, replaced, settled
from docgen.render.compiled.generator import fast, slow
from docgen.render.compiled.plain import make_environment, not_plain
from docgen.render.compiled.properties import Properties
from docgen.render.compiled.story import Story, compile_story, source_of
from docgen.render.compiled.values import MARKS, NeedsDocxtpl, put
from docgen.render.diagnosis import FAILURES, broken_structure, explain, known_names
from docgen.render.package import Package
from docgen.render.tags import scan

#: What refers to a relationship of the part.
_LINK = re.compile(rb'\br:(?:embed|link|id|pict)="([^"]+)"')
#: Number that docxtpl gives the first drawing.
_FIRST_PICTURE = 1001


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a template is filled in.

    Attributes:
        parts: Part -> "" where joining text is enough, else why its copies are read as XML again.
        sandboxed: What is judged while the template runs; empty when all was judged when it was compiled, and
            for an environment of the caller's own, which judges as it likes.
        fallbacks: Kind of value -> copies that docxtpl itself had to make because of it.
    """

    parts: Mapping[str, str]
    sandboxed: tuple[str, ...]
    fallbacks: Mapping[str, int]


class CompiledTemplate:
    """A template in docxtpl's language (jinja2 with tags for paragraphs, rows, cells and runs).

    The result is what docxtpl makes with ``autoescape=True``, but that undefined names are errors. Copies are
    made by joining text; where docxtpl itself is needed - pictures and sub-documents bring parts into the
    package - it makes the copy, and `explain` counts it. May be used by several threads at once.

    Args:
        source: The template, as a file or its bytes.
        environment: What the template may do, and how values print; the default is sandboxed.

    Raises:
        TemplateFault: It cannot be compiled.
        BadPackage: It is no Word file.
        OSError: It cannot be read.
    """

    def __init__(self, source: Path | str | bytes, environment: jinja2.Environment | None = None) -> None:
        self._data = settled(source if isinstance(source, bytes) else Path(source).read_bytes())
        self._where = "" if isinstance(source, bytes) else str(source)
        self._environment = environment
        self._fallbacks: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._compile()

    def render(self, context: Mapping[str, object]) -> bytes:
        """Return the document for ``context``: the same bytes for the same values.

        Objects of docxtpl are accepted, whatever template they were made for.

        Raises:
            TemplateFault: A name is not defined, or a value does not fit.
        """
        context = {
            name: list(value) if isinstance(value, Iterator) else value for name, value in context.items()
        }
        try:
            return self._container.pack(self.render_parts(context))
        except NeedsDocxtpl as needed:
            with self._lock:
                self._fallbacks[needed.kind] += 1
            return self._by_docxtpl(context)

    def _by_docxtpl(self, context: Mapping[str, object]) -> bytes:
        try:
            made = render(self._data, context, slow(self._used))
        except FAILURES as error:
            raise self._explained(error, self._stories[0], context) from error
        package = Package.open(made)
        for part in package.parts:
            if part.startswith("word/") and part.endswith(".xml"):
                self._check_links(part, package.parts[part], package.related_ids(part))
        return made

    def render_parts(self, context: Mapping[str, object]) -> dict[str, bytes]:
        """Return the parts that depend on ``context``.

        Raises:
            NeedsDocxtpl: The context holds a picture or a sub-document that is printed.
            TemplateFault: As `render`.
        """
        parts = {story.part: self._fill(story, context) for story in self._stories}
        try:
            return {**parts, **self._properties.fill(context)}
        except FAILURES as error:
            raise self._explained(error, self._stories[0], context) from error

    def pack(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the document with ``parts`` from `render_parts`."""
        return self._container.pack(parts)

    def undeclared(self) -> frozenset[str]:
        """Return the names that the template takes from the context."""
        trees = (self._used.parse(story.source) for story in self._stories)
        names = frozenset().union(*map(meta.find_undeclared_variables, trees))
        return (names | self._properties.undeclared()) - self._used.globals.keys()

    def explain(self) -> Explanation:
        """Return how the template is filled in, and how often docxtpl itself had to be asked so far."""
        with self._lock:
            return Explanation(
                {story.part: story.slow for story in self._stories},
                self._sandboxed,
                dict(self._fallbacks),
            )

    # What docxtpl lets its users change in a template; not while another thread fills it in

    def build_url_id(self, url: str) -> str:
        """Make an address known; return the id by which a `RichText` refers to it (``url_id``)."""
        self._data, link = linked(self._data, url)
        self._compile()
        return link

    def replace_media(self, source: Path | IO[bytes], target: Path | IO[bytes]) -> None:
        """Replace a picture of the template, known by its bytes, by another of the same kind."""
        self._replace("replace_media", source, target)

    def replace_pic(self, name: str, target: Path | IO[bytes]) -> None:
        """Replace a picture of the template, known by its name, title or description."""
        self._replace("replace_pic", name, target)

    def replace_embedded(self, source: Path | IO[bytes], target: Path) -> None:
        """Replace an embedded file of the template, known by its bytes."""
        self._replace("replace_embedded", source, target)

    def replace_zipname(self, name: str, target: Path) -> None:
        """Replace a part of the template, known by its name inside the file."""
        self._replace("replace_zipname", name, target)

    def _replace(self, how: str, *files: Any) -> None:
        self._data = replaced(self._data, how, *files)
        self._compile()

    # How it is made

    def _compile(self) -> None:
        package = Package.open(self._data)
        roots = {part: (kind, _parsed(kind, package.parts[part])) for kind, part in package.stories()}
        try:
            self._used, self._sandboxed = self._choose_environment(roots)
            self._properties = Properties(self._data, self._used)
            self._stories = tuple(
                compile_story(part, root, self._used, is_body=kind == "body", reader=_reader(kind))
                for part, (kind, root) in roots.items()
            )
        except jinja2.TemplateSyntaxError as error:
            raise TemplateFault(
                Message(f"模板写法不通：{error}", f"cannot be compiled: {error}"), where=self._where
            ) from error
        self._links = {story.part: package.related_ids(story.part) for story in self._stories}
        package.parts[self._properties.part] = self._properties.static
        changing = {story.part for story in self._stories}
        changing |= {self._properties.part} if self._properties.sources else set()
        self._container = Container(package.parts, changing)

    def _choose_environment(
        self, roots: Mapping[str, tuple[str, etree._Element]]
    ) -> tuple[jinja2.Environment, tuple[str, ...]]:
        """Return the environment, and what in the template has to be judged at run time."""
        if self._environment is not None:
            return _noting(self._environment), ()
        sandbox = _noting(make_environment())
        trees = [sandbox.parse(source_of(root, is_body=kind == "body")) for kind, root in roots.values()]
        trees += [sandbox.parse(text) for text in Properties(self._data, sandbox).sources]
        return sandbox, tuple(sorted({reason for tree in trees for reason in not_plain(tree)}))

    def _fill(self, story: Story, context: Mapping[str, object]) -> bytes:
        try:
            filled = story.fill(context, first_picture=_FIRST_PICTURE)
        except etree.XMLSyntaxError as error:
            raise broken_structure(self._where) from error
        except FAILURES as error:
            raise self._explained(error, story, context) from error
        if MARKS.xml:
            self._check_links(story.part, filled, self._links[story.part])
        return filled

    def _explained(self, error: Exception, story: Story, context: Mapping[str, object]) -> TemplateFault:
        tags, _ = scan(Package.open(self._data))
        here = [tag for tag in tags if tag.spot.part == story.part]
        return explain(error, story.source, here, known_names(context), self._where)

    def _check_links(self, part: str, filled: bytes, known: Collection[str]) -> None:
        """Refuse a copy that refers to a picture or address which is not in the package.

        Raises:
            TemplateFault: A value brought such a link: it was made for another template.
        """
        missing = {name.decode() for name in _LINK.findall(filled)} - set(known)
        if missing:
            names = "、".join(sorted(missing))
            raise TemplateFault(
                Message(
                    f"值引用了本模板没有的图片或链接（{names}）",
                    f"a value refers to what is not here: {names}",
                ),
                where=self._where,
                hint=Message(
                    "用本模板的 build_url_id 取得链接；图片直接作为值传入",
                    "take links from build_url_id of this template; hand pictures over as values",
                ),
            )


def _noting(environment: jinja2.Environment) -> jinja2.Environment:
    """Return ``environment`` with escaping on and an eye on the values that are printed."""
    own = environment.finalize
    overlaid = environment.overlay(autoescape=True)
    return fast(overlaid, put if own is None else lambda value: put(own(value)))


def _parsed(kind: str, data: bytes) -> etree._Element:
    """Return a part as docxtpl reads it: footnotes as they stand, else without the space between elements."""
    root: etree._Element = etree.fromstring(data) if kind == "footnotes" else parse_xml(data)  # type: ignore[arg-type]
    return root


def _reader(kind: str) -> Callable[[str], object]:
    """Return how docxtpl reads a part again: a body forgives what a header does not."""
    return parse_xml if kind in ("header", "footer") else lambda _: None
