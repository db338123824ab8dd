from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from docgen.base.errors import TemplateFault
from docgen.render.assemble import assemble


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    (folder / "blocks").mkdir(parents=True)
    style = docx.Document()
    body = style.styles.add_style("正文首行缩进", WD_STYLE_TYPE.PARAGRAPH)
    body.font.size = Pt(12)
    head = style.styles.add_style("表头", WD_STYLE_TYPE.PARAGRAPH)
    head.base_style = body
    head.element.get_or_add_pPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="F2F2F2"/>'))
    style.styles["Heading 1"].font.size = Pt(14)
    style.save(str(folder / "style.docx"))
    return folder


def block(house: Path, name: str, *texts: str) -> Document:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(house / "blocks" / f"{name}.docx"))
    return document


def assembled(document: Document, folder: Path, *houses: Path) -> Document:
    path = folder / "template.docx"
    document.save(str(path))
    return docx.Document(io.BytesIO(assemble(path, houses)))


def style_xml(document: Document, name: str) -> str:
    return document.styles[name].element.xml


def test_style_of_same_name_takes_the_house_definition_and_keeps_its_id(house: Path, tmp_path: Path) -> None:
    template = docx.Document()
    own = template.styles.add_style("表头", WD_STYLE_TYPE.PARAGRAPH)
    own.element.set(qn("w:styleId"), "MyHead")
    template.add_paragraph("甲", style=own)
    result = assembled(template, tmp_path, house)
    assert result.paragraphs[0].style.style_id == "MyHead"
    assert result.paragraphs[0].style.base_style.name == "正文首行缩进"
    assert result.paragraphs[0].style.base_style.font.size == Pt(12)


def test_styles_the_template_lacks_are_added_under_a_free_id(house: Path, tmp_path: Path) -> None:
    template = docx.Document()
    taken = docx.Document(str(house / "style.docx")).styles["正文首行缩进"].style_id
    clash = template.styles.add_style("别的样式", WD_STYLE_TYPE.PARAGRAPH)
    clash.element.set(qn("w:styleId"), taken)
    result = assembled(template, tmp_path, house)
    assert result.styles["别的样式"].style_id == taken
    assert result.styles["正文首行缩进"].style_id != taken
    assert result.styles["表头"].base_style.name == "正文首行缩进"


def test_own_styles_of_the_template_stay(house: Path, tmp_path: Path) -> None:
    template = docx.Document()
    template.styles.add_style("本模板专用", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(7)
    result = assembled(template, tmp_path, house)
    assert result.styles["本模板专用"].font.size == Pt(7)
    assert result.styles["Heading 1"].font.size == Pt(14)


def test_defaults_come_from_the_house(house: Path, tmp_path: Path) -> None:
    shared = docx.Document(str(house / "style.docx"))
    fonts = shared.styles.element.find(".//" + qn("w:rPrDefault") + "//" + qn("w:rFonts"))
    fonts.set(qn("w:eastAsia"), "宋体")
    shared.save(str(house / "style.docx"))
    result = assembled(docx.Document(), tmp_path, house)
    found = result.styles.element.find(".//" + qn("w:rPrDefault") + "//" + qn("w:rFonts"))
    assert found.get(qn("w:eastAsia")) == "宋体"


def test_numbering_of_a_house_style_points_to_the_merged_list(house: Path, tmp_path: Path) -> None:
    shared = docx.Document(str(house / "style.docx"))
    numbering = shared.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:name w:val="条"/><w:lvl w:ilvl="0">'
            '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="Heading1"/>'
            '<w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="88"><w:abstractNumId w:val="77"/></w:num>'))
    shared.styles["Heading 1"].element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="88"/></w:numPr>')
    )
    shared.save(str(house / "style.docx"))
    result = assembled(docx.Document(), tmp_path, house)
    used = result.styles["Heading 1"].element.find(".//" + qn("w:numId")).get(qn("w:val"))
    merged = result.part.numbering_part.element
    number = merged.num_having_numId(int(used))
    definition = merged.xpath(f"w:abstractNum[@w:abstractNumId='{number.abstractNumId.val}']")
    assert definition[0].find(".//" + qn("w:lvlText")).get(qn("w:val")) == "第%1条"
    ids = merged.xpath("w:abstractNum/@w:abstractNumId")
    assert len(ids) == len(set(ids))
    again = tmp_path / "again.docx"
    again.write_bytes(assemble(tmp_path / "template.docx", [house]))
    assert len(docx.Document(io.BytesIO(assemble(again, [house]))).part.numbering_part.element) == len(merged)


def test_cell_takes_the_shading_of_its_first_style_even_inherited(house: Path, tmp_path: Path) -> None:
    template = docx.Document()
    template.styles.add_style("表头", WD_STYLE_TYPE.PARAGRAPH)
    table = template.add_table(rows=1, cols=2)
    table.cell(0, 0).paragraphs[0].style = "表头"
    result = assembled(template, tmp_path, house)
    first, second = result.tables[0].rows[0].cells
    assert first._tc.tcPr.xpath("w:shd/@w:fill") == ["F2F2F2"]
    assert second._tc.tcPr.xpath("w:shd") == []


def test_block_replaces_its_paragraph_in_body_cell_and_header(house: Path, tmp_path: Path) -> None:
    block(house, "sign", "甲方（盖章）", "乙方（盖章）")
    template = docx.Document()
    template.add_paragraph("前")
    template.add_paragraph('{%p include "sign" %}')
    template.add_paragraph("后")
    template.sections[0].header.paragraphs[0].text = "{%p include “sign” %}"
    cell = template.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = '{%p include "sign" %}'
    result = assembled(template, tmp_path, house)
    assert [item.text for item in result.paragraphs] == ["前", "甲方（盖章）", "乙方（盖章）", "后"]
    assert [item.text for item in result.sections[0].header.paragraphs] == ["甲方（盖章）", "乙方（盖章）"]
    assert result.tables[0].cell(0, 0).text == "甲方（盖章）\n乙方（盖章）"


def test_block_keeps_its_look_under_the_ids_of_the_template(house: Path, tmp_path: Path) -> None:
    document = docx.Document()
    style = document.styles.add_style("只在版块里", WD_STYLE_TYPE.PARAGRAPH)
    style.font.size = Pt(9)
    document.add_paragraph("小字", style=style)
    document.save(str(house / "blocks" / "small.docx"))
    template = docx.Document()
    template.add_paragraph('{%p include "small" %}')
    result = assembled(template, tmp_path, house)
    assert result.paragraphs[0].style.name == "只在版块里"
    assert result.paragraphs[0].style.font.size == Pt(9)


def test_a_block_may_hold_a_block_but_not_deeper(house: Path, tmp_path: Path) -> None:
    block(house, "inner", "里")
    block(house, "outer", '{%p include "inner" %}')
    template = docx.Document()
    template.add_paragraph('{%p include "outer" %}')
    assert [item.text for item in assembled(template, tmp_path, house).paragraphs] == ["里"]
    block(house, "inner", '{%p include "outer" %}')
    with pytest.raises(TemplateFault, match="嵌套过深"):
        assembled(template, tmp_path, house)


def test_cell_whose_block_ends_with_a_table_still_ends_with_a_paragraph(house: Path, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_table(rows=1, cols=1)
    document.save(str(house / "blocks" / "grid.docx"))
    template = docx.Document()
    template.add_table(rows=1, cols=1).cell(0, 0).text = '{%p include "grid" %}'
    cell = assembled(template, tmp_path, house).tables[0].cell(0, 0)
    assert [item.tag for item in cell._tc][-1] == qn("w:p")


def test_workspace_house_comes_before_the_shipped_one_file_by_file(house: Path, tmp_path: Path) -> None:
    block(house, "a", "公用甲")
    block(house, "b", "公用乙")
    own = tmp_path / "own"
    (own / "blocks").mkdir(parents=True)
    block(own, "a", "本单位甲")
    template = docx.Document()
    template.add_paragraph('{%p include "a" %}')
    template.add_paragraph('{%p include "b" %}')
    assert [item.text for item in assembled(template, tmp_path, own, house).paragraphs] == [
        "本单位甲",
        "公用乙",
    ]


def test_unknown_block_is_named(house: Path, tmp_path: Path) -> None:
    template = docx.Document()
    template.add_paragraph('{%p include "signs" %}')
    with pytest.raises(TemplateFault, match="signs"):
        assembled(template, tmp_path, house)


def test_block_that_needs_parts_of_its_own_is_refused(house: Path, tmp_path: Path) -> None:
    document = docx.Document()
    link = f'<w:hyperlink {nsdecls("w", "r")} r:id="rId1"><w:r><w:t>外链</w:t></w:r></w:hyperlink>'
    document.add_paragraph()._p.append(parse_xml(link))
    document.save(str(house / "blocks" / "logo.docx"))
    template = docx.Document()
    template.add_paragraph('{%p include "logo" %}')
    with pytest.raises(TemplateFault, match="图片"):
        assembled(template, tmp_path, house)


def test_missing_and_broken_templates_are_named(house: Path, tmp_path: Path) -> None:
    with pytest.raises(TemplateFault) as missing:
        assemble(tmp_path / "nowhere.docx", [house])
    assert "nowhere.docx" in missing.value.text()
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(TemplateFault, match="不是完整的 Word 文件"):
        assemble(broken, [house])


def test_house_without_style_file_is_an_error(tmp_path: Path) -> None:
    template = tmp_path / "template.docx"
    docx.Document().save(str(template))
    with pytest.raises(TemplateFault, match=r"style\.docx"):
        assemble(template, [tmp_path])
