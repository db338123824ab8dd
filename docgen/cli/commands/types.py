"""`docgen types`: what can be generated, what can be filed."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.narrowing import phase_option
from docgen.cli.output import print_json, print_table


@declare(
    "types",
    "列出可以生成的文件类型；加 --all 还列出只能归档、检索的类型。",
    "List the document types that can be generated; with --all also those that can only be filed and found.",
)
@phase_option
@option(
    "--all", "everything", is_flag=True, zh="也列出没有模板的类型。", en="Also the types without a template."
)
@json_option
@click.pass_obj
def command(run: Run, phase: str | None, everything: bool, as_json: bool) -> None:
    """List document types."""
    session = run.session
    rows = [
        one
        for one in session.types
        if (everything or one.id in session.form_folders) and phase in (None, one.phase)
    ]
    if as_json:
        print_json(
            [{"id": one.id, "name": one.name, "phase": one.phase, "category": one.category} for one in rows]
        )
        return
    heads = [
        Message("类型", "type"),
        Message("名称", "name"),
        Message("阶段", "phase"),
        Message("类别", "category"),
    ]
    print_table(heads, ([one.id, one.name, one.phase, one.category] for one in rows), run.lang)
