"""A small type of the workspace's own, quick to print; tables of it, and batches run over them."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest

from docgen.base.workspace import Workspace
from docgen.workflow.batch import run_batch
from docgen.workflow.batches.archived import archived
from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.wanted import Summary, Wanted
from docgen.workflow.session import Session
from docgen.workflow.start import initialise
from docgen.workflow.templates import new_template

NOTE = """\
id: visit_note
name: 拜访纪要
recurring: false
number: note_no
fields:
  - {id: note_no, label: 纪要编号, required: true}
  - {id: topic, label: 主题, required: true}
  - {id: fee, label: 费用, kind: money, required: true}
  - {id: rate, label: 税率, kind: percent, default: 6%}
  - {id: total, label: 合计, kind: money, compute: fee * (1 + rate)}
"""
HEADINGS = "项目名称,纪要编号,主题,费用"


@dataclass
class Desk:
    """A workspace with the type 拜访纪要."""

    root: Path

    @property
    def session(self) -> Session:
        """The workspace as a new process opens it."""
        return Session(Workspace(self.root))

    def table(self, *rows: str, name: str = "纪要.csv", headings: str = HEADINGS) -> Path:
        """Write a table."""
        path = self.root.parent / name
        path.write_text("\n".join([headings, *rows]) + "\n", encoding="utf-8")
        return path

    def run(self, table: Path, *, stop: Callable[[], bool] = lambda: False, **wanted: Any) -> Summary:
        """Run a batch over a table."""
        session, options = self.session, Wanted(**wanted)
        batch = of_table(session, Source(table, type_id="visit_note"), options)
        return run_batch(session, batch, options, stop=stop)

    def again(self, scope: str, *, stop: Callable[[], bool] = lambda: False, **wanted: Any) -> Summary:
        """Make anew what is filed."""
        session, options = self.session, Wanted(**wanted)
        return run_batch(session, archived(session, scope, options), options, stop=stop)

    def change_template(self, text: str) -> None:
        """Make another template of the type, which prints ``text``."""
        (self.root / "templates" / "visit_note" / "outline.md").write_text(
            f"# {{{{ type_name }}}}\n\n{text}：{{{{ topic }}}}，{{{{ total }}}}\n", encoding="utf-8"
        )
        new_template(self.session, "visit_note", force=True)

    def edit(self, path: Path) -> None:
        """Change a document as someone does in Word."""
        document = docx.Document(str(path))
        document.add_paragraph("手工加上的一句")
        document.save(str(path))

    def filed(self) -> dict[str, str]:
        """Return every filed file by its place, as a digest; journals and manifests left out."""
        return {
            path.relative_to(self.root / "archive").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.root / "archive").glob("*/*/*"))
            if path.is_file() and path.parent.name != "journal" and path.parts[-3][0] != "."
        }

    def drafts(self) -> dict[str, str]:
        """Return every draft but the reports, likewise."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted((self.root / "drafts").rglob("*"))
            if path.is_file() and not path.name.startswith("报告")
        }


def report_of(summary: Summary) -> list[dict[str, str]]:
    """Return the lines of a run's report."""
    with next(path for path in summary.reports if path.suffix == ".csv").open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def notes(numbers: Sequence[int], *, fee: str = "100", project: str = "示例项目") -> list[str]:
    """Return a line for each number."""
    return [f"{project},JY-{number:03d},主题{number},{fee}" for number in numbers]


@pytest.fixture(scope="session")
def first_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    workspace = initialise(tmp_path_factory.mktemp("desk") / "工作区")
    folder = workspace.templates / "visit_note"
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(NOTE, encoding="utf-8")
    new_template(Session(workspace), "visit_note")
    return Desk(workspace.root)


@pytest.fixture
def new_desk(first_desk: Desk, tmp_path: Path) -> Callable[[str], Desk]:
    """Make workspaces of one's own, alike but for their place."""
    import shutil

    return lambda name: Desk(Path(shutil.copytree(first_desk.root, tmp_path / name / "工作区")))


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A workspace of one's own."""
    return new_desk("desk")


@pytest.fixture
def lines() -> Callable[..., list[str]]:
    """Make lines of a table, one for each number."""
    return notes


@pytest.fixture
def report() -> Callable[[Summary], list[dict[str, str]]]:
    """Read the report of a run."""
    return report_of
