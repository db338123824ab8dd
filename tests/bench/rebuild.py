"""How long `docgen rebuild` takes, and how long single additions take afterwards.

    python tests/bench/rebuild.py [--documents N] [--quick] [--workspace DIR]

Files demand sheets (a generated Word file each, its description replaced by other sentences; 3.6 kB of text)
in 20 projects, deletes catalogue and index, and makes them anew from files and journals. Then 40 documents
are added to the index one by one. The workspace is kept with --workspace, and used again. Beside the seconds
of the clock stand those of the processors: on a machine that is shared, only they can be compared.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import re
import shutil
import statistics
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from docgen.archive.catalogue import Catalogue
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.queries import Filter
from docgen.archive.store import Archive
from docgen.archive.versions import Version
from docgen.base.workspace import Workspace, shipped_templates
from docgen.workflow.generate import generate, read_answers
from docgen.workflow.generated import Wishes
from docgen.workflow.indexing import documents, reindex
from docgen.workflow.session import Session
from docgen.workflow.start import initialise

TYPE = "demand_confirmation_sheet"
GROUP = 50
PROJECTS = 20


def sentences() -> list[str]:
    """Return the sentences of the shipped templates: what papers of this kind consist of."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(shipped_templates().glob("*/outline.md"))]
    found = re.findall(r"[\u4e00-\u9fff，、：0-9]{12,60}", "\n".join(texts))
    return sorted(set(found))


def sheets(session: Session, number: int) -> Iterator[bytes]:
    """Yield so many Word files: one that was generated, each time with another description."""
    form = session.form(TYPE)
    answers = read_answers(form, session.workspace.samples / f"{TYPE}.yaml")
    made = generate(session, form, {**answers, "demand_detail": "描述在此"}, Wishes())
    with zipfile.ZipFile(made.path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    chance, stock = random.Random(5), sentences()
    for _ in range(number):
        text = "。".join(chance.sample(stock, 14)).encode()
        made_file = io.BytesIO()
        with zipfile.ZipFile(made_file, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in members.items():
                package.writestr(name, content.replace("描述在此".encode(), text))
        yield made_file.getvalue()


def fill(workspace: Workspace, number: int) -> None:
    """File so many documents."""
    session = Session(workspace)
    doc_type = session.types[TYPE]
    archive = Archive(workspace.archive, Catalogue(workspace.index))
    waiting = []
    for one, content in enumerate(sheets(session, number)):
        project = f"示例项目{one * PROJECTS // number:02d}"
        identity = Identity(project, doc_type.token, f"{one:06d}", date(2026, 2, 2), Version(1, 0))
        file = ParcelFile("docx", content, f"{identity.stem}.docx")
        waiting.append(
            Parcel(doc_type, identity, (file,), doc_id=f"XQ-{one:06d}", facts=Facts(generated=True))
        )
        last = (one + 1) * PROJECTS // number != one * PROJECTS // number
        if len(waiting) == GROUP or last:
            archive.finish(archive.file_many(waiting, actor="cli:bench"))
            waiting.clear()


def measured(name: str, number: int, before: tuple[float, float]) -> tuple[float, float]:
    """Print what has passed since ``before``; return the clocks."""
    now = clocks()
    wall, processors = now[0] - before[0], now[1] - before[1]
    print(f"{name:34} {wall:7.1f} s {processors:9.1f} s of processors {number / wall:8.0f} documents/s")
    return clocks()


def clocks() -> tuple[float, float]:
    """Return the clock and the processor time of this process and its children."""
    used = os.times()
    return time.perf_counter(), sum(used[:4])


def main() -> None:
    """Run the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--quick", action="store_true", help="500 documents")
    parser.add_argument("--workspace", type=Path, help="kept, and used again")
    given = parser.parse_args()
    number = 500 if given.quick else given.documents
    root = given.workspace or Path(tempfile.mkdtemp())
    workspace = Workspace(root) if (root / "docgen.toml").exists() else initialise(root)
    if not any(workspace.archive.iterdir()):
        fill(workspace, number)
    run(workspace)
    if not given.workspace:
        shutil.rmtree(root)


def run(workspace: Workspace) -> None:
    """Make catalogue and index anew, then add documents one by one."""
    shutil.rmtree(workspace.index, ignore_errors=True)
    session = Session(workspace)
    start = clocks()
    Archive(workspace.archive, Catalogue(workspace.index)).rebuild(actor="cli:bench")
    number = len(session.catalogue)
    now = measured("catalogue and manifests", number, start)
    measured("texts and index", reindex(session), now)
    measured("all", number, start)
    versions = session.catalogue.versions(Filter())
    now = clocks()
    sizes = [len(one.text.encode()) for one in documents(session, versions)]
    measured("(texts alone)", number, now)
    print(f"{number} documents, {statistics.mean(sizes):.0f} bytes of text each")
    additions(session, versions[:40])


def additions(session: Session, versions: list) -> None:  # type: ignore[type-arg]
    """Add documents to the index one by one."""
    seconds = []
    for document in list(documents(session, versions)):
        began = time.perf_counter()
        session.engine.add([document])
        seconds.append(time.perf_counter() - began)
    median, longest = statistics.median(seconds) * 1000, max(seconds) * 1000
    print(f"{len(seconds)} single additions: median {median:.0f} ms, longest {longest:.0f} ms")


if __name__ == "__main__":
    main()
