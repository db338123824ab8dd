"""Form grids: label and value cells in a frame, section bars, detail tables, signature cells.

A grid is drawn as tables under each other, joined by a hairline seam: Word repeats the head of a table only
from its first row, so each detail table is a table of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from docgen.render.drawing.context import Context
from docgen.render.drawing.keep import keep_signatures
from docgen.render.drawing.rows import Frame, draw_row, label_width
from docgen.render.drawing.tables import draw_table
from docgen.render.drawing.xml import paragraph, row_statement, statement, table
from docgen.render.outline.model import Bar, Grid, GridItem, Row, SignRow, Table, Tag

STYLE = "HouseForm"
SEAM = paragraph("", "Seam")


@dataclass
class Block:
    """A statement, what it holds, and its end."""

    #: (statement, what follows it), in order: if, elif, else; or for.
    branches: list[tuple[Tag, list[Node]]]
    end: Tag | None = None


Node = Row | SignRow | Bar | Table | Tag | Block


@dataclass
class _Drawing:
    context: Context
    #: Width of every label cell of the grid, twips.
    label: int
    #: Finished pieces: tables, seams, statements.
    pieces: list[str] = field(default_factory=list)
    #: Rows that wait for the table that they belong to.
    rows: list[Node] = field(default_factory=list)
    has_table: bool = False


def draw_grid(context: Context, grid: Grid) -> list[str]:
    """Return the paragraphs and tables that make up the grid."""
    nodes = _tree(grid.items)
    drawing = _Drawing(context, label_width(context, grid_rows(nodes)))
    _draw(drawing, nodes, ())
    _flush(drawing)
    return drawing.pieces


def _tree(items: Sequence[GridItem]) -> list[Node]:
    """Group statements with what they hold (the parser has checked that they match)."""
    top: list[Node] = []
    stack: list[Block] = []
    level = top
    for item in items:
        if isinstance(item, Tag) and item.word in ("if", "for"):
            block = Block([(item, [])])
            level.append(block)
            stack.append(block)
        elif isinstance(item, Tag) and item.word in ("elif", "else"):
            stack[-1].branches.append((item, []))
        elif isinstance(item, Tag) and item.word in ("endif", "endfor"):
            stack.pop().end = item
        else:
            level.append(item)
        level = stack[-1].branches[-1][1] if stack else top
    return top


def _draw(drawing: _Drawing, nodes: Sequence[Node], conditions: tuple[str, ...]) -> None:
    for node in nodes:
        if isinstance(node, Table):
            _draw_detail(drawing, node, conditions)
        elif isinstance(node, Block) and _holds_table(node):
            _flush(drawing)
            for tag, inner in node.branches:
                drawing.pieces.append(statement(tag.statement))
                _draw(drawing, inner, (*conditions, tag.rest))
                _flush(drawing)
            assert node.end is not None
            drawing.pieces.append(statement(node.end.statement))
        else:
            drawing.rows.append(node)


def _draw_detail(drawing: _Drawing, part: Table, conditions: tuple[str, ...]) -> None:
    """Draw a detail table; section bars right above it become part of its head."""
    bars: list[str] = []
    while drawing.rows and isinstance(drawing.rows[-1], Bar):
        bar = drawing.rows.pop()
        assert isinstance(bar, Bar)
        bars.insert(0, bar.text)
    _flush(drawing)
    found = drawing.context.form.field(part.field)
    optional = found is not None and not found.required and part.field not in conditions
    _place(
        drawing,
        draw_table(drawing.context, part, bars=bars, style=STYLE),
        part.field if optional else "",
    )


def _flush(drawing: _Drawing) -> None:
    """Draw the waiting rows as one table; where all of them may be absent, so may the table."""
    nodes, drawing.rows = drawing.rows, []
    if not nodes:
        return
    frame = Frame.around(drawing.context, grid_rows(nodes), drawing.label)
    rows = [text for node in nodes for text in _rows(frame, node)]
    keep_signatures(rows)
    _place(drawing, table(rows, frame.columns, STYLE), _presence(nodes))


def _place(drawing: _Drawing, drawn: str, condition: str) -> None:
    seam = [SEAM] if drawing.has_table else []
    drawing.has_table = True
    if condition:
        drawing.pieces += [statement(f"if {condition}"), *seam, drawn, statement("endif")]
    else:
        drawing.pieces += [*seam, drawn]


def _rows(frame: Frame, node: Node) -> list[str]:
    if isinstance(node, Block):
        rows: list[str] = []
        for tag, inner in node.branches:
            rows.append(row_statement(tag.statement, frame.columns))
            rows += [text for child in inner for text in _rows(frame, child)]
        assert node.end is not None
        return [*rows, row_statement(node.end.statement, frame.columns)]
    if isinstance(node, Tag):
        return [row_statement(node.statement, frame.columns)]
    assert not isinstance(node, Table)
    return [draw_row(frame, node)]


def grid_rows(nodes: Sequence[Node]) -> list[Row | SignRow]:
    """Return the rows of ``nodes``, those inside statements included."""
    found: list[Row | SignRow] = []
    for node in nodes:
        if isinstance(node, Block):
            found += [row for _, inner in node.branches for row in grid_rows(inner)]
        elif isinstance(node, Row | SignRow):
            found.append(node)
    return found


def _holds_table(block: Block) -> bool:
    inner = [node for _, nodes in block.branches for node in nodes]
    return any(isinstance(node, Table) or (isinstance(node, Block) and _holds_table(node)) for node in inner)


def _presence(nodes: Sequence[Node]) -> str:
    """Return the condition under which at least one row is there; empty: always."""
    conditions: list[str] = []
    for node in nodes:
        if isinstance(node, Block):
            if node.branches[-1][0].word == "else":
                return ""
            conditions += [_branch(tag, inner) for tag, inner in node.branches]
        elif not isinstance(node, Tag):
            return ""
    return " or ".join(conditions)


def _branch(tag: Tag, inner: Sequence[Node]) -> str:
    own = f"({tag.rest.partition(' in ')[2] if tag.word == 'for' else tag.rest})"
    nested = _presence(inner) if tag.word != "for" else ""
    return f"({own} and ({nested}))" if nested else own
