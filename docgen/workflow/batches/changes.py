"""Values that go before those of every row (`--set`): which rows they concern."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.naming import column_called, names_of


def check_changes(changes: Mapping[str, str], forms: Collection[Form]) -> None:
    """Refuse a change that concerns no document of the batch.

    Raises:
        UsageFault: None of the ``forms`` has such a field or column, or two names mean the same.
    """
    for form in forms:
        _check_doubled(changes, form)
    for name in changes:
        if not any(_has(form, name) for form in forms):
            near = next((near for form in forms if (near := names_of(form).nearest(name))), "")
            raise UsageFault(
                Message(f"--set：表单中没有“{name}”", f"--set: no form has “{name}”"),
                hint=Message(f"是否指“{near}”？", f"did you mean “{near}”?") if near else None,
            )


def keep_identity(changes: Mapping[str, str], forms: Collection[Form]) -> None:
    """Refuse changes that would make other documents of those that are made anew.

    Raises:
        UsageFault: One of them names a project, a number or a version.
    """
    for form in forms:
        fixed = {"project_name", "doc_id", "version", form.number, *(["doc_date"] if form.recurring else [])}
        for name in changes:
            field = names_of(form).find(name)
            if field and field.id in fixed:
                raise UsageFault(
                    Message(
                        f"--set {name}：重新生成不能改变{field.label}，那会成为另一份文件",
                        f"--set {name}: that would make another document",
                    )
                )


def fitting(form: Form, changes: Mapping[str, str]) -> dict[str, str]:
    """Return the ``changes`` that concern documents of this type: others are there for other types."""
    return {name: value for name, value in changes.items() if _has(form, name)}


def _has(form: Form, name: str) -> bool:
    return names_of(form).find(name) is not None or column_called(form, name) is not None


def _check_doubled(changes: Mapping[str, str], form: Form) -> None:
    seen: dict[str, str] = {}
    for name in changes:
        field = names_of(form).find(name)
        if field and seen.setdefault(field.id, name) != name:
            raise UsageFault(
                Message(
                    f"--set：“{seen[field.id]}”和“{name}”是同一项，只能写一次",
                    f"--set: “{seen[field.id]}” and “{name}” are the same",
                )
            )
