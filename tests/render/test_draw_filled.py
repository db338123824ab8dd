"""Drawn templates, filled in: what they print, and how the pages fall."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import etree

from docgen.forms.loading.loader import load_form
from docgen.forms.values import Money, Percent, Ruled, Sig
from docgen.render.drawing.draw import draw
from docgen.render.engine import Template
from docgen.render.ooxml import NAMESPACES, paragraph_text, qn
from docgen.render.package import Package
from docgen.render.pdf import find_office, to_pdf

TEMPLATES = Path(__file__).parents[2] / "templates"
HOUSE = TEMPLATES / "house"
SAMPLE = Path(__file__).parent / "forms" / "sample_sheet"
FORM = load_form(SAMPLE, [])
GRID = (SAMPLE / "grid.md").read_text(encoding="utf-8")
LETTER = (SAMPLE / "letter.md").read_text(encoding="utf-8")
needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


def context(rows: int = 2, **changes: object) -> dict[str, object]:
    row = {"no": 1, "item": "部署", "day": date(2026, 11, 2), "state": "已完成"}
    amounts = {"price": Money("600.00"), "amount": Money("1234.50"), "net": Money("1.00")}
    return {
        "type_name": FORM.name,
        "project_name": "示例项目",
        "doc_id": "QR-001",
        "version": "V1.0",
        "sheet_no": "QR-001",
        "provider_label": "乙方",
        "provider_name": "示例科技有限公司",
        "party_a_name": "示例客户有限公司",
        "party_b_name": "示例科技有限公司",
        "kind": "甲类",
        "agreed": True,
        "rate": Percent("0.06"),
        "content": "第一行\n第二行",
        "opinion": Ruled("longtext"),
        "items": tuple({**row, **amounts, "item": f"部署{number}"} for number in range(1, rows + 1)),
        "extras": (),
        "total": Money("2469.00"),
        "total_words": "贰仟肆佰陆拾玖元整",
        "provider_sign": Sig("示例甲", date(2026, 11, 3)),
        "customer_sign": Ruled("sig"),
        "sign_date": Ruled("date"),
        **changes,
    }


def fill(tmp_path: Path, outline: str | None, values: dict[str, object]) -> bytes:
    path = tmp_path / "template.docx"
    path.write_bytes(draw(FORM, outline, HOUSE))
    return Template.open(path, [HOUSE], choices=FORM.choices).render(values)


def body_of(data: bytes) -> etree._Element:
    return Package.open(data).xml("word/document.xml")


def texts(data: bytes) -> list[str]:
    return [text for item in body_of(data).iter(qn("w:p")) if (text := paragraph_text(item))]


def test_the_form_prints_values_options_and_room_for_the_pen(tmp_path: Path) -> None:
    found = texts(fill(tmp_path, GRID, context()))
    assert {"☑甲类　☐乙类", "☑是　☐否", "6%", "部署2", "2026-11-02", "1,234.50"} <= set(found)
    assert {"示例甲", "2026年11月3日", "　　　　年　　月　　日"} <= set(found)
    assert "合计人民币（大写）：贰仟肆佰陆拾玖元整" in found
    assert "2,469.00" in found
    assert found.count("提供方（盖章）：示例甲") == 1


def test_empty_optional_parts_leave_no_trace(tmp_path: Path) -> None:
    found = texts(fill(tmp_path, GRID, context()))
    assert "附加" not in found
    assert "意见" not in found
    filled = texts(fill(tmp_path, GRID, context(extras=({"name": "甲", "note": "乙"},), opinion="同意")))
    assert {"附加", "名称", "意见", "同意"} <= set(filled)


def test_an_empty_table_takes_its_caption_away(tmp_path: Path) -> None:
    assert "表2 附加" not in texts(fill(tmp_path, LETTER, context()))
    assert "表2 附加" in texts(fill(tmp_path, LETTER, context(extras=({"name": "甲", "note": "乙"},))))


def test_a_grid_whose_rows_may_all_be_absent_leaves_no_empty_table(tmp_path: Path) -> None:
    outline = (
        "::grid\n@sheet_no\n::table items\n{% if rate %}\n@rate\n{% elif opinion %}\n@opinion\n{% endif %}\n"
        "{% for row in extras %}\n{{ row.name }}\n{% endfor %}\n::table extras\n@doc_id\n::end"
    )
    data = fill(tmp_path, outline, context(rate=None))
    tables = list(body_of(data).iter(qn("w:tbl")))
    assert len(tables) == 3
    assert all(table.find("w:tr", NAMESPACES) is not None for table in tables)
    assert len(list(body_of(fill(tmp_path, outline, context())).iter(qn("w:tbl")))) == 4


def test_long_text_keeps_its_line_breaks_in_a_cell(tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(fill(tmp_path, GRID, context())))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "第一行\n第二行" in cells


@pytest.mark.parametrize("mark", ["<", "&", "甲 < 乙 & 丙"])
def test_marks_in_an_outline_are_text(mark: str, tmp_path: Path) -> None:
    assert mark in texts(fill(tmp_path, f"# 标题\n= {mark}", context()))


def test_one_party_signs_with_the_fields_named(tmp_path: Path) -> None:
    values = context()
    outline = "正文。\n::signatures one sign=provider_sign date=sign_date"
    found = texts(fill(tmp_path, outline, values))
    assert {"示例科技有限公司（盖章）", "示例甲", "日期：　　　　年　　月　　日"} <= set(found)


def test_two_parties_sign_by_their_labels(tmp_path: Path) -> None:
    table = docx.Document(io.BytesIO(fill(tmp_path, LETTER, context()))).tables[-1]
    names = ["甲方（盖章）：示例客户有限公司", "乙方（盖章）：示例科技有限公司"]
    assert [cell.text for cell in table.rows[0].cells] == names
    assert "示例甲" in table.rows[2].cells[1].text
    assert "示例甲" not in table.rows[2].cells[0].text


def pages(tmp_path: Path, data: bytes) -> list[str]:
    source = tmp_path / "filled.docx"
    source.write_bytes(data)
    pdf = pypdfium2.PdfDocument(to_pdf(source, tmp_path / "filled.pdf", timeout=120))
    found = [page.get_textpage().get_text_range().replace("\r", "") for page in pdf]
    pdf.close()
    return found


@pytest.mark.office
@needs_office
def test_a_thousand_rows_flow_over_pages_under_repeated_heads(tmp_path: Path) -> None:
    outline = '---\nfamily: form\n---\n# 台账\n::grid\n@sheet_no\n== 明细\n::table items total="total"\n::end'
    found = pages(tmp_path, fill(tmp_path, outline, context(rows=1000)))
    lines = [line for page in found for line in page.split("\n") if "部署" in line]
    assert len(lines) == 1000
    pattern = re.compile(r"(\d+) 部署 ?(\d+) 2026-11-02 已完成 600\.00 1,234\.50")
    rows = [pattern.fullmatch(line.strip()) for line in lines]
    assert [(row[1], row[2]) for row in rows if row] == [(str(n), str(n)) for n in range(1, 1001)]
    assert all("金额(元)" in page and "序号" in page for page in found if "部署" in page)
    assert sum("合计" in page for page in found) == 1
    assert all(f"第 {number} 页 共 {len(found)} 页" in page for number, page in enumerate(found, 1))


@pytest.mark.office
@needs_office
@pytest.mark.parametrize("filler", [18, 20, 22])
def test_signatures_are_neither_split_nor_alone(filler: int, tmp_path: Path) -> None:
    body = "\n".join(f"第{number}段。" for number in range(1, filler + 1))
    found = pages(tmp_path, fill(tmp_path, f"# 标题\n{body}\n::signatures two", context()))
    signed = [page for page in found if "盖章" in page]
    assert len(signed) == 1
    assert signed[0].count("法定代表人或授权代表（签字）") == 2
    assert signed[0].count("日期") == 2
    assert f"第{filler - 1}段。第{filler}段。甲方（盖章）" in "".join(signed[0].split())


@pytest.mark.office
@needs_office
def test_articles_are_counted_in_chinese_and_clauses_begin_anew(tmp_path: Path) -> None:
    articles = "\n".join(f"## 标题{number}\n1. 甲{number}\n1. 乙{number}" for number in range(1, 22))
    found = pages(tmp_path, fill(tmp_path, f"---\nnumbering: article\n---\n{articles}", context()))
    whole = "".join("".join(page.split()) for page in found)
    for number, name in ((1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一")):
        assert f"第{name}条标题{number}（一）甲{number}（二）乙{number}" in whole


@pytest.mark.office
@needs_office
def test_long_names_break_in_the_header_not_over_the_number(tmp_path: Path) -> None:
    name = "一二三四五六七八九十" * 10
    found = pages(tmp_path, fill(tmp_path, "# 标题\n正文。", context(project_name=name)))
    head = found[0].split("正文")[0]
    assert name in "".join(head.split()).replace("QR-001V1.0", "")
    assert "QR-001V1.0" in "".join(head.split())
    assert max(len(line) for line in head.split("\n")) < len(name)


@pytest.mark.office
@needs_office
def test_ten_thousand_characters_in_a_cell_are_all_printed(tmp_path: Path) -> None:
    data = fill(tmp_path, "---\nfamily: form\n---\n::grid\n@content\n::end", context(content="长" * 10_000))
    assert sum(page.count("长") for page in pages(tmp_path, data)) == 10_000
