"""How a value or an expression is refused."""

from __future__ import annotations

from docgen.base.messages import Message


class BadValue(Exception):
    """A value that a field does not take.

    Args:
        reason: Why not; a sentence without the field's name, which the caller knows.
        accepted: The form that is taken instead, where one can be shown.
    """

    def __init__(self, reason: Message, accepted: Message | None = None) -> None:
        super().__init__(reason.zh)
        self.reason = reason
        self.accepted = accepted


class ExpressionFault(Exception):
    """An expression that is not in the language, or that cannot be computed with these values."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.zh)
        self.reason = reason
