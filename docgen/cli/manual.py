"""The page `docs/commands.md`, written from the commands themselves: `python -m docgen.cli.manual`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from docgen.cli.elements import Command, Option

_HEAD = """\
# 命令（Commands)

本页由命令自身写成；`docgen 命令 --help` 显示同样的内容，`--lang en` 显示英文。列表类命令都可加 `--json`。
总选项写在命令之前：`docgen -w 工作区 --lang en 命令 …`。

This page is written from the commands; `docgen COMMAND --help` says the same. Options of `docgen` itself
stand before the command.
"""


def manual(program: click.Command) -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *_section(program, "docgen")])


def _section(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    assert isinstance(command, Command)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"## {name}\n\n`{name} {usage}`\n\n{command.message.zh}\n\n{command.message.en}\n"
    options = [parameter for parameter in command.params if isinstance(parameter, Option)]
    if options:
        yield "| 选项 | 含义 | Meaning |\n|---|---|---|"
        yield from (_row(option, context) for option in options)
        yield ""
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            assert found is not None
            yield from _section(found, f"{name} {child}")


def _row(option: Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    names = f"`{', '.join(option.opts)}{value}`".replace("|", "\\|")
    return f"| {names} | {option.message.zh} | {option.message.en} |"


if __name__ == "__main__":
    from docgen.cli.language import speaking
    from docgen.cli.main import docgen

    with speaking("zh"):
        sys.stdout.write(manual(docgen))
