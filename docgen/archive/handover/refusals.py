"""The refusal of something that is not whole, with every reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docgen.base.errors import ArchiveRefused
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message


class Unsound(ArchiveRefused):
    """What is to be handed over, taken in or restored is not whole; `reasons` names everything."""

    def __init__(
        self, message: Message, reasons: Sequence[Message], *, where: str = "", hint: Message | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.reasons = tuple(reasons)

    def details(self, lang: str) -> list[str]:
        """Return one line per reason."""
        return [f"  - {reason.text(lang)}" for reason in self.reasons]


def errors_among(findings: Iterable[Finding]) -> list[Message]:
    """Return what `verify` calls errors, as reasons."""
    return [
        Message(f"{one.code} {one.path}：{one.message.zh}", f"{one.code} {one.path}: {one.message.en}")
        for one in findings
        if one.severity is Severity.ERROR
    ]


def about(path: str, zh: str, en: str) -> Message:
    """Return a reason that concerns the file ``path``."""
    return Message(f"{path}：{zh}", f"{path}: {en}")
