"""What `docs/search.md` shows can be typed, and finds what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docgen.search.engine import Engine
from docgen.search.lexer import FIELD_NAMES
from docgen.search.query import parse_query
from docgen.search.tree import written

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "search.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^\| `(.+?)` \|", MANUAL, re.MULTILINE)


def test_the_manual_has_queries() -> None:
    assert len(QUERIES) > 20


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_manual_can_be_read(query: str) -> None:
    tree = parse_query(query)

    assert parse_query(written(tree)) == tree


@pytest.mark.parametrize("name", FIELD_NAMES)
def test_every_field_is_in_the_manual(name: str) -> None:
    assert name in MANUAL


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("2026", "HT-2026-001", True),
        ("2026", "合同2026号", True),
        ("2026", "20261", False),
        ("T-2026", "HT-2026-001", False),
        ('"T-2026"', "HT-2026-001", True),
        ("验收报告", "驗收報告", True),
        ("HT-1", "ＨＴ－１", True),
        ("第3条", "见第3条", True),
        ("设备", "一段设\n备", True),
        ("设备", "一段设\n\n备", False),
        ("设备", "一段设\n\u3000\u3000备", False),
        ("设备", "一段设，备", False),
    ],
)
def test_what_the_manual_says_about_matching(
    engine: Engine, document, query: str, text: str, found: bool
) -> None:
    engine.add([document("1", text, type_name="其他", type_id="x")])

    assert bool(engine.search(parse_query(query)).total) is found
