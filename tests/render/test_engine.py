from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.forms.values import Money, Percent, Ruled, Sig
from docgen.render.engine import Template
from docgen.render.package import Package
from docgen.render.provenance import Provenance, embed, read
from docgen.render.textnorm import text_digest

Write = Callable[..., Path]


def render(path: Path, **context: object) -> Document:
    return docx.Document(io.BytesIO(Template.open(path, []).render(context)))


def lines(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def body_xml(data: bytes) -> bytes:
    body = docx.Document(io.BytesIO(data)).element.body
    return etree.tostring(body, method="c14n")


TABLE = [
    ["序号", "项目", "金额"],
    ["{%tr for row in items %}", "", ""],
    ["{{ loop.index }}", "{{ row.name }}", "{{ row.price }}"],
    ["{%tr endfor %}", "", ""],
]


def test_prints_fields_in_body_table_header_and_conditions(write: Write) -> None:
    path = write(
        "合同编号：{{ contract_no }}",
        "{%p if remark %}",
        "备注：{{ remark }}",
        "{%p endif %}",
        "{%p for item in names %}",
        "列项 {{ item }}",
        "{%p endfor %}",
        header="{{ project_name }}",
        rows=TABLE,
    )
    items = ({"name": "运维服务", "price": Money("1234.50")}, {"name": "备件", "price": Money("0.00")})
    result = render(
        path, contract_no="HT-1", remark=None, names=("甲", "乙"), project_name="示例项目", items=items
    )
    assert lines(result) == ["合同编号：HT-1", "列项 甲", "列项 乙"]
    assert result.sections[0].header.paragraphs[0].text == "示例项目"
    cells = [[cell.text for cell in row.cells] for row in result.tables[0].rows]
    assert cells == [["序号", "项目", "金额"], ["1", "运维服务", "1,234.50"], ["2", "备件", "0.00"]]


def test_typed_values_read_as_on_paper(write: Write) -> None:
    path = write("{{ a }}|{{ b }}|{{ c }}|{{ d }}|{{ e }}|{{ f }}")
    result = render(
        path, a=date(2026, 11, 2), b=Percent("0.06"), c=True, d=("甲", "乙"), e=None, f=Decimal("1.50")
    )
    assert lines(result) == ["2026年11月2日|6%|是|甲、乙||1.5"]


def test_filters(write: Write) -> None:
    path = write(
        "{{ m|money }} {{ m|yuan }} {{ m|cny }}",
        "{{ d|cndate }} {{ d|iso }} {{ p|percent }} {{ n|number }} {{ b|yesno }}",
        "{{ l|join }}/{{ l|join('；') }}",
        "{{ choice|options(['甲', '乙']) }}",
        "{{ s|sign_name }} {{ s|sign_date }}",
        "{{ r|cndate }}|{{ none|default_blank(2) }}|{{ none|money }}",
        "{{ '{:,.3f}'.format(m) }} {{ (m / 3)|round(2) }}",
    )
    result = render(
        path,
        m=Money("1680.32"),
        d=date(2026, 3, 7),
        p=Percent("0.13"),
        n=Decimal("12345.50"),
        b=False,
        l=("甲", "乙"),
        choice="乙",
        s=Sig("示例甲", date(2026, 3, 8)),
        r=Ruled("date"),
        none=None,
    )
    assert lines(result) == [
        "1,680.32 ￥1,680.32 壹仟陆佰捌拾元零叁角贰分",
        "2026年3月7日 2026-03-07 13% 12,345.5 否",
        "甲、乙/甲；乙",
        "☐甲　☑乙",
        "示例甲 2026年3月8日",
        "　　　　年　　月　　日|　　|",
        "1,680.320 560.11",
    ]


def test_options_of_a_field_come_from_the_form(write: Write) -> None:
    path = write("{{ level|options('level') }}")
    template = Template.open(path, [], choices={"level": ("公开", "内部")})
    assert lines(docx.Document(io.BytesIO(template.render({"level": "内部"})))) == ["☐公开　☑内部"]
    with pytest.raises(TemplateFault, match="模板填写失败") as fault:
        render(path, level="内部")
    assert "level" in fault.value.text()


def test_paragraphs_gives_one_paragraph_a_line_in_the_same_style(write: Write) -> None:
    path = write("前", "{{ text|paragraphs }}", "后")
    assert lines(render(path, text="第一段\n\n第二段 & <b>\r\n第三段")) == [
        "前",
        "第一段",
        "第二段 & <b>",
        "第三段",
        "后",
    ]


HOSTILE = [
    "A&B<公司>“引号” '单' \"双\"",
    "{{ secret }} {% for x in y %} {# no #} {_{ }_} {_% %_}",
    "<w:p><w:r><w:t>注入</w:t></w:r></w:p>",
    "]]> &amp; &lt; &#65;",
    "😀👨‍👩‍👧 𠮷 㐂 é",
    "\u202e倒序\u202c",
    "=cmd|' /C calc'!A0 @x",
    "字" * 10_000,
    "  两端空格  ",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_values_print_exactly_and_are_never_read_as_template(write: Write, value: str) -> None:
    result = render(write("前{{ v }}后", header="{{ v }}"), v=value)
    assert lines(result) == [f"前{value}后"]
    assert result.sections[0].header.paragraphs[0].text == value


def test_line_breaks_tabs_and_control_characters(write: Write) -> None:
    result = render(write("{{ v }}"), v="一\r\n二\x0b三\u2028四\t五\x00\x07六\x0c七\ud800")
    assert lines(result) == ["一\n二\n三\n四\t五␀␇六\n七\ufffd"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(
        st.characters(blacklist_categories=["Cc", "Cs", "Zl", "Zp"], blacklist_characters="\ufffe\uffff")
    )
)
def test_any_text_prints_exactly(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.docx"
    if not path.exists():
        document = docx.Document()
        document.add_paragraph("[{{ v }}]")
        document.save(str(path))
    assert lines(render(path, v=value)) == [f"[{value}]"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.text(
        st.one_of(st.characters(codec="utf-8"), st.sampled_from("&<>{}_%\n\t\a\f\r\u2011\u00ad\u200b\ufeff"))
    ),
    field=st.booleans(),
)
def test_a_stamped_copy_is_a_rendered_one_with_provenance(
    tmp_path_factory: pytest.TempPathFactory, value: str, field: bool
) -> None:
    document = docx.Document()
    document.add_paragraph("前 {{ x }} 后")
    document.add_table(rows=1, cols=2).cell(0, 1).text = "{{ x }}"
    document.sections[0].header.paragraphs[0].text = "页眉 {{ x }}"
    if field:
        document.add_paragraph("第")._p.append(parse_xml(SIMPLE_FIELD.format(nsdecls("w"))))
    path = tmp_path_factory.getbasetemp() / f"stamped-{field}.docx"
    document.save(str(path))
    template = Template.open(path, [])
    stamped = template.stamped({"x": value}, PROVENANCE)
    expected = embed(template.render({"x": value}), PROVENANCE)
    assert Package.open(stamped).parts == Package.open(expected).parts
    found = read(stamped)
    assert found is not None
    assert found.text_digest == text_digest(stamped)


SIMPLE_FIELD = '<w:fldSimple {} w:instr="PAGE"><w:r><w:t>7</w:t></w:r></w:fldSimple>'
PROVENANCE = Provenance("service_contract", {"x": "甲&<\x00"}, "", "", "f", "t", "r", "1.0")


def test_brackets_for_print_are_docxtpl_s(write: Write) -> None:
    assert lines(render(write("{_{ a }_} {_% b %_} {{ c }}"), c="{_{")) == ["{{ a }} {% b %} {_{"]


def test_tags_split_over_runs_and_curly_quotes(write: Write, tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("合同{", "{ na", "me|default(", "“无”", ") }", "}号"):
        paragraph.add_run(piece)
    document.save(str(tmp_path / "split.docx"))
    assert lines(render(tmp_path / "split.docx", name="一")) == ["合同一号"]


def test_same_body_as_docxtpl(write: Write) -> None:
    path = write("{{ a }}", "{%p if b %}", "{{ b }}", "{%p endif %}", "{{ c }}", rows=TABLE)
    context = {
        "a": "甲 & 乙",
        "b": "",
        "c": "一\n二\t三",
        "items": [{"name": "服务", "price": "1.00"}, {"name": "备件 <x>", "price": "2.00"}],
    }
    oracle = DocxTemplate(path)
    oracle.render(context, autoescape=True)
    buffer = io.BytesIO()
    oracle.save(buffer)
    assert body_xml(Template.open(path, []).render(context)) == body_xml(buffer.getvalue())


def test_same_table_as_docxtpl_where_columns_are_repeated(write: Write) -> None:
    path = write(rows=[["项目", "{%tc for c in cols %}", "{{ c }}", "{%tc endfor %}"]])
    context = {"cols": ["一月", "二月", "三月", "四月", "五月"]}
    oracle = DocxTemplate(path)
    oracle.render(context, autoescape=True)
    buffer = io.BytesIO()
    oracle.save(buffer)
    assert body_xml(Template.open(path, []).render(context)) == body_xml(buffer.getvalue())


def test_a_thousand_rows(write: Write) -> None:
    items = tuple({"name": f"项目 {number} & <x>", "price": Money(number)} for number in range(1000))
    result = render(write(rows=TABLE), items=items)
    assert len(result.tables[0].rows) == 1001
    assert result.tables[0].rows[1000].cells[1].text == "项目 999 & <x>"


def test_undefined_field_names_field_place_and_nearest(write: Write) -> None:
    path = write("合同", "编号：{{ contrct_no }}")
    with pytest.raises(TemplateFault) as fault:
        render(path, contract_no="HT-1")
    text = fault.value.text()
    assert "contrct_no" in text
    assert "第 2 段" in text
    assert "是不是 contract_no" in text
    assert "did you mean contract_no" in fault.value.text("en")


def test_undefined_column_names_the_cell(write: Write) -> None:
    rows = [[cell.replace("row.price", "row.prise") for cell in row] for row in TABLE]
    with pytest.raises(TemplateFault) as fault:
        render(write(rows=rows), items=({"name": "甲", "price": 1},))
    assert "表 1 第 3 行第 3 格" in fault.value.text()
    assert "是不是 price" in fault.value.text()


@pytest.mark.parametrize(
    "text",
    [
        "{{ m / 0 }}",
        "{{ none + 1 }}",
        "{{ name|money }}",
        "{{ m|cndate }}",
        "{{ big|cny }}",
        "{{ name * 9 }}",
        "{% for x in m %}{{ x }}{% endfor %}",
        "{{ 1|round(99999) }}",
        "{{ nothing|first }}",
    ],
)
def test_what_cannot_be_worked_out_is_an_error_with_its_place(write: Write, text: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        render(write("前", text), m=Money("1.00"), none=None, name="甲", big=Money("1e20"), nothing=())
    assert "第 2 段" in fault.value.text()


def test_fields_are_the_names_that_the_template_uses(write: Write) -> None:
    path = write("{{ a }} {% if b %}{{ c.name }}{% endif %}", header="{{ h }}", rows=TABLE)
    assert Template.open(path, []).fields() == {"a", "b", "c", "h", "items"}


def test_same_bytes_again_and_from_another_folder(write: Write, tmp_path: Path) -> None:
    path = write("{{ a }}", header="{{ a }}")
    other = tmp_path / "别处" / "template.docx"
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    first = Template.open(path, [])
    context = {"a": "甲\n乙", "doc_date": date(2026, 11, 2)}
    assert first.render(context) == first.render(context) == Template.open(other.parent, []).render(context)
    assert first.digest == Template.open(other, []).digest


def test_same_bytes_under_any_zone_locale_and_hash_seed(write: Write) -> None:
    path = write("{{ a }} {{ d }}", rows=TABLE)
    program = (
        "import sys, hashlib\nfrom datetime import date\nfrom pathlib import Path\n"
        "from docgen.forms.values import Money\nfrom docgen.render.engine import Template\n"
        "t = Template.open(Path(sys.argv[1]), [])\n"
        "items = ({'name': '乙', 'price': Money('1.00')},)\n"
        "data = t.render({'a': '甲', 'd': date(2026, 1, 2), 'doc_date': date(2026, 1, 2), 'items': items})\n"
        "print(hashlib.sha256(data).hexdigest(), t.digest)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, str(path)],
            env={**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for zone, locale, seed in [("Asia/Shanghai", "C", "1"), ("Pacific/Kiritimati", "C.UTF-8", "4242")]
    }
    assert len(outputs) == 1


def test_properties_come_from_the_record_not_from_the_template(write: Write) -> None:
    path = write("{{ a }}")
    template = docx.Document(str(path))
    template.core_properties.last_modified_by = "模板作者"
    template.save(str(path))
    data = Template.open(path, []).render(
        {
            "a": "",
            "type_name": "服务合同",
            "project_name": "示例项目",
            "provider_name": "示例科技有限公司",
            "doc_date": date(2026, 11, 2),
        }
    )
    core = docx.Document(io.BytesIO(data)).core_properties
    assert (core.title, core.subject, core.author) == ("服务合同", "示例项目", "示例科技有限公司")
    assert core.last_modified_by == ""
    assert core.created is not None
    assert core.created.date() == core.modified.date() == date(2026, 11, 2)
    assert not [name for name in Package.open(data).parts if "thumbnail" in name or name.endswith("app.xml")]


def test_rendering_leaves_template_and_values_alone(write: Write) -> None:
    path = write("{{ a }}")
    before = path.read_bytes()
    template = Template.open(path, [])
    first = template.render({"a": "甲"})
    template.render({"a": "乙"})
    assert template.render({"a": "甲"}) == first
    assert path.read_bytes() == before


def test_mistakes_are_all_told_when_the_template_is_opened(write: Write) -> None:
    path = write("{{ a", "{%p if b %}", "{{ c|nope }}")
    with pytest.raises(TemplateFault) as fault:
        Template.open(path, [])
    assert {finding.code for finding in fault.value.findings} == {"TP03", "TP07", "TP13"}


def test_a_template_with_macros_is_refused(write: Write) -> None:
    path = write("{{ a }}")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"macro")
    with pytest.raises(TemplateFault, match="模板有错误") as fault:
        Template.open(path, [])
    assert "宏" in fault.value.text()


def test_new_paragraph_where_there_can_be_none_is_an_error_of_the_template(tmp_path: Path) -> None:
    document = docx.Document()
    link = f"<w:hyperlink {nsdecls('w')}><w:r><w:t>{{{{ a|paragraphs }}}}</w:t></w:r></w:hyperlink>"
    document.add_paragraph()._p.append(parse_xml(link))
    document.save(str(tmp_path / "a.docx"))
    assert render(tmp_path / "a.docx", a="一段")
    with pytest.raises(TemplateFault, match="结构不完整"):
        render(tmp_path / "a.docx", a="一段\n两段")
