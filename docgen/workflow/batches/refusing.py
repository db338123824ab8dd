"""Why a row makes no document, told so that people find the place in their table."""

from __future__ import annotations

from dataclasses import replace

from docgen.base.errors import DocgenError
from docgen.base.findings import Problem
from docgen.forms.answers import sort_answers
from docgen.workflow.batches.tasks import Refused, SourceRow
from docgen.workflow.session import Session

#: Longest project or number that is repeated from a row with mistakes.
_LONGEST = 200


def refused(session: Session, row: SourceRow, error: DocgenError) -> Refused:
    """Return what ``error`` says of ``row``: which document, and lines as their own sheet counts them."""
    said = Refused.by(error)
    project, number = _named(session, row)
    problems = tuple(_in_its_sheet(problem, row) for problem in said.problems)
    return replace(said, problems=problems, project=project, number=number)


def _in_its_sheet(problem: Problem, row: SourceRow) -> Problem:
    numbers = row.lines.get(problem.field.partition(".")[0], ())
    if problem.row is None or not 1 <= problem.row <= len(numbers):
        return problem
    return replace(problem, row=numbers[problem.row - 1])


def _named(session: Session, row: SourceRow) -> tuple[str, str]:
    if row.record or not row.type_id:
        return row.record.partition("/")[0], ""
    try:
        form = session.form(row.type_id)
    except DocgenError:  # it was broken meanwhile, which is what the row is refused for
        return "", ""
    given, _ = sort_answers(form, row.answers)
    number = given.get("doc_id") or (given.get(form.number) if form.number else "")
    return _short(given.get("project_name")), _short(number)


def _short(said: object) -> str:
    return str(said or "").strip()[:_LONGEST]
