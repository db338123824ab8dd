"""`docgen form`: the fields of a type, or an empty sheet to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.cli.elements import FILE, TYPE, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import print_json, print_table, say
from docgen.forms.definition import Field, Form


@declare(
    "form",
    "查看某类文件要填哪些项；用 --blank 导出空白表，填好后交给 docgen new --data。",
    "Show the fields of a type; --blank writes an empty sheet for docgen new --data.",
)
@argument("type_name", TYPE)
@option("--blank", type=click.Choice(["yaml", "csv", "xlsx"]), zh="导出空白表。", en="Write an empty sheet.")
@option(
    "--out",
    word=FILE,
    type=PathType(path_type=Path),
    zh="写到这个文件（默认：当前目录下 <类型>.<扩展名>）。",
    en="Write to this file (default: <type>.<ext> here).",
)
@json_option
@click.pass_obj
def command(run: Run, type_name: str, blank: str | None, out: Path | None, as_json: bool) -> None:
    """Show a form."""
    form = run.session.form(run.session.type_named(type_name).id)
    if blank:
        from docgen.workflow.templates import write_blank

        path = write_blank(form, blank, out or Path(f"{form.id}.{blank}"))
        say(Message(f"空白表：{path}", f"empty sheet: {path}"), run.lang)
    elif as_json:
        print_json({"id": form.id, "name": form.name, "fields": [_json(field) for field in form.fields]})
    else:
        _print(form, run.lang)


def _print(form: Form, lang: str) -> None:
    heads = [
        Message("项", "field"),
        Message("名称", "label"),
        Message("类型", "kind"),
        Message("要求", "required"),
        Message("说明", "notes"),
    ]
    rows = [
        row
        for field in form.fields
        for row in (_row(field, lang), *(_row(column, lang, f"{field.id}.") for column in field.columns))
    ]
    print_table(heads, rows, lang)


def _row(field: Field, lang: str, prefix: str = "") -> list[str]:
    notes = [field.help, "、".join(field.options)]
    if field.default:
        shown = field.default if isinstance(field.default, str) else "、".join(field.default)
        default = Message("默认", "default").text(lang)
        notes.append(f"{default} {shown.splitlines()[0]}{'…' if len(shown.splitlines()) > 1 else ''}")
    text = "；".join(note for note in notes if note)
    return [prefix + field.id, field.label, field.kind, _need(field).text(lang), text]


def _need(field: Field) -> Message:
    from docgen.batch.hints import left_out

    if field.compute and not field.compute_if:
        return Message("自动计算", "computed")
    if field.when:
        status = {"signing": "已签署", "review": "已批准"}[field.when]
        return Message(f"{status}时必填", f"required from {status} on") if field.required else Message("", "")
    if field.required:
        return Message("可不填", "has a default") if left_out(field) else Message("必填", "required")
    return Message("有条件必填", "required at times") if field.required_if else Message("", "")


def _json(field: Field) -> dict[str, object]:
    data: dict[str, object] = {
        "id": field.id,
        "label": field.label,
        "kind": field.kind,
        "required": field.required,
        "computed": bool(field.compute),
        "options": list(field.options),
        "default": field.default if isinstance(field.default, str) else list(field.default),
        "help": field.help,
    }
    if field.columns:
        data["columns"] = [_json(column) for column in field.columns]
    return data
