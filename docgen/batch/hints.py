"""What to write into a field, in one line: for blank sheets and questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from docgen.forms.definition import Field
from docgen.forms.ordering import formula

#: Identity fields that docgen proposes where they are not given.
PROPOSED = frozenset(("doc_date", "doc_id", "version"))
#: How a value of each kind is written; kinds that need no word are left out.
_KINDS: Mapping[str, str] = {
    "longtext": "可写多行",
    "date": "日期，如 2026-11-02",
    "datetime": "日期和时间，如 2026-11-02 09:30",
    "money": "金额（元），如 1200.00",
    "number": "数字",
    "int": "整数",
    "percent": "百分比，如 6%",
    "bool": "是 或 否",
    "multi": "可多选，用、分隔",
    "table": "表格，每行一组",
    "sig": "签字人姓名，可加日期，如 示例甲 2026-11-02",
    "seal": "用印单位",
    "file": "文件名",
    "files": "文件名，用、分隔",
    "ref": "所引用文件的编号",
    "phone": "电话号码",
    "email": "邮箱",
    "duration": "时长，如 30分钟、2周",
    "list": "用、分隔",
}


def typed(field: Field) -> bool:
    """Return whether people fill in ``field``: it is not always computed."""
    return not field.compute or bool(field.compute_if)


def hint(field: Field) -> str:
    """Return what to write into ``field``: whether it must be, how, options, default, help."""
    return "；".join(" ".join(part.split()) for part in _parts(field))


def left_out(field: Field) -> bool:
    """Return whether a field that must have a value gets one when it is left out."""
    return bool(field.default or field.rows or field.compute_if) or field.id in PROPOSED


def _parts(field: Field) -> Iterator[str]:
    if field.required and not left_out(field):
        yield {"signing": "签署后必填", "review": "批准后必填"}.get(field.when, "必填")
    elif field.required_if or field.compute_if:
        yield "视情况填写"
    if field.kind in _KINDS:
        yield _KINDS[field.kind]
    if field.options:
        yield "可选：" + "、".join(field.options)
    if field.default and not formula(field.default):
        yield "默认：" + (field.default if isinstance(field.default, str) else "、".join(field.default))
    if field.rows:
        yield "固定行须保留" if field.rows_fixed else "不填时用默认行"
    if field.help:
        yield field.help
