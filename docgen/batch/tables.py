"""Data files: YAML, JSON, CSV and workbooks as answers, one row a document.

Everything stays text as written; the field kinds alone interpret it. Tables are lists of mappings in YAML
and JSON, columns `items.1.price` in CSV, and a sheet each (named like the table) in a workbook.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.batch.child_sheets import sheet_title
from docgen.batch.delimited import read_delimited
from docgen.batch.encoding import decode
from docgen.batch.grids import Grid, RawRow, read_grid
from docgen.batch.joining import JoinedRows
from docgen.batch.sheets import OLE, ZIP, Sheet, read_sheets
from docgen.forms.definition import Form
from docgen.forms.yaml_nodes import Node, YamlFault, read_yaml

_MOST_BYTES = 50_000_000
_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
#: Levels of a JSON file: rows, tables, their rows, cells, and some to spare.
_DEEPEST = 50
_OLD_BOOKS = (".xls", ".ods")
_TEXTS = (".csv", ".tsv", ".txt", ".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Table:
    """A data file that is open.

    Attributes:
        grid: The main rows.
        said: What was detected, for people.
        sheets: The other sheets of a workbook that are not blank: name -> opens it.
    """

    grid: Grid
    said: Message
    sheets: Mapping[str, Callable[[], Grid]] = field(default_factory=dict)


def open_table(path: Path, *, sheet: str = "", likely: str = "") -> Table:
    """Open the file at ``path``: YAML, JSON, CSV, XLSX, XLS or ODS, told by its content, then its extension.

    Rows are read one by one, but for YAML, JSON, XLS and ODS, which are limited to 50 MB.

    Args:
        path: The file.
        sheet: The sheet of a workbook with the main rows; else the one called ``likely``, else the first.

    Raises:
        InvalidData: It cannot be read as what it is; the message names file, line and reason.
    """
    start = _start(path)
    suffix = path.suffix.lower()
    if start.startswith((ZIP, OLE)) or suffix in _BOOKS:
        return _open_sheets(path, read_sheets(path), sheet, likely)
    if sheet:
        raise InvalidData(
            Message(f"不是工作簿，没有工作表“{sheet}”", f"no workbook, so there is no sheet “{sheet}”"),
            where=path.name,
        )
    if suffix in (".yaml", ".yml"):
        return Table(Grid(path.name, None, iter(_yaml_rows(_read(path), path.name))), Message("YAML", "YAML"))
    if suffix == ".json":
        return Table(Grid(path.name, None, iter(_json_rows(_read(path), path.name))), Message("JSON", "JSON"))
    if suffix in _TEXTS:
        text = read_delimited(path)
        return Table(read_grid(text.lines, path.name, exact=True), text.said)
    known = " ".join((*_TEXTS, *_BOOKS))
    raise InvalidData(
        Message(
            f"不支持 {suffix or '没有扩展名'} 的数据文件；可用：{known}",
            f"unknown kind of data file; known: {known}",
        ),
        where=path.name,
    )


def read_single(path: Path, form: Form) -> RawRow:
    """Return the one row that the file holds.

    Raises:
        InvalidData: It cannot be read, or holds no row or several.
    """
    table = open_table(path, likely=sheet_title(form))
    with JoinedRows(table.grid) as joined:
        for title, opened in table.sheets.items():
            joined.attach(opened(), title, [form])
        if joined.count != 1 and not (joined.count == 0 and table.sheets):
            message = Message(
                f"应当正好有一份数据，现有 {joined.count} 份",
                f"one row of data is expected, not {joined.count}",
            )
            raise InvalidData(message, where=path.name)
        row = next(joined.rows(lambda _: form), None) or joined.only_tables(form)
    if row.problems:
        raise InvalidData(Message("数据有误", "the data has mistakes"), row.problems, where=path.name)
    return row


def _open_sheets(path: Path, sheets: list[Sheet], main: str, likely: str) -> Table:
    if not sheets:
        raise InvalidData(Message("工作簿是空的", "the workbook is empty"), where=path.name)
    by_name = {sheet.name: sheet for sheet in sheets}
    name = main or (likely if likely in by_name else sheets[0].name)
    if name not in by_name:
        listed = "、".join(by_name)
        message = Message(f"没有工作表“{name}”；现有：{listed}", f"no sheet “{name}”; there are: {listed}")
        raise InvalidData(message, where=path.name)

    def opener(sheet: Sheet) -> Callable[[], Grid]:
        return lambda: read_grid(sheet.lines(), f"{path.name}（{sheet.name}）", exact=False)

    others = {sheet.name: opener(sheet) for sheet in sheets if sheet.name != name}
    return Table(opener(by_name[name])(), _said(path), others)


def _said(path: Path) -> Message:
    from docgen.batch.old_books import READ_PLAINLY
    from docgen.render.pdf import find_office

    plainly = path.suffix.lower() in _OLD_BOOKS and find_office() is None
    return READ_PLAINLY if plainly else Message("工作簿", "workbook")


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        message = Message(f"无法读取文件（{error.strerror}）", f"cannot be read ({error.strerror})")
        raise InvalidData(message, where=str(path)) from error


def _read(path: Path) -> bytes:
    if path.stat().st_size > _MOST_BYTES:
        raise InvalidData(Message("文件超过 50 MB", "the file is over 50 MB"), where=str(path))
    return path.read_bytes()


def _yaml_rows(data: bytes, where: str) -> Iterator[RawRow]:
    try:
        root = read_yaml(decode(data, where).encode(), where, limit=_MOST_BYTES)
    except YamlFault as error:
        raise InvalidData(error.reason, where=f"{where}:{error.line}") from error
    items = root.value if isinstance(root.value, tuple) else (root,)
    return (RawRow(item.line, _mapping(item)) for item in items)


def _mapping(node: Node) -> Mapping[str, object]:
    plain = node.plain()
    if not isinstance(plain, dict):
        raise InvalidData(
            Message(
                "每份数据应为“名称: 值”（半角冒号，后面有空格）",
                "each row of data must be a mapping of names to values",
            ),
            where=node.place,
        )
    return plain


def _json_rows(data: bytes, where: str) -> Iterator[RawRow]:
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
    _check_json(root, where)
    if not all(isinstance(item, dict) for item in items):
        raise InvalidData(
            Message("每份数据应为对象 {…}", "each row of data must be an object {…}"), where=where
        )
    return (RawRow(number, _texts(item)) for number, item in enumerate(items, start=1))


def _check_json(root: object, where: str) -> None:
    """Refuse what no form has: values nested deeply, and halves of characters."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise InvalidData(Message("嵌套过深", "nested too deeply"), where=where)
        level = [inner for one in level for inner in _inner(one)]
    try:
        json.dumps(root, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = Message("含有残缺的字符（如 \\ud800）", "holds half a character")
        raise InvalidData(message, where=where) from error


def _inner(value: object) -> Iterable[object]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


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
