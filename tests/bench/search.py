"""All search engines side by side: building, adding, queries by kind, size, memory, exactness.

    python tests/bench/search.py [--docs N] [--quick] [--corpus corpus.jsonl] [--engines whoosh,tantivy]
                                 [--updates N] [--unchecked]

Without a corpus (a file of JSON lines with project, type, code, version, date, title, text) documents are
made of the sentences of the shipped templates. Every engine works in a process of its own, one after the
other. Times of queries are the best of three, in milliseconds of the clock; beside them those of the
processor, which tell what an engine costs on a machine that others use, too (not for PostgreSQL, whose
server counts for itself).
What a query ought to find is read out of the texts, one by one (``--unchecked`` leaves that out: with many
documents it takes longer than all the rest). ``--updates`` replaces so many documents, 50 in a commit, and
tells the size of the index before and after.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import multiprocessing
import os
import random
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from database import server

from docgen.base.settings import ENGINES
from docgen.base.workspace import shipped_templates
from docgen.search.engine import Engine, Filters, IndexDocument
from docgen.search.engines import open_engine
from docgen.search.matching import Reading, matches
from docgen.search.query import parse_query

ADDED = 40
#: Documents that are replaced in one commit.
REPLACED = 50
#: Of more hits not every one is looked at (each with its snippet).
MANY = 1000
EVERYTHING = Filters(all_versions=True)
#: Kind -> queries of it; `{}` is filled with pieces that are cut out of documents.
FIXED = {
    "one character": ("合", "验", "约", "售"),
    "two characters": (
        *("文件", "系统", "设置", "使用", "可以", "用户", "命令", "安装", "网络", "数据"),
        *("图像", "函数", "选项", "目录", "程序", "合同", "验收", "软件", "驗證", "發票"),
    ),
    "longer words": (
        *("操作系统", "配置文件", "工作表", "以下命令"),
        *("可以使用", "自由软件", "命令行", "對話方塊"),
    ),
    "English": ("debian", "linux", "the", "file", "SQL", "python"),
    "codes": ("HT-2019-000", "2021", "YS-2022", "FP-2024-005"),
    "Boolean": (
        *("文件 系统", "安装 OR 设置", "网络 NOT 无线", "(用户 OR 管理员) 密码"),
        *("命令 -目录", "数据 (库 OR 表) NOT 图像"),
    ),
    "fields and dates": ("标题:安装 文件", "类型:合同 系统", "日期:2021 用户", "日期:2020-03..2020-09 命令"),
    "prefixes": ("conf*", "HT-2021-0*"),
    "quoted": ('"，可以使用"', '"第 1 "', '"。如果"'),
}


def corpus(path: Path | None, number: int) -> Iterator[IndexDocument]:
    """Yield so many documents; a corpus that is shorter is read again."""
    rows = (
        [json.loads(line) for line in path.open(encoding="utf-8")]
        if path
        else list(made_up(min(number, 5000)))
    )
    for at in range(number):
        row = rows[at % len(rows)]
        year, month, day = row["date"] // 10_000, row["date"] // 100 % 100, row["date"] % 100
        yield IndexDocument(
            id=f"{row['project']}/{at:07d}",
            doc_id=row["code"],
            number=row["code"],
            project=row["project"],
            type_id="other",
            type_name=row["type"],
            category="项目执行",
            date=dt.date(year, month, day),
            version=f"V{row['version']}.0",
            title=row["title"],
            text=row["text"],
        )


def made_up(number: int) -> Iterator[dict[str, Any]]:
    """Yield documents made of the sentences of the shipped templates."""
    outlines = (path.read_text(encoding="utf-8") for path in sorted(shipped_templates().glob("*/outline.md")))
    stock = sorted(set(re.findall(r"[\u4e00-\u9fff，、：0-9]{8,60}", "\n".join(outlines))))
    chance = random.Random(7)
    types = ("合同", "验收报告", "会议纪要", "发票")
    for at in range(number):
        text = "。".join(chance.sample(stock, 25))
        date = (2019 + at % 7) * 10_000 + (1 + at % 12) * 100 + 1 + at % 28
        code = f"HT-{2019 + at % 7}-{at % 1000:03d}"
        values = {"project": f"项目{at % 9}", "type": types[at % 4], "code": code, "version": 1 + at % 4}
        yield {**values, "date": date, "title": text[:30], "text": f"编号：{code}\n{text}"}


def queries(documents: Sequence[IndexDocument]) -> dict[str, list[str]]:
    """Return the queries by kind, with substrings cut at random places."""
    chance = random.Random(11)
    cut: list[str] = []
    while len(cut) < 40:
        text = chance.choice(documents).text
        length = 2 + len(cut) % 7
        start = chance.randrange(len(text) - length)
        part = text[start : start + length]
        if re.fullmatch(r"[\u4e00-\u9fff]+", part):
            cut.append(part)
    return {**{kind: list(words) for kind, words in FIXED.items()}, "random substrings": cut}


# Measuring


@dataclass
class Figures:
    """What one engine did."""

    engine: str
    build: float = 0
    build_cpu: float = 0
    added: tuple[float, ...] = ()
    size: int = 0
    updated_size: int = 0
    memory: int = 0
    exact: int = 0
    wrong: tuple[str, ...] = ()
    #: Kind -> (clock, processor) of every query: first ten hits; with totals and facets.
    ten: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    whole: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """What every engine is given: documents, queries by kind, and what each ought to find."""

    documents: list[IndexDocument]
    asked: dict[str, list[str]]
    truth: dict[str, frozenset[str]]
    updates: int


def measure(name: str, root: Path, address: str, task: Task, answer: Any) -> None:
    """Measure one engine, in a process of its own."""
    engine = open_engine(name, root, server=address)
    figures = Figures(name)
    gc.freeze()  # the documents of the benchmark itself are not to be walked through again and again
    before = time.perf_counter(), sum(os.times()[:4])
    engine.rebuild(iter(task.documents))
    figures.build = time.perf_counter() - before[0]
    figures.build_cpu = sum(os.times()[:4]) - before[1]
    figures.size = size_of(name, root, address)
    resident = memory()
    figures.ten, figures.whole = (
        {kind: [timed(engine, one, facets=facets) for one in words] for kind, words in task.asked.items()}
        for facets in (False, True)
    )
    figures.memory = memory() - resident
    asked = list(task.truth)
    figures.wrong = tuple(one for one in asked if not is_exact(engine, one, task.truth[one]))
    figures.exact = len(asked) - len(figures.wrong)
    reader = open_engine(name, root, server=address)
    figures.added = tuple(additions(engine, reader, task.documents[:ADDED]))
    for start in range(0, task.updates, REPLACED):
        engine.add(task.documents[start : start + REPLACED])
    while engine.optimise():
        pass
    figures.updated_size = size_of(name, root, address)
    answer.put(figures)


def timed(engine: Engine, query: str, *, facets: bool) -> tuple[float, float]:
    """Return milliseconds of the clock and of the processor, the best of three."""
    tree = parse_query(query)
    taken = []
    for _ in range(3):
        clock, processor = time.perf_counter(), time.process_time()
        engine.search(tree, EVERYTHING, facets=facets)
        taken.append((time.perf_counter() - clock, time.process_time() - processor))
    return min(clock for clock, _ in taken) * 1000, min(processor for _, processor in taken) * 1000


def found(engine: Engine, query: str) -> frozenset[str]:
    """Return the ids of all hits."""
    hits = engine.search(parse_query(query), EVERYTHING, limit=None, facets=False).hits
    return frozenset(hit.document.id for hit in hits)


def is_exact(engine: Engine, query: str, truth: frozenset[str]) -> bool:
    """Whether a query finds what it ought to: all ids, of very many hits their number."""
    if len(truth) > MANY:
        return engine.search(parse_query(query), EVERYTHING, facets=False).total == len(truth)
    return found(engine, query) == truth


def additions(engine: Engine, reader: Engine, documents: Sequence[IndexDocument]) -> Iterator[float]:
    """Add documents one by one; yield the milliseconds until each is found by somebody else."""
    for number, document in enumerate(documents):
        new = replace(document, id=f"新/{number}", number=f"XIN-{number}-{os.getpid()}")
        asked = parse_query(f"编号:{new.number}")
        began = time.perf_counter()
        adding = threading.Thread(target=engine.add, args=([new],))
        adding.start()
        while reader.search(asked, limit=1, facets=False).total != 1:
            time.sleep(0.002)
        yield (time.perf_counter() - began) * 1000
        adding.join()


def memory() -> int:
    """Return the resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def size_of(name: str, root: Path, address: str) -> int:
    """Return the bytes of the index."""
    if name != "postgres":
        return sum(path.stat().st_size for path in (root / name).rglob("*") if path.is_file())
    import psycopg

    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT sum(pg_total_relation_size(tablename::regclass)) FROM pg_tables"
            " WHERE tablename LIKE 'docgen%'"
        ).fetchone()
    return int(row[0]) if row else 0


# Telling


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def tell(figures: Sequence[Figures], number: int) -> None:
    """Print the tables."""
    print(f"\n{number} documents; queries: p50 / p95 ms of the clock (of the processor)\n")
    heads = ("engine", "build docs/s (s of CPU)", "first ten hits", "with totals and facets")
    more = ("add until found p50 / max ms", "index MB", "after updates", "memory MB", "exact")
    show([heads + more, *(line(one, number) for one in figures)])
    print()
    kinds = list(figures[0].whole)
    by_kind = [(kind, *(times(one.whole[kind]) for one in figures)) for kind in kinds]
    show([("with totals and facets", *(one.engine for one in figures)), *by_kind])
    for one in figures:
        for query in one.wrong:
            print(f"{one.engine} is wrong about {query}")


def line(one: Figures, number: int) -> tuple[str, ...]:
    """Return the row of an engine."""
    ten, whole = (
        [pair for pairs in (kinds or {}).values() for pair in pairs] for kinds in (one.ten, one.whole)
    )
    total = one.exact + len(one.wrong)
    return (
        one.engine,
        f"{number / one.build:.0f} ({one.build_cpu:.0f})",
        times(ten),
        times(whole),
        f"{statistics.median(one.added):.0f} / {max(one.added):.0f}",
        f"{one.size / 1e6:.0f}",
        f"{one.updated_size / 1e6:.0f}",
        f"{one.memory / 1e6:.0f}",
        f"{one.exact}/{total}",
    )


def times(pairs: Sequence[tuple[float, float]]) -> str:
    """Return p50 / p95 of clock and processor."""
    clock, processor = map(_half_and_most, zip(*pairs, strict=True))
    return f"{clock} ({processor})"


def _half_and_most(values: Sequence[float]) -> str:
    return f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f}"


def show(rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown."""
    for at, row in enumerate(rows):
        print("| " + " | ".join(row) + " |")
        if not at:
            print("|" + "---|" * len(row))


@contextmanager
def address_of(name: str, given: str) -> Iterator[str | None]:
    """Yield the database for an engine: none needed, the one given, or one of a server of our own."""
    if name != "postgres" or given:
        yield given
        return
    with server("shared_buffers=512MB") as running:
        yield f"{running} dbname=postgres" if running else None


def main() -> None:
    """Run the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--quick", action="store_true", help="200 documents")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--server", default="", help="an empty database for postgres; else one is started")
    parser.add_argument("--updates", type=int, default=100)
    parser.add_argument("--unchecked", action="store_true", help="do not look at what is found")
    given = parser.parse_args()
    documents = list(corpus(given.corpus, 200 if given.quick else given.docs))
    asked = queries(documents)
    readings = {} if given.unchecked else {one.id: Reading.of(one) for one in documents}
    checked = () if given.unchecked else [text for words in asked.values() for text in words]
    truth = {text: true(text, readings) for text in checked}
    readings.clear()
    task = Task(documents, asked, truth, given.updates)
    figures = []
    for name in given.engines.split(","):
        with address_of(name, given.server) as address, tempfile.TemporaryDirectory() as folder:
            if address is None:
                print(f"{name}: no server on this machine")
                continue
            figures.append(apart(measure, name, Path(folder), address, task))
            print(" | ".join(line(figures[-1], len(documents))), flush=True)
    tell(figures, len(documents))
    if any(one.wrong for one in figures):
        raise SystemExit(1)


def true(text: str, readings: dict[str, Reading]) -> frozenset[str]:
    """Return what a query ought to find, reading every document."""
    tree = parse_query(text)
    return frozenset(id_ for id_, reading in readings.items() if matches(tree, reading))


def apart(work: Callable[..., None], *given: Any) -> Figures:
    """Do ``work`` in a process of its own; return what it answers."""
    context = multiprocessing.get_context("fork")
    answer = context.SimpleQueue()
    process = context.Process(target=work, args=(*given, answer))
    process.start()
    found: Figures = answer.get()
    process.join()
    return found


if __name__ == "__main__":
    main()
