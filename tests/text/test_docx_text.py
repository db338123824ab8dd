"""Text of Word files: everything that is read on the page, nothing that is not."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from docx2python import docx2python

from docgen.text.docx_text import docx_text
from docgen.text.extracted import Unreadable


def test_paragraphs_tables_header_footer_title(tmp_path: Path) -> None:
    made = python_docx.Document()
    made.core_properties.title = "服务  合同"
    made.sections[0].header.paragraphs[0].text = "页眉项目"
    made.sections[0].footer.paragraphs[0].text = "页脚页码"
    made.add_paragraph("第一段")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "甲方", "示例\n客户"
    table.cell(1, 0).merge(table.cell(1, 1)).text = "合并"
    made.add_paragraph("第二段")
    made.save(tmp_path / "a.docx")
    found = docx_text(tmp_path / "a.docx")

    assert found.title == "服务 合同"
    assert found.text == "页眉项目\n第一段\n甲方\t示例\n客户\t\n合并\t\n第二段\n页脚页码"
    with docx2python(tmp_path / "a.docx") as other:  # another program reads the same words
        words = {line for line in other.text.split("\n") if line.strip()}
    assert {word.strip() for word in words} == set(found.text.replace("\t", "\n").split("\n")) - {""}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("{甲}<w:p><w:ins><w:r><w:t>插入</w:t></w:r></w:ins><w:del><w:r><w:delText>删除</w:delText></w:r></w:del></w:p>",
         "甲\n插入"),
        ("<w:p><w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>",
         "新处"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>{控件}</w:sdtContent></w:sdt>", "控件"),
        ("<w:p><w:sdt><w:sdtContent><w:r><w:t>行内</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>控件</w:t></w:r></w:p>",
         "行内控件"),
        ("<w:p><w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:noBreakHyphen/><w:t>四</w:t></w:r></w:p>",
         "一\t二\n三-四"),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>7</w:t></w:r></w:p>", "7"),
        ("<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>正文</w:t></w:r></w:p>", "正文"),
        ("<w:p><w:ruby><w:rt><w:r><w:t>han</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>汉</w:t></w:r></w:rubyBase></w:ruby></w:p>",
         "汉"),
        ("<w:p><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>", "链接"),
        ("<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc>{内}</w:tc></w:tr></w:tbl>{外}</w:tc></w:tr></w:tbl>",
         "内\t\n外"),
    ],
)  # fmt: skip
def test_what_is_read(tmp_path: Path, docx, p, body: str, text: str) -> None:
    for word in ("甲", "控件", "内", "外"):
        body = body.replace(f"{{{word}}}", p(word))

    assert docx_text(docx(tmp_path / "a.docx", body)).text.rstrip() == text


def test_text_boxes_follow_their_paragraph(tmp_path: Path, docx, p) -> None:
    box = f"<w:txbxContent>{p('框内')}{p('文字')}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = f"<w:p><w:r><w:t>网络</w:t></w:r>{both}<w:r><w:t>设备</w:t></w:r></w:p>{p('下一段')}"

    assert docx_text(docx(tmp_path / "a.docx", body)).text == "网络设备\n框内\n文字\n下一段"


def test_old_text_boxes(tmp_path: Path, docx, p) -> None:
    box = f"<w:pict><v:textbox><w:txbxContent>{p('旧框')}</w:txbxContent></v:textbox></w:pict>"

    assert docx_text(docx(tmp_path / "a.docx", f"<w:p><w:r>{box}</w:r></w:p>")).text.strip() == "旧框"


def test_notes_headers_footers(tmp_path: Path, docx, p) -> None:
    note = f'<w:footnote w:id="1">{p("脚注")}</w:footnote>'
    path = docx(tmp_path / "a.docx", p("正文"), footnotes=note, header1=p("页眉"), footer1=p("页脚"))

    assert docx_text(path).text == "页眉\n正文\n脚注\n页脚"


def test_words_split_into_runs_are_whole(tmp_path: Path, docx, p) -> None:
    assert docx_text(docx(tmp_path / "a.docx", p("服", "务合", "同"))).text == "服务合同"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "xml",
    [
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]><d>&l11;</d>',
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><d>&e;</d>',
        '<!DOCTYPE d SYSTEM "http://localhost/d.dtd"><d/>',
    ],
)
def test_entities_are_not_expanded(tmp_path: Path, docx, xml: str) -> None:
    path = docx(tmp_path / "a.docx", "")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as bomb, zipfile.ZipFile(path) as good:
        bomb.writestr("[Content_Types].xml", good.read("[Content_Types].xml"))
        bomb.writestr("word/document.xml", xml)

    with pytest.raises(Unreadable, match=r"word/document\.xml"):
        docx_text(tmp_path / "b.docx")
