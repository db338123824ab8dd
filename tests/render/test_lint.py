from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from docgen.base.findings import Severity
from docgen.forms.definition import Field, Form
from docgen.render.checks import CHECKS
from docgen.render.filters import FILTERS
from docgen.render.lint import lint
from docgen.render.sandbox import BUILTIN_FILTERS, BUILTIN_TESTS

Write = Callable[..., Path]
DOCS = Path(__file__).parents[2] / "docs" / "template-checks.md"

COLUMNS = (
    Field("name", "名称"),
    Field("price", "单价", "money"),
    Field("level", "等级", "enum", options=("高", "低")),
)
FORM = Form(
    "service_contract",
    "服务合同",
    "合同协议",
    "contract",
    date_from=("sign_date",),
    fields=(
        Field("contract_no", "合同编号", required=True),
        Field("remark", "备注"),
        Field("sign_date", "签署日期", "date"),
        Field("doc_date", "日期", "date", required=True),
        Field("tax", "税率", "percent", required=True, default="6%"),
        Field("level", "密级", "enum", options=("公开", "内部")),
        Field("items", "服务内容", "table", columns=COLUMNS),
        Field("cost", "内部成本", "money", internal=True, required=True),
    ),
)


def errors(path: Path, houses: list[Path] | None = None) -> list[tuple[str, str]]:
    found = lint(path, FORM, houses or [])
    return [(item.code, item.message.zh) for item in found if item.severity is Severity.ERROR]


def only(path: Path, code: str) -> str:
    """Return the message of the one error, which must have this code."""
    found = errors(path)
    assert [item[0] for item in found] == [code], found
    return found[0][1]


def test_a_right_template_has_no_errors(write: Write) -> None:
    path = write(
        "{{ contract_no }} {{ tax|percent }} {{ type_name }} {{ level|options('level') }}",
        "{%p if remark and level == “内部” %}",
        "备注：{{ remark|paragraphs }}{# 说明 #}",
        "{%p elif sign_date is none %}",
        "无",
        "{%p else %}",
        "{{ sign_date|cndate }}",
        "{%p endif %}",
        "{% set total = items|sum(attribute='price') %}{{ total|money }}",
        "{% for i in items|selectattr('price') %}{{ i.name }}{{ i['level'] }}{{ loop.index }}{% endfor %}",
        "{{ items|length }} {{ items[0].price }}",
        rows=[
            ["{%tr for row in items %}", ""],
            ["{{ row.name }}", "{{ row.level|options('items.level') }}"],
            ["{%tr endfor %}", ""],
        ],
        header="{{ contract_no }}",
    )
    assert errors(path) == []


@pytest.mark.parametrize(
    ("texts", "code", "place"),
    [
        (["甲", "{{ contract_no"], "TP03", "第 2 段"),
        (["{{ contract_no }"], "TP03", "第 1 段"),
        (["{% if remark"], "TP03", "第 1 段"),
        (["{{ contract_no } 与 {{ remark }}"], "TP03", "第 1 段"),
        (["contract_no }}"], "TP04", "第 1 段"),
        (["if remark %}"], "TP04", "第 1 段"),
        (["甲", "乙", "｛｛ contract_no ｝｝"], "TP05", "第 3 段"),
        (["｛% if remark %｝"], "TP05", "第 1 段"),
        (["{{ contract_no remark }}"], "TP06", "第 1 段"),
        (["{{ contract_no｜money }}"], "TP06", "第 1 段"),
        (["{{ }}"], "TP06", "第 1 段"),
        (["甲", "{%p if remark %}", "乙"], "TP07", "第 2 段"),
        (["{%p for i in items %}", "{{ i.name }}"], "TP07", "第 1 段"),
        (["甲", "{%p endfor %}"], "TP08", "第 2 段"),
        (["{% else %}"], "TP08", "第 1 段"),
        (["{% for i in items %}{% endif %}{% endfor %}"], "TP08", "第 1 段"),
        (["{%p if remark %}", "甲", "{% endif %}"], "TP09", "第 3 段"),
        (["甲 {%p if remark %} 乙", "{%p endif %}"], "TP10", "第 1 段"),
        (['{%p if remark == "6%" %}', "甲", "{%p endif %}"], "TP06", "第 1 段"),
        (["{{ contrct_no }}"], "TP11", "第 1 段"),
        (["{% if remrk %}甲{% endif %}"], "TP11", "第 1 段"),
        (["{{ level|options('levl') }}"], "TP11", "第 1 段"),
        (["{% for i in items %}{{ i.prise }}{% endfor %}"], "TP12", "第 1 段"),
        (["{% for i in items %}{{ i['prise'] }}{% endfor %}"], "TP12", "第 1 段"),
        (["{{ items|sum(attribute='prise') }}"], "TP12", "第 1 段"),
        (["{{ (items|selectattr('prise')|list)|length }}"], "TP12", "第 1 段"),
        (["{{ contract_no|monye }}"], "TP13", "第 1 段"),
        (["{% if remark is emptyy %}甲{% endif %}"], "TP13", "第 1 段"),
        (["{{ contract_no.__class__ }}"], "TP14", "第 1 段"),
        (["{% import 'x' as y %}"], "TP14", "第 1 段"),
        (["{% macro x() %}"], "TP14", "第 1 段"),
        (["{{r remark }}"], "TP15", "第 1 段"),
        (["{{p remark }}"], "TP15", "第 1 段"),
        (["前 {% include 'header' %}"], "TP20", "第 1 段"),
        (["{% for c in contract_no %}{{ c }}{% endfor %}"], "TP21", "第 1 段"),
        (["{{ items }}"], "TP21", "第 1 段"),
        (["{{ cost }}"], "TP24", "第 1 段"),
    ],
)
def test_each_mistake_has_its_code_and_place(write: Write, texts: list[str], code: str, place: str) -> None:
    message = only(write(*texts), code)
    assert message.startswith(place)


def test_places_in_tables_headers_and_the_text_are_named(write: Write) -> None:
    path = write("{{ a1 }}", header="{{ h1 }}", rows=[["甲", "乙"], ["丙", "{{ t1 }}"]])
    assert {message.split("：")[0] for _, message in errors(path)} == {
        "第 1 段“{{ a1 }}”",
        "表 1 第 2 行第 2 格“{{ t1 }}”",
        "页眉“{{ h1 }}”",
    }
    english = {item.message.en.split(": ")[0] for item in lint(path, FORM, []) if item.code == "TP11"}
    assert "table 1 row 2 cell 2 “{{ t1 }}”" in english


def test_nearest_field_column_and_option_are_suggested(write: Write) -> None:
    path = write("{{ contrct_no }}", "{% for i in items %}{{ i.prise }}{% endfor %}")
    hints = [item.hint.zh for item in lint(path, FORM, []) if item.severity is Severity.ERROR]
    assert hints == ["是不是 contract_no？", "是不是 price？"]


def test_names_of_a_loop_end_with_it(write: Write) -> None:
    assert only(write("{% for i in items %}{{ i.name }}{% endfor %}{{ i.name }}"), "TP11").endswith("i")


def test_text_beside_a_row_tag_in_another_cell_is_reported(write: Write) -> None:
    rows = [["{%tr for row in items %}", "会丢失"], ["{{ row.name }}", ""], ["{%tr endfor %}", ""]]
    assert "表 1 第 1 行第 1 格" in only(write(rows=rows), "TP10")


def test_loop_that_begins_and_ends_in_different_tables(tmp_path: Path) -> None:
    document = docx.Document()
    for text in ("{%tr for row in items %}", "{%tr endfor %}"):
        document.add_table(rows=1, cols=1).cell(0, 0).text = text
        document.add_paragraph()
    document.save(str(tmp_path / "a.docx"))
    only(tmp_path / "a.docx", "TP09")


def test_several_mistakes_are_all_told(write: Write) -> None:
    found = errors(write("{{ a", "{{ contrct_no }}", "{%p if remark %}", "｛｛ b ｝｝"))
    assert {code for code, _ in found} == {"TP03", "TP05", "TP07", "TP11"}


def test_fields_that_are_never_printed(write: Write) -> None:
    found = {item.code: item for item in lint(write("{{ sign_date }}"), FORM, [])}
    assert found["TP16"].severity is Severity.WARNING
    assert "合同编号（contract_no）" in found["TP16"].message.zh
    assert "备注（remark）" in found["TP17"].message.zh
    told = found["TP16"].message.zh + found["TP17"].message.zh
    assert "doc_date" not in told
    assert "cost" not in told


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04cut", "文字".encode()])
def test_broken_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "template.docx").write_bytes(data)
    only(tmp_path / "template.docx", "TP01")
    only(tmp_path, "TP01")


def test_missing_file(tmp_path: Path) -> None:
    only(tmp_path / "none.docx", "TP01")


def test_macros(write: Write, tmp_path: Path) -> None:
    path = write("甲")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    only(path, "TP02")


def test_tracked_changes(tmp_path: Path) -> None:
    document = docx.Document()
    xml = f'<w:ins {nsdecls("w")} w:id="1" w:author="a"><w:r><w:t>加</w:t></w:r></w:ins>'
    document.add_paragraph()._p.append(parse_xml(xml))
    document.save(str(tmp_path / "a.docx"))
    only(tmp_path / "a.docx", "TP19")


def test_unknown_block(write: Write, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    docx.Document().save(str(house / "style.docx"))
    assert [code for code, _ in errors(write('{%p include "signs" %}'), [house])] == ["TP20"]


def test_style_without_a_chinese_face(tmp_path: Path) -> None:
    document = docx.Document()
    fonts = document.styles.element.find(".//" + qn("w:rPrDefault") + "//" + qn("w:rFonts"))
    fonts.attrib.pop(qn("w:eastAsiaTheme"))
    fonts.set(qn("w:eastAsia"), "宋体")
    document.add_paragraph("甲", style="Heading 1")
    document.save(str(tmp_path / "a.docx"))
    named = [item.message.zh for item in lint(tmp_path / "a.docx", FORM, []) if item.code == "TP18"]
    assert named == ["没有指定中文字体：heading 1"]


def test_method_of_text_is_noted_only(write: Write) -> None:
    found = {item.code: item.severity for item in lint(write("{{ contract_no.upper() }}"), FORM, [])}
    assert found["TP22"] is Severity.NOTE


def test_choices_of_fields_and_columns() -> None:
    assert FORM.choices == {"level": ("公开", "内部"), "items.level": ("高", "低")}


def test_every_code_filter_and_test_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for code, check in CHECKS.items():
        assert f"| {code} | {check.severity.label.zh} |" in text
    for name in (*FILTERS, "options", *BUILTIN_FILTERS, *(t for t in BUILTIN_TESTS if t.isalpha())):
        assert f"`{name}`" in text, name


def test_findings_can_be_told_in_english(write: Write) -> None:
    found = lint(write("{{ contrct_no }}"), FORM, [])
    assert found[0].message.en == "paragraph 1 “{{ contrct_no }}”: there is no such field: contrct_no"
    assert found[0].path == "template.docx"
    assert io.StringIO(found[0].hint.en).read() == "did you mean contract_no?"
