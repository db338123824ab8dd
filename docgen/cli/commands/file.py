"""`docgen file`: documents into the archive."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import click

from docgen.base.errors import DocgenError, gravest
from docgen.base.messages import Message, same
from docgen.cli.elements import DOCUMENT, FILE, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import note, print_json, say
from docgen.cli.scans import tell_scans

if TYPE_CHECKING:
    from docgen.workflow.filing import Outcome


@declare(
    "file",
    "把文件归档。文件名应为 项目名称_文件类型_日期_版本号.扩展名；docgen 生成的文件改了名也认得。"
    "原文件保留（--move：归档后移走）。",
    "File documents for good. Name them project_type_date_version.ext; documents made by docgen are known "
    "under any name. The original stays (--move: it is removed after filing).",
)
@argument("paths", FILE, nargs=-1, required=True, type=PathType(path_type=Path))
@option(
    "--signed",
    word=DOCUMENT,
    zh="这是该文件签字盖章后的扫描件：归档为下一个大版本，状态为已签署。",
    en="This is the signed scan of that document: filed as its next major version, 已签署.",
)
@option("--move", is_flag=True, zh="归档后移走原文件。", en="Remove the original after filing.")
@json_option
@click.pass_obj
def command(run: Run, paths: tuple[Path, ...], signed: str | None, move: bool, as_json: bool) -> int:
    """File documents; what one file lacks does not hinder the others."""
    from docgen.workflow.filing import file_paths
    from docgen.workflow.indexing import tidy

    outcomes: list[Outcome] = []
    try:
        for outcome in file_paths(run.session, paths, signed=signed, move=move):
            outcomes.append(outcome)
            if not as_json:
                _tell(outcome, run.lang)
    finally:  # also when the disk is full half-way: what is filed is told
        if as_json:
            print_json([_json(outcome, run.lang) for outcome in outcomes])
    tell_scans(sum(one.result.scans for one in outcomes if not isinstance(one.result, DocgenError)), run.lang)
    tidy(run.session)
    return gravest([one.result.exit_code for one in outcomes if isinstance(one.result, DocgenError)])


def _tell(outcome: Outcome, lang: str) -> None:
    if isinstance(outcome.result, DocgenError):
        names = "、".join(path.name for path in outcome.sources)
        note(Message(f"未归档 {names}", f"not filed: {names}"), lang)
        note(same(indent(outcome.result.text(lang), "  ")), lang)
        return
    say(outcome.result.sentence, lang)
    for remark in outcome.result.notes:
        note(Message(f"  注意：{remark.zh}", f"  note: {remark.en}"), lang)


def _json(outcome: Outcome, lang: str) -> dict[str, object]:
    result = outcome.result
    told = {"error": result.text(lang)} if isinstance(result, DocgenError) else result.json(lang)
    return {"sources": [str(path) for path in outcome.sources], **told}
