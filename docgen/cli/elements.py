"""Commands and options that speak two languages.

click takes help texts as plain strings when a module is imported; these classes keep the
:class:`~docgen.base.messages.Message` and choose the language when help is asked for.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from gettext import gettext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docgen.base.messages import Message
from docgen.base.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from docgen.workflow.session import Session

_OPTIONS = Message("[选项]", "[OPTIONS]")
_HELP = Message("显示帮助。", "Show this message.")
_COMMAND = Message("命令 [参数]...", "COMMAND [ARGS]...")

#: What stands in usage lines for the things that commands are given.
DOCUMENT = Message("文件标识", "DOC")
TYPE = Message("文件类型", "TYPE")
PROJECT = Message("项目", "PROJECT")
FOLDER = Message("目录", "DIR")
FILE = Message("文件", "FILE")
DAY = Message("日期", "DATE")
NUMBER = Message("数字", "N")


@dataclass
class Run:
    """What one call of the program knows: its language and the workspace it was given."""

    lang: str = "zh"
    workspace_option: Path | None = None

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, looked for when first needed."""
        return find_workspace(self.workspace_option)

    @cached_property
    def session(self) -> Session:
        """The workspace with its parts open."""
        from docgen.workflow.session import Session

        return Session(self.workspace)


def language_of(context: click.Context) -> str:
    """Return the language of this run."""
    run = context.find_root().obj
    return run.lang if isinstance(run, Run) else "zh"


class PathType(click.Path):
    """A path whose errors name its kind (file, folder) in this run's language.

    click looks that word up once, when the module is imported, which may be before the language is known.
    """

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; see `click.Path`."""
        kind = "File" if not self.dir_okay else "Directory" if not self.file_okay else "Path"
        self.name = gettext(kind)
        return super().convert(value, param, ctx)


class Option(click.Option):
    """An option whose help, and the word for whose value, are :class:`Message`."""

    def __init__(self, *args: Any, message: Message, word: Message | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "help": message.zh})
        self.message = message
        self.word = word

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the value, in this run's language."""
        return self.word.text(language_of(ctx)) if self.word else super().make_metavar(ctx)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the line of the option list in this run's language."""
        self.help = self.message.text(language_of(ctx))
        return super().get_help_record(ctx)


class Argument(click.Argument):
    """An argument that is called by a :class:`Message`."""

    def __init__(self, *args: Any, word: Message, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word = word

    def make_metavar(self, ctx: click.Context) -> str:
        """Return what stands for the argument, in this run's language."""
        word = self.word.text(language_of(ctx)) + ("..." if self.nargs != 1 else "")
        return word if self.required else f"[{word}]"


class Command(click.Command):
    """A command whose help is a :class:`Message`."""

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        # click hands over the function's docstring as help; the message takes its place.
        super().__init__(*args, **{**kwargs, "help": message.zh})
        self.message = message

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the usage line in this run's language."""
        self.options_metavar = _OPTIONS.text(language_of(ctx))
        return super().collect_usage_pieces(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, described in this run's language."""
        found = super().get_help_option(ctx)
        if found:
            found.help = _HELP.text(language_of(ctx))
        return found

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in this run's language."""
        self.help = self.message.text(language_of(ctx))
        super().format_help_text(ctx, formatter)


class Group(Command, click.Group):
    """A group that imports a command's module only when that command is used.

    Args:
        lazy: Command name -> (module, one line of help).
    """

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, Message]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the words of the usage line in this run's language."""
        self.subcommand_metavar = _COMMAND.text(language_of(ctx))
        return super().collect_usage_pieces(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order in which people need them."""
        return [*self.lazy, *(name for name in super().list_commands(ctx) if name not in self.lazy)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, importing its module."""
        if cmd_name in self.lazy and cmd_name not in self.commands:
            self.commands[cmd_name] = import_module(self.lazy[cmd_name][0]).command
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        lang = language_of(ctx)
        rows = [(name, self._short(ctx, name).text(lang)) for name in self.list_commands(ctx)]
        with formatter.section("命令" if lang == "zh" else "Commands"):
            formatter.write_dl(rows)

    def _short(self, ctx: click.Context, name: str) -> Message:
        if name in self.lazy:
            return self.lazy[name][1]
        command = self.get_command(ctx, name)
        return command.message if isinstance(command, Command) else Message("", "")


Decorator = Callable[[Callable[..., Any]], Any]


def declare(name: str, zh: str, en: str, **kwargs: Any) -> Decorator:
    """Declare a command with its help in both languages."""
    return click.command(name, cls=Command, message=Message(zh, en), **kwargs)


def option(*names: str, zh: str, en: str, word: Message | None = None, **kwargs: Any) -> Decorator:
    """Declare an option with its help, and the word for its value, in both languages."""
    return click.option(*names, cls=Option, message=Message(zh, en), word=word, **kwargs)


def argument(name: str, word: Message, **kwargs: Any) -> Decorator:
    """Declare an argument with the word for it in both languages."""
    return click.argument(name, cls=Argument, word=word, **kwargs)


class Day(click.ParamType[date]):
    """A date in any spelling that forms accept."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date that was typed."""
        from docgen.forms.dates import read_date
        from docgen.forms.faults import BadValue

        if isinstance(value, date):
            return value
        try:
            return read_date(value)
        except BadValue as error:
            lang = language_of(ctx) if ctx else "zh"
            accepted = f"（{error.accepted.zh}）" if error.accepted else ""
            shown = Message(f"{error.reason.zh}{accepted}", error.reason.en)
            self.fail(f"{value}：{shown.zh}" if lang != "en" else f"{value}: {shown.en}", param, ctx)


json_option = option(
    "--json", "as_json", is_flag=True, zh="以 JSON 输出，供程序使用。", en="Print JSON, for programs."
)
project_option = option("--project", default="", word=PROJECT, zh="限于这个项目。", en="Only this project.")
