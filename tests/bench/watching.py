"""How fast the watcher files: a whole `docgen watch` process, beside the floor that the disk sets.

    python tests/bench/watching.py [--number N] [--projects N] [--quick]

So many Word files are dropped into the inbox at once, half of them made by docgen (with their data inside),
half from elsewhere. Counted is the time from the first filed to the last, the time to settle left out,
and the time until all are indexed. The floor writes the same bytes plainly, each file made certain (fsync)
before the next is begun.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from docgen.base.workspace import Workspace
from docgen.render.package import Package
from docgen.render.provenance import embed, read, strip
from docgen.workflow.session import Session
from docgen.workflow.start import demonstrate, initialise


def documents(number: int, projects: int, place: Path) -> list[tuple[str, bytes]]:
    """Return names and contents: the sample contract over and over, with and without its data."""
    workspace = initialise(place / "sample")
    demonstrate(Session(workspace))
    contract = next(workspace.archive.rglob("*服务合同*.docx")).read_bytes()
    provenance = read(contract)
    assert provenance is not None
    plain = Package.open(strip(contract))
    made = []
    for one in range(number):
        project = f"项目{one % projects}"
        plain.parts["docProps/custom-note.xml"] = b"<n>%d</n>" % one
        plain.set_content_type("docProps/custom-note.xml", "application/xml")
        data = plain.to_bytes()
        if one % 2:
            fields = {
                **provenance.fields,
                "project_name": project,
                "doc_id": f"HT-{one:05d}",
                "contract_no": f"HT-{one:05d}",
            }
            data = embed(data, replace(provenance, fields=fields))
        made.append((f"{project}_服务合同-{one:05d}_2026-02-10_V1.0.docx", data))
    return made


def floor(files: list[tuple[str, bytes]], place: Path) -> float:
    """Return the seconds that it takes to write the same bytes, each file made certain."""
    place.mkdir()
    began = time.perf_counter()
    for name, data in files:
        with (place / name).open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    return time.perf_counter() - began


def filed(workspace: Workspace) -> int:
    """Return how many documents lie in the archive under their names."""
    return sum(1 for _ in workspace.archive.glob("项目*/合同协议/*.docx"))


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--projects", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="few files, to show that it works")
    wanted = parser.parse_args()
    wanted.number = 60 if wanted.quick else wanted.number
    place = Path(tempfile.mkdtemp())
    files = documents(wanted.number, wanted.projects, place)
    plain = floor(files, place / "plain")
    workspace = initialise(place / "workspace")
    drop = place / "drop"
    drop.mkdir()
    for name, data in files:
        (drop / name).write_bytes(data)
    program = subprocess.Popen(
        [sys.executable, "-m", "docgen", "-w", str(workspace.root), "watch"], stdout=subprocess.DEVNULL
    )
    try:
        while not (workspace.state / "watch.json").exists():
            time.sleep(0.1)
        for path in drop.iterdir():
            path.rename(workspace.inbox / path.name)
        while not filed(workspace):
            time.sleep(0.02)
        began, first = time.perf_counter(), filed(workspace)
        while any(workspace.inbox.glob("*.docx")):
            time.sleep(0.05)
        took = time.perf_counter() - began
        session = Session(workspace)
        while session.catalogue.to_index(1):
            time.sleep(0.05)
        indexed = time.perf_counter() - began
    finally:
        program.send_signal(signal.SIGTERM)
        _, _, used = os.wait4(program.pid, 0)
    rate = (wanted.number - first) / took
    print(f"{wanted.number} documents, {wanted.projects} projects")
    print(f"filed    {rate:6.0f} /s   {took / plain * wanted.number / (wanted.number - first):5.2f} x floor")
    print(f"indexed  {wanted.number / indexed:6.0f} /s")
    busy = (used.ru_utime + used.ru_stime) / wanted.number * 1000
    print(f"processor of the watcher and its helpers, start included: {busy:.1f} ms a document")
    print(f"floor    {wanted.number / plain:6.0f} /s")
    shutil.rmtree(place)


if __name__ == "__main__":
    main()
