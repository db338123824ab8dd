"""The outline language: what each line means, and every mistake named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.base.errors import TemplateFault
from docgen.render.outline.grid import split_cells
from docgen.render.outline.model import (
    Bar,
    Cell,
    Cover,
    Grid,
    Head,
    Options,
    PageBreak,
    Row,
    Signatures,
    SignRow,
    Table,
    Tag,
    Text,
)
from docgen.render.outline.parser import parse_outline

TEMPLATES = Path(__file__).parents[2] / "templates"


def places(outline: str) -> list[str]:
    with pytest.raises(TemplateFault) as fault:
        parse_outline(outline, "outline.md")
    return [finding.path for finding in fault.value.findings]


def test_head_matter_is_read_and_may_carry_comments() -> None:
    head = "---\nfamily: form   # 表单\npage: landscape\nnumbering: article\n---\n# 标题"
    assert parse_outline(head).head == Head("form", "landscape", cover=False, numbering="article")


def test_without_head_matter_it_is_a_portrait_letter_without_numbers() -> None:
    assert parse_outline("# 标题").head == Head("letter", "portrait", cover=False, numbering="none")


@pytest.mark.parametrize(
    ("line", "kind", "text"),
    [
        ("# 服务合同", "title", "服务合同"),
        ("> 副题", "subtitle", "副题"),
        (">> 编号：{{ contract_no }}", "number", "编号：{{ contract_no }}"),
        ("## 服务内容", "h1", "服务内容"),
        ("### 小标题", "h2", "小标题"),
        ("正文一段。", "body", "正文一段。"),
        ("= 致：{{ addressee }}", "flush", "致：{{ addressee }}"),
        ("== 敬礼！", "flush", "敬礼！"),
        ("1. 条款", "clause", "条款"),
        ("12. 条款", "clause", "条款"),
        ("- 列项", "item", "列项"),
        ("~ 注：小字", "note", "注：小字"),
        ("1.5 万元不是条款", "body", "1.5 万元不是条款"),
        ("-3 度不是列项", "body", "-3 度不是列项"),
        ("{% if a %}甲{% endif %}在行内", "body", "{% if a %}甲{% endif %}在行内"),
        ("{% if a %}甲{% endif %}", "body", "{% if a %}甲{% endif %}"),
    ],
)
def test_every_kind_of_text(line: str, kind: str, text: str) -> None:
    (part,) = parse_outline(f"\n{line}\n").parts
    assert part == Text(kind, text, 2)  # type: ignore[arg-type]


def test_statements_alone_on_a_line_are_tags() -> None:
    outline = "{% if a %}\n{%p for x in b %}\n{{ x }}\n{% endfor %}\n{% else %}\n{% endif %}"
    parts = parse_outline(outline).parts
    assert [part.statement for part in parts if isinstance(part, Tag)] == [
        "if a",
        "for x in b",
        "endfor",
        "else",
        "endif",
    ]


def test_directives() -> None:
    outline = (
        '::table items caption="表1 明细" columns="no,item" widths="1.2,4" total="sum" words="sum_words"\n'
        "::options direction\n::signatures two\n::signatures one sign=signer date=sign_date\n::pagebreak"
    )
    assert parse_outline(outline).parts == (
        Table("items", 1, "表1 明细", ("no", "item"), (1.2, 4.0), "sum", "sum_words"),
        Options("direction", 2),
        Signatures("two", 3),
        Signatures("one", 4, sign="signer", date="sign_date"),
        PageBreak(5),
    )


def test_a_grid_holds_pairs_bars_tables_and_signatures() -> None:
    outline = (
        "::grid\n合同编号: {{ no|upper }} | @apply_date\n== 意见\n@content height=2.5\n结论: @result!\n"
        "{% if a %}\n::table rows\n{% endif %}\n无标签的说明\nsign 甲: @x date=@d | 乙: @y\n::end"
    )
    (grid,) = parse_outline(outline).parts
    assert isinstance(grid, Grid)
    assert grid.items == (
        Row((Cell("合同编号", text="{{ no|upper }}"), Cell(field="apply_date")), 2),
        Bar("意见", 3),
        Row((Cell(field="content"),), 4, 2.5),
        Row((Cell("结论", field="result", boxes=True),), 5),
        Tag("if a", 6),
        Table("rows", 7),
        Tag("endif", 8),
        Row((Cell(text="无标签的说明"),), 9),
        SignRow((Cell("甲", field="x", date="d"), Cell("乙", field="y")), 10),
    )


def test_a_cover_comes_first() -> None:
    outline = "---\ncover: true\n---\n::cover\n# 合同\n= 甲方\n::endcover\n正文"
    cover, body = parse_outline(outline).parts
    assert cover == Cover((Text("title", "合同", 5), Text("flush", "甲方", 6)), 4)
    assert body == Text("body", "正文", 8)


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        ("---\nfamily: brief\nsize: A3\n---\n# 标题", [2, 3]),
        ("---\nfamily: form\n# 标题", [1]),
        ("# 标题\n::tabel items", [2]),
        ("::table", [1]),
        ("::table items color=red", [1]),
        ("::table items widths=1,x", [1]),
        ("::table items widths=1,-2", [1]),
        ('::table items caption="表1" 多余', [1]),
        ("::options", [1]),
        ("::signatures three", [1]),
        ("::signatures two sign=a", [1]),
        ("{% if a %}\n正文", [1]),
        ("{% endif %}", [1]),
        ("{% for a in b %}\n{% endif %}\n{% endfor %}", [2]),
        ("{% else %}", [1]),
        ("{% macro x() %}", [1]),
        ("::grid\n@a | @b | @c | @d\n::end", [2]),
        ("::grid\n::pagebreak\n@a\n::end", [2]),
        ("::grid\nsign 签字\n::end", [2]),
        ("::grid\n甲: @a date=@d\n::end", [2]),
        ("::grid\n{% if a %}\n@a\n::end", [2]),
        ("::grid\n::end", [1]),
        ("::grid\n@a", [1]),
        ("::cover\n# 封面\n::endcover", [1]),
        ("---\ncover: true\n---\n# 标题", [1]),
        ("---\ncover: true\n---\n# 标题\n::cover\n# 封面\n::endcover", [5]),
        ("---\ncover: true\n---\n::cover\n# 封面\n::table x\n::endcover", [6]),
    ],
)
def test_mistakes_are_named_by_line(outline: str, expected: list[int]) -> None:
    assert places(outline) == [f"outline.md:{line}" for line in expected]


def test_all_mistakes_are_told_at_once_in_order() -> None:
    assert places("---\npage: x\n---\n::foo\n{% if a %}\n::options") == [
        "outline.md:2",
        "outline.md:4",
        "outline.md:5",
        "outline.md:6",
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["甲", "{{ a|b }}", "{% if a|b %}", "：", "x y"]), min_size=1, max_size=5))
def test_bars_inside_tags_do_not_split_cells(pieces: list[str]) -> None:
    assert split_cells(" | ".join(pieces)) == pieces


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="#>=-~1. :：|{%}@!a甲\n", max_size=60))
def test_any_text_is_read_or_refused_never_a_crash(text: str) -> None:
    try:
        outline = parse_outline(text)
    except TemplateFault as fault:
        assert fault.findings  # noqa: PT017
    else:
        assert len(outline.parts) <= len(text.splitlines())


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/outline.md")), ids=lambda path: path.parent.name)
def test_shipped_outlines_are_read(path: Path) -> None:
    assert parse_outline(path.read_text(encoding="utf-8"), str(path)).parts
