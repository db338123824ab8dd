"""Telephone numbers and mail addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import fold_width, one_line

_LONGEST = 200
_BREAK = re.compile(r"[、，,；;/\n]")
_PHONE = re.compile(r"\+?[\d(][\d ()-]*\d(?:\s*(?:转|轉|ext\.?|x|#|\*)\s*\d{1,6})?", re.ASCII | re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:转|轉|ext\.?|x|#|\*)\s*", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d*", re.ASCII)
_EMAIL = re.compile(r"[\w.%+'-]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,24}")
PHONE_FORM = Message("如 010-12345678、400-800-1234、13800000000", "like 010-12345678 or 13800000000")
EMAIL_FORM = Message("如 service@example.com", "like service@example.com")


def parse_phone(field: Field, raw: object) -> tuple[str, ...]:
    """Return one or more telephone numbers, half-width, as typed else; extensions after 转.

    Raises:
        BadValue: If one has letters, too few or too many digits, or is a mobile number without 11 digits.
    """
    del field
    items = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else _BREAK.split(_short(raw))
    return tuple(_phone(one_line(item, _LONGEST)) for item in items if item is not None and str(item).strip())


def parse_email(field: Field, raw: object) -> str:
    """Return a mail address, half-width (`。` typed for the dot is taken).

    Raises:
        BadValue: If it is no mail address.
    """
    del field
    text = fold_width(one_line(raw, _LONGEST)).replace("。", ".")
    local = text.partition("@")[0]
    if not _EMAIL.fullmatch(text) or ".." in text or local.startswith(".") or local.endswith("."):
        raise BadValue(Message("不是有效的电子邮箱", "not a mail address"), EMAIL_FORM)
    return text


def _short(raw: object) -> str:
    if isinstance(raw, str) and len(raw) <= _LONGEST:
        return raw.strip()
    return one_line(raw, _LONGEST)


def _phone(typed: str) -> str:
    text = re.sub(r"\s+", " ", fold_width(typed)).replace("\u2013", "-").replace("\u2014", "-")
    if not _PHONE.fullmatch(text) or text.count("(") != text.count(")"):
        raise BadValue(Message("不是有效的电话号码", "not a telephone number"), PHONE_FORM)
    text = _EXTENSION.sub("转", text)
    digits = re.sub(r"\D", "", text.partition("转")[0])
    if not 3 <= len(digits) <= 20:
        raise BadValue(Message("电话号码位数不对", "wrong number of digits"), PHONE_FORM)
    if _MOBILE.fullmatch(digits) and len(digits) != 11:
        raise BadValue(
            Message(
                f"手机号应为 11 位，现为 {len(digits)} 位",
                f"mobile numbers have 11 digits, not {len(digits)}",
            ),
            PHONE_FORM,
        )
    return text
