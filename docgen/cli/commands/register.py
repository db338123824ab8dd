"""`docgen register`: 文档资料整理表."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.cli.elements import FILE, PROJECT, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import print_json, print_table, say


@declare(
    "register",
    "文档资料整理表：一个项目的，或不写项目时全部的。--out 的扩展名决定格式：xlsx、docx、pdf、csv。",
    "The register of a project, or of everything; the extension of --out says which format.",
)
@argument("project", PROJECT, required=False, default="")
@option(
    "--out",
    word=FILE,
    type=PathType(path_type=Path, dir_okay=False),
    zh="写到这个新文件。",
    en="Write to this new file.",
)
@json_option
@click.pass_obj
def command(run: Run, project: str, out: Path | None, as_json: bool) -> None:
    """Show or write the register."""
    from docgen.workflow.handover.register import HEADS
    from docgen.workflow.registering import register_lines, write_register

    if out:
        write_register(run.session, out, project)
        if as_json:
            print_json({"path": str(out)})
        else:
            say(Message(f"已写入：{out}", f"written: {out}"), run.lang)
        return
    lines = register_lines(run.session, project)
    if as_json:
        print_json([dict(zip(HEADS, line, strict=True)) for line in lines])
    else:
        print_table([Message(head, head) for head in HEADS], lines, run.lang)
