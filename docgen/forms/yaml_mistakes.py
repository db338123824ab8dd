"""What is wrong with YAML that cannot be read, told to people who know neither YAML nor English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docgen.base.messages import Message

#: Slips of the hand that the line itself shows, the likeliest first.
_SLIPS = (
    (
        re.compile(r"^ *\t"),
        Message("行首用了制表符，请改用空格", "it begins with a tab; use spaces"),
    ),
    (
        re.compile(r"^\s*(?:- +)?[^\s:：\"'#{\[][^:：\"'#{\[]*："),
        Message(
            "用了全角冒号“：”，请改成半角冒号加空格“: ”", "it has a full-width colon; write “: ” with a space"
        ),
    ),
    (
        re.compile(r"[{\[].*[，：]"),
        Message(
            "括号中用了全角的逗号或冒号，请改成半角加空格“, ”“: ”",
            "it has full-width commas or colons in brackets; write “, ” and “: ”",
        ),
    ),
    (
        re.compile(r"^\s*(?:- +)?[^\s:\"'#{\[]+:[^\s/\\]"),
        Message("冒号后面要有空格，如“名称: 值”", "there must be a space behind the colon: “name: value”"),
    ),
)
#: What the parser says, by a part of its sentence.
_PROBLEMS = {
    "could not find expected ':'": Message(
        "这一行或上一行缺少冒号“: ”", "a colon “: ” is missing here or above"
    ),
    "mapping values are not allowed": Message(
        "值中有冒号，请给值加上引号；或上一行的缩进不对",
        "the value holds a colon: put it in quotes; or the line above is not indented right",
    ),
    "cannot start any token": Message(
        "值的开头有 @ % ` 等符号，请给值加上引号", "the value begins with a sign like @ % `: put it in quotes"
    ),
    "unexpected end of stream": Message("引号没有成对", "a quotation mark is missing"),
    "did not find expected key": Message(
        "缩进与上面各行不齐，或引号没有成对",
        "indented unlike the lines above, or a quotation mark is missing",
    ),
    "did not find expected '-'": Message(
        "缩进与上面各行不齐，或缺少“- ”", "indented unlike the lines above, or “- ” is missing"
    ),
    "expected ',' or": Message(
        "括号没有写完，或各项之间缺少逗号“, ”", "a bracket is not closed, or a comma is missing"
    ),
}


def mistake(text: str, line: int, problem: str) -> tuple[int, Message]:
    """Return in which line (from 1) what is wrong.

    Args:
        text: The whole text.
        line: Where the parser stopped, from 1: often a line below the mistake.
        problem: What it says.
    """
    for number, content in _near(text, line):
        for slip, said in _SLIPS:
            if slip.search(content):
                return number, said
    known = next((said for part, said in _PROBLEMS.items() if part in problem), None)
    return line, known or Message(f"YAML 写法有误（{problem}）", f"not valid YAML ({problem})")


def _near(text: str, line: int) -> Iterator[tuple[int, str]]:
    """Yield the line where the parser stopped and the one before that says something, that one first."""
    lines = text.splitlines()
    above = next((number for number in range(line - 1, 0, -1) if lines[number - 1 : number] != [""]), 0)
    for number in (above, line):
        if 0 < number <= len(lines):
            yield number, lines[number - 1]
