"""What looking into a file can say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from docgen.archive.checks.kinds import contradiction
from docgen.base.messages import Message


class State(StrEnum):
    """How far a file is."""

    WHOLE = "whole"
    #: The end is missing: it may still come.
    INCOMPLETE = "incomplete"
    #: Nothing in it tells where it ends: that it holds still for long is all there is.
    ENDLESS = "endless"
    #: However long one waits, this is not filed.
    UNFIT = "unfit"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a file's content, and why it is not whole."""

    state: State
    reason: Message | None = None


WHOLE = Verdict(State.WHOLE)


ENDLESS = Verdict(
    State.ENDLESS,
    Message(
        "这种格式没有结尾标记，静止较长时间后才归档",
        "this format has no end mark; it is filed after holding still for longer",
    ),
)


def incomplete(zh: str, en: str) -> Verdict:
    """Return the verdict on a file whose end may still come."""
    return not_yet(f"内容不完整：{zh}", f"the content is incomplete: {en}")


def not_yet(zh: str, en: str) -> Verdict:
    """Return the verdict on a file that cannot be judged yet."""
    return Verdict(State.INCOMPLETE, Message(zh, en))


def unfit(zh: str, en: str) -> Verdict:
    """Return the verdict on a file that is not filed."""
    return Verdict(State.UNFIT, Message(zh, en))


def not_a(ext: str, head: bytes) -> Verdict:
    """Return the verdict on a file that does not begin like its kind.

    A copy that reserves its space first begins with zeros until the bytes come.
    """
    if not head.strip(b"\0"):
        return incomplete("内容尚未写入", "the content is not written yet")
    return other_kind(ext, contradiction(ext, head))


def other_kind(ext: str, kind: str = "") -> Verdict:
    """Return the verdict on a file whose content is no ``ext`` but a ``kind`` (empty: not known)."""
    zh, en = (f"，其实是 {kind}", f", but {kind}") if kind else ("", "")
    return unfit(f"内容不是 {ext} 文件{zh}，扩展名不符", f"the content is not that of a {ext} file{en}")
