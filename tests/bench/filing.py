"""How fast the archive files: one by one and in groups, beside the floor that the disk sets.

    python tests/bench/filing.py [--quick]

Each round files the same number of contracts (22 kB Word file and 10 kB record) into one project, and writes
the same bytes plainly: a file each, made certain (fsync) before the next is begun, its name made certain once
for all. All in one run, in turns; the median of the rounds is shown, and the ratio to the floor.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from docgen.archive.catalogue import Catalogue
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.store import Archive
from docgen.archive.versions import Version
from docgen.base.workspace import shipped_templates
from docgen.forms.types import load_types


def parcels(number: int, desk: Path) -> list[Parcel]:
    """Return so many contracts of one project; their files lie on the desk and are removed when filed."""
    contract = load_types(shipped_templates() / "types.yaml").find("service_contract")
    desk.mkdir()
    made = []
    for one in range(number):
        identity = Identity("示例项目", contract.token, f"{one:05d}", date(2026, 2, 2), Version(1, 0))
        files = []
        for ext, size in (("docx", 22_000), ("record.json", 10_000)):
            path = desk / f"{identity.stem}.{ext}"
            path.write_bytes(os.urandom(size))
            files.append(ParcelFile.of(path, ext, finish=True))
        made.append(
            Parcel(contract, identity, tuple(files), doc_id=f"HT-{one:05d}", facts=Facts(generated=True))
        )
    return made


#: Seconds that passed, and seconds of the processor.
Took = tuple[float, float]


def in_groups(of: int) -> Callable[[int, Path], Took]:
    """Return what files so many parcels in groups, and tells how long it took."""

    def run(number: int, place: Path) -> Took:
        archive = Archive(place / "archive", Catalogue(place / "index"))
        waiting = parcels(number, place / "desk")
        began, busy = time.perf_counter(), time.process_time()
        for start in range(0, number, of):
            archive.finish(archive.file_many(waiting[start : start + of], actor="cli:bench"))
        took = time.perf_counter() - began, time.process_time() - busy
        archive.catalogue.close()
        return took

    return run


def plainly(number: int, place: Path) -> Took:
    """Write the same bytes, each file made certain."""
    waiting = parcels(number, place / "desk")
    target = place / "plain"
    target.mkdir()
    began, busy = time.perf_counter(), time.process_time()
    for parcel in waiting:
        for file in parcel.files:
            source = file.content.path
            with (target / source.name).open("xb") as stream:
                stream.write(source.read_bytes())
                stream.flush()
                os.fsync(stream.fileno())
            source.unlink()
    folder = os.open(target, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return time.perf_counter() - began, time.process_time() - busy


WAYS: dict[str, Callable[[int, Path], Took]] = {
    "one by one": in_groups(1),
    "groups of 10": in_groups(10),
    "groups of 50": in_groups(50),
    "plain write + fsync (floor)": plainly,
}


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few parcels, one round")
    number, rounds = (50, 1) if parser.parse_args().quick else (500, 3)
    took: dict[str, list[Took]] = {name: [] for name in WAYS}
    for _ in range(rounds):
        for name, way in WAYS.items():
            place = Path(tempfile.mkdtemp())
            took[name].append(way(number, place))
            shutil.rmtree(place)
    print(f"{number} contracts, median of {rounds}")
    floor = statistics.median(passed for passed, _ in took["plain write + fsync (floor)"])
    for name, times in took.items():
        passed, busy = (statistics.median(column) for column in zip(*times, strict=True))
        each, work = passed / number * 1000, busy / number * 1000
        ratio = passed / floor
        print(
            f"{name:30} {1000 / each:6.0f} /s {each:8.2f} ms  processor {work:6.2f} ms {ratio:6.2f} x floor"
        )


if __name__ == "__main__":
    main()
