"""`docgen register`, `docgen status` and `docgen waive`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

PROJECT = "示例市政务云运维项目"
HEADS = ["文件类型", "项目名称", "文件名称", "创建日期", "版本号", "存储位置"]


def read_csv(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(path: Path) -> list[list[str]]:
    return [
        [str(cell) for cell in row] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)
    ]


def read_docx(path: Path) -> list[list[str]]:
    found = []
    for row in Document(str(path)).element.body.iter("{*}tr"):
        cells = ["".join(cell.itertext("{*}t")) for cell in row.iterchildren("{*}tc")]
        if len(cells) == len(HEADS):
            found.append(cells)
    return found


@pytest.mark.parametrize(("kind", "read"), [("csv", read_csv), ("xlsx", read_xlsx), ("docx", read_docx)])
@pytest.mark.parametrize("project", [(), (PROJECT,)])
def test_all_forms_say_the_same(docgen, demonstrated, tmp_path, kind, read, project) -> None:
    ran = docgen(demonstrated, "register", *project, "--out", tmp_path / f"整理表.{kind}")
    assert ran.code == 0
    heads, *lines = read(tmp_path / f"整理表.{kind}")

    assert heads == HEADS
    assert lines == [list(one.values()) for one in docgen(demonstrated, "register", "--json").json]
    assert len(lines) == 9
    assert all((demonstrated.archive / line[5] / line[2]).is_file() for line in lines)


@pytest.mark.office
def test_as_pdf(docgen, demonstrated, tmp_path) -> None:
    out = tmp_path / "整理表.pdf"
    assert docgen(demonstrated, "register", "--out", out).code == 0
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "reason"),
    [(["--out", "x.txt"], "xlsx、docx、pdf、csv"), (["无此项目"], "档案中没有项目“无此项目”")],
)
def test_what_cannot_be_is_told(docgen, demonstrated, tmp_path, words, reason) -> None:
    ran = docgen(demonstrated, "register", *words)

    assert ran.code == 2
    assert reason in ran.err


def test_a_file_is_never_overwritten(docgen, demonstrated, tmp_path) -> None:
    out = tmp_path / "x.csv"
    out.write_text("kept")
    assert docgen(demonstrated, "register", "--out", out).code == 2
    assert out.read_text() == "kept"


def test_corrected_groups_order_the_register(docgen, filed) -> None:
    before = [one["文件名称"].split("_")[1] for one in docgen(filed, "register", "--json").json]
    docgen(filed, "correct", "XQ-2026-001", "--phase", "closing", "--reason", "补交")
    after = [one["文件名称"].split("_")[1] for one in docgen(filed, "register", "--json").json]

    assert before.index("需求确认单") < before.index("进度报告")
    assert after[-1] == "需求确认单"


def test_the_status_counts_what_is_due_and_whole(docgen, filed) -> None:
    told = docgen(filed, "status", PROJECT, "--json").json
    by_name = {one["name"]: one for one in told["classes"]}

    assert list(by_name) == ["服务记录", "沟通记录", "技术文档", "合同协议", "商务文档", "项目执行"]
    assert by_name["服务记录"]["remark"] == "无应归档文件"
    assert by_name["商务文档"]["missing"] == ["费用支付记录"]
    assert (told["files"], told["sound"], told["may_close"]) == (18, 18, False)
    (settlement,) = filed.archive.rglob("*费用结算申请表*.docx")
    settlement.chmod(0o644)
    settlement.write_bytes(b"damaged")
    told = docgen(filed, "status", PROJECT, "--json").json
    assert told["sound"] == 17
    assert {one["name"]: one for one in told["classes"]}["商务文档"]["state"] == "未归档"


def test_a_project_may_be_closed_when_all_is_there_or_waived(docgen, filed) -> None:
    why = ("--reason", "由客户保管", "--approver", "示例甲")
    for name in ("沟通记录", "技术文档", "合同协议", "商务文档"):
        assert docgen(filed, "waive", PROJECT, name, *why).code == 0
    assert docgen(filed, "status", PROJECT, "--json").json["may_close"] is False

    docgen(filed, "waive", PROJECT, "项目执行", *why)

    ran = docgen(filed, "status", PROJECT)
    assert ran.out.splitlines()[-1] == "可以归档关闭。"
    assert "商务文档\t部分归档\t缺：费用支付记录；免归档：由客户保管（批准人：示例甲，" in ran.out
    assert docgen(filed, "waive", PROJECT, "项目执行", "--revoke").code == 0
    assert docgen(filed, "status", PROJECT, "--json").json["may_close"] is False
    assert docgen(filed, "waive", PROJECT, "发票", *why).code == 2
