"""`docgen backup`: the workspace saved in another place, and the log of that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.cli.elements import PathType, Run, argument, declare, json_option, option
from docgen.cli.output import note, print_json, print_table, say
from docgen.cli.progress import file_progress

_ACTIONS = {
    "backup": Message("备份", "backup"),
    "test": Message("恢复测试", "restore test"),
    "restore": Message("恢复", "restore"),
}


@declare(
    "backup",
    "把档案、状态、项目卡片、自有模板和设置备份到另一个文件夹：每次一份带日期的快照，已有的内容不重复复制。"
    "收件箱和草稿中未归档的文件不在备份之内。--log 查看备份记录。",
    "Back archive, state, project cards, own templates and settings up to another folder: a dated snapshot "
    "each time, contents that are there are not copied again. Files in inbox and drafts are not part of it. "
    "--log shows the log.",
)
@argument("target", Message("备份文件夹", "DEST"), required=False, type=PathType(path_type=Path))
@option(
    "--test",
    is_flag=True,
    zh="随即做恢复测试：恢复到临时文件夹，核验后删除。",
    en="Then test it: restore into a temporary folder, verify, remove.",
)
@option("--log", "show_log", is_flag=True, zh="只显示备份记录。", en="Only show the log.")
@json_option
@click.pass_obj
def command(run: Run, target: Path | None, test: bool, show_log: bool, as_json: bool) -> int:
    """Back up, or show the log."""
    if show_log:
        _show_log(run, as_json)
        return 0
    if target is None:
        raise UsageFault(
            Message("没有指定备份文件夹", "no backup folder was named"),
            hint=Message("如 docgen backup D:/备份；或 --log 查看记录", "e.g. docgen backup /mnt/backup"),
        )
    from docgen.workflow.backup import backup

    with file_progress(run.lang) as watch:
        saved = backup(run.session, target, test=test, watch=watch)
    done, problems = saved.backed, [one.text(run.lang) for one in saved.backed.problems]
    if as_json:
        heads = {name: {"seq": head.seq, "digest": head.digest} for name, head in saved.heads.items()}
        counts = {"files": done.files, "bytes": done.size, "copied": done.copied}
        print_json(
            {"path": str(done.path), **counts, "tested": saved.tested, "problems": problems, "heads": heads}
        )
        return 1 if problems else 0
    say(
        Message(
            f"已备份：{done.path}（{done.files} 个文件，新增内容 {done.copied} 个）",
            f"backed up: {done.path} ({done.files} files, {done.copied} new contents)",
        ),
        run.lang,
    )
    if saved.tested:
        say(Message("恢复测试通过。", "The restore test passed."), run.lang)
    for name, head in saved.heads.items():
        text = f"{name} 第 {head.seq} 条 {head.digest}"
        say(Message(f"日志末端：{text}", f"journal head: {name}, entry {head.seq}, {head.digest}"), run.lang)
    for problem in done.problems:
        note(Message(f"注意：{problem.zh}", f"note: {problem.en}"), run.lang)
    return 1 if problems else 0


def _show_log(run: Run, as_json: bool) -> None:
    from docgen.workflow.backup_log import log_path, read_log

    entries, unreadable = read_log(run.workspace)
    if unreadable:
        path = log_path(run.workspace)
        note(
            Message(f"{path} 有 {unreadable} 行无法读取", f"{path}: {unreadable} unreadable lines"), run.lang
        )
    if as_json:
        print_json(entries)
        return
    if not entries:
        note(Message("还没有备份记录。", "Nothing was backed up yet."), run.lang)
        return
    heads = [
        Message("时间", "time"),
        Message("事项", "action"),
        Message("范围", "scope"),
        Message("位置", "place"),
        Message("快照", "snapshot"),
        Message("文件", "files"),
        Message("结果", "result"),
        Message("执行人", "by"),
    ]
    zone = run.workspace.settings.zone
    print_table(heads, [_row(entry, zone, run.lang) for entry in entries], run.lang)


def _row(entry: dict[str, Any], zone: Any, lang: str) -> list[str]:
    from docgen.workflow.backup_log import moment_of

    action = str(entry["action"])
    return [
        f"{moment_of(entry).astimezone(zone):%Y-%m-%d %H:%M}",
        _ACTIONS.get(action, Message(action, action)).text(lang),
        "、".join(map(str, entry.get("scope", ()))),
        str(entry.get("place", "")),
        str(entry["snapshot"]),
        str(entry.get("files", "")),
        _result(entry).text(lang),
        str(entry.get("actor", "")),
    ]


def _result(entry: dict[str, Any]) -> Message:
    if entry.get("passed") is False:
        return Message("未通过", "failed")
    if entry.get("problems"):
        return Message(f"有 {entry['problems']} 处问题", f"{entry['problems']} problems")
    return Message("已核对", "verified")
