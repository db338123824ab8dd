"""Several processes on one index: readers never fail, killed writers lose nothing that was committed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from docgen.search.engine import Engine, Health
from docgen.search.query import parse_query

QUERY = parse_query("正文")

WRITER = """
import datetime as dt, sys
from pathlib import Path
from docgen.search.engine import IndexDocument
from docgen.search.engines import open_engine

def document(name):
    day = dt.date(2023, 1, 1)
    return IndexDocument(name, name, "示例项目", "x", "其他", "项目执行", day, "V1.0", "", "正文" * 50)

name, root, server, prefix, count, how = sys.argv[1:]
count = int(count)
engine = open_engine(name, Path(root), server=server)
if how == "rebuild":
    def documents():
        for number in range(count):
            print(number, flush=True)
            yield document(f"{prefix}{number}")
    engine.rebuild(documents())
else:
    for number in range(count):
        engine.add([document(f"{prefix}{number}")])
        print(number, flush=True)
"""


@contextmanager
def writer(place: Any, prefix: str, count: int, how: str = "add") -> Iterator[subprocess.Popen[str]]:
    where = [place.engine, str(place.root), place.server]
    command = [sys.executable, "-c", WRITER, *where, prefix, str(count), how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_readers_see_every_commit_and_never_fail(engine: Engine, place) -> None:
    with writer(place, "a", 12) as one, writer(place, "b", 12) as other:
        seen = [0]
        while one.poll() is None or other.poll() is None:
            seen.append(engine.search(QUERY, limit=1).total)
        assert (one.returncode, other.returncode) == (0, 0)

    assert seen == sorted(seen)
    assert engine.search(QUERY).total == 24


def test_readers_never_fail_while_the_index_is_made_anew(engine: Engine, place) -> None:
    with writer(place, "first", 3, "rebuild") as process:
        process.wait()
    for number in range(3):
        with writer(place, f"{number}-", 3, "rebuild") as process:
            while process.poll() is None:
                assert engine.search(QUERY, limit=1).total == 3
                assert engine.health() is Health.READY
            assert process.returncode == 0
    assert {hit.document.id for hit in engine.search(QUERY).hits} == {"2-0", "2-1", "2-2"}


@pytest.mark.parametrize("commits", [1, 4, 9])
def test_a_killed_writer_loses_nothing_committed_and_locks_nobody_out(
    engine: Engine, document, place, commits: int
) -> None:
    with writer(place, "a", 1000) as process:
        assert process.stdout
        done = [process.stdout.readline().strip() for _ in range(commits)]
        process.kill()

    found = {hit.document.id for hit in engine.search(QUERY, limit=None).hits}
    assert {f"a{number}" for number in done} <= found
    assert engine.health() is Health.READY
    engine.add([document("after", "正文")])
    assert engine.search(QUERY).total == len(found) + 1


def test_a_killed_rebuild_leaves_the_old_index(engine: Engine, document, place) -> None:
    engine.add([document("old", "正文")])
    with writer(place, "a", 100_000, "rebuild") as process:
        assert process.stdout
        for _ in range(20):
            process.stdout.readline()
        process.kill()

    assert engine.health() is Health.READY
    assert [hit.document.id for hit in engine.search(QUERY).hits] == ["old"]
    engine.rebuild([document("new", "正文")])
    assert place.generations() == 1  # the half-made one is gone
    assert engine.search(QUERY).total == 1
