"""Write an outline for a form that has none: a sensible document of the right family."""

from __future__ import annotations

from docgen.forms.definition import Field, Form

#: Printed by the header, or only steering what is printed.
_QUIET = frozenset(
    (
        *("doc_id", "version", "project_name", "provider_label", "customer_label"),
        *("party_a_name", "party_b_name", "confidentiality", "status"),
    )
)
#: Whose document it is comes first, whatever group declares it.
_FIRST = ("contract_no", "customer_name", "provider_name", "doc_date")
#: Names of letters and reports end so; all other documents are forms unless their fields are mostly prose.
_LETTERS = (
    *("书", "协议", "函", "合同", "报告", "方案", "计划"),
    *("手册", "制度", "规程", "指南", "通知", "纪要", "总结"),
)
_FORMS = ("表", "单", "清单", "台账", "记录", "登记", "日志", "档案", "问卷")
#: Tables of more columns need a landscape page (house style).
_PORTRAIT_COLUMNS = 7
#: Texts up to this many characters stand two in a row.
_HALF_ROW = 40


def default_outline(form: Form) -> str:
    """Return the outline: all fields that are not internal, tables in form order, signatures last."""
    dated = {"doc_date"} if form.date_from else set()  # one of its own dates is that of the document
    fields = [field for field in form.fields if not field.internal and field.id not in _QUIET | dated]
    fields.sort(key=lambda field: _FIRST.index(field.id) if field.id in _FIRST else len(_FIRST))
    letter = is_letter(form, fields)
    wide = not letter and any(len(_columns(field)) > _PORTRAIT_COLUMNS for field in fields)
    head = [
        "---",
        f"family: {'letter' if letter else 'form'}",
        f"page: {'landscape' if wide else 'portrait'}",
        f"numbering: {'chapter' if letter else 'none'}",
        "---",
        f"# {form.name}",
    ]
    return "\n".join([*head, *(_letter(form, fields) if letter else _form(form, fields))]) + "\n"


def is_letter(form: Form, fields: list[Field]) -> bool:
    """Whether the document is running text (文书) rather than a sheet (表单)."""
    if form.name.endswith(_FORMS):
        return False
    prose = sum(field.kind == "longtext" for field in fields)
    return form.name.endswith(_LETTERS) or prose * 2 > len(fields)


def _columns(field: Field) -> list[Field]:
    return [column for column in field.columns if not column.internal]


def _optional(field: Field, lines: list[str]) -> list[str]:
    if field.required:
        return lines
    return [f"{{% if {_filled(field)} %}}", *lines, "{% endif %}"]


def _filled(field: Field) -> str:
    """The condition under which a field prints something: 0 and 否 do, nothing does not."""
    return f"{field.id} is not none" if field.kind in _ZEROS else field.id


_ZEROS = frozenset(("money", "number", "int", "percent", "bool"))


def _is_signature(field: Field) -> bool:
    return field.kind in ("sig", "seal") or (field.kind == "date" and field.when == "signing")


def _letter(form: Form, fields: list[Field]) -> list[str]:
    number = form.number or "doc_id"
    lines = ["> {{ project_name }}", f">> 编号：{{{{ {number} }}}}"]
    pairs = [item for item in fields if item.kind not in ("longtext", "table") and not _is_signature(item)]
    lines += ["::grid", *_pairs([item for item in pairs if item.id != number]), "::end"]
    for field in (item for item in fields if item.kind in ("longtext", "table")):
        lines += _optional(field, _chapter(field))
    return [*lines, *_signature_lines(form, fields)]


def _chapter(field: Field) -> list[str]:
    if field.kind == "table":
        return [f"## {field.label}", f"::table {field.id}"]
    return [f"## {field.label}", f"{{{{ {field.id}|paragraphs }}}}"]


def _signature_lines(form: Form, fields: list[Field]) -> list[str]:
    signs = [field for field in fields if field.kind == "sig"]
    names = {field.id for field in signs}
    if names == {"provider_sign", "customer_sign"} and form.field("party_a_name"):
        return ["::signatures two"]
    if len(signs) == 1 and form.field("provider_name"):
        return [f"::signatures one sign={signs[0].id}"]
    return ["::grid", *_signs(fields), "::end"] if signs else []


def _form(form: Form, fields: list[Field]) -> list[str]:
    number = form.number or "doc_id"
    lines = [f">> 编号：{{{{ {number} }}}}", "::grid", "@project_name"]
    shown = [field for field in fields if field.id != number and not _is_signature(field)]
    waiting: list[Field] = []
    for field in shown:
        if field.kind in ("table", "longtext"):
            lines += [*_pairs(waiting), *_wide(field)]
            waiting = []
        else:
            waiting.append(field)
    return [*lines, *_pairs(waiting), *_signs(fields), "::end"]


def _wide(field: Field) -> list[str]:
    if field.kind == "table":
        return _optional(field, [f"== {field.label}", f"::table {field.id}"])
    return _optional(field, [f"@{field.id} height=2"])


def _pairs(fields: list[Field]) -> list[str]:
    """Short fields that are always there two in a row; the others a row each."""
    lines: list[str] = []
    half = ""
    for field in fields:
        cell = f"@{field.id}{'!' if field.kind in ('enum', 'multi', 'bool') and field.options else ''}"
        if not field.required or cell.endswith("!") or (field.max_length or 0) > _HALF_ROW:
            lines += [half] if half else []
            half = ""
            lines += _optional(field, [cell])
        elif half:
            lines.append(f"{half} | {cell}")
            half = ""
        else:
            half = cell
    return [*lines, half] if half else lines


def _signs(fields: list[Field]) -> list[str]:
    signs = [f"{field.label}: @{field.id}" for field in fields if field.kind == "sig"]
    rows = [signs[index : index + 2] for index in range(0, len(signs), 2)]
    return [f"sign {' | '.join(row)}" for row in rows]
