from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.render.ooxml import BadPackage
from docgen.render.package import Package
from docgen.render.pdf import find_office
from docgen.render.provenance import NAMESPACE, Provenance, embed, is_edited, read, strip
from docgen.render.textnorm import normalised_text, text_digest

FIELDS = {
    "contract_no": "HT-2026-001",
    "items": [{"name": "运维 & <服务>", "price": "1234.50"}],
    "empty": None,
    "text": "一\n二\t三\x00\ud800",
}
PROVENANCE = Provenance(
    "service_contract", FIELDS, "2026-05-06", "sign_date items.day", "f" * 64, "t" * 64, "r" * 64, "0.1.0"
)


def document() -> Document:
    made = docx.Document()
    made.add_heading("服务合同", 0)
    made.add_paragraph("合同编号：HT-2026-001，总价 ￥1,234.50，☑ 是 ☐ 否 — “引号”　全角空格")
    table = made.add_table(rows=2, cols=2)
    for index, text in enumerate(("序号", "项目", "1", "运维\n服务")):
        table.cell(index // 2, index % 2).text = text
    section = made.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].text = "示例项目\tHT-2026-001 V1.0"
    footer = section.footer.paragraphs[0]
    for piece in ("第 ", "PAGE", " 页 共 ", "NUMPAGES", " 页"):
        run = footer.add_run()
        if piece.isupper():
            for kind in ("begin", "separate", "end"):
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)
                if kind == "begin":
                    code = OxmlElement("w:instrText")
                    code.text = f" {piece} "
                    run._r.append(code)
        else:
            run.text = piece
    return made


def to_bytes(made: Document) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def generated() -> bytes:
    return embed(to_bytes(document()), PROVENANCE)


def our_part(package: Package) -> str:
    return next(name for name, data in package.parts.items() if b"provenance>" in data)


def changed(data: bytes, change: Callable[[Document], None]) -> bytes:
    made = docx.Document(io.BytesIO(data))
    change(made)
    return to_bytes(made)


def test_what_is_embedded_is_read_back() -> None:
    found = read(generated())
    assert found is not None
    assert found.fields == FIELDS
    assert (found.type_id, found.today, found.from_today) == (
        "service_contract",
        "2026-05-06",
        "sign_date items.day",
    )
    assert (found.form_digest, found.template_digest, found.record_digest) == ("f" * 64, "t" * 64, "r" * 64)
    assert found.docgen_version == "0.1.0"
    assert found.text_digest == text_digest(generated())


json_values = st.recursive(
    st.none() | st.booleans() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), json_values, max_size=4))
def test_any_fields_come_back(fields: dict[str, object]) -> None:
    found = read(embed(BASE, Provenance("t", fields)))
    assert found is not None
    assert found.fields == fields


BASE = to_bytes(docx.Document())


def test_embedding_again_replaces_and_gives_the_same_bytes() -> None:
    once = generated()
    assert embed(once, PROVENANCE) == once
    with_more = embed(embed(once, Provenance("other")), PROVENANCE)
    assert Package.open(with_more).parts.keys() == Package.open(once).parts.keys()


def test_strip_leaves_the_document_as_it_was() -> None:
    plain = to_bytes(document())
    stripped = strip(embed(plain, PROVENANCE))
    assert read(stripped) is None
    assert NAMESPACE.encode() not in b"".join(Package.open(stripped).parts.values())
    assert Package.open(stripped).parts.keys() == Package.open(plain).parts.keys()
    assert normalised_text(Package.open(stripped)) == normalised_text(Package.open(plain))
    assert strip(plain) == plain


def test_the_file_still_opens_and_every_part_has_a_type() -> None:
    data = generated()
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "服务合同"


def test_found_wherever_an_editor_has_put_the_part() -> None:
    package = Package.open(generated())
    old = next(
        name for name, data in package.parts.items() if NAMESPACE.encode() in data and "Props" not in name
    )
    package.parts["customXml/item42.xml"] = package.parts.pop(old)
    rels = package.parts["word/_rels/document.xml.rels"]
    package.parts["word/_rels/document.xml.rels"] = rels.replace(old.encode(), b"customXml/item42.xml")
    package.set_content_type(old, None)
    found = read(package.to_bytes())
    assert found is not None
    assert found.type_id == "service_contract"


def test_edits_of_words_and_numbers_are_seen() -> None:
    data = generated()
    assert not is_edited(data)
    assert not is_edited(to_bytes(document()))

    def body(made: Document) -> None:
        made.paragraphs[1].runs[0].text = made.paragraphs[1].runs[0].text.replace("1,234.50", "1,234.51")

    def cell(made: Document) -> None:
        made.tables[0].cell(1, 0).text = "2"

    def header(made: Document) -> None:
        made.sections[0].header.paragraphs[0].text = "另一项目\tHT-2026-001 V1.0"

    for change in (body, cell, header):
        assert is_edited(changed(data, change))
    assert not is_edited(changed(data, lambda made: None))


@pytest.mark.parametrize("fields", ["not json", "[1, 2]", "[" * 100_000, "1" * 5000])
def test_a_forged_part_is_read_as_none(fields: str) -> None:
    package = Package.open(generated())
    name = our_part(package)
    package.parts[name] = f'<p xmlns="{NAMESPACE}"><type_id>t</type_id><fields>{fields}</fields></p>'.encode()
    assert read(package.to_bytes()) is None


def test_entities_in_a_forged_part_are_not_expanded() -> None:
    package = Package.open(generated())
    name = our_part(package)
    package.parts[name] = (
        f'<!DOCTYPE p [<!ENTITY x "boom">]><p xmlns="{NAMESPACE}">'
        "<type_id>&x;</type_id><fields>{}</fields></p>"
    ).encode()
    assert read(package.to_bytes()) is None


def test_what_is_no_word_file_is_refused() -> None:
    with pytest.raises(BadPackage):
        read(b"%PDF-1.7")


@pytest.mark.office
@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
def test_libreoffice_keeps_it_and_saving_unchanged_is_no_edit(tmp_path: Path) -> None:
    source = tmp_path / "最终版(2).docx"
    source.write_bytes(generated())
    office = find_office()
    assert office is not None
    command = [
        str(office.program),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        *(
            "--headless",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            str(tmp_path / "saved"),
            str(source),
        ),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    saved = (tmp_path / "saved" / source.name).read_bytes()
    found = read(saved)
    assert found is not None
    assert found.fields == FIELDS
    assert not is_edited(saved)
    assert is_edited(changed(saved, lambda made: made.tables[0].cell(1, 0).paragraphs[0].add_run("9")))
