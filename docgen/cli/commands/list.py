"""`docgen list`: what is filed."""

from __future__ import annotations

from datetime import datetime

import click

from docgen.base.messages import Message
from docgen.cli.commands.search import day
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.output import print_json, print_table


@declare(
    "list",
    "列出已归档的文件，默认每份文件的最新版本。",
    "List what is filed, by default the newest versions.",
)
@option("--project", default="", zh="只列出这个项目。", en="Only this project.")
@option("--type", "type_name", default="", zh="只列出这一类型。", en="Only this type.")
@option("--category", default="", zh="只列出这一类别。", en="Only this category.")
@option("--since", type=day, zh="日期不早于（2026-01-31）。", en="Date not before (2026-01-31).")
@option("--until", type=day, zh="日期不晚于。", en="Date not after.")
@option("--all-versions", is_flag=True, zh="包括旧版本。", en="Older versions too.")
@option("--withdrawn", is_flag=True, zh="包括已撤回的。", en="Withdrawn ones too.")
@json_option
@click.pass_obj
def command(
    run: Run,
    project: str,
    type_name: str,
    category: str,
    since: datetime | None,
    until: datetime | None,
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
        category=category,
        since=since.date() if since else None,
        until=until.date() if until else None,
        all_versions=all_versions,
        withdrawn=withdrawn,
    )
    found = listing(session, wanted)
    if as_json:
        print_json([version_json(one) for one in found])
        return
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
    print_table(heads, rows, run.lang)
