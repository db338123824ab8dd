"""`docgen history`: everything that happened to a document."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, Run, argument, declare, json_option, project_option
from docgen.cli.output import print_json, print_table


@declare(
    "history",
    "查看一份文件各版本的全部经过：何时、何人、何事、哪些文件、状态和修订说明，取自日志。"
    "--json 另含各项摘要。",
    "Show everything that happened to a document: when, who, what, which files, status and change note, from "
    "the journal. --json also gives the digests.",
)
@argument("document", DOCUMENT)
@project_option
@json_option
@click.pass_obj
def command(run: Run, document: str, project: str, as_json: bool) -> None:
    """Show a document's history."""
    from docgen.archive.legal import printable
    from docgen.workflow.history import EVENTS, history

    one, happened = history(run.session, document, project=project)
    if as_json:
        events = [happening.json(run.lang) for happening in happened]
        print_json(
            {"project": one.project, "doc_id": one.doc_id, "type_name": one.type_name, "events": events}
        )
        return
    heads = [
        Message("时间", "time"),
        Message("版本", "version"),
        Message("事项", "event"),
        Message("操作人", "by"),
        Message("文件", "files"),
        Message("状态", "status"),
        Message("说明", "note"),
    ]
    rows = (
        [
            f"{it.time:%Y-%m-%d %H:%M:%S}",
            str(it.item.identity.version),
            EVENTS[it.event].text(run.lang),
            printable(it.actor),
            " ".join(file.ext for file in it.item.files),
            it.item.facts.status,
            "；".join(
                printable(text)
                for text in (it.item.facts.change_note, *(note.text(run.lang) for note in it.item.notes))
                if text
            ),
        ]
        for it in happened
    )
    print_table(heads, rows, run.lang)
