"""The error tree and its exit codes.

    DocgenError
    ├── UsageFault          2   the command was called wrongly
    ├── InvalidData         3   form data with problems
    ├── TemplateFault       4   a template or a form definition is wrong
    ├── ArchiveRefused      5   the archive does not take it
    ├── ProgramFault        6   an outside program is missing or failed
    ├── EnvironmentFault    7   disk full, permission, locked, no workspace
    └── Interrupted       130   the user stopped it
    (anything else is our bug: 70)

An error says what happened, where, and what to do next. The edges (command line, pages)
turn it into text and an exit code in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from docgen.base.findings import Finding, Problem, Severity
from docgen.base.messages import Message


class DocgenError(Exception):
    """Base of all errors that are told to people.

    Args:
        message: What happened and why, with the thing named.
        where: File (and line), folder or document that it concerns; may be empty.
        hint: What to do about it; may be left out where the message says it.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, message: Message, *, where: str = "", hint: Message | None = None) -> None:
        super().__init__(message.zh)
        self.message = message
        self.where = where
        self.hint = hint

    def text(self, lang: str = "zh") -> str:
        """Return the error as people read it, on one or more lines."""
        place = f"{self.where}：" if self.where and lang != "en" else f"{self.where}: " if self.where else ""
        lines = [place + self.message.text(lang)]
        lines.extend(self.details(lang))
        if self.hint:
            lines.append(("处理办法：" if lang != "en" else "What to do: ") + self.hint.text(lang))
        return "\n".join(lines)

    def details(self, lang: str) -> list[str]:
        """Return further lines between message and hint."""
        del lang
        return []


class UsageFault(DocgenError):
    """The command was called with words that do not fit."""

    exit_code = 2


class InvalidData(DocgenError):
    """Form data has problems; all of them are named at once."""

    exit_code = 3

    def __init__(
        self,
        message: Message,
        problems: Sequence[Problem] = (),
        *,
        where: str = "",
        hint: Message | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.problems = tuple(problems)

    def details(self, lang: str) -> list[str]:
        """Return one line per problem; what is only a warning says so."""
        return [f"  - {_standing(problem, lang)}{problem.sentence(lang)}" for problem in self.problems]


def _standing(problem: Problem, lang: str) -> str:
    if problem.severity is Severity.ERROR:
        return ""
    return problem.severity.label.text(lang) + (": " if lang == "en" else "：")


class TemplateFault(DocgenError):
    """A template or a form definition is wrong; findings name every place."""

    exit_code = 4

    def __init__(
        self,
        message: Message,
        findings: Sequence[Finding] = (),
        *,
        where: str = "",
        hint: Message | None = None,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.findings = tuple(findings)

    def details(self, lang: str) -> list[str]:
        """Return one line per finding."""
        return [
            f"  - {finding.path}{'：' if lang != 'en' else ': '}{finding.message.text(lang)}"
            if finding.path
            else f"  - {finding.message.text(lang)}"
            for finding in self.findings
        ]


class ArchiveRefused(DocgenError):
    """The archive does not take it: name, version, duplicate, retention."""

    exit_code = 5


class ProgramFault(DocgenError):
    """An outside program is missing, failed, or took too long."""

    exit_code = 6


class EnvironmentFault(DocgenError):
    """Disk full, no permission, locked by another process, no workspace."""

    exit_code = 7


class Interrupted(DocgenError):
    """The user stopped the work; the message says how to go on."""

    exit_code = 130


#: When several things went wrong, the gravest decides (design: exit codes).
GRAVITY = (70, 7, 5, 4, 6, 3, 2, 1)


def gravest(codes: Sequence[int]) -> int:
    """Return the exit code that wins among ``codes``; 0 when there is none."""
    return next((code for code in GRAVITY if code in codes), 0)
