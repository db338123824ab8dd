"""What an outline says: the parts of a document, as the drawer sets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Family = Literal["letter", "form"]
Orientation = Literal["portrait", "landscape"]
Numbering = Literal["article", "chapter", "none"]

#: Kinds of running text: `title # `, `subtitle > `, `number >> `, headings, `body`, `flush = `, `clause 1. `,
#: `item - `, `note ~ `.
TextKind = Literal["title", "subtitle", "number", "h1", "h2", "body", "flush", "clause", "item", "note"]


@dataclass(frozen=True, slots=True)
class Head:
    """The head matter: which family, which page, whether a cover, how first-level headings are numbered."""

    family: Family = "letter"
    page: Orientation = "portrait"
    cover: bool = False
    numbering: Numbering = "none"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph of running text, template tags included."""

    kind: TextKind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Tag:
    """A statement alone on its line: `if x`, `elif y`, `else`, `endif`, `for a in b`, `endfor`, `set a = b`.

    On paper it leaves no line.
    """

    statement: str
    line: int

    @property
    def word(self) -> str:
        """The first word: if, elif, else, endif, for, endfor, set."""
        return self.statement.split(maxsplit=1)[0]

    @property
    def rest(self) -> str:
        """What follows the first word."""
        return self.statement[len(self.word) :].strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table field drawn as a data table.

    Attributes:
        field: Id of the table field.
        columns: Column ids to draw; empty: all that are not internal, in the order of the form.
        widths: Centimetres a column; empty: by kind. They are stretched to the text width.
        total: Field whose amount stands in a last row 合计; empty: no such row.
        words: Field with the amount in words, printed beside 合计.
    """

    field: str
    line: int
    caption: str = ""
    columns: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()
    total: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A label and what stands beside it: a field of the form, or text with tags.

    Attributes:
        label: Empty with a field: the label of the form; empty with text: no label cell.
        field: Field id; empty: `text` is printed.
        boxes: Print every option with ☑ or ☐.
        date: Signature cells: field that holds the date; empty: the date of the signature itself.
    """

    label: str = ""
    field: str = ""
    text: str = ""
    boxes: bool = False
    date: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a form grid: one to three cells, at least `height` centimetres high."""

    cells: tuple[Cell, ...]
    line: int
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class SignRow:
    """Opinion or signature cells, side by side."""

    cells: tuple[Cell, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A section bar across a form grid."""

    text: str
    line: int


GridItem: TypeAlias = "Row | SignRow | Bar | Table | Tag"


@dataclass(frozen=True, slots=True)
class Grid:
    """A framed form grid."""

    items: tuple[GridItem, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Options:
    """Every option of an enum or multi field with ☑ or ☐, in one line."""

    field: str
    line: int


@dataclass(frozen=True, slots=True)
class Signatures:
    """The signature block of one or two parties.

    Attributes:
        party: `one` only: field with the name of the party; empty: `provider_name`.
        sign: `one` only: field of the signature; empty: `provider_sign`, else the form's first signature.
        date: `one` only: field with the date of signing; empty: `sign_date`, else that of the signature.
    """

    parties: Literal["one", "two"]
    line: int
    party: str = ""
    sign: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""

    line: int


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover page, without header and footer."""

    parts: tuple[Text | Tag, ...]
    line: int


Part: TypeAlias = "Text | Tag | Table | Grid | Options | Signatures | PageBreak | Cover"


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole outline."""

    head: Head
    parts: tuple[Part, ...]
    #: Name of the file, for messages.
    source: str = "outline.md"
