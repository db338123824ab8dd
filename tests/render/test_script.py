from __future__ import annotations

import io

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st

from docgen.render.package import Package
from docgen.render.provenance import Provenance, embed, is_edited, read
from docgen.render.script import convert_pieces, to_traditional


def converted(document: Document) -> Document:
    buffer = io.BytesIO()
    document.save(buffer)
    return docx.Document(io.BytesIO(to_traditional(buffer.getvalue())))


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("服务合同", "服務合同"),
        ("甲方为乙方", "甲方為乙方"),
        ("里程碑在系统里", "里程碑在系統裡"),
        ("软件开发与信息系统集成", "軟件開發與信息系統集成"),
        ("头发与发票", "頭髮與發票"),
        ("合同总价￥1,234.50元，HT-2026", "合同總價￥1,234.50元，HT-2026"),
    ],
)
def test_characters_change_words_do_not(simplified: str, traditional: str) -> None:
    document = docx.Document()
    document.add_paragraph(simplified)
    assert converted(document).paragraphs[0].text == traditional


def test_word_split_over_runs_is_converted_as_a_whole_and_keeps_its_runs() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for number, piece in enumerate(("理", "发店的头", "发与皇", "后")):
        paragraph.add_run(piece).bold = number % 2 == 0
    result = converted(document).paragraphs[0]
    assert [run.text for run in result.runs] == ["理", "髮店的頭", "髮與皇", "后"]
    assert [run.bold for run in result.runs] == [True, False, True, False]


def test_tables_header_numbering_properties_and_language() -> None:
    document = docx.Document()
    document.core_properties.title = "验收报告"
    document.add_table(rows=1, cols=1).cell(0, 0).text = "数量"
    document.sections[0].header.paragraphs[0].text = "项目"
    lang = document.styles.element.find(".//" + qn("w:lang"))
    lang.set(qn("w:eastAsia"), "zh-CN")
    document.part.numbering_part.element.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="99"><w:lvl w:ilvl="0">'
            '<w:lvlText w:val="第%1条"/></w:lvl></w:abstractNum>'
        ),
    )
    result = converted(document)
    assert result.tables[0].cell(0, 0).text == "數量"
    assert result.sections[0].header.paragraphs[0].text == "項目"
    assert result.core_properties.title == "驗收報告"
    assert result.styles.element.find(".//" + qn("w:lang")).get(qn("w:eastAsia")) == "zh-TW"
    labels = [item.get(qn("w:val")) for item in result.part.numbering_part.element.iter(qn("w:lvlText"))]
    assert "第%1條" in labels


def test_style_names_stay() -> None:
    document = docx.Document()
    document.add_paragraph("甲", style=document.styles.add_style("表格文字", 1))
    assert converted(document).paragraphs[0].style.name == "表格文字"


def test_provenance_is_kept_with_the_digest_of_the_new_text() -> None:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("项目")
    document.save(buffer)
    data = to_traditional(embed(buffer.getvalue(), Provenance("t", {"project_name": "项目"})))
    found = read(data)
    assert found is not None
    assert found.fields == {"project_name": "项目"}
    assert not is_edited(data)


def test_same_bytes_every_time_and_a_second_time() -> None:
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("服务合同")
    document.save(buffer)
    once = to_traditional(buffer.getvalue())
    assert once == to_traditional(buffer.getvalue()) == to_traditional(once)
    assert Package.open(once).main == "word/document.xml"


@given(st.lists(st.text(max_size=6), max_size=5))
def test_pieces_keep_their_places(pieces: list[str]) -> None:
    turned = convert_pieces(pieces, lambda text: "".join(chr(ord(c) ^ 1) for c in text))
    assert [len(piece) for piece in turned] == [len(piece) for piece in pieces]
    assert "".join(turned) == "".join(chr(ord(c) ^ 1) for c in "".join(pieces))


def test_pieces_are_converted_alone_when_the_length_changes() -> None:
    assert convert_pieces(["ab", "c"], lambda text: text.replace("b", "bb")) == ["abb", "c"]
