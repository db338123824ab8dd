"""CSV of any length: any of the usual encodings and delimiters, line by line."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.batch.encoding import detect, unreadable
from docgen.batch.grids import Line

_DELIMITERS = {
    ",": Message("逗号", "comma"),
    ";": Message("分号", "semicolon"),
    "\t": Message("制表符", "tab"),
}
#: A quote that is not closed swallows what follows; after so many characters it is taken for that.
_ENDLESS = 1 << 24
_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16"}


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A CSV file that is open.

    Attributes:
        lines: Gives its lines, once.
        said: Encoding and delimiter, for people.
    """

    lines: Iterator[Line]
    said: Message


def read_delimited(path: Path) -> DelimitedText:
    """Open a CSV file: comma, semicolon or tab between cells, whichever makes most headings.

    Its lines are read one by one; a quote that is not closed is found where it swallows the rest.

    Raises:
        InvalidData: The encoding is not known, or (with the lines) a quote is not closed.
        EnvironmentFault: It cannot be read.
    """
    where = path.name
    with told(path), path.open("rb") as stream:
        encoding = detect(stream, where)
    delimiter = _delimiter(path, encoding)
    shown = _NAMES.get(encoding, encoding)
    name = _DELIMITERS[delimiter]
    said = Message(f"{shown} 编码，{name.zh}分隔", f"{shown}, separated by {name.en}")
    return DelimitedText(_lines(path, encoding, delimiter), said)


def _delimiter(path: Path, encoding: str) -> str:
    with told(path), path.open(encoding=encoding, errors="replace", newline="") as stream:
        head = next(
            (line for line in itertools.islice(_bounded(stream, path.name), 1000) if line.strip()), ""
        )
    with _large_cells():
        return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))


@contextmanager
def _large_cells() -> Iterator[None]:
    before = csv.field_size_limit(_ENDLESS)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _bounded(stream: TextIO, where: str) -> Iterator[str]:
    """Yield the lines of a text; one that memory would not hold is refused."""
    for number in itertools.count(1):
        line = stream.readline(_ENDLESS)
        if len(line) == _ENDLESS:
            raise InvalidData(
                Message(
                    "一行过长，多半是引号没有配对", "a line is too long; a quote is missing, most likely"
                ),
                where=f"{where}:{number}",
            )
        if not line:
            return
        yield line


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Line]:
    with _large_cells(), told(path), path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(_bounded(stream, path.name), delimiter=delimiter, strict=True)
        start = 1
        try:
            for number, cells in enumerate(reader, start=1):  # a cell of several lines is in one row
                yield Line(number, cells or [""])
                start = reader.line_num + 1
        except csv.Error as error:
            message = Message(f"CSV 写法有误，多半是引号没有配对（{error}）", f"not valid CSV ({error})")
            raise InvalidData(message, where=f"{path.name}:{start}") from error
        except UnicodeDecodeError as error:
            raise unreadable(f"{path.name}:{start}") from error
