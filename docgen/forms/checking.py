"""Rules over the values of one record: required, row counts, checks, signatures, links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from docgen.base.findings import Problem, Severity
from docgen.base.messages import Message
from docgen.forms.definition import STATUSES, WHEN_STATUS, Field, Form
from docgen.forms.display import display
from docgen.forms.filling import Filling
from docgen.forms.folding import fold
from docgen.forms.plan import Place, places
from docgen.forms.slots import Scope, Slot
from docgen.forms.values import Sig

_MISSING = Message("必填，尚未填写", "required")


def reached(when: str, status: object) -> bool:
    """Return whether a paper of this ``status`` has passed ``when`` (signing, review, or "": at once)."""
    if not when:
        return True
    return status in STATUSES and STATUSES.index(str(status)) >= STATUSES.index(WHEN_STATUS[when])


def required_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield every field and cell that must be filled in and is not."""
    status = filling.values.get("status")
    for slot, scope, value in list(filling.slots(_needed(form))):
        filled = value is not None and value != ()
        if filled or not reached(slot.field.when, status) or filling.silent(slot):
            continue
        if slot.field.required or _condition(filling, slot, scope):
            yield slot.problem(_why_missing(slot))


def row_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield tables with some rows, but fewer than `min_rows`."""
    for field in _with_least(form):
        rows = () if filling.silent(Slot(field)) else filling.values[field.id]
        if isinstance(rows, tuple) and 0 < len(rows) < field.min_rows:
            message = Message(
                f"只有 {len(rows)} 行，至少 {field.min_rows} 行",
                f"{len(rows)} rows; at least {field.min_rows}",
            )
            yield Slot(field).problem(message)


def check_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield a problem for every check that is false; an unknown one says nothing."""
    for check in form.checks:
        for slot, scope, _ in list(filling.places(check.fields[0] if check.fields else "")):
            if filling.evaluate(check.rule, scope, slot) is False:
                problem = slot.problem(Message(check.message, check.message))
                labels = "、".join(field.label for name in check.fields if (field := form.field(name)))
                label = problem.label if check.row_wise else labels or form.name
                yield replace(problem, label=label, severity=Severity(check.severity))


def unique_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield cells of a `unique` column that an earlier row already has, in any spelling."""
    for path in _unique(form):
        first: dict[str, int | None] = {}
        for slot, _, value in filling.places(path):
            shown = display(value, table=True)
            row = first.setdefault(fold(shown), slot.row)
            if shown and row != slot.row:
                yield slot.problem(Message(f"与第 {row} 行重复", f"the same as row {row}"), shown)


def party_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield a problem where provider and customer are one party in any spelling (catalogue 0.6, case 10)."""
    provider, customer = filling.values.get("provider_name"), filling.values.get("customer_name")
    field = form.field("provider_name")
    if field and isinstance(provider, str) and isinstance(customer, str) and fold(provider) == fold(customer):
        message = Message("服务提供方与客户不能是同一单位", "provider and customer must differ")
        yield Slot(field).problem(message, provider)


def signature_problems(form: Form, filling: Filling) -> Iterator[Problem]:
    """Yield signatures without a date on a signed paper, and dates before that of the paper (catalogue 0.5).

    A signature block without a date of its own takes that of a `when: signing` date field.
    """
    signed = reached("signing", filling.values.get("status"))
    signing = _signing(form)
    dated = any(filling.values[one.slot.field.id] for one in signing if _signing_date(one.slot.field))
    for slot, _, value in filling.slots(signing):
        if isinstance(value, Sig) and value.date is None and signed and not dated:
            yield slot.problem(
                Message("已签署的文件缺少签字日期", "a signed paper lacks the date of signing")
            )
        day = value.date if isinstance(value, Sig) else value if _signing_date(slot.field) else None
        paper = filling.values["doc_date"]
        if isinstance(day, date) and isinstance(paper, date) and day < paper and not filling.silent(slot):
            message = Message(f"不能早于文件日期 {paper}", f"it must not be before the document date {paper}")
            yield slot.problem(message, str(day))


@lru_cache(maxsize=64)
def _needed(form: Form) -> tuple[Place, ...]:
    return places(form, lambda field: field.required or bool(field.required_if))


@lru_cache(maxsize=64)
def _with_least(form: Form) -> tuple[Field, ...]:
    return tuple(field for field in form.fields if field.columns and field.min_rows)


@lru_cache(maxsize=64)
def _unique(form: Form) -> tuple[str, ...]:
    return tuple(f"{table.id}.{one.id}" for table in form.fields for one in table.columns if one.unique)


@lru_cache(maxsize=64)
def _signing(form: Form) -> tuple[Place, ...]:
    return places(form, lambda field: field.kind == "sig" or _signing_date(field))


def _signing_date(field: Field) -> bool:
    return field.kind == "date" and field.when == "signing"


def _condition(filling: Filling, slot: Slot, scope: Scope) -> bool:
    text = slot.field.required_if
    return bool(text) and filling.evaluate(text, scope, slot) is True


def _why_missing(slot: Slot) -> Message:
    if not slot.field.compute or slot.field.compute_if:
        return _MISSING
    return Message(
        "无法计算，请先填写计算所需的各项", "it cannot be computed; fill in what it is computed from"
    )
