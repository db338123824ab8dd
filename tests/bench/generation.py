"""Compiled templates beside plain docxtpl and beside the floor: `python tests/bench/generation.py`.

All three write the same 200 contracts to disk, in turn, in one process on one core; what counts is CPU time.
The floor only deflates and writes what the compiled template had rendered: nothing that fills in a template
can be faster. `--quick` runs a few records, to show that it works.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import contract
import jinja2
from docxtpl import DocxTemplate

from docgen.render.compiled.template import CompiledTemplate

Record = dict[str, object]
Engine = Callable[[int, Record], bytes]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument(
        "--memory", type=int, default=0, metavar="N", help="make N documents, tell the memory"
    )
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if options.memory:
        tell_memory(options.memory)
    else:
        compare(*((8, 2, 1) if options.quick else (200, 20, 5)))


def compare(many: int, few: int, rounds: int) -> None:
    """Run the engines in turn and print one table; docxtpl makes ``few`` of the documents."""
    template, records = contract.template(), contract.records(many)
    compiled = CompiledTemplate(template)
    parts = [compiled.render_parts(record) for record in records]
    engines: dict[str, tuple[int, Engine]] = {
        "docgen": (many, lambda number, record: compiled.render(record)),
        "docxtpl": (few, lambda number, record: plain(template, record)),
        "floor": (many, lambda number, record: compiled.pack(parts[number])),
    }
    times: dict[str, list[float]] = {name: [] for name in engines}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, (number, engine) in engines.items():
                times[name].append(measured(engine, records[:number], Path(folder)))
    medians = {name: statistics.median(values) for name, values in times.items()}
    size = sum(map(len, parts[0].values()))
    print(f"Python {platform.python_version()}, {size / 1000:.0f} kB of changed XML, {rounds} rounds")
    print(f"{'engine':10}{'ms CPU':>10}{'docs/s CPU':>12}{'x docxtpl':>11}{'x floor':>9}")
    for name, median in medians.items():
        faster, slower = paired(times["docxtpl"], times[name]), paired(times[name], times["floor"])
        print(f"{name:10}{median * 1000:10.3f}{1 / median:12.0f}{faster:11.1f}{slower:9.2f}")


def paired(times: list[float], others: list[float]) -> float:
    """Return the median of the ratios within each round: what slows a round down slows both."""
    return statistics.median(one / other for one, other in zip(times, others, strict=True))


def measured(engine: Engine, records: list[Record], folder: Path) -> float:
    """Return the CPU seconds for one document, written to disk."""
    began = time.process_time()
    for number, record in enumerate(records):
        (folder / f"{number}.docx").write_bytes(engine(number, record))
    return (time.process_time() - began) / len(records)


def plain(template: bytes, record: Record) -> bytes:
    """Make a document with docxtpl as its manual shows."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(record, jinja2.Environment(), autoescape=True)
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()


def tell_memory(number: int) -> None:
    """Make documents in one process; print how much memory it came to hold on the way."""
    compiled, records = CompiledTemplate(contract.template()), contract.records(200)
    for done in range(1, number + 1):
        compiled.render(records[done % 200])
        if done in (200, number // 2, number):
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{done:6} documents: {peak:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
