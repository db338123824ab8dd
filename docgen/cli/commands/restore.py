"""`docgen restore`: a workspace brought back from a backup."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.cli.elements import FOLDER, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import finding_json, note, print_finding, print_json, say
from docgen.cli.progress import file_progress


@declare(
    "restore",
    "从备份恢复工作区：指定一份快照，或备份文件夹（取其中最新的一份）。只恢复到新的或空的文件夹，逐个文件核对，"
    "然后重建目录和索引并核验。",
    "Bring a workspace back from a snapshot, or from the newest one of a backup folder: into a new or empty "
    "folder only, file by file compared; then catalogue and index are made anew and the archive is verified.",
)
@argument("source", FOLDER, type=PathType(path_type=Path, exists=True, file_okay=False))
@option(
    "--to",
    "target",
    word=FOLDER,
    type=PathType(path_type=Path, file_okay=False),
    zh="恢复到这个文件夹（默认：当前目录下与原工作区同名的文件夹）。",
    en="The new folder (default: one here, named like the workspace that was backed up).",
)
@json_option
@click.pass_obj
def command(run: Run, source: Path, target: Path | None, as_json: bool) -> int:
    """Restore a workspace."""
    from docgen.workflow.backup import restore_workspace

    with file_progress(run.lang) as watch:
        done = restore_workspace(source, target, watch=watch)
    errors = [one for one in done.report.findings if one.severity is Severity.ERROR]
    if as_json:
        heads = {name: {"seq": seq, "digest": digest} for name, (seq, digest) in done.report.heads.items()}
        print_json(
            {
                "path": str(done.path),
                "snapshot": str(done.snapshot),
                "files": done.files,
                "findings": [finding_json(one, run.lang) for one in errors],
                "heads": heads,
            }
        )
        return 1 if errors else 0
    say(
        Message(
            f"已恢复：{done.path}（{done.files} 个文件，来自 {done.snapshot}）",
            f"restored: {done.path} ({done.files} files from {done.snapshot})",
        ),
        run.lang,
    )
    for name, (seq, digest) in done.report.heads.items():
        text = f"{name} 第 {seq} 条 {digest}"
        say(Message(f"日志末端：{text}", f"journal head: {name}, entry {seq}, {digest}"), run.lang)
    for one in errors:
        print_finding(one, run.lang)
    for warning in done.warnings:
        note(warning, run.lang)
    return 1 if errors else 0
