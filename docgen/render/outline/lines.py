"""The lines of an outline: an iterator that counts, and the mistakes found on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from docgen.base.errors import TemplateFault
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.render.outline.model import Tag

#: A statement alone on its line; a line with two tags is running text.
_TAG = re.compile(r"\{%-?(?:p|tr)?\s+((?:(?!%\}).)+?)\s*-?%\}")
_OPEN, _CLOSE = {"if": "endif", "for": "endfor"}, {"endif": "if", "endfor": "for"}
_KNOWN = (*_OPEN, *_CLOSE, "elif", "else", "set")
_HINT = Message("见 docs/outline.md", "see docs/outline.md")


@dataclass
class Faults:
    """Mistakes of one outline; all are told at once."""

    source: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, line: int, message: Message, hint: Message = _HINT) -> None:
        """Note a mistake in ``line`` (counted from 1)."""
        place = f"{self.source}:{line}"
        self.findings.append(Finding("outline", Severity.ERROR, message, hint, path=place))

    def check(self) -> None:
        """Raise what was found.

        Raises:
            TemplateFault: There was a mistake.
        """
        if self.findings:
            ordered = sorted(self.findings, key=lambda finding: int(finding.path.rpartition(":")[2]))
            raise TemplateFault(
                Message(f"文书提纲有 {len(ordered)} 处错误", f"the outline has {len(ordered)} mistakes"),
                ordered,
                where=self.source,
                hint=_HINT,
            )


@dataclass
class Lines:
    """Lines with their numbers, blank ones left out."""

    rows: list[tuple[int, str]]
    at: int = 0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        while self.at < len(self.rows):
            self.at += 1
            yield self.rows[self.at - 1]

    def until(self, end: str) -> tuple[list[tuple[int, str]], bool]:
        """Return the lines before the line ``end`` and whether it was there; both are used up."""
        taken: list[tuple[int, str]] = []
        for line, text in self:
            if text == end:
                return taken, True
            taken.append((line, text))
        return taken, False


def tag_of(text: str, line: int) -> Tag | None:
    """Return the statement when ``text`` is one tag and nothing else."""
    match = _TAG.fullmatch(text)
    return Tag(match[1], line) if match else None


def check_tags(tags: list[Tag], faults: Faults) -> None:
    """Note statements that are unknown, not closed, or closed without being opened."""
    opened: list[Tag] = []
    for tag in tags:
        if tag.word not in _KNOWN:
            faults.add(
                tag.line,
                Message(f"不支持的语句 {tag.word}", f"unknown statement {tag.word}"),
            )
        elif tag.word in _OPEN:
            opened.append(tag)
        elif tag.word != "set":
            _close(tag, opened, faults)
    for tag in opened:
        end = _OPEN[tag.word]
        faults.add(tag.line, Message(f"{tag.word} 没有对应的 {end}", f"{tag.word} has no {end}"))


def _close(tag: Tag, opened: list[Tag], faults: Faults) -> None:
    wanted = _CLOSE.get(tag.word, "if")
    if not opened or opened[-1].word != wanted:
        faults.add(tag.line, Message(f"{tag.word} 前面没有 {wanted}", f"{tag.word} without {wanted}"))
    elif tag.word in _CLOSE:
        opened.pop()
