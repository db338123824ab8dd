"""`docgen export`: a project handed over."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.cli.elements import PROJECT, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import print_json, say
from docgen.cli.progress import file_progress


@declare(
    "export",
    "把一个项目的全部档案导出到新文件夹：文件、日志、校验清单，另附文档资料整理表、服务数据归档表和档案移交清单。"
    "--bagit 改为导出 BagIt 归档包。导出完成后在日志中记一笔。",
    "Write a whole project to a new folder: files, journal and manifest, with the register, the data archive "
    "table and the hand-over list; with --bagit as a BagIt bag. The journal then notes it.",
)
@argument("project", PROJECT)
@argument("target", Message("新文件夹", "DEST"), type=PathType(path_type=Path))
@option(
    "--bagit", is_flag=True, zh="导出为 BagIt 1.0 归档包（RFC 8493）。", en="As a BagIt 1.0 bag (RFC 8493)."
)
@json_option
@click.pass_obj
def command(run: Run, project: str, target: Path, bagit: bool, as_json: bool) -> None:
    """Export a project."""
    from docgen.workflow.export import export_project

    with file_progress(run.lang) as watch:
        done = export_project(run.session, project, target, bag=bagit, watch=watch)
    if as_json:
        print_json(
            {
                "project": done.project,
                "path": str(done.path),
                "bag": done.bag,
                "files": done.files,
                "versions": done.versions,
                "head": {"seq": done.head.seq, "digest": done.head.digest},
                "noted": {"seq": done.noted.seq, "digest": done.noted.digest},
            }
        )
        return
    say(
        Message(
            f"已导出：{done.path}（{done.versions} 个版本，{done.files} 个文件）",
            f"exported: {done.path} ({done.versions} versions, {done.files} files)",
        ),
        run.lang,
    )
    say(
        Message(
            f"日志末端：{done.project} 第 {done.head.seq} 条 {done.head.digest}",
            f"journal head: {done.project}, entry {done.head.seq}, {done.head.digest}",
        ),
        run.lang,
    )
