"""Findings: what a check has to say, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docgen.base.messages import Message


class Severity(StrEnum):
    """How grave a finding is: only an error makes `verify` exit with 1 (design: severities of verify)."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> Message:
        """The word people read: 错误, 警告, 提示."""
        return _LABELS[self]


_LABELS = {
    Severity.ERROR: Message("错误", "error"),
    Severity.WARNING: Message("警告", "warning"),
    Severity.NOTE: Message("提示", "note"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check: a stable code, how grave, where, what, and what to do."""

    code: str
    severity: Severity
    message: Message
    hint: Message
    #: Project name in the archive; empty where the place is not in a project.
    project: str = ""
    #: Path relative to what was checked, or a place inside a document ("第 3 段").
    path: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in form data: which field, which row, what value, why, what is accepted."""

    field: str
    label: str
    reason: Message
    value: str = ""
    #: Row of a table, counted from 1; ``None`` outside tables.
    row: int | None = None
    accepted: Message | None = None
    severity: Severity = Severity.ERROR

    def sentence(self, lang: str = "zh") -> str:
        """Return the whole sentence that people read: label, row, value, reason, accepted form."""
        return _english(self) if lang == "en" else _chinese(self)


def _shown(value: str) -> str:
    """Return a value on one line, cut short, without what a terminal would obey."""
    flat = "".join(
        char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in " ".join(value.split())
    )
    return flat if len(flat) <= 60 else flat[:57] + "…"


def _chinese(problem: Problem) -> str:
    row = f"第 {problem.row} 行" if problem.row is not None else ""
    value = f"“{_shown(problem.value)}”" if problem.value else ""
    accepted = f"（应为：{problem.accepted.zh}）" if problem.accepted else ""
    return f"{problem.label}{row}{value}：{problem.reason.zh}{accepted}"


def _english(problem: Problem) -> str:
    row = f", row {problem.row}" if problem.row is not None else ""
    value = f" “{_shown(problem.value)}”" if problem.value else ""
    accepted = f" (accepted: {problem.accepted.en})" if problem.accepted else ""
    return f"{problem.label} [{problem.field}]{row}{value}: {problem.reason.en}{accepted}"
