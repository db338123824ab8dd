"""Hits of a search, for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message
from docgen.cli.output import say

if TYPE_CHECKING:
    from docgen.search.engine import Hit, Results
    from docgen.search.suggest import Suggestion
    from docgen.workflow.finding import Found

_FACETS = {
    "project": Message("项目", "project"),
    "type": Message("类型", "type"),
    "category": Message("类别", "category"),
    "year": Message("年份", "year"),
    "status": Message("状态", "status"),
}
#: Values of a facet that are named.
_NAMED = 5


def print_results(results: Results, lang: str, *, offset: int = 0) -> None:
    """Print hits as people read them, numbered on behind the ``offset`` that were skipped."""
    for place, hit in enumerate(results.hits, start=offset + 1):
        one = hit.document
        withdrawn = Message(" · 已撤回", " · withdrawn").text(lang) if one.withdrawn else ""
        click.secho(f"{place}. {one.title}", bold=True)
        click.echo(
            f"   {one.project} · {one.type_name} · {one.date} · {one.version} · {one.doc_id}{withdrawn}"
        )
        click.echo(f"   {_marked(hit.snippet.text, hit.snippet.marks)}")
        click.echo(f"   {one.path}")
    say(_counted(results.total, offset, len(results.hits)), lang)
    several = [_facet(name, counts, lang) for name, counts in results.facets.items() if len(counts) > 1]
    if several:
        click.echo("  ".join(several))


def _counted(total: int, offset: int, shown: int) -> Message:
    if not total:
        return Message("没有找到。", "Nothing found.")
    more = offset + shown
    zh, en = f"（其后的加 --offset {more}）", f" (--offset {more} goes on)"
    if not shown or more >= total:
        zh = en = ""
    if not offset or not shown:
        return Message(f"共 {total} 条，显示 {shown} 条。{zh}", f"{total} hits, {shown} shown.{en}")
    places = f"{offset + 1}–{more}"
    return Message(f"共 {total} 条，显示第 {places} 条。{zh}", f"{total} hits, {places} shown.{en}")


def _facet(name: str, counts: Mapping[str, int], lang: str) -> str:
    """Return the most frequent values and how many hits have each: 年份：2026 (8)、2025 (3)…."""
    named = [f"{value} ({count})" for value, count in list(counts.items())[:_NAMED]]
    more = "…" if len(counts) > _NAMED else ""
    colon, comma = ("：", "、") if lang != "en" else (": ", ", ")
    return f"{_FACETS[name].text(lang)}{colon}{comma.join(named)}{more}"


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """Return the snippet on one line with matches between 【】 (bold where the terminal can)."""
    parts, place = [], 0
    for start, end in marks:
        parts += [text[place:start], click.style(f"【{text[start:end]}】", bold=True)]
        place = end
    return "".join([*parts, text[place:]]).replace("\n", " ")


def found_json(found: Found, lang: str) -> dict[str, object]:
    """Return hits, facets and suggestions as JSON data."""
    results = found.results
    return {
        "total": results.total,
        "hits": [_hit(hit) for hit in results.hits],
        "facets": {name: dict(counts) for name, counts in results.facets.items()},
        "suggestions": [_suggestion(one, lang) for one in found.suggestions],
    }


def _hit(hit: Hit) -> dict[str, object]:
    one = hit.document
    return {
        "doc_id": one.doc_id,
        "project": one.project,
        "type": one.type_id,
        "type_name": one.type_name,
        "category": one.category,
        "serial": one.serial,
        "date": one.date.isoformat(),
        "version": one.version,
        "status": one.status,
        "confidentiality": one.confidentiality,
        "withdrawn": one.withdrawn,
        "title": one.title,
        "score": round(hit.score, 4),
        "snippet": hit.snippet.text,
        "marks": [list(span) for span in hit.snippet.marks],
        "path": one.path,
        "files": list(one.files),
    }


def _suggestion(one: Suggestion, lang: str) -> dict[str, object]:
    """Return a suggestion: the query and the conditions to be set, as their options are called."""
    given = {field.name: getattr(one.filters, field.name) for field in fields(one.filters)}
    said = {name: value if isinstance(value, bool) else str(value) for name, value in given.items() if value}
    return {
        "message": one.message.text(lang),
        "total": one.total,
        "query": one.query,
        "conditions": said | ({"synonyms": True} if one.synonyms else {}),
    }
