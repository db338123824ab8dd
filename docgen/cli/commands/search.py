"""`docgen search`: find filed documents by what is in them."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import NUMBER, Run, argument, declare, json_option, option
from docgen.cli.hits import found_json, print_results
from docgen.cli.narrowing import Narrowing, narrowed
from docgen.cli.output import note, print_json, readable


@declare(
    "search",
    '全文检索。多个词须同时出现；可用 OR、NOT（或 -）、括号、"引号"、字段:值、'
    "日期:2023-01..2023-06、前缀 合同*。",
    'Full-text search. All words must occur; OR, NOT (or -), brackets, "quotes", field:value, date ranges '
    "and prefix* work.",
    context_settings={"ignore_unknown_options": True},  # `-作废` is a word of the query
)
@argument("query", Message("检索词", "QUERY"), nargs=-1, required=True)
@narrowed()
@option(
    "--synonyms",
    is_flag=True,
    zh="同时查同义词（synonyms.yaml）。",
    en="Search synonyms too (synonyms.yaml).",
)
@option(
    "--sort",
    type=click.Choice(["score", "date", "name"]),
    default="score",
    zh="排序：相关度、日期、名称。",
    en="Order of the hits.",
)
@option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    word=NUMBER,
    zh="最多显示几条（默认 10；0：全部）。",
    en="Hits shown (default 10; 0: all).",
)
@option("--offset", type=click.IntRange(0), default=0, word=NUMBER, zh="跳过前几条。", en="Hits skipped.")
@option("--fail-empty", is_flag=True, zh="没有结果时退出码为 1。", en="Exit with 1 when nothing is found.")
@json_option
@click.pass_obj
def command(
    run: Run,
    query: tuple[str, ...],
    narrowing: Narrowing,
    synonyms: bool,
    sort: str,
    limit: int,
    offset: int,
    fail_empty: bool,
    as_json: bool,
) -> int:
    """Search."""
    _check_options(query)
    from docgen.search.engine import Filters, Sort
    from docgen.workflow.finding import search

    found = search(
        run.session,
        readable(" ".join(query)),
        Filters(**narrowing),
        synonyms=synonyms,
        sort=Sort(sort),
        offset=offset,
        limit=limit or None,
    )
    if as_json:
        print_json(found_json(found, run.lang))
    else:
        print_results(found.results, run.lang, offset=offset)
        for suggestion in found.suggestions:
            note(suggestion.message, run.lang)
    return 1 if fail_empty and not found.results.total else 0


def _check_options(query: tuple[str, ...]) -> None:
    """Refuse a misspelt option, which would else be looked for in the documents."""
    unknown = next((word for word in query if word.startswith("--")), None)
    if unknown:
        raise click.NoSuchOption(unknown, ctx=click.get_current_context())
