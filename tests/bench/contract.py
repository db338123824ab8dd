"""The template and the records of the benchmark: a service contract, as large as Word would write it."""

from __future__ import annotations

import io
import random
import struct
import zlib
from decimal import Decimal

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

_CLAUSE = "本条所述服务由提供方按照约定的范围、标准与期限完成，接受方提供必要的配合条件，双方以书面形式确认。"
_SCALARS = (
    ("合同编号", "contract_no"),
    ("项目名称", "project"),
    ("提供方", "provider"),
    ("接受方", "customer"),
    ("提供方地址", "provider_address"),
    ("接受方地址", "customer_address"),
    ("服务开始", "start"),
    ("服务结束", "end"),
    ("管辖", "court"),
    ("签订地点", "place"),
    ("份数", "copies"),
    ("税率", "rate"),
    ("联系人", "contact"),
)
COLUMNS = ("no", "name", "unit", "quantity", "price", "amount")
ROWS = 20


def template() -> bytes:
    """Return the template: 14 clauses, 15 fields in body, header and footer, a table of rows, a condition."""
    document = docx.Document()
    _drop_unused_styles(document)
    section = document.sections[0]
    header = section.header.paragraphs[0]
    header.add_run().add_picture(io.BytesIO(logo()), width=Mm(20))
    _write(header, "{{ provider }}　{{ contract_no }}")
    _write(section.footer.paragraphs[0], "{{ project }}　密级：{{ level }}")
    _write(document.add_paragraph(), "技术服务合同")
    for label, name in _SCALARS:
        _write(document.add_paragraph(), f"{label}：", "{{ " + name + " }}")
    _table(document)
    _write(document.add_paragraph(), "合同金额：￥", "{{ '{:,.2f}'.format(total) }}")
    _write(document.add_paragraph(), "{%p if advance %}")
    _write(document.add_paragraph(), "预付款：￥", "{{ '{:,.2f}'.format(advance) }}")
    _write(document.add_paragraph(), "{%p endif %}")
    for number in range(1, 15):
        _write(document.add_paragraph(), f"第{number}条", _CLAUSE * 9)
    return _saved(document)


def records(number: int) -> list[dict[str, object]]:
    """Return ``number`` different records."""
    chance = random.Random(20261122)
    return [_record(one, chance) for one in range(number)]


def _record(number: int, chance: random.Random) -> dict[str, object]:
    items = []
    for place in range(1, ROWS + 1):
        price, quantity = Decimal(chance.randrange(100, 10_000_000)) / 100, chance.randrange(1, 50)
        items.append(
            {
                "no": place,
                "name": f"运行维护服务 <{place}> & 支持",
                "unit": "人天",
                "quantity": quantity,
                "price": price,
                "amount": price * quantity,
            }
        )
    texts = {name: f"{label}{number} & 示例" for label, name in _SCALARS}
    total = sum((item["amount"] for item in items), Decimal(0))  # type: ignore[misc]
    advance = total / 2 if number % 2 else None
    return {**texts, "level": "内部", "items": items, "total": total, "advance": advance}


def _table(document: Document) -> None:
    table = document.add_table(rows=4, cols=len(COLUMNS), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, ("序号", "名称", "单位", "数量", "单价", "金额"), strict=True):
        _fill(cell, text)
    _fill(table.rows[1].cells[0], "{%tr for item in items %}")
    for cell, name in zip(table.rows[2].cells, COLUMNS, strict=True):
        money = name in ("price", "amount")
        _fill(cell, f"{{{{ '{{:,.2f}}'.format(item.{name}) }}}}" if money else f"{{{{ item.{name} }}}}")
    _fill(table.rows[3].cells[0], "{%tr endfor %}")


def _fill(cell: _Cell, text: str) -> None:
    _write(cell.paragraphs[0], text)


def _drop_unused_styles(document: Document) -> None:
    """Cut the styles of lists and tables that python-docx ships and a contract of Word's does not have."""
    for style in list(document.styles):
        if not style.builtin or style.name.startswith(
            ("List", "Light", "Medium", "Dark", "Colorful", "Grid")
        ):
            style.delete()
    effects = [key for key, rel in document.part.rels.items() if rel.reltype.endswith("stylesWithEffects")]
    for key in effects:
        document.part.drop_rel(key)


def _write(paragraph: Paragraph, *texts: str) -> None:
    """Write runs with the properties that Word gives every paragraph and run of a Chinese document."""
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(6), Pt(22)
    paragraph.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for text in texts:
        run = paragraph.add_run(text)
        properties = run._element.get_or_add_rPr()
        fonts = OxmlElement("w:rFonts")
        for name, font in (("ascii", "Times New Roman"), ("hAnsi", "Times New Roman"), ("eastAsia", "宋体")):
            fonts.set(qn(f"w:{name}"), font)
        properties.append(fonts)
        for tag, value in (("w:color", "000000"), ("w:kern", "2"), ("w:sz", "24"), ("w:szCs", "24")):
            element = OxmlElement(tag)
            element.set(qn("w:val"), value)
            properties.append(element)


def logo() -> bytes:
    """Return a picture of about 29 kB that does not compress."""
    noise, side = random.Random(1), 98
    rows = b"".join(b"\0" + noise.randbytes(3 * side) for _ in range(side))
    head = struct.pack(">2L5B", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _saved(document: Document) -> bytes:
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()
