"""`docgen search`: find filed documents by what is in them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message
from docgen.cli.elements import NUMBER, Run, argument, declare, json_option, option, project_option
from docgen.cli.narrowing import (
    all_versions_option,
    category_option,
    confidentiality_option,
    contract_option,
    counterparty_option,
    data_class_option,
    phase_option,
    problem_type_option,
    since_option,
    type_option,
    until_option,
    version_option,
)
from docgen.cli.output import note, print_json, readable, say

if TYPE_CHECKING:
    from docgen.search.engine import Results


@declare(
    "search",
    '全文检索。多个词须同时出现；可用 OR、NOT（或 -）、括号、"引号"、字段:值、'
    "日期:2023-01..2023-06、前缀 合同*。",
    'Full-text search. All words must occur; OR, NOT (or -), brackets, "quotes", field:value, date ranges '
    "and prefix* work.",
    context_settings={"ignore_unknown_options": True},  # `-作废` is a word of the query
)
@argument("query", Message("检索词", "QUERY"), nargs=-1, required=True)
@project_option
@type_option
@category_option
@option("--status", default="", word=Message("状态", "STATUS"), zh="限于这一状态。", en="Only this status.")
@version_option
@contract_option
@counterparty_option
@phase_option
@problem_type_option
@data_class_option
@confidentiality_option
@since_option
@until_option
@all_versions_option
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
    project: str,
    type_name: str,
    category: str | None,
    status: str,
    version: str,
    contract: str,
    counterparty: str,
    phase: str | None,
    problem_type: str,
    data_class: str,
    confidentiality: str,
    since: date | None,
    until: date | None,
    all_versions: bool,
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

    filters = Filters(
        project=project,
        type=type_name,
        category=category or "",
        status=status,
        version=version,
        contract=contract,
        counterparty=counterparty,
        phase=phase or "",
        problem_type=problem_type,
        data_class=data_class,
        confidentiality=confidentiality,
        since=since,
        until=until,
        all_versions=all_versions,
    )
    found = search(
        run.session,
        readable(" ".join(query)),
        filters,
        synonyms=synonyms,
        sort=Sort(sort),
        offset=offset,
        limit=limit or None,
    )
    if as_json:
        print_json(_json(found.results))
    else:
        print_results(found.results, run.lang)
        for suggestion in found.suggestions:
            note(suggestion.message, run.lang)
    return 1 if fail_empty and not found.results.total else 0


def _check_options(query: tuple[str, ...]) -> None:
    """Refuse a misspelt option, which would else be looked for in the documents."""
    unknown = next((word for word in query if word.startswith("--")), None)
    if unknown:
        raise click.NoSuchOption(unknown, ctx=click.get_current_context())


def print_results(results: Results, lang: str) -> None:
    """Print hits as people read them."""
    for place, hit in enumerate(results.hits, start=1):
        one = hit.document
        click.secho(f"{place}. {one.title}", bold=True)
        click.echo(f"   {one.project} · {one.type_name} · {one.date} · {one.version} · {one.doc_id}")
        click.echo(f"   {_marked(hit.snippet.text, hit.snippet.marks)}")
        click.echo(f"   {one.path}")
    shown = len(results.hits)
    if results.total:
        more = Message(f"共 {results.total} 条，显示 {shown} 条。", f"{results.total} hits, {shown} shown.")
        say(more, lang)
    else:
        say(Message("没有找到。", "Nothing found."), lang)


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """Return the snippet on one line with matches between 【】 (bold where the terminal can)."""
    parts, place = [], 0
    for start, end in marks:
        parts += [text[place:start], click.style(f"【{text[start:end]}】", bold=True)]
        place = end
    return "".join([*parts, text[place:]]).replace("\n", " ")


def _json(results: Results) -> dict[str, object]:
    hits = [
        {
            "doc_id": hit.document.doc_id,
            "project": hit.document.project,
            "type": hit.document.type_id,
            "type_name": hit.document.type_name,
            "serial": hit.document.serial,
            "date": hit.document.date.isoformat(),
            "version": hit.document.version,
            "title": hit.document.title,
            "score": round(hit.score, 4),
            "snippet": hit.snippet.text,
            "path": hit.document.path,
            "files": list(hit.document.files),
        }
        for hit in results.hits
    ]
    return {"total": results.total, "hits": hits, "facets": {k: dict(v) for k, v in results.facets.items()}}
