"""What only the PostgreSQL engine meets."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.search.engine import Engine
from docgen.search.postgres_index.engine import PostgresEngine
from docgen.search.query import parse_query

pytestmark = pytest.mark.parametrize("place", ["postgres"], indirect=True)


def ids(engine: Engine, query: str) -> list[str]:
    return sorted(hit.document.id for hit in engine.search(parse_query(query), limit=None).hits)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("一一", ["huge"]),
        ("验收 AND 正文", ["small"]),
        ("NOT 验收", ["huge"]),
        ("NOT 正文", ["huge"]),
        ("HT-2026*", ["huge", "small"]),
        ("项目:示例项目 末尾", ["huge"]),
    ],
)
def test_a_version_with_more_tokens_than_a_vector_holds_is_read(
    engine: Engine, document, query: str, expected: list[str]
) -> None:
    signs = [chr(number) for number in range(0x4E00, 0x4E00 + 420)]
    pairs = "，".join(map("".join, itertools.product(signs, repeat=2)))  # 176,400 of them
    engine.add([document("huge", pairs + "HT-2026-001末尾"), document("small", "验收正文HT-2026-9")])

    assert ids(engine, query) == expected


def test_a_server_that_cannot_be_reached_is_no_broken_index(place) -> None:
    engine = PostgresEngine("host=/nowhere dbname=archive user=docgen password=geheim")

    for ask in (engine.health, engine.count, lambda: engine.rebuild([])):
        with pytest.raises(EnvironmentFault) as caught:
            ask()
        assert "检索数据库不可用" in caught.value.text()
        assert "geheim" not in caught.value.text()
        assert caught.value.exit_code == 7


def test_a_database_in_another_encoding_is_refused(place) -> None:
    place.execute("CREATE DATABASE old ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    server, _, _ = place.server.partition(" dbname=")
    engine = replace(place, server=f"{server} dbname=old")

    with pytest.raises(EnvironmentFault, match="编码为 UTF8"):
        engine.open().count()


def test_a_connection_that_the_server_ends_is_opened_anew(engine: Engine, place, document) -> None:
    engine.add([document("1", "正文")])
    assert ids(engine, "正文") == ["1"]

    place.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    assert ids(engine, "正文") == ["1"]
