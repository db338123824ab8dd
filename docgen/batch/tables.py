"""Data files: YAML, JSON, CSV and workbooks as answers, one row a document.

Everything stays text as written; the field kinds alone interpret it. Tables are lists of mappings in YAML
and JSON, columns `items.1.price` in CSV, and a sheet each (named like the table) in a workbook.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.batch.delimited import csv_lines
from docgen.batch.encoding import decode
from docgen.batch.grids import RawRow, grid_rows
from docgen.batch.sheets import OLE, ZIP, workbook_sheets
from docgen.batch.workbooks import workbook_rows
from docgen.forms.definition import Form
from docgen.forms.yaml_nodes import Node, YamlFault, read_yaml

__all__ = ["RawRow", "read_rows", "read_single"]

_MOST_BYTES = 50_000_000
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_TEXTS = (".csv", ".tsv", ".txt", ".yaml", ".yml", ".json")


def read_rows(path: Path, form: Form, *, sheet: str = "") -> list[RawRow]:
    """Return the answers that the file at ``path`` holds, one row a document, in order.

    Args:
        path: YAML, JSON, CSV, XLSX, XLS or ODS; what it is is told by its content, then by its extension.
        form: Tells which sheets of a workbook are tables.
        sheet: The sheet with the main rows; else the first.

    Raises:
        InvalidData: It cannot be read as what it is; the message names file, line and reason.
    """
    data = _read(path)
    suffix = path.suffix.lower()
    if data.startswith((ZIP, OLE)) or suffix in _BOOKS:
        return workbook_rows(workbook_sheets(data, path.name), form, path.name, sheet)
    if suffix in (".yaml", ".yml"):
        return _yaml_rows(data, path.name)
    if suffix == ".json":
        return _json_rows(data, path.name)
    if suffix in _TEXTS:
        return grid_rows(csv_lines(data, path.name), path.name, exact=True)
    known = " ".join((*_TEXTS, *_BOOKS))
    raise InvalidData(
        Message(
            f"不支持 {suffix or '没有扩展名'} 的数据文件；可用：{known}",
            f"unknown kind of data file; known: {known}",
        ),
        where=path.name,
    )


def read_single(path: Path, form: Form, *, sheet: str = "") -> RawRow:
    """Return the one row that the file holds.

    Raises:
        InvalidData: It cannot be read, or holds no row or several.
    """
    rows = read_rows(path, form, sheet=sheet)
    if len(rows) != 1:
        message = Message(
            f"应当正好有一份数据，现有 {len(rows)} 份", f"one row of data is expected, not {len(rows)}"
        )
        raise InvalidData(message, where=path.name)
    return rows[0]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InvalidData(Message("文件超过 50 MB", "the file is over 50 MB"), where=str(path))
        return path.read_bytes()
    except OSError as error:
        message = Message(f"无法读取文件（{error.strerror}）", f"cannot be read ({error.strerror})")
        raise InvalidData(message, where=str(path)) from error


def _yaml_rows(data: bytes, where: str) -> list[RawRow]:
    try:
        root = read_yaml(decode(data, where).encode(), where, limit=_MOST_BYTES)
    except YamlFault as error:
        raise InvalidData(error.reason, where=f"{where}:{error.line}") from error
    items = root.value if isinstance(root.value, tuple) else (root,)
    return [RawRow(item.line, _mapping(item)) for item in items]


def _mapping(node: Node) -> Mapping[str, object]:
    plain = node.plain()
    if not isinstance(plain, dict):
        raise InvalidData(
            Message("每份数据应为“名称: 值”", "each row of data must be a mapping of names to values"),
            where=node.place,
        )
    return plain


def _json_rows(data: bytes, where: str) -> list[RawRow]:
    try:
        root = json.loads(
            decode(data, where),
            parse_int=str,
            parse_float=str,
            parse_constant=str,
            object_pairs_hook=_unique,
        )
    except json.JSONDecodeError as error:
        place = Message(
            f"第 {error.lineno} 行第 {error.colno} 列", f"line {error.lineno}, column {error.colno}"
        )
        message = Message(f"{place.zh}不是有效的 JSON", f"not valid JSON at {place.en}")
        raise InvalidData(message, where=f"{where}:{error.lineno}") from error
    except RecursionError as error:
        raise InvalidData(Message("嵌套过深", "nested too deeply"), where=where) from error
    except _Doubled as error:
        raise InvalidData(Message(f"键 {error} 重复", f"duplicate key {error}"), where=where) from error
    items = root if isinstance(root, list) else [root]
    if not all(isinstance(item, dict) for item in items):
        raise InvalidData(
            Message("每份数据应为对象 {…}", "each row of data must be an object {…}"), where=where
        )
    return [RawRow(number, _texts(item)) for number, item in enumerate(items, start=1)]


class _Doubled(Exception):
    """A key that stands twice in one object."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Doubled(next(key for key in keys if keys.count(key) > 1))
    return found


def _texts(item: Mapping[str, object]) -> dict[str, object]:
    return {key: _text(value) for key, value in item.items()}


def _text(value: object) -> object:
    """Return a JSON value as text, lists and mappings of text."""
    match value:
        case dict():
            return _texts(value)
        case list():
            return [_text(one) for one in value]
        case bool():
            return "是" if value else "否"
        case None:
            return ""
        case _:
            return value
