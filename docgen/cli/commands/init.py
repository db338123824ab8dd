"""`docgen init`: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.cli.elements import FOLDER, PathType, Run, argument, declare, option
from docgen.cli.output import print_problems, say


@declare(
    "init",
    "新建工作区：写入设置文件、各目录和一套示例数据（samples/）。已有的文件不改动。",
    "Make a workspace: settings, folders and sample data (samples/). Existing files stay as they are.",
)
@argument("folder", FOLDER, default=".", type=PathType(path_type=Path, file_okay=False))
@option(
    "--demo",
    is_flag=True,
    zh="完整演示一遍：生成示例项目的九份文件、归档、检索。",
    en="Run the whole way once: generate the nine sample documents, file them, search.",
)
@click.pass_obj
def command(run: Run, folder: Path, demo: bool) -> None:
    """Make a workspace."""
    from docgen.workflow.start import initialise

    made = initialise(folder)
    say(Message(f"工作区：{folder.resolve()}", f"workspace: {folder.resolve()}"), run.lang)
    if demo:
        _demonstrate(run, made)
        return
    where = "" if folder.resolve() == Path.cwd() else f"-w {_quoted(folder)} "
    step = f"docgen {where}new service_contract --data {_quoted(folder / 'samples/service_contract.yaml')}"
    say(Message(f"下一步，试着生成一份合同：{step}", f"next, generate a contract: {step}"), run.lang)


def _quoted(path: Path) -> str:
    """Return the path as every shell takes it, Windows' too."""
    return f'"{path}"' if " " in str(path) else str(path)


def _demonstrate(run: Run, workspace: Workspace) -> None:
    from docgen.cli.hits import print_results
    from docgen.workflow.session import Session
    from docgen.workflow.start import demonstrate

    shown = demonstrate(Session(workspace))
    for document in shown.documents:
        state = Message("已归档", "filed") if document.fresh else Message("未变化", "unchanged")
        click.echo(f"{state.text(run.lang)}  {document.path}")
        print_problems(document.problems, run.lang)
    say(Message(f"\n检索“{shown.query}”：", f"\nsearching for “{shown.query}”:"), run.lang)
    print_results(shown.results, run.lang)
