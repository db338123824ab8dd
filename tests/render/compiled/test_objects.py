"""Objects of docxtpl in a context, and what its users change in a template."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText
from markupsafe import Markup

from docgen.base.errors import TemplateFault
from docgen.render.compiled.template import CompiledTemplate

Make = Callable[[Callable[[Any], None]], bytes]


def png(color: bytes) -> bytes:
    import struct
    import zlib

    head = struct.pack(">2L5B", 2, 2, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\0" + color * 2) * 2)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks
    )


RED, BLUE = png(b"\xff\0\0"), png(b"\0\0\xff")


def media(document: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return sorted(archive.read(name) for name in archive.namelist() if name.startswith("word/media/"))


@pytest.fixture
def pictured(make: Make) -> bytes:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ logo }}"
        document.add_paragraph("{%p for p in pictures %}")
        document.add_paragraph("图：{{ p }}")
        document.add_paragraph("{%p endfor %}")
        document.add_paragraph("{{ text }}")

    return make(build)


def test_pictures_in_body_and_header(pictured: bytes, oracle: Any, texts: Any, whole: Any) -> None:
    def context(template: DocxTemplate) -> dict[str, Any]:
        return {
            "logo": InlineImage(template, io.BytesIO(RED), width=Mm(10)),
            "pictures": [InlineImage(template, io.BytesIO(one), height=Mm(5)) for one in (BLUE, RED)],
            "text": "A&B",
        }

    compiled = CompiledTemplate(pictured)
    other = DocxTemplate(io.BytesIO(pictured))
    made = compiled.render(context(other))
    expected = oracle(pictured, prepare=context)

    assert texts(made) == texts(expected)
    assert media(made) == media(expected)
    whole(made)
    assert compiled.explain().fallbacks == {"InlineImage": 1}
    assert compiled.render(context(other)) == made


def test_pictures_made_for_another_template(pictured: bytes, make: Make, whole: Any) -> None:
    stranger = DocxTemplate(io.BytesIO(make(lambda document: document.add_paragraph("另一个"))))
    picture = InlineImage(stranger, io.BytesIO(BLUE), anchor="https://example.com/a?b=1&c=2")
    made = CompiledTemplate(pictured).render({"logo": picture, "pictures": [], "text": ""})

    assert media(made) == [BLUE]
    whole(made)


def test_a_picture_that_is_not_printed_costs_nothing(pictured: bytes) -> None:
    compiled = CompiledTemplate(pictured)
    template = DocxTemplate(io.BytesIO(pictured))
    unused = InlineImage(template, io.BytesIO(BLUE))
    compiled.render({"logo": "", "pictures": [], "text": "", "unused": unused})
    assert compiled.explain().fallbacks == {}


def sub_document() -> bytes:
    document = docx.Document()
    document.add_heading("附件标题", level=1)
    document.add_paragraph("第一点", style="List Number")
    document.add_picture(io.BytesIO(BLUE), width=Mm(8))
    document.add_table(rows=1, cols=2).cell(0, 0).text = "格"
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()


@pytest.fixture
def joined(make: Make) -> bytes:
    def build(document: Any) -> None:
        for text in ("前", "{{p part }}", "后 {{ x }}"):
            document.add_paragraph(text)

    return make(build)


def test_sub_documents_with_styles_and_pictures(joined: bytes, oracle: Any, texts: Any, whole: Any) -> None:
    def context(template: DocxTemplate) -> dict[str, Any]:
        return {"part": template.new_subdoc(io.BytesIO(sub_document())), "x": "<A&B>"}

    compiled = CompiledTemplate(joined)
    made = compiled.render(context(DocxTemplate(io.BytesIO(joined))))
    expected = oracle(joined, prepare=context)

    assert texts(made) == texts(expected)
    assert media(made) == media(expected) == [BLUE]
    whole(made)
    assert compiled.explain().fallbacks == {"Subdoc": 1}


def test_whether_a_sub_document_belongs_to_the_template_does_not_depend_on_the_clock(
    joined: bytes, texts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = CompiledTemplate(joined)
    copies = []
    for year in (2001, 2002):
        monkeypatch.setattr(time, "localtime", lambda *_, year=year: time.struct_time((year, *[1] * 8)))
        part = DocxTemplate(io.BytesIO(joined)).new_subdoc(io.BytesIO(sub_document()))
        copies.append(texts(compiled.render({"part": part, "x": ""})))
    assert copies[0] == copies[1]


def test_sub_documents_made_for_another_template(joined: bytes, make: Make, whole: Any) -> None:
    stranger = DocxTemplate(io.BytesIO(make(lambda document: document.add_paragraph("另一个"))))
    part = stranger.new_subdoc(io.BytesIO(sub_document()))
    made = CompiledTemplate(joined).render({"part": part, "x": ""})

    assert media(made) == [BLUE]
    whole(made)
    paragraphs = docx.Document(io.BytesIO(made)).paragraphs
    assert [one.text for one in paragraphs if one.text] == ["前", "附件标题", "第一点", "后 "]
    assert next(one for one in paragraphs if one.text == "附件标题").style.name == "Heading 1"


def test_sub_documents_that_are_written_in_the_program(
    joined: bytes, oracle: Any, texts: Any, whole: Any
) -> None:
    def context(template: DocxTemplate) -> dict[str, Any]:
        part = template.new_subdoc()
        part.add_paragraph("写出来的 & 段")
        part.add_picture(io.BytesIO(RED), width=Mm(8))
        return {"part": part, "x": ""}

    made = CompiledTemplate(joined).render(context(DocxTemplate(io.BytesIO(joined))))
    expected = oracle(joined, prepare=context)

    assert texts(made) == texts(expected)
    assert media(made) == media(expected) == [RED]
    whole(made)


def test_links(make: Make, oracle: Any, texts: Any, whole: Any) -> None:
    url = "https://example.com/路径?a=1&b=2"

    def build(document: Any) -> None:
        document.add_paragraph("见 {{r link }}")

    def context(template: Any) -> dict[str, Any]:
        return {"link": RichText("这里", url_id=template.build_url_id(url))}

    template = make(build)
    compiled = CompiledTemplate(template)
    made = compiled.render(context(compiled))

    assert texts(made) == texts(oracle(template, prepare=context))
    whole(made)
    links = docx.Document(io.BytesIO(made)).part.rels.values()
    assert [link.target_ref for link in links if link.is_external] == [url]


def test_media_are_replaced(make: Make, tmp_path: Path, oracle: Any, whole: Any) -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(RED))
        document.add_paragraph("{{ x }}")

    template = make(build)
    (tmp_path / "红.png").write_bytes(RED)
    (tmp_path / "蓝.png").write_bytes(BLUE)
    compiled = CompiledTemplate(template)
    compiled.replace_media(tmp_path / "红.png", tmp_path / "蓝.png")
    made = compiled.render({"x": "&"})
    named = CompiledTemplate(template)
    named.replace_pic("image.png", tmp_path / "蓝.png")

    assert media(made) == media(named.render({"x": ""})) == [BLUE]
    whole(made)
    expected = oracle(
        template,
        {"x": "&"},
        lambda one: one.replace_media(str(tmp_path / "红.png"), str(tmp_path / "蓝.png")),
    )
    assert media(expected) == [BLUE]


def test_parts_are_replaced_by_their_name_and_bytes(make: Make, tmp_path: Path) -> None:
    def build(document: Any) -> None:
        document.add_picture(io.BytesIO(RED))

    (tmp_path / "new").write_bytes(BLUE)
    compiled = CompiledTemplate(make(build))
    compiled.replace_zipname("word/media/image1.png", tmp_path / "new")
    assert media(compiled.render({})) == [BLUE]


def linked_ids(document: bytes) -> tuple[set[str], set[str]]:
    """Return the ids that the body refers to, and those that are known."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = archive.read("word/document.xml").decode()
        known = archive.read("word/_rels/document.xml.rels").decode()
    used = set(re.findall(r'\br:(?:embed|id|link)="([^"]+)"', body))
    return used, set(re.findall(r'\bId="([^"]+)"', known))


def test_objects_of_a_template_that_was_filled_in_before(pictured: bytes, joined: bytes, make: Make) -> None:
    other = DocxTemplate(io.BytesIO(joined))
    part = other.new_subdoc()
    part.add_paragraph("片段")
    other.render({"part": "", "x": "别人的内容"})
    picture = InlineImage(other, io.BytesIO(BLUE), width=Mm(5))
    made = CompiledTemplate(joined).render({"part": part, "x": "我的"})
    shown = CompiledTemplate(pictured).render({"logo": "", "pictures": [picture], "text": ""})
    text = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(made)).paragraphs)

    assert "别人的内容" not in text
    assert "我的" in text
    assert "片段" in text
    for document in (made, shown):
        used, known = linked_ids(document)
        assert used <= known


def test_kinds_of_pictures_of_ones_own(pictured: bytes) -> None:
    class Logo(InlineImage):
        """A picture."""

    template = DocxTemplate(io.BytesIO(pictured))
    made = CompiledTemplate(pictured).render(
        {"logo": "", "pictures": [Logo(template, io.BytesIO(BLUE), width=Mm(5))], "text": ""}
    )
    used, known = linked_ids(made)
    assert used
    assert used <= known


def test_rows_that_can_be_read_once_only(make: Make) -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{ logo }}")
        document.add_paragraph("{% for r in rows %}{{ r }};{% endfor %}")

    template = make(build)
    picture = InlineImage(DocxTemplate(io.BytesIO(template)), io.BytesIO(RED), width=Mm(5))
    made = CompiledTemplate(template).render({"logo": picture, "rows": (str(n) for n in range(3))})
    assert docx.Document(io.BytesIO(made)).paragraphs[-1].text == "0;1;2;"


def test_links_and_pictures_that_cannot_be_placed_are_refused(make: Make) -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{r x }}")

    template = make(build)
    other = DocxTemplate(io.BytesIO(template))
    text = RichText("见网页", url_id=other.build_url_id("https://example.com/"))
    with pytest.raises(TemplateFault, match="rId"):
        CompiledTemplate(template).render({"x": text})


def test_mistakes_beside_a_picture_have_their_place(pictured: bytes, make: Make) -> None:
    def build(document: Any) -> None:
        document.add_paragraph("{{ logo }}")
        document.add_paragraph("{{ totl }}")

    template = make(build)
    picture = InlineImage(DocxTemplate(io.BytesIO(template)), io.BytesIO(RED), width=Mm(5))
    with pytest.raises(TemplateFault) as fault:
        CompiledTemplate(template).render({"logo": picture, "total": 1})
    assert "totl" in fault.value.text()


def test_mistakes_in_file_properties_are_faults(make: Make) -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "{{ name }}"

    compiled = CompiledTemplate(make(build))
    for context in ({}, {"name": "长" * 300}, {"name": "a\x0bb"}):
        with pytest.raises(TemplateFault):
            compiled.render(context)


def test_embedded_files_are_replaced(make: Make, tmp_path: Path, whole: Any) -> None:
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(b"PK old")
    new.write_bytes(b"PK new")
    plain = make(lambda document: document.add_paragraph("{{ x }}"))
    template = with_entry(plain, "word/embeddings/sheet.xlsx", old.read_bytes())
    compiled = CompiledTemplate(template)
    compiled.replace_embedded(old, new)
    oracle = DocxTemplate(io.BytesIO(template))
    oracle.replace_embedded(str(old), str(new))
    oracle.render({"x": "&"}, autoescape=True)
    expected = io.BytesIO()
    oracle.save(expected)

    made = compiled.render({"x": "&"})
    whole(made)
    assert entry(made, "word/embeddings/sheet.xlsx") == b"PK new"
    assert entry(expected.getvalue(), "word/embeddings/sheet.xlsx") == b"PK new"


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument."
#: Part -> how the body refers to it, and what it is.
KINDS = {
    "word/embeddings/sheet.xlsx": ("package", "spreadsheetml.sheet"),
    "word/endnotes.xml": ("endnotes", "wordprocessingml.endnotes+xml"),
    "word/comments.xml": ("comments", "wordprocessingml.comments+xml"),
}


def with_entry(document: bytes, name: str, data: bytes) -> bytes:
    """Return ``document`` with another file inside, to which the body refers."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.namelist():
            text = source.read(item)
            if item == "word/_rels/document.xml.rels":
                kind, place = RELATIONS + KINDS[name][0], name.removeprefix("word/")
                link = f'<Relationship Id="rId99" Type="{kind}" Target="{place}"/></Relationships>'
                text = text.replace(b"</Relationships>", link.encode())
            if item == "[Content_Types].xml":
                known = f'<Override PartName="/{name}" ContentType="{OFFICE}{KINDS[name][1]}"/></Types>'
                text = text.replace(b"</Types>", known.encode())
            target.writestr(item, text)
        target.writestr(name, data)
    return out.getvalue()


def entry(document: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(name)


@pytest.mark.parametrize(
    "value",
    [
        "<w:r><w:t>没有结束",
        "</w:p>",
        "</w:t></w:r></w:p></w:body><w:p><w:r><w:t>x</w:t></w:r></w:p>",
        "甲 & 乙",
    ],
)
def test_broken_xml_in_a_value_comes_out_as_docxtpl_reads_it(
    make: Make, oracle: Any, texts: Any, value: str
) -> None:
    template = make(lambda document: document.add_paragraph("一 {{ x }} 二"))
    context = {"x": Markup(value)}

    assert texts(CompiledTemplate(template).render(context)) == texts(oracle(template, context))


@pytest.mark.parametrize("part", ["word/endnotes.xml", "word/comments.xml"])
def test_notes_at_the_end_and_comments_are_left_as_they_are(
    make: Make, oracle: Any, texts: Any, part: str
) -> None:
    """docxtpl fills in body, headers, footers, footnotes and properties, nothing else."""
    plain = make(lambda document: document.add_paragraph("{{ x }}"))
    notes = f'<w:notes xmlns:w="{NAMESPACE}"><w:p><w:r><w:t>{{{{ x }}}}</w:t></w:r></w:p></w:notes>'.encode()
    template = with_entry(plain, part, notes)
    made = CompiledTemplate(template).render({"x": "值"})
    expected = oracle(template, {"x": "值"})

    assert texts(made) == texts(expected)
    assert entry(made, part) == entry(expected, part)
    assert notes in entry(made, part)
