"""Templates drawn from forms: facts of the Word file."""

from __future__ import annotations

import io
import zipfile
from itertools import accumulate
from pathlib import Path

import docx
import pytest
from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.forms.definition import Field, Form
from docgen.forms.loading.loader import load_form
from docgen.render.drawing.draw import draw
from docgen.render.ooxml import NAMESPACES, attribute, child_value, paragraph_text, qn
from docgen.render.package import Package

TEMPLATES = Path(__file__).parents[2] / "templates"
HOUSE = TEMPLATES / "house"
SAMPLE = Path(__file__).parent / "forms" / "sample_sheet"
FORM = load_form(SAMPLE, [])
GRID = (SAMPLE / "grid.md").read_text(encoding="utf-8")
LETTER = (SAMPLE / "letter.md").read_text(encoding="utf-8")
TYPES = sorted(path.parent.name for path in TEMPLATES.glob("*/form.yaml"))


def body_of(data: bytes) -> etree._Element:
    return Package.open(data).xml("word/document.xml")


def texts(data: bytes) -> list[str]:
    return [text for item in body_of(data).iter(qn("w:p")) if (text := paragraph_text(item))]


def section(data: bytes) -> etree._Element:
    found = body_of(data).find("w:body/w:sectPr", NAMESPACES)
    assert found is not None
    return found


def text_width(data: bytes) -> int:
    size, margins = section(data).find("w:pgSz", NAMESPACES), section(data).find("w:pgMar", NAMESPACES)
    inner = int(attribute(margins, "w:left")) + int(attribute(margins, "w:right"))
    return int(attribute(size, "w:w")) - inner


def outline_of(type_id: str) -> str:
    return (TEMPLATES / type_id / "outline.md").read_text(encoding="utf-8")


def shipped(type_id: str) -> Form:
    return load_form(TEMPLATES / type_id, [TEMPLATES / "groups"])


DRAWN = ["grid", "letter", "default", *TYPES, *(f"{type_id} default" for type_id in TYPES)]


@pytest.fixture(params=DRAWN, scope="module")
def drawn(request: pytest.FixtureRequest) -> bytes:
    name = str(request.param)
    if name in ("grid", "letter", "default"):
        return draw(FORM, {"grid": GRID, "letter": LETTER}.get(name), HOUSE)
    type_id, default = name.split(maxsplit=1)[0], name.endswith(" default")
    return draw(shipped(type_id), None if default else outline_of(type_id), HOUSE)


def test_equal_input_gives_equal_bytes() -> None:
    assert draw(FORM, LETTER, HOUSE) == draw(FORM, LETTER, HOUSE)


def test_opens_in_python_docx_and_has_every_part_once(drawn: bytes) -> None:
    docx.Document(io.BytesIO(drawn))
    with zipfile.ZipFile(io.BytesIO(drawn)) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    assert not any("theme" in name or "Effects" in name for name in names)


def test_tables_fill_the_text_width_exactly(drawn: bytes) -> None:
    width = text_width(drawn)
    for table in body_of(drawn).iter(qn("w:tbl")):
        grid = [int(attribute(item, "w:w")) for item in table.iterfind("w:tblGrid/w:gridCol", NAMESPACES)]
        assert sum(grid) == width
        assert min(grid) > 0
        assert attribute(table.find("w:tblPr/w:tblLayout", NAMESPACES), "w:type") == "fixed"
        for row in table.iterfind("w:tr", NAMESPACES):
            cells = row.findall("w:tc", NAMESPACES)
            widths = [int(attribute(cell.find("w:tcPr/w:tcW", NAMESPACES), "w:w")) for cell in cells]
            spans = [int(child_value(cell, "w:tcPr/w:gridSpan") or 1) for cell in cells]
            assert sum(widths) == width
            assert sum(spans) == len(grid)
            edges = [0, *accumulate(grid)]
            assert [edges[end] for end in accumulate(spans)] == list(accumulate(widths))


def test_no_row_splits_and_every_data_table_repeats_its_head(drawn: bytes) -> None:
    for table in body_of(drawn).iter(qn("w:tbl")):
        rows = table.findall("w:tr", NAMESPACES)
        assert all(row.find("w:trPr/w:cantSplit", NAMESPACES) is not None for row in rows)
        first = [paragraph_text(item) for row in rows for item in row.iter(qn("w:p"))]
        if any(text.startswith("{%tr for row in") for text in first):
            assert rows[0].find("w:trPr/w:tblHeader", NAMESPACES) is not None


def test_every_cell_ends_with_a_paragraph_and_every_style_exists(drawn: bytes) -> None:
    package = Package.open(drawn)
    known = {attribute(style, "w:styleId") for style in package.xml("word/styles.xml").iter(qn("w:style"))}
    root = package.xml("word/document.xml")
    uses = [item for tag in ("w:pStyle", "w:rStyle", "w:tblStyle") for item in root.iter(qn(tag))]
    assert {attribute(item, "w:val") for item in uses} <= known
    assert all(cell[-1].tag == qn("w:p") for cell in root.iter(qn("w:tc")))
    lists = {attribute(num, "w:numId") for num in package.xml("word/numbering.xml").iter(qn("w:num"))}
    assert {attribute(item, "w:val") for item in root.iter(qn("w:numId"))} <= lists


def test_header_and_footer_include_the_blocks_of_the_house(drawn: bytes) -> None:
    package = Package.open(drawn)
    stories = {kind: package.xml(name) for kind, name in package.stories() if kind != "body"}
    assert {kind: "".join(root.itertext()) for kind, root in stories.items()} == {
        "header": '{%p include "header" %}',
        "footer": '{%p include "footer" %}',
    }
    references = {item.tag for item in section(drawn)}
    assert {qn("w:headerReference"), qn("w:footerReference")} <= references


@pytest.mark.parametrize(
    ("head", "size", "margins"),
    [
        ("family: letter", ("11906", "16838"), (1440, 1474, 1440, 1587)),
        ("family: form", ("11906", "16838"), (1134, 1134, 1134, 1134)),
        ("family: form\npage: landscape", ("16838", "11906"), (1134, 1134, 1134, 1134)),
    ],
)
def test_pages_of_the_house(head: str, size: tuple[str, str], margins: tuple[int, ...]) -> None:
    found = section(draw(FORM, f"---\n{head}\n---\n# 标题", HOUSE))
    page, edges = found.find("w:pgSz", NAMESPACES), found.find("w:pgMar", NAMESPACES)
    assert (attribute(page, "w:w"), attribute(page, "w:h")) == size
    assert (attribute(page, "w:orient") == "landscape") == ("landscape" in head)
    assert tuple(int(attribute(edges, f"w:{side}")) for side in ("top", "right", "bottom", "left")) == margins


def test_a_cover_has_no_header() -> None:
    assert section(draw(FORM, LETTER, HOUSE)).find("w:titlePg", NAMESPACES) is not None
    assert section(draw(FORM, GRID, HOUSE)).find("w:titlePg", NAMESPACES) is None


def levels(data: bytes) -> list[tuple[str, str, str]]:
    found = []
    for item in body_of(data).iter(qn("w:p")):
        if item.find("w:pPr/w:numPr", NAMESPACES) is not None:
            number = child_value(item, "w:pPr/w:numPr/w:numId")
            found.append((paragraph_text(item), number, child_value(item, "w:pPr/w:numPr/w:ilvl")))
    return found


def test_clauses_are_numbered_below_the_heading_they_stand_under() -> None:
    assert [level for _, _, level in levels(draw(FORM, LETTER, HOUSE))] == list("03301414")
    assert {number for _, number, _ in levels(draw(FORM, LETTER, HOUSE))} == {"2"}


@pytest.mark.parametrize(("numbering", "number"), [("chapter", "1"), ("article", "2"), ("none", "3")])
def test_each_numbering_has_its_list(numbering: str, number: str) -> None:
    data = draw(FORM, f"---\nnumbering: {numbering}\n---\n## 标题\n1. 条款", HOUSE)
    assert levels(data) == [("标题", number, "0"), ("条款", number, "3")]


def test_columns_are_set_by_their_kind() -> None:
    table = next(iter(body_of(draw(FORM, "::table items", HOUSE)).iter(qn("w:tbl"))))
    head, _, row, _ = table.findall("w:tr", NAMESPACES)
    labels = [paragraph_text(item) for item in head.iter(qn("w:p"))]
    assert labels == ["序号", "项目", "日期", "状态", "单价(元)", "金额(元)"]
    cells = [(paragraph_text(item), child_value(item, "w:pPr/w:pStyle")) for item in row.iter(qn("w:p"))]
    assert cells == [
        ("{{ loop.index }}", "TableCentre"),
        ("{{ row.item }}", "TableText"),
        ("{{ row.day|iso }}", "TableCentre"),
        ("{{ row.state }}", "TableCentre"),
        ("{{ row.price|money }}", "TableNumber"),
        ("{{ row.amount|money }}", "TableNumber"),
    ]


def test_seed_columns_stand_in_the_order_of_the_form() -> None:
    for type_id in TYPES:
        form = shipped(type_id)
        data = draw(form, None, HOUSE)
        heads = [
            [paragraph_text(item) for item in row.iter(qn("w:p"))]
            for row in body_of(data).iter(qn("w:tr"))
            if child_value(row, "w:tc/w:p/w:pPr/w:pStyle") == "TableHead"
        ]
        tables = [field for field in form.fields if field.kind == "table" and not field.internal]
        expected = [[column.label for column in field.columns if not column.internal] for field in tables]
        assert heads == expected


def test_label_cells_take_the_shading_of_their_style() -> None:
    for cell in body_of(draw(FORM, GRID, HOUSE)).iter(qn("w:tc")):
        style = child_value(cell, "w:p/w:pPr/w:pStyle")
        fill = attribute(cell.find("w:tcPr/w:shd", NAMESPACES), "w:fill")
        assert fill == {"FormLabel": "F2F2F2", "TableHead": "F2F2F2", "SectionBar": "E4E4E4"}.get(style, "")


@pytest.mark.parametrize(
    ("outline", "line", "word"),
    [
        ("::grid\n@sheet_on\n::end", 2, "sheet_on"),
        ("::table itmes", 1, "itmes"),
        ("# 标题\n::table content", 2, "longtext"),
        ('::table items columns="no,itme"', 1, "itme"),
        ('::table items widths="1,2"', 1, "6"),
        ('::table items total="content"', 1, "longtext"),
        ('::table extras total="total"', 1, "金额列"),
        ('::table items total="total" words="nothing"', 1, "nothing"),
        ("::options items", 1, "table"),
        ("::grid\n内容: @content!\n::end", 2, "longtext"),
        ("::grid\nsign 签字: @total\n::end", 2, "money"),
        ("::grid\nsign 签字: @provider_sign date=@total\n::end", 2, "money"),
        ("::signatures one sign=nobody", 1, "nobody"),
    ],
)
def test_fields_that_do_not_fit_are_named_by_line(outline: str, line: int, word: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        draw(FORM, outline, HOUSE, source="sample/outline.md")
    (found,) = fault.value.findings
    assert found.path == f"sample/outline.md:{line}"
    assert word in found.message.zh


def test_a_misspelt_field_gets_the_nearest_name() -> None:
    with pytest.raises(TemplateFault) as fault:
        draw(FORM, "::grid\n@sheet_on\n::end", HOUSE)
    assert "sheet_no" in fault.value.findings[0].hint.zh


def test_what_stands_before_the_signatures_stays_with_them() -> None:
    kept = [
        paragraph_text(item)
        for item in body_of(draw(FORM, LETTER, HOUSE)).iter(qn("w:p"))
        if item.find("w:pPr/w:keepNext", NAMESPACES) is not None
    ]
    # the line that may be left out, and two that are always there
    assert kept == ["敬礼！", "正文一。", "税率为{{ rate|percent }}。"]


@pytest.mark.parametrize("type_id", TYPES)
def test_any_form_gets_a_document_without_an_outline(type_id: str) -> None:
    form = shipped(type_id)
    data = draw(form, None, HOUSE)
    whole = "\n".join(texts(data))
    for field in form.fields:
        if not field.internal and field.kind in ("longtext", "table", "money"):
            assert field.id in whole


@pytest.mark.parametrize(
    ("name", "columns", "landscape", "letter"),
    [
        ("设备台账", 8, True, False),
        ("设备台账", 7, False, False),
        ("维护报告", 8, False, True),
        ("交接单", 2, False, False),
    ],
)
def test_family_and_page_follow_name_and_columns(
    name: str, columns: int, landscape: bool, letter: bool
) -> None:
    made = tuple(Field(f"c{number}", "列") for number in range(columns))
    table = Field("rows", "明细", "table", required=True, columns=made)
    form = Form("t", name, "项目执行", "delivery", fields=(*FORM.fields, table))
    data = draw(form, None, HOUSE)
    assert (attribute(section(data).find("w:pgSz", NAMESPACES), "w:orient") == "landscape") == landscape
    styles = {child_value(item, "w:pPr/w:pStyle") for item in body_of(data).iter(qn("w:p"))}
    assert ("Title" in styles) == letter
