"""Documents for the tests of search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docgen.search.engine import IndexDocument
from docgen.search.whoosh_index.engine import WhooshEngine

Maker = Callable[..., IndexDocument]


def make_document(id_: str, text: str = "", **values: object) -> IndexDocument:
    usual: dict[str, object] = {
        "doc_id": f"XM-{id_}",
        "project": "示例项目",
        "type_id": "service_contract",
        "type_name": "服务合同",
        "category": "合同协议",
        "date": dt.date(2023, 4, 1),
        "version": "V1.0",
        "title": "",
    }
    return IndexDocument(id=id_, text=text, **{**usual, **values})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def document() -> Maker:
    return make_document


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    """An empty index."""
    made = WhooshEngine(tmp_path / "search" / "whoosh", patience=5)
    made.rebuild([])
    yield made
    made.close()
