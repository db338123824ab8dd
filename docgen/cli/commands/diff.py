"""`docgen diff`: two versions of a document compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, project_option
from docgen.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from docgen.workflow.diff import Change, Compared

_VERSION = Message("版本", "VERSION")


@declare(
    "diff",
    "比较一份文件的两个版本，默认最新的两个；只写一个版本时与最新版本比较。由表单生成的逐项比较（表格逐行），"
    "其余逐行比较文字。",
    "Compare two versions of a document, by default the newest two; a single version is compared with the "
    "newest. Generated documents field by field (tables row by row), others line by line of their text.",
)
@argument("document", DOCUMENT)
@argument("first", _VERSION, required=False)
@argument("second", _VERSION, required=False)
@project_option
@json_option
@click.pass_obj
def command(
    run: Run, document: str, first: str | None, second: str | None, project: str, as_json: bool
) -> None:
    """Compare two versions."""
    from docgen.workflow.diff import diff

    found = diff(run.session, document, first or "", second or "", project=project)
    if as_json:
        print_json(_json(found))
        return
    title = f"{found.new.project}/{found.new.stem}"
    say(
        Message(
            f"{title}：{found.old.version} → {found.new.version}",
            f"{title}: {found.old.version} → {found.new.version}",
        ),
        run.lang,
    )
    if found.changes:
        heads = [
            Message("项", "field"),
            Message("行", "row"),
            Message("原为", "before"),
            Message("现为", "after"),
        ]
        print_table(heads, [_row(change) for change in found.changes], run.lang)
    for line in found.lines:
        click.echo(_printable(line))
    if not found.changes and not found.lines:
        say(_nothing(found), run.lang)


def _nothing(found: Compared) -> Message:
    if found.by_record:
        return Message("填写的数据没有变化。", "The data is the same.")
    if found.same_bytes:
        return Message("文件没有变化。", "The files are the same.")
    return Message(
        "文字没有不同；文件本身不同（或是没有文字的扫描件）。",
        "The texts do not differ; the files do (or they are scans without text).",
    )


def _row(change: Change) -> list[str]:
    before, after = change.row or (None, None)
    row = str(before or after or "") if None in (before, after) or before == after else f"{before}→{after}"
    return [change.label, row, _printable(change.before), _printable(change.after)]


def _printable(text: str) -> str:
    from docgen.archive.legal import printable

    return printable(" ".join(text.split("\n")).replace("\t", " "))


def _json(found: Compared) -> dict[str, object]:
    return {
        "project": found.new.project,
        "doc_id": found.new.doc_id,
        "old": str(found.old.version),
        "new": str(found.new.version),
        "by": "record" if found.by_record else "text",
        "same_bytes": found.same_bytes,
        "changes": [
            {
                "field": change.field,
                "label": change.label,
                "row_before": change.row[0] if change.row else None,
                "row_after": change.row[1] if change.row else None,
                "before": change.before,
                "after": change.after,
            }
            for change in found.changes
        ],
        "lines": list(found.lines),
    }
