from __future__ import annotations

import io
from contextlib import nullcontext

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from docgen.render.ooxml import BadPackage
from docgen.render.package import Package
from docgen.render.textnorm import normalised_text, text_digest


def digest(document: Document) -> str:
    return text_digest(data(document))


def data(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def sample() -> Document:
    document = docx.Document()
    document.add_paragraph("合同总价 1,234.50 元")
    document.add_table(rows=1, cols=2).cell(0, 1).text = "项目 一"
    document.sections[0].header.paragraphs[0].text = "示例项目 V1.0"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    return document


def field(instruction: str, result: str) -> list[str]:
    names = nsdecls("w")
    return [
        f'<w:r {names}><w:fldChar w:fldCharType="begin"/></w:r>',
        f"<w:r {names}><w:instrText> {instruction} </w:instrText></w:r>",
        f'<w:r {names}><w:fldChar w:fldCharType="separate"/></w:r>',
        f"<w:r {names}><w:t>{result}</w:t></w:r>",
        f'<w:r {names}><w:fldChar w:fldCharType="end"/></w:r>',
    ]


def with_field(instruction: str, result: str) -> str:
    document = sample()
    paragraph = document.add_paragraph("前")._p
    for run in field(instruction, result):
        paragraph.append(parse_xml(run))
    return digest(document)


def test_text_of_all_stories_without_white_space() -> None:
    text = normalised_text(Package.open(data(sample())))
    assert text.split("\n") == ["合同总价1,234.50元项目一", "示例项目V1.0", "第1页"]


def test_runs_and_white_space_do_not_matter() -> None:
    other = sample()
    other.paragraphs[0].runs[0].text = "合同总价"
    other.paragraphs[0].add_run("  1,234.50").bold = True
    other.paragraphs[0].add_run("\t元\n")
    other.add_paragraph("  ")
    assert digest(other) == digest(sample())


@pytest.mark.parametrize("story", ["body", "cell", "header", "footer"])
def test_every_story_counts(story: str) -> None:
    changed = sample()
    section = changed.sections[0]
    paragraph = {
        "body": changed.paragraphs[0],
        "cell": changed.tables[0].cell(0, 1).paragraphs[0],
        "header": section.header.paragraphs[0],
        "footer": section.footer.paragraphs[0],
    }[story]
    paragraph.runs[0].text = paragraph.runs[0].text.replace("1", "2").replace("一", "二")
    assert digest(changed) != digest(sample())


def test_one_digit_moved_into_another_cell_counts() -> None:
    one, other = docx.Document(), docx.Document()
    for document, cells in ((one, ("12", "3")), (other, ("1", "32"))):
        row = document.add_table(rows=1, cols=2).rows[0].cells
        row[0].text, row[1].text = cells
    assert digest(one) != digest(other)


def test_page_numbers_are_counted_anew_but_other_fields_are_text() -> None:
    assert with_field("PAGE", "1") == with_field("PAGE", "7")
    assert with_field("NUMPAGES \\* MERGEFORMAT", "1") == with_field("NUMPAGES \\* MERGEFORMAT", "9")
    assert with_field('HYPERLINK "http://example.invalid"', "甲") != with_field(
        'HYPERLINK "http://example.invalid"', "乙"
    )


def test_simple_field_of_a_page_number_does_not_count() -> None:
    digests = set()
    for number in "19":
        document = sample()
        xml = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>{number}</w:t></w:r></w:fldSimple>'
        document.add_paragraph()._p.append(parse_xml(xml))
        digests.add(digest(document))
    assert digests == {digest(sample())}


def test_an_insertion_counts_and_a_deletion_counts() -> None:
    names = nsdecls("w")
    inserted = sample()
    xml = f'<w:ins {names} w:id="1" w:author="a"><w:r><w:t>加</w:t></w:r></w:ins>'
    inserted.paragraphs[0]._p.append(parse_xml(xml))
    deleted = sample()
    run = deleted.paragraphs[0].runs[0]
    run._r.getparent().replace(
        run._r,
        parse_xml(
            f'<w:del {names} w:id="1" w:author="a"><w:r><w:delText>{run.text}</w:delText></w:r></w:del>'
        ),
    )
    assert len({digest(inserted), digest(deleted), digest(sample())}) == 3


def test_fallback_of_a_text_box_is_not_read_twice() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    xml = (
        f'<w:r {nsdecls("w")} {mc}><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = docx.Document()
    document.add_paragraph("外")._p.append(parse_xml(xml))
    assert normalised_text(Package.open(data(document))) == "外\n框内"


def test_fields_inside_one_another_are_followed_only_so_far() -> None:
    begin = '<w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/>'
    for depth, refused in ((50, False), (5_000, True)):
        document = sample()
        document.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{begin * depth}</w:r>"))
        with pytest.raises(BadPackage) if refused else nullcontext():
            text_digest(data(document))


def test_an_instruction_in_pieces_is_one() -> None:
    pieces = "".join(f"<w:instrText>{text}</w:instrText>" for text in ("   ", " NUM", "PAGES", " x" * 100))
    digests = set()
    for result in ("3", "4"):
        document = sample()
        begin, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate"))
        text = f"{begin}{pieces}{end}<w:t>{result}</w:t>"
        document.paragraphs[0]._p.append(parse_xml(f"<w:r {nsdecls('w')}>{text}</w:r>"))
        digests.add(text_digest(data(document)))

    assert len(digests) == 1
