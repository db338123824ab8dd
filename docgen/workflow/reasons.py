"""Reasons that people give for what they change in the archive."""

from __future__ import annotations

from docgen.base.errors import UsageFault
from docgen.base.messages import Message

_LONGEST = 500


def said_reason(reason: str) -> str:
    """Return a reason that people gave, on one line.

    Raises:
        UsageFault: There is none, or it is too long.
    """
    text = " ".join(reason.split())
    if not text or len(text) > _LONGEST:
        raise UsageFault(
            Message(
                f"请说明原因（--reason，不超过 {_LONGEST} 字）",
                f"a reason is needed (--reason, up to {_LONGEST} characters)",
            )
        )
    return text
