"""`new --ask`: one question a field; defaults shown, bad answers asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from docgen.base.messages import Message, same
from docgen.cli.output import note
from docgen.forms.answers import sort_answers
from docgen.forms.checking import reached
from docgen.forms.definition import Field, Form
from docgen.forms.display import display
from docgen.forms.faults import BadValue
from docgen.forms.kinds.parsing import parse
from docgen.forms.records import Outcome
from docgen.forms.rows import label_column
from docgen.workflow.records import proposals, try_record

if TYPE_CHECKING:
    from docgen.workflow.session import Session

#: Never asked: docgen gives them, or they follow from other answers.
_GIVEN = frozenset(("doc_id", "version", "doc_date", "change_note"))
#: Asked first: much else depends on them (the project card, what is required).
_FIRST = ("project_name", "status")


def ask_all(session: Session, form: Form, given: Mapping[str, object], lang: str) -> dict[str, object]:
    """Return ``given`` with an answer to every further question, asked until the whole is valid.

    Raises:
        InvalidData: What is given has keys that the form does not know, or one field twice.
    """
    answers, problems = sort_answers(form, given)
    if problems:
        Outcome(None, tuple(problems)).checked(form.name)
    note(
        Message(
            "带 * 的必填；直接回车采用方括号中的默认值，没有默认值的选填项留空。Ctrl-C 放弃，不写任何文件。",
            "* is required. Enter takes the value in brackets, or leaves an optional field empty. "
            "Ctrl-C gives up; nothing is written.",
        ),
        lang,
    )
    questions = [field for field in _in_order(form) if field.id not in answers]
    while questions:
        for field in questions:
            _ask(session, form, answers, field, lang)
        outcome = try_record(session, form, answers)
        for problem in outcome.problems:
            note(Message(problem.sentence("zh"), problem.sentence("en")), lang)
        wrong = {problem.field.partition(".")[0] for problem in outcome.problems}
        questions = [field for field in _in_order(form) if field.id in wrong]
        for field in questions:
            answers.pop(field.id, None)
    return answers


def _in_order(form: Form) -> Iterable[Field]:
    asked = [
        field for field in form.fields if field.id not in _GIVEN and (not field.compute or field.compute_if)
    ]
    return sorted(asked, key=lambda field: field.id not in _FIRST)


def _ask(session: Session, form: Form, answers: dict[str, object], field: Field, lang: str) -> None:
    proposed = proposals(session, form, answers)
    if field.when and not reached(field.when, proposed.get("status")):
        return
    if field.kind == "table":
        rows = _ask_rows(field, proposed[field.id], lang)
        if rows:
            answers[field.id] = rows
        return
    answer = _ask_value(field, proposed[field.id], lang)
    if answer:
        answers[field.id] = answer


def _ask_value(field: Field, proposed: object, lang: str, label: str = "") -> str:
    """Ask until the field's kind takes the answer; an empty one stands for the default."""
    shown = "" if proposed in (None, ()) else display(proposed, table=True)
    while True:
        answer = _prompt(_question(field, shown, label), lang)
        if field.kind == "longtext" and not label:
            answer = _further_lines(answer, lang)
        try:
            parse(field, answer)
        except BadValue as error:
            note(_again(error), lang)
            continue
        if answer.strip() or shown or not field.required:
            return answer.strip()
        note(Message("此项必填。", "This is required."), lang)


def _further_lines(first: str, lang: str) -> str:
    """Return a longer text: after a first line further ones are asked for, until one is left empty."""
    lines = [first]
    more = Message("  下一行（直接回车结束）", "  next line (Enter ends)").text(lang)
    while lines[-1].strip():
        lines.append(_prompt(more, lang))
    return "\n".join(lines[:-1])


def _prompt(question: str, lang: str) -> str:
    colon = Message("：", ": ").text(lang)
    answer: str = click.prompt(question, default="", show_default=False, prompt_suffix=colon, err=True)
    return answer


def _again(error: BadValue) -> Message:
    zh = f"{error.reason.zh}" + (f"（应为：{error.accepted.zh}）" if error.accepted else "")
    en = f"{error.reason.en}" + (f" (accepted: {error.accepted.en})" if error.accepted else "")
    return Message(f"  {zh}，请重新输入。", f"  {en}; please try again.")


def _question(field: Field, shown: str, label: str) -> str:
    options = f"（{'/'.join(field.options)}）" if field.options else ""
    flat = " ".join(shown.split())
    default = f" [{flat[:40]}{'…' if len(flat) > 40 else ''}]" if flat else ""
    star = " *" if field.required and not field.when else ""
    return f"{label or field.label}{star}{options}{default}"


def _ask_rows(table: Field, proposed: object, lang: str) -> list[dict[str, str]]:
    """Ask row after row, until the first cell of a row is left empty; no row at all: the default rows."""
    default = [row for row in proposed if isinstance(row, Mapping)] if isinstance(proposed, tuple) else []
    if table.rows_fixed:
        return _ask_fixed(table, default, lang)
    usual = Message(f"（默认 {len(default)} 行）", f" (default: {len(default)} rows)")
    head = Message(
        f"{table.label}：逐行填写，第一格直接回车结束",
        f"{table.label}: row by row; Enter in the first cell ends",
    )
    note(Message(head.zh + usual.zh, head.en + usual.en) if default else head, lang)
    first, *others = _asked(table)
    rows: list[dict[str, str]] = []
    while start := _ask_value(replace(first, required=False), None, lang, _place(first, len(rows) + 1, lang)):
        cells = {one.id: _ask_value(one, None, lang, _place(one, len(rows) + 1, lang)) for one in others}
        rows.append({first.id: start, **{key: value for key, value in cells.items() if value}})
    return rows


def _ask_fixed(table: Field, default: list[Mapping[str, object]], lang: str) -> list[dict[str, str]]:
    """Ask what is missing in the rows that the form prescribes; none where the table is not needed."""
    label = label_column(table)
    assert label is not None  # the loader refuses fixed rows without one
    rows = []
    for row in default:
        name = str(row[label.id])
        note(same(f"{table.label}·{name}"), lang)
        cells = {
            one.id: _ask_value(one, row[one.id], lang, f"  {one.label}")
            for one in _asked(table)
            if one != label
        }
        rows.append({label.id: name, **{key: value for key, value in cells.items() if value}})
    return rows


def _asked(table: Field) -> list[Field]:
    return [column for column in table.columns if not column.compute and column.id != "no"]


def _place(column: Field, row: int, lang: str) -> str:
    return Message(f"  第 {row} 行 {column.label}", f"  row {row}, {column.label}").text(lang)
