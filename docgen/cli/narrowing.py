"""Options that narrow a listing or a search down; a command gets their values as one `Narrowing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import click

from docgen.base.messages import Message
from docgen.cli.elements import DAY, TYPE, Day, Decorator, option, project_option
from docgen.cli.output import readable
from docgen.forms.definition import CATEGORIES, PHASES

#: What was asked for, by the name of the option; only what was given. `search.engine.Filters` and
#: `archive.queries.Filter` have fields of these names.
Narrowing = Mapping[str, Any]


class Phase(click.Choice[str]):
    """A phase of a project, by its name or its number in the catalogue."""

    def __init__(self) -> None:
        super().__init__(PHASES)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of the phase."""
        numbered = dict(zip("123456789", PHASES, strict=True))
        return super().convert(numbered.get(value, value), param, ctx)


phase_option = option(
    "--phase",
    type=Phase(),
    word=Message("阶段", "PHASE"),
    zh="限于某个阶段：1–9，或 intake、contract 等。",
    en="Only one phase: 1–9, or intake, contract and so on.",
)


def _word(name: str, word: Message, zh: str, en: str) -> Decorator:
    return option(name, default="", word=word, zh=zh, en=en)


#: In the order of the help.
_OPTIONS = {
    "project": project_option,
    "type": _word("--type", TYPE, "限于这一文件类型。", "Only this document type."),
    "category": option(
        "--category",
        type=click.Choice(CATEGORIES),
        word=Message("类别", "CATEGORY"),
        zh=f"限于这一类别：{'、'.join(CATEGORIES)}。",
        en=f"Only this category: {', '.join(CATEGORIES)}.",
    ),
    "status": _word("--status", Message("状态", "STATUS"), "限于这一状态。", "Only this status."),
    "version": _word(
        "--version",
        Message("版本", "VERSION"),
        "限于这一版本；V1 是各 V1.x。",
        "Only this version; V1 is every V1.x.",
    ),
    "contract": _word(
        "--contract",
        Message("合同编号", "NUMBER"),
        "限于属于这份合同的文件。",
        "Only what belongs to this contract.",
    ),
    "counterparty": _word(
        "--counterparty",
        Message("客户", "CUSTOMER"),
        "限于这个客户（全称）。",
        "Only this customer (whole name).",
    ),
    "phase": phase_option,
    "problem_type": _word(
        "--problem-type", Message("种类", "KIND"), "限于这种问题。", "Only this kind of problem."
    ),
    "data_class": _word(
        "--data-class",
        Message("数据类别", "CLASS"),
        "限于服务数据的这一类，如服务记录、沟通记录。",
        "Only this class of service data.",
    ),
    "confidentiality": _word(
        "--confidentiality",
        Message("密级", "LEVEL"),
        "限于这一密级。",
        "Only this level of confidentiality.",
    ),
    "since": option("--since", type=Day(), word=DAY, zh="日期不早于这一天。", en="Dated this day or later."),
    "until": option(
        "--until", type=Day(), word=DAY, zh="日期不晚于这一天。", en="Dated this day or earlier."
    ),
    "all_versions": option("--all-versions", is_flag=True, zh="包括旧版本。", en="Older versions too."),
    "withdrawn": option("--withdrawn", is_flag=True, zh="包括已撤回的。", en="Withdrawn ones too."),
}


def narrowed(*names: str) -> Decorator:
    """Give a command these options (all, if none is named), and their values as its ``narrowing``."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        chosen = names or tuple(_OPTIONS)

        @wraps(command)
        def called(*args: Any, **values: Any) -> Any:
            said: dict[str, Any] = {name: value for name in chosen if (value := values.pop(name))}
            for name, value in said.items():
                said[name] = readable(value) if isinstance(value, str) else value
            return command(*args, narrowing=said, **values)

        decorated: Callable[..., Any] = called
        for name in reversed(chosen):
            decorated = _OPTIONS[name](decorated)
        return decorated

    return decorate
