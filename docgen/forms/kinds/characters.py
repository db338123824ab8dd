"""Which characters a value may hold, and how typed text is brought into one shape."""

from __future__ import annotations

import re
import unicodedata

from docgen.base.messages import Message
from docgen.forms.faults import BadValue
from docgen.forms.kinds.placeholders import find_placeholder

#: What people do not see and Word, WPS or a browser paste along with a line break.
_LINE_BREAKS = re.compile("\r\n|[\r\x0b\u2028\u2029]")
#: Full-width forms stand so far behind ASCII.
_WIDTH = 0xFEE0
_NARROW = {
    code + _WIDTH: code for first, last in ("09", "AZ", "az") for code in range(ord(first), ord(last) + 1)
}
#: Full-width joints between letters or digits: ＨＴ－２０２６.
_JOINTS = re.compile(r"(?<=[0-9A-Za-z])[－＿／．](?=[0-9A-Za-z])")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ－＿／．]")
_ZERO_WIDTH_JOINER = "\u200d"
#: Symbols (So, Sk), skin tones and the emoji selector: between them a joiner builds one emoji.
_EMOJI_PARTS = frozenset(("So", "Sk"))


def tidy(text: str, *, lines: bool) -> str:
    """Return ``text`` in NFC, trimmed, tabs as spaces, letters and digits in half width, `\\n` as line break.

    Args:
        text: What was typed.
        lines: Whether line breaks are allowed.

    Raises:
        BadValue: For control characters, invisible and direction marks, broken characters, a leftover
            placeholder, or a line break where none is allowed.
    """
    if not text.isprintable():  # breaks and tabs are not
        text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    flat = text.strip()
    if not flat.isascii():
        flat = _half_width(unicodedata.normalize("NFC", flat))
    _refuse_characters(flat, lines=lines)
    _refuse_placeholder(flat)
    return "\n".join(line.rstrip() for line in flat.split("\n")) if "\n" in flat else flat


def _half_width(text: str) -> str:
    """Return ``text`` with letters, digits and the joints of codes in half width (house style)."""
    if not _WIDE.search(text):
        return text
    return _JOINTS.sub(lambda match: chr(ord(match[0]) - _WIDTH), text.translate(_NARROW))


def one_line(raw: object, limit: int) -> str:
    """Return a short typed value as tidy text of one line, at most ``limit`` characters.

    Raises:
        BadValue: If it is not text, too long, or holds what `tidy` refuses.
    """
    return tidy(text_of(raw, limit), lines=False)


def text_of(raw: object, limit: int) -> str:
    """Return ``raw`` if it is text of at most ``limit`` characters.

    Raises:
        BadValue: If it is a list, a mapping or longer.
    """
    if not isinstance(raw, str):
        raise BadValue(
            Message("应填写一个值，而不是列表或分组", "one value is expected, not a list or mapping")
        )
    if len(raw) > limit:
        raise BadValue(
            Message(
                f"共 {len(raw)} 个字符，最多 {limit} 个",
                f"{len(raw)} characters; at most {limit} are allowed",
            )
        )
    return raw


def fold_width(text: str) -> str:
    """Return ``text`` with full-width digits, letters and punctuation made half-width (NFKC)."""
    return unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()


def _refuse_characters(text: str, *, lines: bool) -> None:
    laid_out = text.replace("\u3000", "").replace("\n", "") if lines else text.replace("\u3000", "")
    if laid_out.isprintable() and "\ufffd" not in text:
        return
    for index, char in enumerate(text):
        if char == "\n":
            if not lines:
                raise BadValue(Message("不能换行", "line breaks are not allowed here"))
        elif not char.isprintable() and _is_forbidden(text, index):
            code = f"U+{ord(char):04X}"
            name = unicodedata.name(char, "")
            raise BadValue(
                Message(
                    f"第 {index + 1} 个字符 {code} 是看不见的控制符或无效字符，请删除后重新输入",
                    f"character {index + 1}, {f'{code} {name}'.strip()}, is invisible or invalid; delete it",
                )
            )
        elif char == "\ufffd":
            raise BadValue(
                Message(
                    f"第 {index + 1} 个字符 U+FFFD 是乱码，请按原文重新输入",
                    f"character {index + 1}, U+FFFD, stands for text lost in a conversion; type it again",
                )
            )


def _is_forbidden(text: str, index: int) -> bool:
    char = text[index]
    if char == _ZERO_WIDTH_JOINER:
        return not _joins_emoji(text, index)
    category = unicodedata.category(char)
    if category == "Cn":  # rare characters newer than our Unicode tables are kept, noncharacters are not
        return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return category in ("Cc", "Cf", "Cs")


def _joins_emoji(text: str, index: int) -> bool:
    before = text[max(0, index - 2) : index].rstrip("\ufe0f")[-1:]
    after = text[index + 1 : index + 2]
    return all(part and unicodedata.category(part) in _EMOJI_PARTS for part in (before, after))


def _refuse_placeholder(text: str) -> None:
    found = find_placeholder(text)
    if found:
        raise BadValue(
            Message(
                f"含有未替换的占位符“{found}”，请改为实际内容",
                f"the placeholder “{found}” was left in; replace it",
            )
        )
