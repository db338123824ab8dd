"""Options of the commands that generate documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from docgen.cli.elements import option

_OPTIONS = (
    option(
        "--pdf",
        is_flag=True,
        zh="同时生成 PDF（需要 LibreOffice）。",
        en="Make PDFs too (needs LibreOffice).",
    ),
    option("--file", "filing", is_flag=True, zh="生成后直接归档。", en="File at once what is made."),
    option(
        "--script",
        type=click.Choice(["hans", "hant"]),
        default="hans",
        zh="hant：生成繁体中文文件。",
        en="hant: in Traditional Chinese.",
    ),
    option(
        "--major", is_flag=True, zh="升大版本（V2.0），默认升小版本。", en="Raise the major version (V2.0)."
    ),
)


def making_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--pdf`, `--file`, `--script` and `--major`."""
    for one in reversed(_OPTIONS):
        command = one(command)
    return command
