"""From YAML entries to fields, columns and checks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from docgen.base.messages import Message
from docgen.forms.definition import KINDS, WHEN_STATUS, Check, Field
from docgen.forms.loading.reading import Entry, Faults, check_keys, entries, flag, text, texts, whole, word
from docgen.forms.yaml_nodes import Node

ID = re.compile(r"[a-z][a-z0-9_]*")
_COLUMN_KEYS = frozenset(
    (
        *("id", "label", "kind", "required", "required_if", "default", "compute", "compute_if"),
        *("options", "min", "max", "max_length", "of", "internal", "when", "help", "aliases"),
    )
)
FIELD_KEYS = _COLUMN_KEYS | {"rows", "rows_fixed", "min_rows", "columns", "number"}
_COLUMN_ONLY = frozenset(("unique",))
_CHECK_KEYS = ("rule", "message", "severity", "fields")
#: Keys that only make sense with some kinds.
_ONLY_FOR: Mapping[str, Collection[str]] = {
    "options": ("enum", "multi"),
    "of": ("ref", "duration"),
    "columns": ("table",),
    "rows": ("table",),
    "rows_fixed": ("table",),
    "min_rows": ("table",),
    "max_length": ("text", "longtext", "list", "seal"),
    "min": ("money", "number", "int", "percent", "date", "datetime", "duration"),
    "max": ("money", "number", "int", "percent", "date", "datetime", "duration"),
}
_NEEDED_BY = {"enum": "options", "multi": "options", "ref": "of", "table": "columns"}


def read_field(entry: Entry, faults: Faults) -> Field:
    """Return the field that ``entry`` describes; mistakes go to ``faults``."""
    return _read(entry, faults, FIELD_KEYS, KINDS)


def read_check(node: Node, entry: Entry, faults: Faults) -> Check:
    """Return the check that ``entry`` describes; mistakes go to ``faults``."""
    check_keys(entry, _CHECK_KEYS, faults)
    rule, message = text(entry, "rule", faults), text(entry, "message", faults)
    for key, value in (("rule", rule), ("message", message)):
        if not value:
            faults.add(node.place, Message(f"检查缺少 {key}", f"a check lacks {key}"))
    severity = word(entry, "severity", ("error", "warning"), faults, "error")
    return Check(
        rule, message, "warning" if severity == "warning" else "error", texts(entry, "fields", faults)
    )


def read_id(entry: Entry, place: str, faults: Faults) -> str:
    """Return the id of a field or type; a wrong or missing one is a mistake."""
    value = text(entry, "id", faults)
    if not ID.fullmatch(value):
        message = Message(
            f"id “{value}”不合规定：小写字母开头，只含小写字母、数字和下划线",
            f"id “{value}” must start with a lower-case letter and hold only a-z, 0-9 and _",
        )
        faults.add(entry["id"].place if "id" in entry else place, message)
    return value


def place_of(entry: Entry, key: str = "id") -> str:
    """Return where ``key`` stands, or where the entry begins."""
    node = entry.get(key) or next(iter(entry.values()), None)
    return node.place if node else ""


def _read(entry: Entry, faults: Faults, keys: Collection[str], kinds: Collection[str]) -> Field:
    check_keys(entry, keys, faults)
    field_id = read_id(entry, place_of(entry), faults)
    kind = word(entry, "kind", kinds, faults, "text")
    columns = tuple(
        _read(column, faults, _COLUMN_KEYS | _COLUMN_ONLY, KINDS - {"table"})
        for _, column in entries(entry, "columns", faults)
    )
    field = Field(
        id=field_id,
        label=text(entry, "label", faults),
        kind=kind,
        required=flag(entry, "required", faults),
        required_if=text(entry, "required_if", faults),
        default=_default(entry, kind, faults),
        compute=text(entry, "compute", faults),
        compute_if=text(entry, "compute_if", faults),
        options=texts(entry, "options", faults),
        min=text(entry, "min", faults),
        max=text(entry, "max", faults),
        max_length=whole(entry, "max_length", faults),
        rows=_rows(entry, columns, faults),
        rows_fixed=flag(entry, "rows_fixed", faults),
        min_rows=whole(entry, "min_rows", faults) or 0,
        columns=columns,
        of=texts(entry, "of", faults),
        number=flag(entry, "number", faults),
        internal=flag(entry, "internal", faults),
        when=word(entry, "when", WHEN_STATUS, faults, "signing" if kind in ("sig", "seal") else ""),
        help=text(entry, "help", faults),
        aliases=texts(entry, "aliases", faults),
        unique=flag(entry, "unique", faults),
    )
    _check_shape(field, entry, faults)
    return field


def _default(entry: Entry, kind: str, faults: Faults) -> str | tuple[str, ...]:
    node = entry.get("default")
    if node and isinstance(node.value, tuple) and kind in ("multi", "list", "files"):
        return texts(entry, "default", faults)
    return text(entry, "default", faults)


def _rows(entry: Entry, columns: tuple[Field, ...], faults: Faults) -> tuple[Mapping[str, str], ...]:
    known = {column.id for column in columns}
    rows = []
    for _, row in entries(entry, "rows", faults):
        for key, node in row.items():
            if key not in known:
                faults.unknown(node.place, Message("列", "column"), key, known)
        rows.append({key: text(row, key, faults) for key in row if key in known})
    return tuple(rows)


def _check_shape(field: Field, entry: Entry, faults: Faults) -> None:
    """Note what is missing, and what does not go together."""
    if not field.label:
        faults.add(place_of(entry), Message(f"{field.id} 缺少 label", f"{field.id} lacks a label"))
    for key, kinds in _ONLY_FOR.items():
        if key in entry and field.kind not in kinds:
            message = Message(f"{field.kind} 字段不能有 {key}", f"a {field.kind} field takes no {key}")
            faults.add(entry[key].place, message)
    needed = _NEEDED_BY.get(field.kind)
    if needed and not getattr(field, needed):
        message = Message(
            f"{field.kind} 字段 {field.id} 缺少 {needed}", f"{field.kind} {field.id} lacks {needed}"
        )
        faults.add(place_of(entry, "kind"), message)
    if field.compute_if and not field.compute:
        faults.add(
            place_of(entry, "compute_if"), Message("compute_if 需要 compute", "compute_if needs compute")
        )
    if field.rows_fixed and not field.rows:
        faults.add(place_of(entry, "rows_fixed"), Message("rows_fixed 需要 rows", "rows_fixed needs rows"))
    for key in ("default", "compute"):
        if field.kind == "table" and key in entry:
            message = Message(f"表格不能有 {key}，请写在列上", f"a table takes no {key}; give it to a column")
            faults.add(entry[key].place, message)
    _check_names(field.columns, entry, faults)


def _check_names(columns: tuple[Field, ...], entry: Entry, faults: Faults) -> None:
    seen: set[str] = set()
    for column in columns:
        for name in (column.id, column.label):
            if name in seen:
                message = Message(f"列 {name} 重复", f"duplicate column {name}")
                faults.add(place_of(entry, "columns"), message)
            seen.add(name)
