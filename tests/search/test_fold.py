"""Folding: width, case, script, radicals, line breaks, and where every character came from."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.search.fold import flatten, fold, fold_with_origins


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＨＴ－２０２６", "ht-2026"),
        ("合約售後乾淨計畫頭髮軟體", "合约售后干净计划头发软体"),  # the table of the measurements
        ("⽂⼈⽅⺠⻆⻚", "文人方民角页"),  # radicals out of browser-made PDF files
        ("网络\n设备", "网络设备"),
        ("网络 \r\n 设备", "网络设备"),
        ("网络\n\n设备", "网络 设备"),  # an empty line is a border
        ("网络。\n设备", "网络。 设备"),
        ("编号\nHT", "编号 ht"),
        ("一段\n\u3000\u3000另一段", "一段 另一段"),  # an indent begins a paragraph
        ("  甲方 \t 乙方 ", "甲方 乙方"),
        ("合\u200b同\ufeff", "合同"),
        ("合\u202e同\u2066的\u2061", "合同的"),
        ("Cafe\u0301 e\u200b\u0301", "café é"),
        ("ｶﾞｽ カ\u3099ス", "ガス ガス"),
        ("\u1100\u1161\u11a8", "각"),
        ("\u0301合 \u0301", "\u0301合 \u0301"),  # nothing to stand on
        ("\0\u0301", "\ufffd\u0301"),
        ("ﬁle ㎡ ①", "file m2 1"),
        ("甲\0乙", "甲\ufffd乙"),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_with_origins(text).text == folded


def test_script_and_width_do_not_matter() -> None:
    assert fold("驗收報告ＡＢＣ") == fold("验收报告abc")


@pytest.mark.parametrize(
    ("traditional", "written"),
    [
        ("計畫", "计划"),
        ("籌畫", "筹划"),
        ("畫面", "画面"),
        ("乾淨", "干净"),
        ("乾坤", "乾坤"),
        ("頭髮", "头发"),
        ("皇后", "皇后"),
        ("以後", "以后"),
        ("答覆", "答复"),
        ("覆蓋", "覆盖"),
        ("瞭解", "了解"),
        ("瞭望", "瞭望"),
        ("憑藉", "凭借"),
        ("慰藉", "慰藉"),
        ("傢俱", "家具"),
        ("裡面", "里面"),
        ("彷彿", "仿佛"),
        ("復甦", "复苏"),
        ("徵求", "征求"),
        ("於是", "于是"),
        ("錢鍾書", "钱锺书"),
    ],
)
def test_traditional_meets_simplified(traditional: str, written: str) -> None:
    assert fold(traditional) == fold(written)


PHRASES = st.sampled_from(
    [
        "系統設計畫面",
        "會計畫面",
        "統計畫面",
        "計畫書",
        "設計畫素",
        "乾坤科技",
        "乾淨",
        "其後代表",
        "答覆",
        "反覆測試",
        "於是否決",
        "皇后",
        "幾乎",
        "茶几",
        "瞭解",
        "憑藉",
        "慰藉",
        "傢俱",
        "甚麼",
        "頭髮",
        "復甦",
        "鍾",
        "，",
    ]
)


@given(st.lists(PHRASES, min_size=1, max_size=6).map("".join), st.data())
def test_a_part_folds_as_it_does_inside(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    assert fold(text)[start:end] == fold(text[start:end])


JAMO = "".join(map(chr, range(0x1160, 0x1200)))
ALPHABET = st.sampled_from("合同驗收計畫乾坤 \n\r\t\u3000ＡａﬁⅣ㎡①⺠⼈。，-_\u200b\u0301é\0" + "\U00020000")


@given(st.text(ALPHABET | st.characters(exclude_characters=JAMO), max_size=40))
def test_origins_point_at_what_was_folded(text: str) -> None:
    folded = fold_with_origins(text)

    assert folded.text == fold(text)
    origins = [folded.origin(place) for place in range(len(folded.text))]
    assert origins == sorted(origins)
    for place in range(len(text) + 1):
        assert folded.found(place) == sum(origin < place for origin in origins)
    for place, char in enumerate(folded.text):
        start, end = folded.original(place, place + 1)
        source = text[start:end]
        assert all(unicodedata.category(mark)[0] == "M" or mark in "ﾞﾟ\u200b" for mark in source[1:])
        if char.isascii() and char.isalnum():  # no other script becomes ASCII letters here
            assert char in fold(source)
        assert char.isspace() == source.isspace() or not source.isspace()


@given(st.text(ALPHABET | st.sampled_from("ab12-/ｶﾞﾟé\u0323薴覆瞭藉"), max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.sampled_from("合aéꞌｶガがうÅ각 \n\u200bṩệ"), max_size=20))
def test_marks_may_stand_apart_from_their_letters(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text(ALPHABET, max_size=40))
def test_flattening_keeps_every_visible_character(text: str) -> None:
    flat = flatten(text)

    assert flat.text.split() == flat.text.split(" ") or not flat.text.split()
    assert [char for char in flat.text if not char.isspace()] == [char for char in text if not char.isspace()]
