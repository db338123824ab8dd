"""Headings of a table against forms: columns that mean nothing, and those that are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.grids import table_of
from docgen.batch.hints import left_out, typed
from docgen.forms.definition import Field, Form
from docgen.forms.naming import column_names, names_of

#: Unknown columns that are named one by one.
_SHOWN = 30


def check_headings(
    headings: Sequence[str], forms: Sequence[Form], where: str, *, given: Collection[str] = ()
) -> None:
    """Refuse a table whose columns do not fit the forms, before any of its rows is looked at.

    A column that some of the ``forms`` know is right: a cell under it counts for rows of that type.

    Args:
        headings: As they stand in the file.
        forms: Those of the types that the rows name.
        where: File (and sheet), for messages.
        given: Names of fields that get their value elsewhere: options, cards, tables in files of their own.

    Raises:
        InvalidData: With every column that is unknown, doubled or missing.
    """
    problems = [*_unknown(headings, forms)]
    for form in forms:
        problems += _doubled(headings, form)
        problems += _missing(headings, form, given)
    if problems:
        raise InvalidData(
            Message("表头与表单对不上", "the headings do not fit the form"),
            list(dict.fromkeys(problems)),
            where=where,
            hint=Message(
                f"改正表头，删去多余的列；docgen form {forms[0].id} --blank xlsx 生成可直接填写的表格",
                f"correct the headings; docgen form {forms[0].id} --blank xlsx makes a sheet that fits",
            ),
        )


def _unknown(headings: Sequence[str], forms: Sequence[Form]) -> Iterator[Problem]:
    unknown = [one for one in headings if not any(_known(form, one) for form in forms)]
    for heading in unknown[:_SHOWN]:
        near = next((near for form in forms if (near := _nearest(form, heading))), "")
        yield Problem(
            heading,
            f"“{heading}”列",
            Message(
                "表单中没有这一项" + (f"，是否指“{near}”" if near else ""),
                "not in the form" + (f"; did you mean “{near}”" if near else ""),
            ),
        )
    if more := unknown[_SHOWN:]:
        yield Problem(
            more[0],
            f"“{more[0]}”等 {len(more)} 列",
            Message("表单中也没有", f"and {len(more)} more columns that are not in the form"),
        )


def _known(form: Form, heading: str) -> bool:
    table_name, column_name = table_of(heading)
    found = names_of(form).find(heading if not column_name else table_name)
    if found is None or (found.kind == "table") != bool(column_name):
        return False
    return not column_name or _has_column(form, found, column_name)


def _has_column(form: Form, table: Field, name: str) -> bool:
    return table.kind == "table" and column_names(form)[table.id].find(name) is not None


def _nearest(form: Form, heading: str) -> str:
    table_name, column_name = table_of(heading)
    table = names_of(form).find(table_name)
    if not column_name:
        inside = (f"{one.label}.1.{heading}" for one in form.fields if _has_column(form, one, heading))
        return next(inside, "") or names_of(form).nearest(heading)
    if table is None or table.kind != "table":
        return names_of(form).nearest(table_name)
    return column_names(form)[table.id].nearest(column_name)


def _doubled(headings: Sequence[str], form: Form) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for heading in headings:
        field = names_of(form).find(heading)
        if field is not None and field.kind != "table" and seen.setdefault(field.id, heading) != heading:
            reason = Message(
                f"与“{seen[field.id]}”列是同一项，只能留一列",
                f"the same as the column “{seen[field.id]}”; keep one of them",
            )
            yield Problem(field.id, f"“{heading}”列", reason)


def _missing(headings: Sequence[str], form: Form, given: Collection[str]) -> Iterator[Problem]:
    names = (*(table_of(heading)[0] for heading in headings), *given)
    named = {field.id for name in names if (field := names_of(form).find(name))}
    for field in form.fields:
        if field.id not in named and _must_be_given(field):
            yield Problem(
                field.id,
                f"“{field.label}”列",
                Message(
                    f"{form.name}必须有这一项，表中没有这一列",
                    f"{form.id} needs it, and there is no such column",
                ),
            )


def _must_be_given(field: Field) -> bool:
    return field.required and typed(field) and not (field.when or left_out(field))
