"""Synonyms: the table, the words of the mainland and of Taiwan, and what stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.search.engine import Engine
from docgen.search.query import parse_query
from docgen.search.synonyms import load_synonyms, with_synonyms
from docgen.search.tree import Or, Term, wanted


def texts(query: str, folder: Path) -> set[str]:
    return {term.text for term in wanted(with_synonyms(parse_query(query), load_synonyms(folder)))}


def test_the_shipped_table(tmp_path: Path) -> None:
    assert texts("合約", tmp_path) == {"合同", "合约", "契约"}
    assert texts("服务合同", tmp_path) == {"服务合同", "服务合约", "服务契约"}
    assert {"软件", "软体"} <= texts("軟體", tmp_path)
    assert {"软件", "软体"} <= texts("软件", tmp_path)


def test_words_that_opencc_knows(tmp_path: Path) -> None:
    assert "信息系统集成项目" in texts("資訊系統整合專案", tmp_path)
    assert "资讯" in texts("信息", tmp_path)


def test_the_table_of_the_workspace_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "synonyms.yaml").write_text("- [驗收, 檢收]\n- [PC, 电脑]\n", encoding="utf-8")

    assert texts("验收", tmp_path) == {"验收", "检收"}
    assert texts("pc", tmp_path) == {"pc", "电脑"}
    assert texts("pcs", tmp_path) == {"pcs"}
    assert texts("契约", tmp_path) == {"契约"}


@pytest.mark.parametrize("query", ['"合同"', "HT*", "合同*", "合同＊", "版本:V1.0", "日期:2023", "*"])
def test_what_stays_as_it_is(tmp_path: Path, query: str) -> None:
    tree = parse_query(query)

    assert with_synonyms(tree, load_synonyms(tmp_path)) == tree


def test_fields_and_operators_are_kept(tmp_path: Path) -> None:
    tree = with_synonyms(parse_query("标题:合同 NOT 契约"), load_synonyms(tmp_path))
    title, excluded = tree.items  # type: ignore[union-attr]

    assert isinstance(title, Or)
    assert all(isinstance(term, Term) and term.field == "title" for term in title.items)
    assert isinstance(excluded.item, Or)


def test_only_on_request(engine: Engine, document, tmp_path: Path) -> None:
    engine.add([document("1", "双方签订契约"), document("2", "軟體開發")])
    found = engine.search(with_synonyms(parse_query("正文:合同"), load_synonyms(tmp_path)))

    assert engine.search(parse_query("正文:合同")).total == 0
    assert [hit.document.id for hit in found.hits] == ["1"]
    assert [found.hits[0].snippet.text[start:end] for start, end in found.hits[0].snippet.marks] == ["契约"]
    assert engine.search(with_synonyms(parse_query("软件"), load_synonyms(tmp_path))).total == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("合同: 合约", 1),
        ("just text", 1),
        ("5", 1),
        ("true", 1),
        ("- [合同, 合约]\n- 合约", 2),
        ("- [合同\n", 2),
        ("- []", 1),
        ("# 空的词\n- [合同, '']", 2),
        ("- [合同, ]\n- [合约, ~]", 2),
        ("- [合同, [合约]]", 1),
        ("- [合同, \u200b]", 1),
        ("- &a [合同, 合约]\n- *a", 1),
    ],
)
def test_a_table_that_is_not_one(tmp_path: Path, content: str, line: int) -> None:
    (tmp_path / "synonyms.yaml").write_text(content, encoding="utf-8")

    with pytest.raises(EnvironmentFault, match="同义词表") as caught:
        load_synonyms(tmp_path)
    assert f"synonyms.yaml:{line}" in caught.value.text()


def test_words_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    (tmp_path / "synonyms.yaml").write_text("- [1.10, 2026-01-01, no, 08]\n", encoding="utf-8")

    assert load_synonyms(tmp_path) == (("1.10", "2026-01-01", "no", "08"),)


@pytest.mark.parametrize("content", ["", "# 空\n", "- [合同]\n"])
def test_an_empty_table_widens_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "synonyms.yaml").write_text(content, encoding="utf-8")

    assert load_synonyms(tmp_path) == ()
