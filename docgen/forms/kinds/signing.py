"""Signatures: who signed, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from docgen.base.messages import Message
from docgen.forms.dates import read_date
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import one_line
from docgen.forms.values import Sig

_LONGEST = 200
_DATED = re.compile(
    r"(?P<name>.*?)[\s,，、/（(]*(?P<date>(?:\d{4}\s*[-/.年]|\d{8}$|[〇零○一二三四五六七八九]{4}年).*?)[)）]?"
)
_DATE_LIKE = re.compile(r"\d\s*[-/.年]\s*\d")
_NAME_KEYS = ("name", "姓名", "签字")
_DATE_KEYS = ("date", "日期", "签字日期")
SIG_FORM = Message("姓名，或 姓名 2026-11-02", "a name, or a name and a date: 示例甲 2026-11-02")


def parse_sig(field: Field, raw: object) -> Sig:
    """Return who signed and when, from `name`, `name date`, `[name, date]` or `{name: …, date: …}`.

    Raises:
        BadValue: If the name is missing, or the date cannot be read.
    """
    del field
    if isinstance(raw, Mapping):
        return _from_mapping(raw)
    if isinstance(raw, str):
        text = one_line(raw, _LONGEST)
        match = _DATED.fullmatch(text)
        if not match and _DATE_LIKE.search(text):
            raise BadValue(Message("日期不可识别", "the date cannot be read"), SIG_FORM)
        return _sig(match["name"], match["date"]) if match else _sig(text, None)
    if isinstance(raw, Sequence) and 1 <= len(raw) <= 2:
        return _sig(raw[0], raw[1] if len(raw) == 2 else None)
    raise BadValue(Message("应填写签字人和日期", "a name and a date are expected"), SIG_FORM)


def _from_mapping(raw: Mapping[object, object]) -> Sig:
    unknown = [str(key) for key in raw if key not in _NAME_KEYS + _DATE_KEYS]
    if unknown:
        raise BadValue(
            Message(f"签字栏没有“{unknown[0][:20]}”一项", f"a signature has no “{unknown[0][:20]}”"), SIG_FORM
        )
    name, day = (next((raw[key] for key in keys if raw.get(key)), None) for keys in (_NAME_KEYS, _DATE_KEYS))
    return _sig(name, day)


def _sig(name: object, day: object) -> Sig:
    who = one_line(name or "", _LONGEST)
    if not who:
        raise BadValue(Message("缺少签字人姓名", "the name of the signer is missing"), SIG_FORM)
    return Sig(who, _day(day))


def _day(day: object) -> date | None:
    text = one_line(day or "", _LONGEST)
    return read_date(text) if text else None
