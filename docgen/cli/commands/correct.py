"""`docgen correct`: set right what is known of a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, option, project_option
from docgen.cli.output import note, print_json, say
from docgen.forms.definition import CATEGORIES, PHASES

_GROUPS = {
    "retention": (
        Message("期限", "PERIOD"),
        Message(
            "单独规定的保管期限：10年、10年自归档日、10年自次年、日期或永久。",
            "A period of its own, written as in the settings.",
        ),
    ),
    "contract": (Message("合同编号", "NUMBER"), Message("所属合同。", "The contract it belongs to.")),
    "module": (Message("模块", "TEXT"), Message("技术模块。", "Its technical module.")),
    "device": (Message("设备类别", "TEXT"), Message("设备类别。", "Its class of device.")),
    "month": (Message("年-月", "YYYY-MM"), Message("归入的月份。", "The month under which it is kept.")),
    "counterparty": (Message("单位", "TEXT"), Message("对方单位。", "With whom it was exchanged.")),
    "phase": (
        Message("阶段", "PHASE"),
        Message(f"所属阶段：{'、'.join(PHASES)}。", f"Its phase: {', '.join(PHASES)}."),
    ),
    "issue": (Message("问题类型", "TEXT"), Message("问题类型。", "The kind of problem.")),
}


def group_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each group and for the retention."""
    for name, (word, told) in reversed(_GROUPS.items()):
        function = option(f"--{name}", word=word, zh=told.zh, en=told.en)(function)
    return function


@declare(
    "correct",
    "更正一份文件的类别、密级、保管期限和归类（合同、模块、月份……）。更正记入日志，对各版本和以后的版本有效；"
    '文件不移动、不改名。要清除一项，给空值，如 --module ""。归错项目或类型的，用 docgen refile。',
    "Correct category, confidentiality, retention and groups (contract, module, month …) of a document. It "
    "is recorded in the journal and holds for all its versions, later ones too; files are neither moved nor "
    "renamed. "
    'An empty value takes one back, e.g. --module "". For a wrong project or type there is docgen refile.',
)
@argument("document", DOCUMENT)
@project_option
@option(
    "--category",
    type=click.Choice(CATEGORIES),
    word=Message("类别", "CATEGORY"),
    zh=f"正确的类别：{'、'.join(CATEGORIES)}。",
    en=f"The right category: {', '.join(CATEGORIES)}.",
)
@option(
    "--confidentiality",
    word=Message("密级", "MARK"),
    zh="密级：公开、内部、客户保密、机密。",
    en="The right mark of confidentiality.",
)
@group_options
@option(
    "--reason", default="", word=Message("原因", "TEXT"), zh="更正原因，记入日志。", en="Why; it is recorded."
)
@json_option
@click.pass_obj
def command(
    run: Run, /, document: str, project: str, reason: str, as_json: bool, **values: str | None
) -> None:
    """Correct a document."""
    from docgen.workflow.correcting import correct
    from docgen.workflow.finding import find_one, version_json

    changes = {key: value for key, value in values.items() if value is not None}
    done = correct(run.session, document, changes, reason, project=project)
    if as_json:
        now = version_json(find_one(run.session, done.version.stem, project=done.version.project))
        print_json(now | {"corrected": [str(one.identity.version) for one in done.filed]})
        return
    if done.filed:
        versions = "、".join(str(one.identity.version) for one in done.filed)
        stem, changed = done.version.stem, done.changes
        say(
            Message(
                f"已更正 {stem}（{versions}）：{changed.zh}", f"corrected {stem} ({versions}): {changed.en}"
            ),
            run.lang,
        )
    else:
        say(Message("没有需要更正的。", "Nothing is different from what is known."), run.lang)
    for warning in done.warnings:
        note(warning, run.lang)
