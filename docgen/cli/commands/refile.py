"""`docgen refile`: correct a misfiling."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import DOCUMENT, PROJECT, TYPE, Run, argument, declare, json_option, option
from docgen.cli.output import note, print_json, say


@declare(
    "refile",
    "更正归错的文件：复制到正确的项目或类型之下，原处标记为已撤回（保留，不再检索到）。",
    "Correct a misfiling: the document is copied to its right project or type; the old place is kept, "
    "marked withdrawn.",
)
@argument("document", DOCUMENT)
@option("--project", default="", word=PROJECT, zh="正确的项目。", en="The right project.")
@option("--type", "type_name", default="", word=TYPE, zh="正确的文件类型。", en="The right document type.")
@option(
    "--signed",
    default="",
    word=DOCUMENT,
    zh="它其实是这份文件的签署盖章扫描件。",
    en="It is the signed scan of this document.",
)
@json_option
@click.pass_obj
def command(run: Run, document: str, project: str, type_name: str, signed: str, as_json: bool) -> None:
    """Refile a document."""
    from docgen.workflow.refiling import refile

    moved = refile(run.session, document, project=project, type_name=type_name, signed=signed)
    if as_json:
        print_json([one.json(run.lang) for one in moved])
        return
    for one in moved:
        say(one.sentence, run.lang)
        for remark in one.notes:
            note(Message(f"  注意：{remark.zh}", f"  note: {remark.en}"), run.lang)
