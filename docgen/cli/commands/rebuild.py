"""`docgen rebuild`: catalogue and index anew."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option
from docgen.cli.output import note, print_json, say
from docgen.cli.progress import counting


@declare(
    "rebuild",
    "由归档文件和日志重建目录与索引。期间旧的目录和索引照常可用。",
    "Rebuild catalogue and index from the filed documents and journals; the old ones serve meanwhile.",
)
@json_option
@click.pass_obj
def command(run: Run, as_json: bool) -> None:
    """Rebuild what is derived."""
    from docgen.workflow.upkeep import rebuild

    with counting(run.lang) as watch:
        done = rebuild(run.session, watch)
    if as_json:
        print_json(
            {
                "projects": done.projects,
                "versions": done.versions,
                "problems": [one.text(run.lang) for one in done.problems],
            }
        )
        return
    say(
        Message(
            f"已重建：{done.projects} 个项目，{done.versions} 个版本。",
            f"rebuilt: {done.projects} projects, {done.versions} versions.",
        ),
        run.lang,
    )
    for problem in done.problems:
        note(problem, run.lang)
