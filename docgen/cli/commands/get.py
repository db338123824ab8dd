"""`docgen get`: a copy out of the archive."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.messages import Message
from docgen.cli.elements import (
    DOCUMENT,
    FOLDER,
    PathType,
    Run,
    argument,
    declare,
    json_option,
    option,
    project_option,
)
from docgen.cli.output import print_json, say


@declare(
    "get",
    "取出一份文件的副本，默认最新版本。--clean 去掉内嵌的生成信息，适合发给外部。",
    "Copy a document out of the archive, by default its newest version. --clean leaves out the embedded "
    "data, for outsiders.",
)
@argument("document", DOCUMENT)
@argument("version", Message("版本", "VERSION"), required=False)
@project_option
@option(
    "--out",
    type=PathType(path_type=Path, file_okay=False),
    word=FOLDER,
    default=Path(),
    zh="写到这个目录（默认：当前目录）。",
    en="Write to this folder (default: here).",
)
@option("--clean", is_flag=True, zh="去掉内嵌的生成信息。", en="Leave out the embedded data.")
@json_option
@click.pass_obj
def command(
    run: Run, document: str, version: str | None, project: str, out: Path, clean: bool, as_json: bool
) -> None:
    """Copy a document out."""
    from docgen.workflow.finding import copy_out

    paths = copy_out(run.session, document, version or "", project=project, out=out, clean=clean)
    if as_json:
        print_json([str(path) for path in paths])
        return
    for path in paths:
        say(Message(f"已取出：{path}", f"copied: {path}"), run.lang)
