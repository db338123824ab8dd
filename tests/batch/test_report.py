"""The report as people and programs read it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from docgen.batch.report import write_report
from docgen.batch.states import RowState, State

ROWS = [
    RowState(0, 3, State.MADE, project="项目A", type_name="服务合同", version="V1.0", path="drafts/a.docx"),
    RowState(
        1,
        4,
        State.FAILED,
        project="=HYPERLINK(1)",
        doc_id="@SUM(A1)",
        field="price",
        labels="单价",
        reason="单价“-5”：不能为负\n请改正",
        reason_en="-5 is negative",
    ),
]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_has_a_line_for_every_row_and_no_formula(tmp_path: Path) -> None:
    write_report(tmp_path / "报告.csv", iter(ROWS), "zh")
    made, failed = cells(tmp_path / "报告.csv")

    assert (made["行号"], made["状态"], made["路径"]) == ("3", "生成", "drafts/a.docx")
    assert (failed["行号"], failed["状态"], failed["错误项"]) == ("4", "失败", "单价")
    assert failed["说明"] == "单价“-5”：不能为负 请改正"
    assert (failed["项目"], failed["文件编号"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")


def test_json_holds_the_same_as_data(tmp_path: Path) -> None:
    write_report(tmp_path / "new" / "report.JSON", iter(ROWS), "en")
    made, failed = json.loads((tmp_path / "new" / "report.JSON").read_text(encoding="utf-8"))

    assert (made["row"], made["state"], made["state_label"], made["pdf"]) == (3, "made", "made", None)
    assert (failed["doc_id"], failed["reason"]) == ("@SUM(A1)", "-5 is negative")


@pytest.mark.parametrize("name", ["empty.csv", "empty.json"])
def test_no_rows_make_a_report_too(tmp_path: Path, name: str) -> None:
    write_report(tmp_path / name, iter([]), "zh")
    text = (tmp_path / name).read_text(encoding="utf-8-sig")
    assert text.startswith("行号") if name.endswith("csv") else json.loads(text) == []
