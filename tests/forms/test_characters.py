"""Characters that a value may hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import fold_width, tidy


@pytest.mark.parametrize(
    "char",
    [
        chr(code)
        for code in (0, 1, 7, 8, 0x1B, 0x7F, 0x85, 0x9F, 0xAD, 0x200B, 0x200C, 0x200E, 0x200F, 0x202A, 0x202E)
    ]
    + [
        chr(code)
        for code in (0x2060, 0x2066, 0x2069, 0xFEFF, 0x61C, 0xFFFE, 0xFFFF, 0xFDD0, 0x1FFFF, 0xD800, 0xE0001)
    ],
)
def test_refuses_invisible_characters_by_their_code(char: str) -> None:
    with pytest.raises(BadValue, match=f"第 2 个字符 U\\+{ord(char):04X}"):
        tidy(f"甲{char}乙", lines=True)


def test_refuses_what_a_conversion_lost() -> None:
    with pytest.raises(BadValue, match=r"U\+FFFD"):
        tidy("合\ufffd", lines=False)


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "❤️‍🔥", "🧑🏽‍💻", "1️⃣"])
def test_keeps_emoji_that_are_joined(emoji: str) -> None:
    assert tidy(emoji, lines=False) == emoji


@pytest.mark.parametrize("text", ["甲\u200d乙", "\u200d👧", "👧\u200d", "a\u200d👧"])
def test_refuses_a_joiner_that_joins_no_emoji(text: str) -> None:
    with pytest.raises(BadValue):
        tidy(text, lines=False)


@given(st.text(max_size=80))
def test_what_is_taken_is_visible_composed_and_settled(text: str) -> None:
    try:
        taken = tidy(text, lines=True)
    except BadValue:
        return
    assert taken == unicodedata.normalize("NFC", taken)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in taken.replace("\n", ""))
    assert tidy(taken, lines=True) == taken


def test_folds_width() -> None:
    assert fold_width("　￥１，２００．５０（元）−1 ") == "¥1,200.50(元)-1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ＨＴ－２０２６－１００", "HT-2026-100"),
        ("合同ＨＴ／０１＿Ａ，第１２条（甲）：", "合同HT/01_A，第12条（甲）："),
        ("甲－乙", "甲－乙"),
        ("Ｖ１．０", "V1.0"),
    ],
)
def test_letters_digits_and_joints_of_codes_become_half_width_punctuation_stays(
    typed: str, kept: str
) -> None:
    assert tidy(typed, lines=False) == kept
