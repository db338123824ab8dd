"""`docgen list`: what is filed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option, option, project_option
from docgen.cli.narrowing import all_versions_option, category_option, since_option, type_option, until_option
from docgen.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from docgen.archive.queries import FiledVersion


@declare(
    "list",
    "列出已归档的文件，默认每份文件的最新版本。",
    "List what is filed, by default the newest versions.",
)
@project_option
@type_option
@category_option
@since_option
@until_option
@all_versions_option
@option("--withdrawn", is_flag=True, zh="包括已撤回的。", en="Withdrawn ones too.")
@json_option
@click.pass_obj
def command(
    run: Run,
    project: str,
    type_name: str,
    category: str | None,
    since: date | None,
    until: date | None,
    all_versions: bool,
    withdrawn: bool,
    as_json: bool,
) -> None:
    """List filed documents."""
    from docgen.archive.queries import Filter
    from docgen.workflow.finding import listing, version_json

    session = run.session
    wanted = Filter(
        project=project,
        type_id=session.type_named(type_name).id if type_name else "",
        category=category or "",
        since=since,
        until=until,
        all_versions=all_versions,
        withdrawn=withdrawn,
    )
    found = listing(session, wanted)
    if as_json:
        print_json([version_json(one) for one in found])
        return
    if not found:
        note(Message("没有符合条件的文件。", "Nothing is filed that fits."), run.lang)
        return
    _print(found, run.lang)


def _print(found: Sequence[FiledVersion], lang: str) -> None:
    heads = [
        Message("项目", "project"),
        Message("类别", "category"),
        Message("文件", "document"),
        Message("编号", "number"),
        Message("状态", "status"),
        Message("格式", "formats"),
    ]
    rows = (
        [
            one.project,
            one.category,
            one.stem,
            one.doc_id,
            one.status,
            " ".join(file.ext for file in one.files),
        ]
        for one in found
    )
    print_table(heads, rows, lang)
