"""One part of a document as a compiled template: running text in, XML out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import jinja2
from jinja2 import nodes
from lxml import etree

from docgen.render.compiled.balance import is_balanced, is_whole
from docgen.render.compiled.generator import bytewise, yields_bytes
from docgen.render.compiled.grids import EMPTY_TABLE, is_steady
from docgen.render.compiled.values import BREAKS, MARKS
from docgen.render.ooxml import NAMESPACES, qn

_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
#: A paragraph a line, so that errors can name it (docxtpl does the same); taken out again when compiled.
_PARAGRAPH = re.compile(r"<w:p([ >])")
_LINE = re.compile(r"\n(?=<w:p[ >])")
_WHOLE_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_BREAK = re.compile(f"[{BREAKS}]")
#: Paragraphs in text boxes, and empty ones that docxtpl takes for the beginning of the next.
_NESTING = re.compile(r"<w:txbxContent|<w:p [^>]*/>")
_BODY = re.compile(r"<w:body[^>]*>")
#: How a template writes braces that are printed.
_BRACES = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))
_SPELLED = tuple(written.encode() for written, _ in _BRACES)
_BREAKS = tuple(sign.encode() for sign in BREAKS)
_EMPTY_TABLE = EMPTY_TABLE.encode()
#: The grid of a table that does not begin with a row which is always printed.
_MAY_BE_EMPTY = re.compile(r"</w:tblGrid>(?!\s*<w:tr[ >])")
_DOCPR = re.compile(r'(<wp:docPr(?:\s[\w:]+="[^"]*")*?\sid=")[^"]*"')


@dataclass(frozen=True)
class Story:
    """A compiled part.

    Attributes:
        part: Its name.
        source: The jinja2 source, a paragraph a line.
        compiled: The program; ``bytewise``: it yields bytes.
        slow: Why every copy of it must be read again as XML; empty where joining text is enough.
    """

    part: str
    source: str
    compiled: jinja2.Template
    bytewise: bool
    slow: str
    _prefix: str
    _suffix: str
    _numbered: bool
    _spelled: bool
    _flat: bool
    _emptied: bool
    _read: Callable[[str], etree._Element]

    def fill(self, context: Mapping[str, object], *, first_picture: int = 1) -> bytes:
        """Return the part for ``context``.

        Args:
            context: Values by name.
            first_picture: Number of the first drawing; they are numbered through.

        Raises:
            What jinja2 raises, and what the reading of XML raises that is not well-formed.
        """
        MARKS.clear()
        printed = self._printed(context)
        if isinstance(printed, bytes) and self._finished(printed):
            return b"".join((self._head, printed, self._tail))
        text = printed.decode() if isinstance(printed, bytes) else printed
        if self._spelled:
            text = _printed_braces(text)
        doubtful = MARKS.xml or (MARKS.blank and not self._prefix)
        if _BREAK.search(text):
            text, sound = expand_breaks(text, flat=self._flat and not MARKS.xml)
            doubtful = doubtful or not sound
        if self._numbered or (MARKS.xml and "<wp:docPr" in text):
            text = _renumbered(text, first_picture)
        text = f"{self._prefix}{text}{self._suffix}"
        if self.slow or doubtful or EMPTY_TABLE in text:
            text = etree.tostring(self._read(text), encoding="unicode")
        return (_DECLARATION + text).encode()

    def _printed(self, context: Mapping[str, object]) -> str | bytes:
        """Return what the program prints: bytes, if it can."""
        program = self.compiled
        pieces: list[Any] = []
        try:
            pieces += program.root_render_func(program.new_context(dict(context)))
        except Exception:
            program.environment.handle_exception()  # raises it with the line of the template
        return b"".join(pieces) if self.bytewise else "".join(pieces)

    def _finished(self, printed: bytes) -> bool:
        """Whether nothing is left to be done to what was printed."""
        asked = MARKS.xml or (MARKS.blank and not self._prefix)
        if asked or self.slow or self._numbered or any(sign in printed for sign in _BREAKS):
            return False
        if self._spelled and (b"{" in printed or b"}" in printed) and any(one in printed for one in _SPELLED):
            return False
        return not (self._emptied and _EMPTY_TABLE in printed)

    @cached_property
    def _head(self) -> bytes:
        return (_DECLARATION + self._prefix).encode()

    @cached_property
    def _tail(self) -> bytes:
        return self._suffix.encode()


def compile_story(
    part: str,
    root: etree._Element,
    environment: jinja2.Environment,
    *,
    is_body: bool,
    literals: Mapping[str, str] | None = None,
    reader: Callable[[str], object],
) -> Story:
    """Compile a part.

    Args:
        part: Its name.
        root: Its XML.
        environment: What the template may do.
        is_body: It is the main part: only its body is filled in, and its tables and drawings are set right.
        literals: Text of the source -> text to compile instead.
        reader: Reads XML that may not be well-formed.

    Raises:
        jinja2.TemplateSyntaxError: It cannot be compiled.
    """
    source = source_of(root, is_body=is_body, literals=literals)
    prefix, suffix = _around_body(root) if is_body else ("", "")
    tree = environment.parse(source)
    for data in tree.find_all(nodes.TemplateData):
        data.data = _printed_braces(_LINE.sub("", data.data))
    slow = "" if is_balanced(tree) else "balance"
    if is_body and not is_steady(root):
        slow = "grid"
    numbered = is_body and next(root.iter(qn("wp:docPr")), None) is not None
    read = _with_grids(reader) if is_body else _read_strictly(reader)
    in_bytes = yields_bytes(tree)
    code = (bytewise(environment) if in_bytes else environment).compile(tree)
    compiled = jinja2.Template.from_code(environment, code, environment.make_globals(None))
    flat, emptied = not _NESTING.search(source), bool(_MAY_BE_EMPTY.search(source))
    return Story(
        part, source, compiled, in_bytes, slow, prefix, suffix, numbered, not literals, flat, emptied, read
    )


def source_of(root: etree._Element, *, is_body: bool, literals: Mapping[str, str] | None = None) -> str:
    """Return the jinja2 source of a part (of its body only), a paragraph a line."""
    inner = root.find("w:body", NAMESPACES) if is_body else root
    assert inner is not None
    text = etree.tostring(inner, encoding="unicode", with_tail=False)
    patched = str(docxtpl_transformations().patch_xml(text))
    for literal, printed in (literals or {}).items():
        patched = patched.replace(literal, printed)
    if is_body:  # the namespaces are those of the document around it
        patched = _BODY.sub("<w:body>", patched, count=1)
    return _PARAGRAPH.sub(r"\n<w:p\1", patched)


def _around_body(root: etree._Element) -> tuple[str, str]:
    whole = etree.tostring(root, encoding="unicode")
    start = _BODY.search(whole)
    assert start is not None
    return whole[: start.start()], whole[whole.rindex("</w:body>") + len("</w:body>") :]


def _with_grids(reader: Callable[[str], object]) -> Callable[[str], etree._Element]:
    """Return a reader that makes the grids of tables fit their rows, as docxtpl does."""

    def read(text: str) -> etree._Element:
        reader(text)
        tree: etree._Element = docxtpl_transformations().fix_tables(text)
        body = tree.find("w:body", NAMESPACES)
        for beside in () if body is None else list(body.itersiblings()):
            tree.remove(beside)  # what a value put behind the end of the body; docxtpl takes the body alone
        return tree

    return read


def _read_strictly(reader: Callable[[str], object]) -> Callable[[str], etree._Element]:
    def read(text: str) -> etree._Element:
        tree = reader(text)
        return tree if isinstance(tree, etree._Element) else etree.fromstring(text)

    return read


def expand_breaks(text: str, *, flat: bool) -> tuple[str, bool]:
    """Turn breaks and tabs into Word's; return whether every paragraph that held some is still whole.

    A new paragraph inside a link, say, leaves the link open.

    Args:
        flat: No paragraph stands inside another, so that each is found from the break that it holds.
    """
    resolve = docxtpl_transformations().resolve_listing
    pieces: list[str] = []
    sound, done = True, 0
    for start, end in _broken_paragraphs(text) if flat else _all_paragraphs(text):
        expanded = str(resolve(text[start:end]))
        sound = sound and is_whole(expanded)
        pieces += (text[done:start], expanded)
        done = end
    text = "".join((*pieces, text[done:]))
    return text, sound and "\a" not in text and "\f" not in text  # XML cannot hold these elsewhere


def _all_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where docxtpl sees paragraphs that hold breaks."""
    for match in _WHOLE_PARAGRAPH.finditer(text):
        if _BREAK.search(match[0]):
            yield match.span()


def _broken_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the same where paragraphs do not nest, looking at those around breaks only."""
    found = _BREAK.search(text)
    while found:
        place = found.start()
        start = text.rfind("<w:p", 0, place)
        while start >= 0 and text[start + 4] not in " >":  # a property of the paragraph
            start = text.rfind("<w:p", 0, start)
        end = text.find("</w:p>", place) + len("</w:p>")
        inside = start >= 0 and text.find("</w:p>", start, place) < 0 and end > place
        if inside:
            yield start, end
        found = _BREAK.search(text, end if inside else place + 1)


def _renumbered(text: str, first: int) -> str:
    """Number the drawings through: a drawing in a loop would stand several times under one number."""
    numbers = iter(range(first, first + text.count("<wp:docPr")))
    return _DOCPR.sub(lambda match: f'{match[1]}{next(numbers)}"', text)


def _printed_braces(text: str) -> str:
    for written, printed in _BRACES:
        text = text.replace(written, printed)
    return text


@cache
def docxtpl_transformations() -> Any:
    """docxtpl's transformations of XML; they do not look at the file that the object was made for."""
    from docxtpl import DocxTemplate

    return DocxTemplate("")
