"""The shipped example workbook: it fits its form, and every row of it makes a contract."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from docgen.base.workspace import Workspace, shipped_templates
from docgen.batch.states import State
from docgen.workflow.batch import run_batch
from docgen.workflow.batches.archived import archived
from docgen.workflow.batches.tabular import Source, of_table
from docgen.workflow.batches.wanted import Summary, Wanted
from docgen.workflow.session import Session
from docgen.workflow.start import initialise

ROWS = 24


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(initialise(tmp_path / "工作区"))


def run(session: Session, wanted: Wanted) -> Summary:
    sample = session.workspace.samples / "service_contracts.xlsx"
    return run_batch(session, of_table(session, Source(sample, type_id="service_contract"), wanted), wanted)


def amounts(session: Session) -> list[Decimal]:
    """Return what each contract in the archive comes to, the newest version of each."""
    found = {}
    for path in sorted(session.workspace.archive.glob("*/合同协议/*.record.json")):
        values = json.loads(path.read_text(encoding="utf-8"))["values"]
        found[values["contract_no"]] = Decimal(values["contract_amount"])
    return [found[number] for number in sorted(found)]


def expected(rate: str) -> list[Decimal]:
    """Work the amounts out from the cells of the workbook: quantity by price, tax on top."""
    book = openpyxl.load_workbook(shipped_templates() / "samples" / "service_contracts.xlsx")
    sums: dict[str, Decimal] = {}
    headings, _, *rows = book["服务内容与标准"].iter_rows(values_only=True)
    for row in rows:
        cells = dict(zip(headings, row, strict=True))
        net = Decimal(str(cells["数量"])) * Decimal(str(cells["单价(元)"]))
        number = str(cells["合同编号"])
        sums[number] = sums.get(number, Decimal(0)) + net * (1 + Decimal(rate))
    return [sums[number] for number in sorted(sums)]


def test_what_the_readme_shows(session: Session) -> None:
    assert run(session, Wanted(dry_run=True)).counts == {State.MADE: ROWS}
    assert list(session.workspace.drafts.iterdir()) == []
    assert run(session, Wanted()).counts == {State.MADE: ROWS}
    assert run(session, Wanted(file=True, workers=2)).counts == {State.MADE: ROWS}
    assert amounts(session) == expected("0.06")
    assert run(session, Wanted(file=True)).counts == {State.UNCHANGED: ROWS}

    wanted = Wanted(file=True, changes={"税率": "9%"})
    anew = run_batch(session, archived(session, "service_contract", wanted), wanted)
    assert anew.counts == {State.MADE: ROWS}
    assert amounts(session) == expected("0.09")
    names = [path.name for path in session.workspace.archive.glob("*/合同协议/*.docx")]
    assert sorted(name.rsplit("_", 1)[1] for name in names) == ["V1.0.docx"] * ROWS + ["V1.1.docx"] * ROWS


def test_contracts_are_made_anew_again_and_again(session: Session) -> None:
    wanted = Wanted(file=True)
    run(session, wanted)

    def again(**changes: str) -> Summary:
        options = Wanted(file=True, changes=changes)
        return run_batch(session, archived(session, "service_contract", options), options)

    assert again(税率="9%").counts == {State.MADE: ROWS}
    assert again().counts == {State.UNCHANGED: ROWS}
    assert again(税率="10%").counts == {State.MADE: ROWS}
    names = sorted(path.name[-9:-5] for path in session.workspace.archive.glob("*/合同协议/*.docx"))
    assert names == sorted(["V1.0", "V1.1", "V1.2"] * ROWS)


def test_every_sample_is_made_anew_from_its_own_record(filed: Workspace) -> None:
    session = Session(filed)
    wanted = Wanted(file=True)
    summary = run_batch(session, archived(session, "示例市政务云运维项目", wanted), wanted)
    assert summary.counts == {State.UNCHANGED: 9}
