"""The house style: what every document takes from `templates/house` (house style of the specification)."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from lxml import etree

from docgen.render.ooxml import NAMESPACES, attribute, child_value, qn
from docgen.render.package import Package

HOUSE = Path(__file__).parents[2] / "templates" / "house"
BLOCKS = sorted((HOUSE / "blocks").glob("*.docx"))
FILES = [HOUSE / "style.docx", *BLOCKS]
FACES = {("Times New Roman", "宋体"), ("Arial", "黑体")}


def styles(path: Path) -> dict[str, etree._Element]:
    root = Package.open(path).xml("word/styles.xml")
    return {child_value(style, "w:name"): style for style in root.iterfind("w:style", NAMESPACES)}


def body(path: Path) -> etree._Element:
    return Package.open(path).xml("word/document.xml")


def face(style: etree._Element) -> tuple[str, str]:
    fonts = style.find("w:rPr/w:rFonts", NAMESPACES)
    return attribute(fonts, "w:ascii"), attribute(fonts, "w:eastAsia")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_opens_in_python_docx_and_is_small(path: Path) -> None:
    assert docx.Document(str(path)).paragraphs
    assert path.stat().st_size < 20_000


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_style_names_latin_and_chinese_face_and_no_theme(path: Path) -> None:
    named = [style for style in styles(path).values() if attribute(style, "w:type") != "numbering"]
    assert {face(style) for style in named} == FACES
    whole = b"".join(Package.open(path).parts.values())
    assert b"Theme" not in whole.replace(b"themeFontLang", b"")
    assert not any("theme" in name for name in Package.open(path).parts)


def test_defaults_name_faces_and_language() -> None:
    defaults = Package.open(HOUSE / "style.docx").xml("word/styles.xml").find("w:docDefaults", NAMESPACES)
    assert defaults is not None
    fonts = defaults.find(".//w:rFonts", NAMESPACES)
    assert (attribute(fonts, "w:hAnsi"), attribute(fonts, "w:eastAsia")) == ("Times New Roman", "宋体")
    assert attribute(defaults.find(".//w:lang", NAMESPACES), "w:eastAsia") == "zh-CN"


@pytest.mark.parametrize(
    ("name", "face_of", "half_points", "alignment"),
    [
        ("Title", "黑体", "44", "center"),
        ("表单标题", "黑体", "36", "center"),
        ("Subtitle", "宋体", "24", "center"),
        ("编号行", "宋体", "24", "right"),
        ("heading 1", "黑体", "28", "left"),
        ("条标题", "黑体", "24", "left"),
        ("heading 2", "黑体", "24", "left"),
        ("Normal Indent", "宋体", "24", "both"),
        ("表格文字", "宋体", "21", "left"),
        ("表格数字", "宋体", "21", "right"),
        ("表头", "黑体", "21", "center"),
        ("注", "宋体", "18", "left"),
        ("header", "宋体", "18", "left"),
        ("footer", "宋体", "18", "center"),
    ],
)
def test_sizes_and_faces_of_the_house(name: str, face_of: str, half_points: str, alignment: str) -> None:
    style = styles(HOUSE / "style.docx")[name]
    assert face(style)[1] == face_of
    assert child_value(style, "w:rPr/w:sz") == half_points
    assert child_value(style, "w:pPr/w:jc") == alignment


def test_body_text_indents_two_characters_at_one_and_a_half_lines() -> None:
    style = styles(HOUSE / "style.docx")["Normal Indent"]
    assert attribute(style.find("w:pPr/w:ind", NAMESPACES), "w:firstLineChars") == "200"
    assert attribute(style.find("w:pPr/w:spacing", NAMESPACES), "w:line") == "360"


@pytest.mark.parametrize("name", ["Title", "heading 1", "heading 2", "heading 3", "条标题", "caption"])
def test_headings_stay_with_what_follows(name: str) -> None:
    assert styles(HOUSE / "style.docx")[name].find("w:pPr/w:keepNext", NAMESPACES) is not None


@pytest.mark.parametrize(("name", "fill"), [("表头", "F2F2F2"), ("表单标签", "F2F2F2")])
def test_heads_and_labels_are_light_grey(name: str, fill: str) -> None:
    shading = styles(HOUSE / "style.docx")[name].find("w:pPr/w:shd", NAMESPACES)
    assert attribute(shading, "w:fill") == fill


def test_table_cells_have_the_margins_of_the_house() -> None:
    margins = styles(HOUSE / "style.docx")["文书表格"].find("w:tblPr/w:tblCellMar", NAMESPACES)
    assert margins is not None
    widths = {item.tag: int(attribute(item, "w:w")) for item in margins}
    # 0.1 and 0.15 cm in twips (567 a centimetre)
    assert widths == {qn("w:top"): 57, qn("w:bottom"): 57, qn("w:left"): 85, qn("w:right"): 85}


def test_headings_are_numbered_by_word_lists() -> None:
    package = Package.open(HOUSE / "style.docx")
    levels = {
        child_value(level, "w:pStyle"): (child_value(level, "w:lvlText"), child_value(level, "w:numFmt"))
        for level in package.xml("word/numbering.xml").iterfind("w:abstractNum/w:lvl", NAMESPACES)
    }
    assert levels["Heading1"] == ("%1、", "chineseCountingThousand")
    assert levels["Heading2"] == ("（%2）", "chineseCountingThousand")
    assert levels["Article"] == ("第%1条　", "chineseCountingThousand")
    assert levels["Clause"] == ("（%4）", "chineseCountingThousand")


def test_footer_counts_pages_by_fields() -> None:
    root = body(HOUSE / "blocks" / "footer.docx")
    codes = [str(item.text).strip() for item in root.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]
    text = docx.Document(io.BytesIO((HOUSE / "blocks" / "footer.docx").read_bytes())).paragraphs[0].text
    assert text == "第 1 页 共 1 页"


def test_header_has_two_cells_and_a_rule_below() -> None:
    table = docx.Document(str(HOUSE / "blocks" / "header.docx")).tables[0]
    left, right = table.rows[0].cells
    assert (left.text, right.text) == ("{{ project_name }}", "{{ doc_id }}　{{ version }}")
    assert table._tbl.find(".//w:tblBorders/w:bottom", NAMESPACES).get(qn("w:val")) == "single"


@pytest.mark.parametrize("name", ["signature_one", "signature_two"])
def test_signature_blocks_never_split_and_leave_room_for_a_seal(name: str) -> None:
    root = body(HOUSE / "blocks" / f"{name}.docx")
    rows = list(root.iter(qn("w:tr")))
    assert all(row.find("w:trPr/w:cantSplit", NAMESPACES) is not None for row in rows)
    assert {child_value(item, "w:pPr/w:pStyle") for row in rows for item in row.iter(qn("w:p"))} == {"Sign"}
    assert styles(HOUSE / "style.docx")["签署"].find("w:pPr/w:keepNext", NAMESPACES) is not None
    room = rows[1].find("w:trPr/w:trHeight", NAMESPACES)
    assert int(attribute(room, "w:val")) >= 4.5 * 1440 / 2.54
    # widths are in fiftieths of a percent of the narrowest text, 15.6 cm
    sizes = [cell.find("w:tcPr/w:tcW", NAMESPACES) for cell in rows[1].iter(qn("w:tc"))]
    assert int(attribute(sizes[-1], "w:w")) / 5000 * 15.6 >= 4.5


def test_party_a_signs_left_and_party_b_right() -> None:
    table = docx.Document(str(HOUSE / "blocks" / "signature_two.docx")).tables[0]
    left, right = (cell.text for cell in table.rows[0].cells)
    assert left == "甲方（盖章）：{{ party_a_name }}"
    assert right == "乙方（盖章）：{{ party_b_name }}"
