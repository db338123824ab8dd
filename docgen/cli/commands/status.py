"""`docgen status`: how far a project is archived."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import PROJECT, Run, argument, declare, json_option
from docgen.cli.output import print_json, print_table, say


@declare(
    "status",
    "查看一个项目的归档状态：六类数据各缺什么（服务数据归档表）、完整率、准确率，能否归档关闭。"
    "不需要归档的，用 docgen waive 说明原因和批准人。",
    "How far a project is archived: what each class of data lacks, the shares, and whether it may be closed. "
    "What need not be archived is told with docgen waive.",
)
@argument("project", PROJECT)
@json_option
@click.pass_obj
def command(run: Run, project: str, as_json: bool) -> None:
    """Show how far a project is archived."""
    from docgen.workflow.registering import standing

    found = standing(run.session, project)
    required = sum(one.required for one in found.states)
    present = sum(one.present for one in found.states)
    if as_json:
        print_json(
            {
                "project": found.project,
                "classes": [
                    {
                        "name": one.data_class.name,
                        "content": one.data_class.content,
                        "state": one.state,
                        "required": one.required,
                        "present": one.present,
                        "missing": list(one.missing),
                        "remark": one.remark,
                        "waived": one.waiver is not None,
                    }
                    for one in found.states
                ],
                "required": required,
                "present": present,
                "files": found.files,
                "sound": found.sound,
                "may_close": found.may_close,
            }
        )
        return
    heads = [Message("数据类别", "class"), Message("归档状态", "state"), Message("备注", "remark")]
    print_table(heads, [[one.data_class.name, one.state, one.remark] for one in found.states], run.lang)
    say(
        Message(
            f"完整率 {present}/{required}（应归档 {required} 种文件，已归档 {present} 种）；"
            f"准确率 {found.sound}/{found.files}（归档的 {found.files} 个文件中 {found.sound} 个完好）",
            f"complete: {present} of {required} types that are due are filed; "
            f"sound: {found.sound} of {found.files} filed files are as they were filed",
        ),
        run.lang,
    )
    if found.may_close:
        say(Message("可以归档关闭。", "It may be closed."), run.lang)
    else:
        say(Message("还不能归档关闭。", "It may not be closed yet."), run.lang)
