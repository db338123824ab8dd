"""`docgen project`: cards with the facts that a project's papers share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message
from docgen.cli.elements import PROJECT, Group, Run, argument, declare, json_option
from docgen.cli.output import print_json, print_table, say
from docgen.cli.pairs import pairs_option, read_pairs

if TYPE_CHECKING:
    from docgen.workflow.cards import Card


@click.group(
    "project",
    cls=Group,
    message=Message(
        "项目卡片：一个项目各文件共用的内容（客户、合同编号、甲乙方称谓等），只填一次。",
        "Project cards: facts that all papers of a project share, typed once.",
    ),
)
def command() -> None:
    """Hold the sub-commands."""


@declare("add", "新增项目卡片。", "Add a project card.")
@argument("name", PROJECT)
@pairs_option
@click.pass_obj
def add(run: Run, name: str, pairs: tuple[str, ...]) -> None:
    """Add a card."""
    from docgen.workflow.projects import add_card

    card = add_card(run.session, name, read_pairs(pairs))
    say(Message(f"已新增项目卡片：{card.path}", f"project card added: {card.path}"), run.lang)


@declare("set", "修改项目卡片；值为空则删除该项。", "Change a project card; an empty value removes the key.")
@argument("name", PROJECT)
@pairs_option
@click.pass_obj
def change(run: Run, name: str, pairs: tuple[str, ...]) -> None:
    """Change a card."""
    from docgen.workflow.projects import change_card

    card = change_card(run.session, name, read_pairs(pairs))
    say(Message(f"已修改项目卡片：{card.path}", f"project card changed: {card.path}"), run.lang)


@declare("show", "查看一个项目的卡片。", "Show one project's card.")
@argument("name", PROJECT)
@json_option
@click.pass_obj
def show(run: Run, name: str, as_json: bool) -> None:
    """Show a card."""
    from docgen.workflow.projects import get_card

    card = get_card(run.session, name)
    if as_json:
        print_json(_json(card))
        return
    rows = [[key, str(value)] for key, value in card.values.items()]
    print_table([Message("项", "field"), Message("值", "value")], rows, run.lang)


@declare("list", "列出项目卡片。", "List the project cards.")
@json_option
@click.pass_obj
def list_(run: Run, as_json: bool) -> None:
    """List cards."""

    found = run.session.cards
    if as_json:
        print_json([_json(card) for card in found])
        return
    rows = [[card.project, str(card.values.get("customer_name", ""))] for card in found]
    print_table([Message("项目", "project"), Message("客户", "customer")], rows, run.lang)


def _json(card: Card) -> dict[str, object]:
    return {"project": card.project, "path": str(card.path), "values": dict(card.values)}


for _each in (add, change, show, list_):
    command.add_command(_each)
