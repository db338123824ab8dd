"""Kinds with given answers: enum, multi, bool."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from functools import lru_cache

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.folding import fold
from docgen.forms.kinds.characters import one_line

_LONGEST = 200
_TRUE = frozenset(["是", "对", "有", "真", "true", "yes", "y", "1", "√", "✓", "✔", "☑", "☒"])
_FALSE = frozenset(["否", "不", "无", "非", "假", "false", "no", "n", "0", "×", "x", "✗", "✘", "☐", "□"])
_BREAK = re.compile(r"[、，,；;|\n]")
_WEAK_BREAK = re.compile(r"[/\s]+")
YES_NO = Message("是 或 否", "是 or 否 (yes or no)")


def parse_enum(field: Field, raw: object) -> str:
    """Return the option that ``raw`` names: exactly, or but for width, case, spaces and traditional script.

    Raises:
        BadValue: If it is none of the options, or fits two of them; the nearest one is suggested.
    """
    if isinstance(raw, str) and raw in field.options:
        return raw
    return _option(field.options, one_line(raw, _LONGEST))


def parse_multi(field: Field, raw: object) -> tuple[str, ...]:
    """Return the chosen options in the order of the form, from a list or from text split at 、，；, / or |.

    Raises:
        BadValue: If one is no option, or is named twice.
    """
    chosen = [_option(field.options, item) for item in _items(field.options, raw)]
    for option in chosen:
        if chosen.count(option) > 1:
            raise BadValue(Message(f"“{option}”重复", f"“{option}” is given twice"))
    return tuple(option for option in field.options if option in chosen)


def parse_bool(field: Field, raw: object) -> bool:
    """Return whether ``raw`` says yes: 是 √ true yes 1 …, or no: 否 × false no 0 ….

    Raises:
        BadValue: If it says neither.
    """
    del field
    word = fold_choice(one_line(raw, _LONGEST))
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BadValue(Message("应回答是或否", "yes or no is expected"), YES_NO)


@lru_cache(maxsize=4096)
def fold_choice(text: str) -> str:
    """Return ``text`` as names are compared, and × as the letter that people type for it."""
    return fold(text).replace("×", "x")


def _option(options: Sequence[str], text: str) -> str:
    if text in options:
        return text
    folded = fold_choice(text)
    fitting = [option for option in options if fold_choice(option) == folded]
    if len(fitting) == 1:
        return fitting[0]
    listed = "、".join(options)
    if fitting:
        raise BadValue(Message("与多个选项相符", "it fits several options"), Message(listed, listed))
    raise BadValue(_unknown(options, folded), Message(listed, listed))


def _unknown(options: Sequence[str], folded: str) -> Message:
    by_fold = {fold_choice(option): option for option in options}
    near = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.4)
    if near:
        option = by_fold[near[0]]
        return Message(f"不在选项之内，是否指“{option}”", f"not an option; did you mean “{option}”")
    return Message("不在选项之内", "not an option")


def _items(options: Sequence[str], raw: object) -> list[str]:
    if isinstance(raw, str):
        return _split(options, raw)
    if isinstance(raw, Sequence):
        return [one_line(item, _LONGEST) for item in raw if item is not None and item != ""]
    raise BadValue(Message("应填写列表", "a list is expected"))


def _split(options: Sequence[str], raw: str) -> list[str]:
    whole = raw.strip()
    if whole in options:
        return [whole]
    limit = _LONGEST + sum(len(option) + 2 for option in options)
    parts = [one_line(part, limit) for part in _BREAK.split(whole[: limit + 1]) if part.strip()]
    known = {fold_choice(option) for option in options}
    items: list[str] = []
    for part in parts:
        items.extend([part] if fold_choice(part) in known else _WEAK_BREAK.split(part))
    return items
