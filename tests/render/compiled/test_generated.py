"""Templates and data that nobody thought of: the compiled template makes what docxtpl makes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from docxtpl import Listing, RichText
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.render.compiled.template import CompiledTemplate

NAMES = ("a", "b", "c")
#: Signs that mean something to XML, to jinja2, to docxtpl or to Word.
SIGNS = st.sampled_from(list("&<>'\"{}%#_-\n\t\a\f “”　 x中é𠮷"))
PLAIN = st.text(st.sampled_from(list("中文 abc（）、0<&\"'“")), max_size=8)

values = st.one_of(
    st.text(SIGNS, max_size=12),
    st.none(),
    st.booleans(),
    st.integers(-9999, 9999),
    st.decimals(-1000, 1000, places=2),
    st.lists(st.integers(0, 9), max_size=3),
    st.text(SIGNS, max_size=6).map(Listing),
    st.text(st.sampled_from(list("ab中&<\n\t")), min_size=1, max_size=6).map(
        lambda text: RichText(text, bold=True)
    ),
)
pieces = st.one_of(
    PLAIN,
    st.sampled_from(NAMES).map(lambda name: f"{{{{ {name} }}}}"),
    st.sampled_from(NAMES).map(lambda name: f"{{{{r {name} }}}}"),
    st.sampled_from(NAMES).map(lambda name: f"{{% if {name} %}}有{{% else %}}无{{{{ a }}}}{{% endif %}}"),
    st.just("{% for x in xs %}{{ loop.index }}{{ x.k }}{% endfor %}"),
    st.just("{# 注 #}"),
    st.just("{_{ }_}"),
)
lines = st.lists(pieces, max_size=4)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[tuple[str, Any]]:
    """Return paragraphs, tables, and blocks inside conditions and loops."""
    made: list[tuple[str, Any]] = []
    for kind in draw(st.lists(st.sampled_from(["line", "line", "table", "if", "for"]), max_size=4)):
        if kind == "line":
            made.append(("line", draw(lines)))
        elif kind == "table":
            made.append(("table", draw(tables())))
        elif depth < 2:
            start = "{%p if " + draw(st.sampled_from(NAMES)) + " %}" if kind == "if" else "{%p for x in xs %}"
            end = "{%p endif %}" if kind == "if" else "{%p endfor %}"
            made += [("line", [start]), *draw(blocks(depth + 1)), ("line", [end])]
    return made


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Return the cells of a table: rows that stand, rows in a loop, rows under a condition."""
    width = draw(st.integers(1, 3))
    cells = st.lists(st.one_of(PLAIN, st.just("{{ a }}")), min_size=width, max_size=width)
    rows: list[list[str]] = []
    for kind in draw(st.lists(st.sampled_from(["row", "for", "if"]), min_size=1, max_size=3)):
        inner = [draw(cells)]
        if kind == "for":
            inner = [["{%tr for x in xs %}"], [*draw(cells)[:-1], "{{ x.k }}"], ["{%tr endfor %}"]]
        elif kind == "if":
            inner = [["{%tr if b %}"], draw(cells), ["{%tr endif %}"]]
        rows += [row + [""] * (width - len(row)) for row in inner]
    return rows


@settings(max_examples=60)
@given(
    blocks(),
    st.lists(lines, min_size=2, max_size=2),
    st.fixed_dictionaries({**dict.fromkeys(NAMES, values), "xs": st.lists(values, max_size=3)}),
    st.randoms(use_true_random=False),
)
def test_any_template_and_any_data(
    same: Any, body: list[tuple[str, Any]], margins: list[list[str]], data: dict[str, Any], chance: Any
) -> None:
    context = {**data, "xs": [{"k": value} for value in data["xs"]]}

    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "".join(margins[0])
        write(document.sections[0].footer.paragraphs[0], "".join(margins[1]), chance)
        for kind, content in body:
            if kind == "line":
                write(document.add_paragraph(), "".join(content), chance)
            else:
                fill(document.add_table(rows=len(content), cols=len(content[0])), content)

    same(build, context)


def write(paragraph: Any, text: str, chance: Any) -> None:
    """Write ``text`` as runs that are cut anywhere, as editors do."""
    while text:
        cut = chance.randint(1, len(text))
        paragraph.add_run(text[:cut]).bold = chance.random() < 0.5
        text = text[cut:]


def fill(table: Any, rows: list[list[str]]) -> None:
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


FOOTNOTES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="1"><w:p><w:r><w:t>脚注 {{ a }}</w:t></w:r></w:p></w:footnote></w:footnotes>'
)


@given(st.text(SIGNS, max_size=12))
@settings(max_examples=20)
def test_footnotes(make: Callable[..., bytes], oracle: Any, texts: Any, value: str) -> None:
    template = with_footnotes(make(lambda document: document.add_paragraph("{{ a }}")))
    made = CompiledTemplate(template).render({"a": value})
    assert "word/footnotes.xml" in texts(made)
    assert texts(made) == texts(oracle(template, {"a": value}))


def with_footnotes(data: bytes) -> bytes:
    """Return a document with a part of footnotes."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(copy, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rId99" Type="{office}/footnotes" Target="footnotes.xml"/>'
                text = text.replace(b"</Relationships>", f"{link}</Relationships>".encode())
            if name == "[Content_Types].xml":
                entry = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/>'
                text = text.replace(b"</Types>", f"{entry}</Types>".encode())
            new.writestr(name, text)
        new.writestr("word/footnotes.xml", FOOTNOTES)
    return copy.getvalue()


def test_decimals_print_as_docxtpl_prints_them(same: Any) -> None:
    same(lambda document: document.add_paragraph("{{ x }}"), {"x": Decimal("1E+3")})
