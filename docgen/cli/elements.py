"""Commands and options that speak two languages.

click takes help texts as plain strings when a module is imported; these classes keep the
:class:`~docgen.base.messages.Message` and choose the language when help is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from docgen.base.messages import Message
from docgen.base.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    from docgen.workflow.session import Session


@dataclass
class Run:
    """What one call of the program knows: its language and the workspace it was given."""

    lang: str = "zh"
    workspace_option: Path | None = None
    json: bool = field(default=False)

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


class Option(click.Option):
    """An option whose help is a :class:`Message`."""

    def __init__(self, *args: Any, help: Message | None = None, **kwargs: Any) -> None:  # noqa: A002
        super().__init__(*args, **{**kwargs, "help": help.zh if help else None})
        self.message = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the line of the option list in this run's language."""
        if self.message:
            self.help = self.message.text(language_of(ctx))
        return super().get_help_record(ctx)


class Command(click.Command):
    """A command whose help is a :class:`Message`."""

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        # click hands over the function's docstring as help; the message takes its place.
        super().__init__(*args, **{**kwargs, "help": message.zh})
        self.message = message

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


def declare(name: str, zh: str, en: str) -> Decorator:
    """Declare a command with its help in both languages."""
    return click.command(name, cls=Command, message=Message(zh, en))


def option(*names: str, zh: str, en: str, **kwargs: Any) -> Decorator:
    """Declare an option with its help in both languages."""
    return click.option(*names, cls=Option, help=Message(zh, en), **kwargs)


json_option = option(
    "--json", "as_json", is_flag=True, zh="以 JSON 输出，供程序使用。", en="Print JSON, for programs."
)
