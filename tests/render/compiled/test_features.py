"""Every feature of docxtpl's language: the compiled template makes what docxtpl makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import Listing, RichText, RichTextParagraph

from docgen.render.compiled.template import CompiledTemplate

Same = Callable[[Callable[[Any], None], Mapping[str, Any]], CompiledTemplate]
NASTY = "A&B<公司> \"x\" 'y' {{ z }} {% no %} {_{ }_}"


def paragraphs(*texts: str) -> Callable[[Any], None]:
    def build(document: Any) -> None:
        for text in texts:
            document.add_paragraph(text)

    return build


def table(*rows: list[str], after: str = "") -> Callable[[Any], None]:
    def build(document: Any) -> None:
        made = document.add_table(rows=len(rows), cols=max(map(len, rows)), style="Table Grid")
        for row, texts in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
        document.add_paragraph(after)

    return build


@pytest.mark.parametrize(
    "value",
    [
        "plain 中文 𠮷 é",
        NASTY,
        "",
        None,
        0,
        True,
        -1.5,
        Decimal("1234.50"),
        date(2026, 11, 2),
        ["a", "b&"],
        ("x",),
        {"k": "<v>"},
        "行一\n行二\t后",
        "a\n",
        "段一\a段二",
        "页\f后",
        "\n\t\a\f",
        Listing("一\n二\t三 & <四>\a五"),
        Listing(7),
        "&amp;",
        "]]>",
        " 前后空格 ",
    ],
    ids=lambda value: (
        f"{type(value).__name__}-{value!r:.12}" if isinstance(value, str) else type(value).__name__
    ),
)
def test_values(same: Same, value: Any) -> None:
    compiled = same(paragraphs("前{{ x }}后", "{{ x }}", "不变"), {"x": value})
    assert compiled.explain().fallbacks == {}


@pytest.mark.parametrize("rows", [[], [1], [1, 2, 3]], ids=len)
def test_loops_over_rows(same: Same, rows: list[int]) -> None:
    items = [{"name": f"项{row}", "price": Decimal(row) / 3} for row in rows]
    build = table(
        ["名称", "单价"],
        ["{%tr for item in items %}", ""],
        ["{{ item.name }}", "{{ '{:,.2f}'.format(item.price) }}"],
        ["{%tr endfor %}", ""],
        after="{{ items|length }}",
    )
    same(build, {"items": items})


@pytest.mark.parametrize("rows", [[], [1], [1, 2]], ids=len)
def test_a_table_of_which_no_row_may_be_left(same: Same, rows: list[int]) -> None:
    same(table(["{%tr for r in rows %}"], ["{{ r }}"], ["{%tr endfor %}"]), {"rows": rows})


@pytest.mark.parametrize("columns", [[], ["甲"], ["甲", "乙", "丙", "丁", "戊"]], ids=len)
def test_loops_over_columns(same: Same, columns: list[str]) -> None:
    build = table(["头", "{%tc for c in columns %}", "{{ c }}", "{%tc endfor %}"], ["一", "二", "三", "四"])
    assert same(build, {"columns": columns}).explain().parts["word/document.xml"] == "grid"


@pytest.mark.parametrize("flag", [True, False])
def test_conditions_around_paragraphs_rows_and_runs(same: Same, flag: bool) -> None:
    def build(document: Any) -> None:
        paragraphs("{%p if flag %}", "只在有时", "{%p else %}", "否则", "{%p endif %}")(document)
        line = document.add_paragraph("前")
        for text in ("{%r if flag %}", "粗", "{%r endif %}"):
            line.add_run(text).bold = True
        table(["{%tr if flag %}", ""], ["行", "{{ flag }}"], ["{%tr endif %}", ""], ["末", "行"])(document)
        document.add_paragraph("{% if flag %}内{% elif not flag %}外{% endif %}")

    same(build, {"flag": flag})


def test_nested_loops_with_loop_variables(same: Same) -> None:
    build = paragraphs(
        "{%p for group in groups %}",
        "{{ loop.index }}/{{ loop.length }} {{ group.name }}：{% for x in group.list %}"
        "{{ x }}{% if not loop.last %}、{% endif %}{% endfor %}",
        "{%p endfor %}",
        "{% set n = namespace(total=0) %}{% for g in groups %}{% set n.total = n.total + g.list|length %}"
        "{% endfor %}{{ n.total }}",
    )
    same(build, {"groups": [{"name": "一&", "list": [1, 2]}, {"name": "二", "list": []}]})


def test_tags_that_word_splits_over_runs(same: Same) -> None:
    def build(document: Any) -> None:
        line = document.add_paragraph()
        for number, text in enumerate(
            ["前{", "{ na", "me", "|upper }", "}后", "{%", " if a < 3 %}小{% endif %}"]
        ):
            line.add_run(text).italic = bool(number % 2)

    same(build, {"name": "abc", "a": 2})


def test_merging_with_the_paragraph_before_and_after(same: Same) -> None:
    same(
        paragraphs(
            "前文",
            "{%- if a %}",
            "中间",
            "{%- endif %}后文",
            "{%- for x in xs -%}",
            "{{ x }}、",
            "{%- endfor -%}",
            "完",
        ),
        {"a": 1, "xs": [1, 2]},
    )


def test_comments(same: Same) -> None:
    def build(document: Any) -> None:
        paragraphs("前{# 注释 & <b> #}后", "{#p 整段 #}", "留")(document)
        table(["{#tr 整行 #}"], ["留"])(document)

    same(build, {})


def test_braces_that_are_printed(same: Same) -> None:
    same(paragraphs("{_{ a }_} {_% b %_} {{ x }}"), {"x": "{_{ 值 }_}"})


@pytest.mark.parametrize("span", [1, 2, 3])
def test_colspan_and_background(same: Same, span: int) -> None:
    build = table(["{% colspan n %}头", "", ""], ["{% cellbg color %}a", "b", "c"])
    same(build, {"n": span, "color": "FF0000"})


def test_vertical_merge_in_a_loop(same: Same) -> None:
    build = table(["{%tr for r in rows %}", ""], ["{% vm %}{{ title }}", "{{ r }}"], ["{%tr endfor %}", ""])
    same(build, {"rows": [1, 2, 3], "title": "合并"})


def test_horizontal_merge_in_a_loop(same: Same) -> None:
    build = table(["{%tc for c in cs %}", "{% hm %}标题", "{%tc endfor %}"], ["a", "b", "c"])
    same(build, {"cs": [1, 2]})


def test_rich_text(same: Same) -> None:
    rich = RichText("粗 & <体>", bold=True, color="#FF0000")
    rich.add("下划线", underline="single", size=28, font="宋体")
    same(paragraphs("前{{r rich }}后 {{ plain }}"), {"rich": rich, "plain": "x"})


def test_rich_text_with_breaks(same: Same) -> None:
    same(paragraphs("前{{r rich }}后"), {"rich": RichText("一\n二\t三\a四\f五")})


def test_rich_text_out_of_place_is_mended_as_docxtpl_mends_it(same: Same) -> None:
    same(paragraphs("前{{ rich }}后"), {"rich": RichText("错放", bold=True)})


def test_rich_text_paragraph(same: Same) -> None:
    rich = RichTextParagraph()
    rich.add(RichText("整段", bold=True), parastyle="Heading 1")
    rich.add("普通")
    same(paragraphs("前", "{{p rich }}", "后"), {"rich": rich})


def test_headers_and_footers(same: Same) -> None:
    def build(document: Any) -> None:
        section = document.sections[0]
        section.different_first_page_header_footer = True
        for place, text in (
            (section.header, "{{ x }}"),
            (section.footer, "{% if y %}页脚{{ y }}{% endif %}"),
            (section.first_page_header, "首页 {{ x }}"),
        ):
            place.paragraphs[0].text = text
        document.add_paragraph("{{ x }}")

    same(build, {"x": NASTY, "y": "多\n行"})


def test_file_properties(same: Same) -> None:
    def build(document: Any) -> None:
        document.core_properties.title = "{{ title }} 标题"
        document.core_properties.author = "{% if a %}{{ a }}{% endif %}"
        document.add_paragraph("正文")

    compiled = same(build, {"title": "合同<1>", "a": "作者"})
    assert compiled.undeclared() == {"title", "a"}


def test_drawings_in_a_loop_are_numbered_through(same: Same, picture: bytes) -> None:
    import io

    def build(document: Any) -> None:
        document.add_paragraph("{%p for x in xs %}")
        document.add_paragraph("图 {{ x }}").add_run().add_picture(io.BytesIO(picture))
        document.add_paragraph("{%p endfor %}")
        document.add_paragraph().add_run().add_picture(io.BytesIO(picture))

    assert same(build, {"xs": [1, 2, 3]}).explain().fallbacks == {}


def test_a_table_whose_grid_does_not_fit_is_mended_as_docxtpl_mends_it(same: Same) -> None:
    def build(document: Any) -> None:
        table(["a", "b", "c"])(document)
        grid = document.tables[0]._tbl.tblGrid
        grid.remove(grid[0])

    assert same(build, {}).explain().parts["word/document.xml"] == "grid"


def test_a_table_inside_a_table(same: Same) -> None:
    def build(document: Any) -> None:
        outer = document.add_table(rows=2, cols=2)
        inner = outer.cell(0, 0).add_table(rows=3, cols=2)
        for cell, text in zip(inner.rows[0].cells, ("{%tr for r in rows %}", ""), strict=True):
            cell.text = text
        for cell, text in zip(inner.rows[1].cells, ("{{ r }}", "b"), strict=True):
            cell.text = text
        inner.rows[2].cells[0].text = "{%tr endfor %}"
        outer.cell(1, 1).text = "{{ x }}"

    same(build, {"rows": [1, 2], "x": "外"})


def test_text_boxes(same: Same) -> None:
    def build(document: Any) -> None:
        document.add_paragraph()._p.append(
            parse_xml(
                f"<w:r {nsdecls('w')}><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
                "<w:txbxContent><w:p><w:r><w:t>框中 {{ x }}</w:t></w:r></w:p></w:txbxContent></v:textbox>"
                "</v:shape></w:pict></w:r>"
            )
        )
        document.add_paragraph("{{ x }}")

    same(build, {"x": "行\n行 & <x>"})


@pytest.fixture
def picture() -> bytes:
    """A PNG of one pixel."""
    import base64

    return base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )


def test_a_shipped_document_of_word_with_nothing_to_fill_in(same: Same) -> None:
    same(lambda document: docx.Document(), {})


@pytest.mark.parametrize("value", ["a\x0bb", "a\x00b", "\x1f", "a\ufffe", "a\rb"])
def test_control_characters_never_break_the_body(same: Same, value: str) -> None:
    same(lambda document: document.add_paragraph("甲 {{ x }} 乙"), {"x": value})


@pytest.mark.parametrize(
    "text",
    [
        '{{ "a\\nb" }}',
        '{{ "a" ~ "\\t" ~ "b" }}',
        '{{ ["a", "b"]|join("\\n") }}',
        "{_{{ x }}_}",
        '{{ "{_{" }}',
    ],
)
def test_breaks_and_braces_of_the_template_itself(same: Same, text: str) -> None:
    same(lambda document: document.add_paragraph(text), {"x": "{ a }"})


def test_a_cell_that_is_a_comment_leaves_the_grid(same: Same) -> None:
    def build(document: Any) -> None:
        table = document.add_table(rows=2, cols=3)
        for row in table.rows:
            for cell, text in zip(row.cells, ("a", "{#tc gone #}", "b"), strict=True):
                cell.text = text

    same(build, {})
