"""Tokens: what is indexed, and what a term needs of it."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from docgen.search.fold import fold
from docgen.search.patterns import pattern
from docgen.search.query import kind_of
from docgen.search.tokens import LONG, Need, literal, needs, phrase, stream, tokens
from docgen.search.tree import Kind, Term


def test_han_runs_become_pairs_and_the_last_character() -> None:
    assert tokens("服务合同,合同") == {"服务": 1, "务合": 1, "合同": 2, "同": 2}


def test_codes_become_pieces_and_joined_pairs() -> None:
    assert tokens("编号ht-2026-001由") == {
        "编号": 1, "号": 1, "由": 1, "ht": 1, "2026": 1, "001": 1, "ht-2026": 1, "2026-001": 1,
    }  # fmt: skip


def test_needs_of_terms() -> None:
    assert needs(Term("同", Kind.HAN)).all == (Need("同", "starts"),)
    assert needs(Term("服务合", Kind.HAN)).all == (Need("服务"), Need("务合"))
    assert needs(Term("ht-2026-001", Kind.CODE)).all == (Need("ht-2026"), Need("2026-001"))
    assert needs(Term("ht-", Kind.PREFIX)).all == (Need("ht"),)
    assert needs(Term("t-2026", Kind.LITERAL)).all == (Need("t", "ends"), Need("2026", "starts"))
    assert needs(Term("%", Kind.LITERAL)).all == ()


TEXTS = st.text(st.sampled_from("合同二ab12-_./ ,%"), max_size=30).map(fold)


def fits(need: Need, token: str) -> bool:
    return {
        "is": token == need.text,
        "starts": token.startswith(need.text),
        "ends": token.endswith(need.text),
        "contains": need.text in token,
    }[need.how]


@given(TEXTS, TEXTS, st.sampled_from(("word", "prefix", "quoted")))
def test_what_contains_a_term_fulfils_its_needs(text: str, word: str, how: str) -> None:
    """No candidate is ever lost; where tokens decide alone, none is found wrongly either."""
    if not word:
        return
    kind = Kind.LITERAL if how == "quoted" else kind_of(word, starred=how == "prefix")
    term = Term(word, kind)
    indexed = tokens(text)
    fulfilled = all(any(fits(need, token) for token in indexed) for need in needs(term).all)
    contained = pattern(term).search(text) is not None

    assert fulfilled or not contained
    assert fulfilled == contained or not needs(term).exact


@given(TEXTS)
def test_a_stream_has_the_same_tokens_in_order(text: str) -> None:
    assert Counter(stream(text).split()) == tokens(text)


def test_kinds_of_pairs_stand_apart() -> None:
    assert stream("服务合同,合ht-2026-001") == "服务 务合 合同 同 合 ht-2026 2026-001 ht 2026 001"


@given(TEXTS, TEXTS)
def test_a_phrase_of_a_stream_is_the_literal(text: str, word: str) -> None:
    """Where consecutive tokens are said to decide, they do, across the borders of runs and values, too."""
    term = Term(word, kind_of(word)) if word else None
    words = phrase(term) if term else ()
    if term and words:
        contained = pattern(term).search(text) is not None
        assert (f" {' '.join(words)} " in f" {stream(text)} ") == contained


def stands_in(run: tuple[Need, ...], text: str) -> bool:
    """Whether consecutive tokens of the text's stream with signs are what ``run`` needs."""
    indexed = stream(text, signs=True).split(" ")
    places = range(len(indexed) - len(run) + 1)
    return any(all(map(fits, run, indexed[place:])) for place in places)


@given(TEXTS, TEXTS)
def test_any_string_is_a_run_of_a_stream_with_signs(text: str, string: str) -> None:
    """Where consecutive tokens are said to decide about a string, they do."""
    run = literal(string)

    assert not run or stands_in(run, text) == (string in text)


@given(TEXTS, st.data())
def test_pieces_of_a_text_are_found_in_its_stream(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    run = literal(text[start : data.draw(st.integers(start, len(text)))])

    assert not run or stands_in(run, text)


def test_strings_that_tokens_do_not_tell() -> None:
    for string in ("abc", "合同", "t-1,", "-1,", ",a-", ""):
        assert literal(string) == ()
    assert literal("，如果") == (Need("，"), Need("如果"))
    assert literal("第 1") == (Need("第"), Need("\x01"), Need("1", "starts"))
    assert literal("1,ht-2") == (Need("1", "ends"), Need(","), Need("ht-2", "starts"))


def test_long_pieces_are_cut_and_told() -> None:
    assert stream("a" * 5000 + ",b").split() == ["a" * 2000, "b", LONG]
