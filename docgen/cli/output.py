"""How results are printed: JSON, tables, sentences."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence

import click

from docgen.base.findings import Finding, Problem
from docgen.base.messages import Message


def print_json(value: object) -> None:
    """Print ``value`` as JSON that people can read, Chinese kept."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def readable(text: str) -> str:
    """Return ``text`` with what was not UTF-8 on the command line replaced, so that it can be printed."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def say(message: Message, lang: str) -> None:
    """Print one sentence of a result."""
    click.echo(message.text(lang))


def note(message: Message, lang: str) -> None:
    """Print one sentence beside the result: a warning, a hint."""
    click.echo(message.text(lang), err=True)


def print_table(heads: Sequence[Message], rows: Iterable[Sequence[str]], lang: str) -> None:
    """Print a table: aligned on a terminal, one tab-separated line a row elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*(head.text(lang) for head in heads), box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def print_problems(problems: Iterable[Problem], lang: str) -> None:
    """Print the problems that do not stop the work, one a line."""
    for problem in problems:
        colon = "：" if lang != "en" else ": "
        click.echo(f"{problem.severity.label.text(lang)}{colon}{problem.sentence(lang)}", err=True)


def print_finding(finding: Finding, lang: str) -> None:
    """Print one finding: how grave, code, place, what, what to do."""
    place = "/".join(part for part in (finding.project, finding.path) if part)
    head = f"{finding.severity.label.text(lang)} {finding.code} {place}".rstrip()
    colon, arrow = ("：", "处理：") if lang != "en" else (": ", "do: ")
    click.echo(f"{head}{colon}{finding.message.text(lang)}")
    if finding.hint.zh:
        click.echo(f"    {arrow}{finding.hint.text(lang)}")


def problem_json(problem: Problem, lang: str) -> dict[str, object]:
    """Return a problem as JSON data."""
    return {
        "field": problem.field,
        "label": problem.label,
        "row": problem.row,
        "value": problem.value,
        "severity": str(problem.severity),
        "message": problem.sentence(lang),
    }


def finding_json(finding: Finding, lang: str) -> dict[str, object]:
    """Return a finding as JSON data."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "project": finding.project,
        "path": finding.path,
        "message": finding.message.text(lang),
        "hint": finding.hint.text(lang),
    }
