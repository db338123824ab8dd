"""The tags of docxtpl in a template, one by one, each with its place; and how they open and close."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from docgen.render.ooxml import paragraph_text, qn
from docgen.render.package import Package
from docgen.render.places import Spot, spots

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_LEVEL = re.compile(r"(p|tr|tc|r) ")
_FULL_WIDTH = re.compile("[{｛][｛％]|｛[{%#]|[}｝％%]｝|[｝％]\\}")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
#: Where the text beside a tag of this level gets lost, because docxtpl takes the whole of it away.
_TAKEN = {"p": "w:p", "tr": "w:tr", "tc": "w:tc"}

#: Statement -> how it is closed; the others stand alone.
CLOSERS = {"for": "endfor", "if": "endif", "with": "endwith"}
BRANCHES = {"elif": ("if",), "else": ("if", "for")}
ALONE = frozenset(("set", "colspan", "cellbg", "vm", "hm"))


@dataclass(frozen=True)
class Tag:
    """One tag: ``{{ … }}``, ``{% … %}`` or ``{# … #}``.

    Attributes:
        source: As it stands in the template.
        level: ``p``, ``tr``, ``tc``, ``r`` where the tag stands for a whole paragraph, row, cell or run.
        body: What is inside, with straight quotes, without level and blank-control signs.
    """

    spot: Spot
    source: str
    level: str
    body: str

    @property
    def is_print(self) -> bool:
        """Whether it prints a value."""
        return self.source.startswith("{{")

    @property
    def keyword(self) -> str:
        """The first word of a statement, empty for anything else."""
        return self.body.split(maxsplit=1)[0] if self.source.startswith("{%") and self.body else ""

    @property
    def rest(self) -> str:
        """What follows the first word."""
        return self.body[len(self.keyword) :].strip()


@dataclass(frozen=True)
class Fault:
    """A mistake in how tags are written: code, the paragraph, what it is about."""

    code: str
    spot: Spot
    what: str


def scan(package: Package) -> tuple[list[Tag], list[Fault]]:
    """Return the tags of a template in order, and the mistakes in their brackets."""
    tags: list[Tag] = []
    faults: list[Fault] = []
    for spot in spots(package):
        tags.extend(_tag(spot, source) for source in _TAG.findall(spot.text) if not _swallows(source))
        faults.extend(_bracket_faults(spot))
    return tags, faults


def _tag(spot: Spot, source: str) -> Tag:
    inner = source[2:-2]
    level = _LEVEL.match(inner)
    body = inner[level.end() :] if level else inner.removeprefix("-").removeprefix("+")
    body = body.removesuffix("-").removesuffix("+").strip().translate(_QUOTES)
    return Tag(spot, source, level[1] if level else "", body)


def _bracket_faults(spot: Spot) -> Iterator[Fault]:
    wide = _FULL_WIDTH.findall(spot.text)
    if wide:
        yield Fault("TP05", spot, " ".join(wide))
    yield from (Fault("TP03", spot, source) for source in _TAG.findall(spot.text) if _swallows(source))
    left = _TAG.sub(" ", spot.text)
    yield from (Fault("TP03", spot, left[opener.start() :]) for opener in re.finditer(r"\{[{%#]", left))
    yield from (Fault("TP04", spot, closer[0]) for closer in re.finditer(r"(\}\}|%\}|#\})", left))


def _swallows(source: str) -> bool:
    """Whether a tag runs into the next one, because its own end is missing."""
    return "{{" in source[2:] or "{%" in source[2:]


def nesting_faults(tags: Iterable[Tag]) -> Iterator[Fault]:
    """Yield loops and conditions that are not closed, closed without being open, or closed elsewhere."""
    opened: list[Tag] = []
    part = ""
    for tag in tags:
        if tag.spot.part != part:
            yield from _unclosed(opened)
            opened, part = [], tag.spot.part
        if tag.keyword in CLOSERS:
            opened.append(tag)
        elif tag.keyword in BRANCHES or tag.keyword in CLOSERS.values():
            yield from _continued(tag, opened)
    yield from _unclosed(opened)


def _unclosed(opened: list[Tag]) -> Iterator[Fault]:
    yield from (Fault("TP07", tag.spot, tag.source) for tag in opened)


def _continued(tag: Tag, opened: list[Tag]) -> Iterator[Fault]:
    """Check a closing or branching tag against the innermost open one."""
    wanted = BRANCHES.get(tag.keyword) or tuple(key for key, end in CLOSERS.items() if end == tag.keyword)
    if not opened or opened[-1].keyword not in wanted:
        yield Fault("TP08", tag.spot, tag.source)
        return
    opener = opened[-1] if tag.keyword in BRANCHES else opened.pop()
    if tag.level != opener.level or _home(tag) is not _home(opener):
        yield Fault("TP09", tag.spot, f"{opener.source} … {tag.source}")


def _home(tag: Tag) -> etree._Element | None:
    """What both ends of a loop must share: the container of what the tag stands for."""
    paragraph = tag.spot.paragraph
    if tag.level in ("tr", "tc"):
        row = next(paragraph.iterancestors(qn(f"w:{tag.level}")), paragraph)
        return row.getparent()
    return paragraph.getparent()


def lost_text(tags: Iterable[Tag]) -> Iterator[Fault]:
    """Yield tags for a whole paragraph, row or cell that have text beside them: docxtpl drops that text."""
    for tag in tags:
        around = _taken(tag)
        if around is not None and around.replace(tag.source, "", 1).strip():
            yield Fault("TP10", tag.spot, tag.source)
        elif around is not None and re.search("[%}]", tag.source[2:-2]):
            yield Fault("TP06", tag.spot, tag.source)


def _taken(tag: Tag) -> str | None:
    if tag.level not in _TAKEN or tag.is_print:
        return None
    taken = tag.spot.paragraph
    if tag.level != "p":
        taken = next(taken.iterancestors(qn(_TAKEN[tag.level])), taken)
    return "".join(paragraph_text(item) for item in taken.iter(qn("w:p")))
