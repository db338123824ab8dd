"""`docgen show`: one document."""

from __future__ import annotations

from datetime import datetime, tzinfo

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, project_option
from docgen.cli.output import print_json


@declare(
    "show",
    "查看一份文件的归档信息。文件标识可以是编号、归档文件名，或其中唯一的一段。",
    "Show one document: its number, its name in the archive, or a part of it that fits only one.",
)
@argument("document", DOCUMENT)
@project_option
@json_option
@click.pass_obj
def command(run: Run, document: str, project: str, as_json: bool) -> None:
    """Show a document."""
    from docgen.workflow.finding import find_one, version_json, versions_of

    session = run.session
    one = find_one(session, document, project=project)
    data = version_json(one)
    data["versions"] = [str(other.version) for other in versions_of(session, one)]
    if as_json:
        print_json(data)
        return
    data["filed_at"] = _local(str(data["filed_at"]), session.settings.zone)
    for key, value in data.items():
        label = _LABELS.get(key, Message(key, key)).text(run.lang)
        if value not in ("", None, [], {}, False):
            colon = "：" if run.lang != "en" else ": "
            click.echo(f"{label}{colon}{_text(value, run.lang)}")


def _local(moment: str, zone: tzinfo) -> str:
    """Return a time of the journal (UTC) as people of the workspace read it."""
    return f"{datetime.fromisoformat(moment).astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""


def _text(value: object, lang: str) -> str:
    if isinstance(value, list):
        return "".join(f"\n  {_text(item, lang)}" for item in value)
    if isinstance(value, dict):
        return "  ".join(str(part) for part in value.values() if part not in ("", None))
    return Message("是", "yes").text(lang) if value is True else str(value)


_LABELS = {
    "project": Message("项目", "project"),
    "type": Message("类型标识", "type id"),
    "type_name": Message("类型", "type"),
    "serial": Message("序号", "serial"),
    "doc_id": Message("编号", "number"),
    "date": Message("日期", "date"),
    "version": Message("版本", "version"),
    "category": Message("类别", "category"),
    "status": Message("状态", "status"),
    "confidentiality": Message("密级", "confidentiality"),
    "retention": Message("单独的保管期限", "retention of its own"),
    "groups": Message("归类", "groups"),
    "edited": Message("经手工修改", "edited by hand"),
    "withdrawn": Message("已撤回", "withdrawn"),
    "removed": Message("已到期移除", "removed after its retention"),
    "change_note": Message("修订说明", "change note"),
    "filed_at": Message("归档时间", "filed at"),
    "filed_by": Message("归档人", "filed by"),
    "path": Message("位置", "path"),
    "files": Message("文件", "files"),
    "refs": Message("引用", "references"),
    "versions": Message("全部版本", "versions"),
}
