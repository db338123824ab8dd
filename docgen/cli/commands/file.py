"""`docgen file`: documents into the archive."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.errors import DocgenError, gravest
from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.output import note, print_json, say


@declare(
    "file",
    "把文件归档。文件名应为 项目名称_文件类型_日期_版本号.扩展名；docgen 生成的文件改了名也认得。"
    "原文件保留（--move：归档后移走）。",
    "File documents for good. Name them project_type_date_version.ext; documents made by docgen are known "
    "under any name. The original stays (--move: it is removed after filing).",
)
@click.argument("paths", metavar="文件...", nargs=-1, required=True, type=click.Path(path_type=Path))
@option(
    "--signed",
    metavar="文件标识",
    zh="这是该文件签字盖章后的扫描件：归档为下一个大版本，状态为已签署。",
    en="This is the signed scan of that document: filed as its next major version, 已签署.",
)
@option("--move", is_flag=True, zh="归档后移走原文件。", en="Remove the original after filing.")
@json_option
@click.pass_obj
def command(run: Run, paths: tuple[Path, ...], signed: str | None, move: bool, as_json: bool) -> int:
    """File documents; what one file lacks does not hinder the others."""
    from docgen.workflow.filing import file_paths

    codes: list[int] = []
    rows: list[dict[str, object]] = []
    for outcome in file_paths(run.session, paths, signed=signed, move=move):
        names = "、".join(path.name for path in outcome.sources)
        if isinstance(outcome.result, DocgenError):
            codes.append(outcome.result.exit_code)
            text = outcome.result.text(run.lang)
            rows.append({"sources": [str(path) for path in outcome.sources], "error": text})
            if not as_json:
                note(Message(f"未归档 {names}：{text}", f"not filed {names}: {text}"), run.lang)
            continue
        rows.append({"sources": [str(path) for path in outcome.sources], **outcome.result.json(run.lang)})
        if not as_json:
            say(outcome.result.sentence, run.lang)
            for remark in outcome.result.notes:
                note(Message(f"  注意：{remark.zh}", f"  note: {remark.en}"), run.lang)
    if as_json:
        print_json(rows)
    return gravest(codes)
