"""`docgen import`: a project that was handed over, taken in."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.cli.elements import FOLDER, PathType, Run, argument, declare, json_option
from docgen.cli.output import note, print_json, say
from docgen.cli.progress import file_progress
from docgen.cli.scans import tell_scans


@declare(
    "import",
    "接收 docgen export 导出的文件夹或 BagIt 归档包。逐项核对摘要、结构、日志和文件，"
    "有不符就不导入，并说明全部原因；已有同一项目时，只在其日志是导入日志的前一段时补上后面的部分。",
    "Take in a folder or BagIt bag that docgen export made. Digests, structure, journal and files are "
    "checked; with any fault nothing is taken and every reason is told. An existing project is brought "
    "forward if its journal is the beginning of the imported one.",
)
@argument("source", FOLDER, type=PathType(path_type=Path, exists=True, file_okay=False))
@json_option
@click.pass_obj
def command(run: Run, source: Path, as_json: bool) -> None:
    """Import a project."""
    from docgen.workflow.importing import import_project

    with file_progress(run.lang) as watch:
        done = import_project(run.session, source, watch=watch)
    taken = done.taken
    if as_json:
        print_json(
            {
                "project": done.project,
                "change": str(taken.change),
                "before": taken.before.seq,
                "files": done.files,
                "head": {"seq": taken.head.seq, "digest": taken.head.digest},
                "warnings": [warning.text(run.lang) for warning in done.warnings],
            }
        )
        return
    said = {
        "new": Message(f"已导入项目 {done.project}", f"imported project {done.project}"),
        "forward": Message(
            f"项目 {done.project} 已从日志第 {taken.before.seq} 条补到第 {taken.head.seq} 条",
            f"project {done.project} brought forward from entry {taken.before.seq} to {taken.head.seq}",
        ),
        "unchanged": Message(f"未变化：{done.project}", f"unchanged: {done.project}"),
    }[taken.change]
    say(said, run.lang)
    say(
        Message(
            f"日志末端：第 {taken.head.seq} 条 {taken.head.digest}",
            f"journal head: entry {taken.head.seq}, {taken.head.digest}",
        ),
        run.lang,
    )
    for warning in done.warnings:
        note(warning, run.lang)
    tell_scans(done.scans, run.lang)
