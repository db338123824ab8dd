"""`docgen rebuild`: catalogue and index anew."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.base.settings import ENGINES
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.output import note, print_json, say
from docgen.cli.progress import counting


@declare(
    "rebuild",
    "由归档文件和日志重建目录与索引。期间旧的目录和索引照常可用。",
    "Rebuild catalogue and index from the filed documents and journals; the old ones serve meanwhile.",
)
@option(
    "--engine",
    type=click.Choice(ENGINES),
    word=Message("名称", "NAME"),
    zh="改用这一检索引擎（写入 docgen.toml）：whoosh、tantivy、postgres，选择见 docs/search.md。",
    en="Use this search engine from now on (written into docgen.toml).",
)
@json_option
@click.pass_obj
def command(run: Run, engine: str | None, as_json: bool) -> None:
    """Rebuild what is derived."""
    from docgen.workflow.upkeep import rebuild

    with counting(run.lang) as watch:
        done = rebuild(run.session, watch, engine=engine or "")
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
