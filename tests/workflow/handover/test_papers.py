"""The papers beside a project that is handed over."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from docgen.base.workspace import Workspace, shipped_templates
from docgen.forms.loading.loader import load_form
from docgen.render.drawing.draw import draw
from docgen.workflow.export import export_project
from docgen.workflow.session import Session

PROJECT = "示例市政务云运维项目"
PAPERS = ("文档资料整理表.xlsx", "服务数据归档表.xlsx", "档案移交清单.docx", "验收移交资料清单.docx")


def at(day: int):
    return lambda: datetime(2026, 11, day, 3, 15, tzinfo=UTC)


@pytest.fixture
def out(filed: Workspace, tmp_path: Path) -> Path:
    export_project(Session(filed), PROJECT, tmp_path / "移交", clock=at(25))
    return tmp_path / "移交"


def rows(path: Path, sheet: int = 0) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(path.read_bytes())).worksheets[sheet].iter_rows(values_only=True))


def test_the_register_has_exactly_the_six_columns_and_resolves_to_the_files(out: Path) -> None:
    heads, *lines = rows(out / PAPERS[0])

    assert heads == ("文件类型", "项目名称", "文件名称", "创建日期", "版本号", "存储位置")
    assert {out / str(line[5]) / str(line[2]) for line in lines} == set(out.glob(f"{PROJECT}/*/*.docx"))
    assert lines[0] == (
        "合同协议",
        PROJECT,
        f"{PROJECT}_服务合同_2026-02-10_V1.0.docx",
        "2026-02-10",
        "V1.0",
        f"{PROJECT}/合同协议",
    )


def test_the_register_goes_by_category_and_inside_by_phase_and_date(out: Path) -> None:
    _, *lines = rows(out / PAPERS[0])
    execution = [str(line[2]).split("_")[1] for line in lines if line[0] == "项目执行"]

    assert list(dict.fromkeys(line[0] for line in lines)) == ["合同协议", "商务文档", "项目执行"]
    assert execution == ["需求确认单", "进度报告", "项目进度表", "验收申请单", "验收报告"]


def test_the_totals_stand_on_a_second_sheet(out: Path) -> None:
    counted = {(line[0], line[1]): line[2] for line in rows(out / PAPERS[0], 1)}

    assert counted["合计", "文档"] == 9
    assert [counted["按类别（文档）", name] for name in ("合同协议", "技术文档", "商务文档", "项目执行")] == [
        3,
        0,
        1,
        5,
    ]
    assert counted["按版本号（版本）", "V1.0"] == 9
    assert sum(number for (what, _), number in counted.items() if what == "按状态（文档）") == 9


def test_the_archive_table_is_computed(out: Path) -> None:
    heads, *lines = rows(out / PAPERS[1])

    assert heads == ("序号", "数据类别", "数据内容", "归档状态", "备注")
    assert [(line[0], line[1], line[3]) for line in lines] == [
        (1, "服务记录", "未归档"),
        (2, "沟通记录", "未归档"),
        (3, "技术文档", "未归档"),
        (4, "合同协议", "部分归档"),
        (5, "商务文档", "部分归档"),
        (6, "项目执行", "部分归档"),
    ]


def test_the_list_names_parties_documents_and_the_head(filed: Workspace, out: Path) -> None:
    head = Session(filed).catalogue.heads()[PROJECT]
    document = Document(str(out / PAPERS[2]))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells])

    assert "HT-2026-001" in cells
    assert "示例科技有限公司" in cells
    assert "2026-11-25" in cells
    assert "第 9 条" in cells
    assert head.seq == 10  # the export itself was noted after
    assert "移交人签字（盖章）" in text
    assert "接收人签字（盖章）" in text


def test_only_dates_differ_between_two_days(demonstrated: Workspace, tmp_path: Path) -> None:
    import shutil

    made = {}
    for name, day in (("a", 25), ("b", 25), ("c", 26)):
        copy = Workspace(Path(shutil.copytree(demonstrated.root, tmp_path / name / "工作区")))
        export_project(Session(copy), PROJECT, tmp_path / name / "移交", clock=at(day))
        made[name] = {
            path.relative_to(tmp_path / name / "移交").as_posix(): path.read_bytes()
            for path in (tmp_path / name / "移交").rglob("*")
            if path.is_file()
        }
    assert made["a"] == made["b"]
    differing = {name for name in made["a"] if made["a"][name] != made["c"][name]}
    assert differing == {*PAPERS, "manifest-sha256.txt"}
    assert rows(tmp_path / "a/移交" / PAPERS[0]) == rows(tmp_path / "c/移交" / PAPERS[0])
    totals = [rows(tmp_path / name / "移交" / PAPERS[0], 1) for name in ("a", "c")]
    assert [pair for pair in zip(*totals, strict=True) if pair[0] != pair[1]] == [
        (("编制日期", "2026-11-25", None), ("编制日期", "2026-11-26", None))
    ]


@pytest.mark.parametrize("name", ["handover_list", "handover_package_list", "document_register"])
def test_the_templates_are_what_their_outlines_draw(name: str) -> None:
    folder = shipped_templates() / "house/papers" / name
    form = load_form(folder, [shipped_templates() / "groups"])
    drawn = draw(form, (folder / "outline.md").read_text(encoding="utf-8"), shipped_templates() / "house")

    assert drawn == (folder / "template.docx").read_bytes()
