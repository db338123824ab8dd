"""A batch as its users run it: rows of a CSV file to service contracts, in worker processes.

    python tests/bench/batch.py [--rows 10000] [--file] [--kill] [--quick]
    python tests/bench/batch.py --profile [--rows 500]

The table is made from the shipped sample contract: four service items and three instalments a row, all in one
line, every number another. The run is a process of its own; time and memory are those that the system counts
for it and its workers. With `--kill` it is killed (SIGKILL, its whole group) when a third of the rows are
done, and the same command goes on. `--profile` handles the rows in this one process and says which parts of
the program take the time.
"""

from __future__ import annotations

import argparse
import cProfile
import csv
import os
import pstats
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.tasks import Prepare, Print, Printed, Ready
from docgen.workflow.batches.wanted import Wanted
from docgen.workflow.batches.worker import Start
from docgen.workflow.session import Session
from docgen.workflow.start import initialise

TYPE = "service_contract"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--file", action="store_true")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a few rows, to show that it works")
    options = parser.parse_args()
    rows = options.rows or (30 if options.quick else 500 if options.profile else 10_000)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(initialise(Path(folder) / "work"))
        table = session.workspace.root / "contracts.csv"
        write_table(table, session, rows)
        if options.profile:
            profile(session, table)
        else:
            tell(session, table, rows, filing=options.file, kill=options.kill)


def write_table(path: Path, session: Session, rows: int) -> None:
    """Write one row a contract: the sample, with numbers and prices of its own."""
    sample = yaml.load(
        (session.workspace.samples / f"{TYPE}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
    )
    del sample["bid_total"]  # it would have to agree with the prices
    fixed = dict(flat(sample))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(fixed)
        for number in range(1, rows + 1):
            own = {
                "contract_no": f"HT-2026-{number:05d}",
                "service_items.1.unit_price": f"{240_000 + number}.50",
            }
            writer.writerow((fixed | own).values())


def flat(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a row: `table.1.column`, `sign.name`, lists joined."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield key, " ".join(map(str, value.values()))
        elif isinstance(value, list) and isinstance(value[0], Mapping):
            for place, line in enumerate(value, 1):
                yield from ((f"{key}.{place}.{column}", cell) for column, cell in line.items())
        else:
            yield key, "、".join(value) if isinstance(value, list) else str(value)


def tell(session: Session, table: Path, rows: int, *, filing: bool, kill: bool) -> None:
    """Run the batch and print what it took."""
    command = [
        sys.executable,
        "-m",
        "docgen.cli.main",
        "-w",
        str(session.workspace.root),
        "batch",
        str(table),
    ]
    command += ["--type", TYPE, *(["--file"] if filing else [])]
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    if kill:
        cut_short(command, session.workspace.root, rows // 3)
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    place = session.workspace.archive if filing else session.workspace.drafts
    made = sum(1 for _ in place.rglob("*.docx"))
    print(done.stdout.strip() or done.stderr.strip())
    print(f"{made} documents of {rows} rows, {os.cpu_count()} processors")
    print(
        f"wall {took:.1f} s = {rows / took * 60:.0f}/min; CPU {cpu:.1f} s = {cpu / rows * 1000:.2f} ms each"
    )
    print(f"largest process {after.ru_maxrss / 1024:.0f} MB")
    if made != rows or done.returncode:
        sys.exit(1)


def cut_short(command: Sequence[str], root: Path, rows: int) -> None:
    """Begin the run, and kill it with all its workers when so many documents are there."""
    run = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    while run.poll() is None and sum(1 for _ in root.glob("*/*/**/*.docx")) < rows:
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def profile(session: Session, table: Path) -> None:
    """Handle every row in this process; print the time by parts of the program."""
    folder = session.workspace.drafts / "profile"
    folder.mkdir(parents=True)
    batch = of_table(session, Source(table, type_id=TYPE), Wanted())
    handle = Start(session.workspace.root, session.today, folder, {})()
    waiting = list(batch.rows())
    watch = cProfile.Profile()
    for row in waiting:
        watch.enable()
        ready = handle(Prepare(row)).result
        assert isinstance(ready, Ready), ready
        decided = {"version": "V1.0", "doc_id": str(row.answers["contract_no"])}
        printed = handle(Print(row, decided, folder, f"{row.place}", "")).result
        watch.disable()
        assert isinstance(printed, Printed), printed
    spent: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(watch).stats.items():  # type: ignore[attr-defined]
        spent[topic(file, name)] += own
    whole = sum(spent.values())
    print(f"{len(waiting)} rows, {whole / len(waiting) * 1000:.2f} ms each under the profiler")
    for part, seconds in spent.most_common():
        print(f"{part:28}{seconds / whole:6.1%}")


def topic(file: str, name: str) -> str:
    """Return the part of the program to which a function belongs."""
    if "docgen/" in file.replace(os.sep, "/"):
        inside = file.replace(os.sep, "/").rpartition("docgen/")[2].split("/")
        return "docgen/" + "/".join(inside[: 2 if inside[0] == "render" else 1])
    if file == "<template>" or "jinja2" in file or "markupsafe" in file:
        return "the compiled template"
    for word in ("posix", "io.open", "fsync", "isal", "hash", "json", "re.Pattern", "lxml"):
        if word in name:
            return {"isal": "deflate", "io.open": "files", "posix": "files", "fsync": "files"}.get(word, word)
    return "built-in functions" if file == "~" else "standard library"


if __name__ == "__main__":
    main()
