"""Small Word files for the tests of rendering, built with python-docx."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document

#: Writes a Word file with these paragraphs and returns its path.
Write = Callable[..., Path]


def to_bytes(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(
        *texts: str, name: str = "template.docx", header: str = "", rows: list[list[str]] | None = None
    ) -> Path:
        document = docx.Document()
        for text in texts:
            document.add_paragraph(text)
        if header:
            document.sections[0].header.paragraphs[0].text = header
        if rows:
            table = document.add_table(rows=len(rows), cols=len(rows[0]))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        document.save(str(path))
        return path

    return write
