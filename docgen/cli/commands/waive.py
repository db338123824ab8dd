"""`docgen waive`: what a project need not have archived."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import PROJECT, Run, argument, declare, option
from docgen.cli.output import say


@declare(
    "waive",
    "说明一个项目的某类数据（如 技术文档）或某项移交资料（如 设备性能参数）不需要归档，须有原因和批准人。"
    "归档表、移交资料清单和 docgen status 会写明。",
    "Tell that a project need not have a class of data or a part of the hand-over pack, with reason and "
    "approver. The data archive table, the hand-over list and docgen status say so.",
)
@argument("project", PROJECT)
@argument("target", Message("类别或资料", "WHAT"))
@option("--reason", default="", word=Message("原因", "TEXT"), zh="原因。", en="Why.")
@option("--approver", default="", word=Message("姓名", "NAME"), zh="批准人。", en="Who approved it.")
@option("--revoke", "taken_back", is_flag=True, zh="取消免归档。", en="Take it back.")
@click.pass_obj
def command(run: Run, project: str, target: str, reason: str, approver: str, taken_back: bool) -> None:
    """Waive what need not be archived."""
    from docgen.workflow.handover.waivers import revoke, waive

    session = run.session
    if taken_back:
        revoke(session, project, target)
        say(Message(f"已取消：{project} {target}", f"taken back: {project} {target}"), run.lang)
        return
    waiver = waive(session, project, target, reason=reason, approver=approver)
    told = f"{project} {target}"
    say(Message(f"已记录：{told}，{waiver.text}", f"noted: {told}, {waiver.text}"), run.lang)
