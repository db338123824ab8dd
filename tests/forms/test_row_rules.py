"""Rules that are asked of every row, and columns in which nothing may stand twice."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from docgen.base.errors import TemplateFault
from docgen.base.findings import Problem, Severity
from docgen.forms.definition import Form
from docgen.forms.records import Outcome

Make = Callable[[str], Form]
Build = Callable[..., Outcome]

FORM = """\
    fields:
      - {id: limit, label: 上限, kind: int, default: 10}
      - id: lines
        label: 明细
        kind: table
        columns:
          - {id: name, label: 名称, kind: text, unique: true}
          - {id: amount, label: 数量, kind: int}
    checks:
      - {rule: amount <= limit and row < 4, message: 数量超过上限, fields: [lines.amount, limit]}
      - {rule: amount > 0, message: 数量为零, severity: warning, fields: [lines.amount]}
    """


def said(build: Build, rows: Sequence[Mapping[str, str]]) -> list[Problem]:
    outcome = build(FORM, lines=rows)
    return [*outcome.problems, *outcome.warnings]


def test_a_rule_of_a_column_names_every_row_that_breaks_it(build: Build) -> None:
    problems = said(build, [{"amount": "10"}, {"amount": "11"}, {"amount": "12"}, {"amount": "1"}])
    assert [(one.field, one.label, one.row) for one in problems] == [
        ("lines.amount", "明细·数量", 2),
        ("lines.amount", "明细·数量", 3),
        ("lines.amount", "明细·数量", 4),
    ]
    assert problems[0].sentence() == "明细·数量第 2 行：数量超过上限"


def test_a_rule_of_a_column_may_be_a_warning_and_says_nothing_of_empty_cells(build: Build) -> None:
    problems = said(build, [{"name": "甲"}, {"amount": "0"}])
    assert [(one.row, one.severity) for one in problems] == [(2, Severity.WARNING)]


def test_nothing_stands_twice_in_a_unique_column_in_whatever_spelling(build: Build) -> None:
    rows = [{"name": "ABC"}, {"name": "乙"}, {"name": "ａｂｃ"}, {"amount": "1"}, {"amount": "2"}]
    problems = [one for one in said(build, rows) if one.field == "lines.name"]
    assert [(one.row, one.reason.zh) for one in problems] == [(3, "与第 1 行重复")]


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("fields: [lines.amount, limit]", "fields: [lines.amout]", "lines.amout"),
        ("rule: amount > 0", "rule: amuont > 0", "amuont"),
        ("kind: int, default: 10}", "kind: int, unique: true}", "unique"),
    ],
)
def test_mistakes_are_named(make: Make, old: str, new: str, named: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        make(FORM.replace(old, new))
    assert named in caught.value.text()
