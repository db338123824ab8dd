"""`docgen delete`: remove a document whose retention is over."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, option, project_option
from docgen.cli.output import note, print_json, say

if TYPE_CHECKING:
    from docgen.workflow.removal import Doomed


@declare(
    "delete",
    "移除保管期限已满的文件：删去它各版本的文件，日志中留下它是什么、各文件的摘要、保管期限和移除原因。"
    "期限未满的不能移除。哪些已到期，见 docgen list --expired。备份和已移交的副本不受影响。",
    "Remove a document whose retention is over: the files of all its versions go; the journal keeps what it "
    "was, the digests, the period and the reason. Before that date it is refused. docgen list --expired "
    "shows what may be removed. Backups and copies that were handed over are not touched.",
)
@argument("document", DOCUMENT)
@project_option
@option(
    "--reason", default="", word=Message("原因", "TEXT"), zh="移除原因，记入日志。", en="Why; it is recorded."
)
@option("--yes", is_flag=True, zh="不再询问（脚本用）。", en="Do not ask (for scripts).")
@json_option
@click.pass_obj
def command(run: Run, document: str, project: str, reason: str, yes: bool, as_json: bool) -> int:
    """Remove a document."""
    from docgen.workflow.reasons import said_reason
    from docgen.workflow.removal import delete, doomed
    from docgen.workflow.retention import kept_json

    said_reason(reason)
    if not (yes or _confirmed(doomed(run.session, document, project=project), run.lang)):
        note(Message("没有移除。", "Nothing was removed."), run.lang)
        return 0
    done = delete(run.session, document, reason, project=project)
    paths = [path for one in done.filed for path in one.paths]
    if as_json:
        first = done.filed[0]
        warnings = [one.text(run.lang) for one in done.warnings]
        print_json(
            {
                "project": first.identity.project,
                "doc_id": first.doc_id,
                "paths": paths,
                "kept": kept_json(done.kept, run.lang),
                "notes": warnings,
            }
        )
        return 0
    for path in paths:
        say(Message(f"已移除：{path}", f"removed: {path}"), run.lang)
    for warning in done.warnings:
        note(warning, run.lang)
    return 0


def _confirmed(what: Doomed, lang: str) -> bool:
    """Show what would go and ask; only a person at a terminal can say yes."""
    if not sys.stdin.isatty():
        raise UsageFault(
            Message("移除须经确认", "a removal must be confirmed"),
            hint=Message("在脚本中请加 --yes", "add --yes in scripts"),
        )
    for version in what.versions:
        for file in version.files:
            note(Message(f"  {file.path}", f"  {file.path}"), lang)
    source = what.kept.source
    question = Message(
        f"以上文件的保管期限至 {what.kept.until}（{source.zh}），移除后不能恢复。移除吗？",
        f"These were to be kept until {what.kept.until} ({source.en}). They cannot be brought back. "
        "Remove them?",
    )
    return click.confirm(question.text(lang), default=False, err=True)
