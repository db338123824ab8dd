"""CSV: any of the usual encodings and delimiters."""

from __future__ import annotations

import csv

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.batch.encoding import decode
from docgen.batch.grids import Line

_DELIMITERS = (",", ";", "\t")


def csv_lines(data: bytes, where: str) -> list[Line]:
    """Return the lines of a CSV file: comma, semicolon or tab between cells, whichever makes most headings.

    Raises:
        InvalidData: The encoding is not known, or a quote is not closed.
    """
    text = decode(data, where)
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    lines: list[Line] = []
    try:
        start = 1
        for cells in reader:
            lines.append(Line(start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        message = Message(f"CSV 写法有误，多半是引号没有配对（{error}）", f"not valid CSV ({error})")
        raise InvalidData(message, where=f"{where}:{reader.line_num}") from error
    return lines
