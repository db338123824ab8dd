"""`docgen open`: a filed document on the screen."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, project_option
from docgen.cli.output import note, print_json, say


@declare(
    "open",
    "用系统自带的程序打开一份归档文件，默认最新版本。归档文件只读；要修改，请用 docgen get 取出副本。"
    "没有图形桌面时显示文件位置。",
    "Open a filed document with the system's program, by default its newest version. Filed documents are "
    "read-only; take a copy with docgen get to change one. Without a desktop the path is printed.",
)
@argument("document", DOCUMENT)
@argument("version", Message("版本", "VERSION"), required=False)
@project_option
@json_option
@click.pass_obj
def command(run: Run, document: str, version: str | None, project: str, as_json: bool) -> None:
    """Open a document."""
    from docgen.workflow.opening import path_to_open, show

    path = path_to_open(run.session, document, version or "", project=project)
    opened = show(path)
    if as_json:
        print_json({"path": str(path), "opened": opened})
        return
    if opened:
        say(Message(f"已打开（只读）：{path}", f"opened, read-only: {path}"), run.lang)
    else:
        note(Message("没有图形桌面，文件位置：", "there is no desktop; the file is here:"), run.lang)
        click.echo(path)
