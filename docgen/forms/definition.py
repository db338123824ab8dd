"""What a form says: frozen fields, columns, checks, forms.

Everything is kept as written in `form.yaml` (expressions, limits and defaults are text): the loader has
checked it, the field kind and the expression language interpret it, and a form can be handed to a worker
process as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

#: The field kinds (artifact catalogue 0.4).
KINDS = frozenset(
    (
        *("text", "longtext", "list", "phone", "email"),
        *("date", "datetime", "duration"),
        *("money", "number", "int", "percent"),
        *("bool", "enum", "multi"),
        *("table", "ref", "sig", "seal", "file", "files"),
    )
)
CATEGORIES = ("合同协议", "技术文档", "商务文档", "项目执行")
#: Phases 1 to 9 of the catalogue, in this order.
PHASES = (
    *("intake", "contract", "delivery", "acceptance", "settlement"),
    *("aftersales", "evaluation", "closing", "management"),
)
#: Life of a paper (artifact catalogue 0.5), in order; 作废 stands beside it.
STATUSES = ("草稿", "待审", "已批准", "已签署", "已归档")
VOID = "作废"
#: From which status on a field with this `when` is required.
WHEN_STATUS: Mapping[str, str] = {"review": "已批准", "signing": "已签署"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, or one column of a table field.

    Attributes:
        id: `[a-z][a-z0-9_]*`, unique in the form (a column: in its table).
        label: What people read; also accepted as the key of an answer, as are the aliases.
        kind: One of `KINDS`; a column is never a table.
        required: Must not be empty (fields with `when`: only from that status on).
        required_if: Expression; required when it is true.
        default: Literal text (multi, list: also a list), used when neither answer nor card gives a value.
            Text that begins with `=` is an expression: `=today()`, `=sign_date`.
        compute: Expression; the value is never typed. A typed value that differs is an error.
        compute_if: Expression; only when it is true the value is computed, otherwise it is typed.
        options: Values of an enum or multi.
        min: Smallest value, as text of the field's kind; for numbers, money, percents and dates.
        max: Largest value, alike.
        max_length: Longest text, in characters.
        rows: Default rows of a table, column id -> text.
        rows_fixed: The default rows stay, in order, none twice; rows may be added only at the end.
        min_rows: Fewest rows of a table that has any.
        columns: Columns of a table.
        of: Type ids that a ref may point to; the unit into which a duration is converted.
        number: This field is the document's own number.
        internal: Never enters the document.
        when: `signing`, `review` or empty: required only from status 已签署 or 已批准 on; before that an
            empty one is ruled space for the pen.
        help: One line for the person who fills in.
        aliases: Further names under which an answer is accepted.
        unique: A column: no two rows may have the same value.
    """

    id: str
    label: str
    kind: str = "text"
    required: bool = False
    required_if: str = ""
    default: str | tuple[str, ...] = ""
    compute: str = ""
    compute_if: str = ""
    options: tuple[str, ...] = ()
    min: str = ""
    max: str = ""
    max_length: int | None = None
    rows: tuple[Mapping[str, str], ...] = ()
    rows_fixed: bool = False
    min_rows: int = 0
    columns: tuple[Field, ...] = ()
    of: tuple[str, ...] = ()
    number: bool = False
    internal: bool = False
    when: str = ""
    help: str = ""
    aliases: tuple[str, ...] = ()
    unique: bool = False

    def column(self, column_id: str) -> Field | None:
        """Return the column with this id, or ``None``."""
        return next((column for column in self.columns if column.id == column_id), None)


#: A column is a field inside a row.
Column = Field


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over several fields: only a rule that is false (not: unknown) is a problem.

    Where the first of `fields` is a `table.column`, the rule holds for every row, is computed with the
    cells of that row at hand, and the problem names the row.
    """

    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"
    #: Fields that the problem is shown at; the first one names it.
    fields: tuple[str, ...] = ()

    @property
    def row_wise(self) -> bool:
        """Whether the rule is asked of every row of a table."""
        return bool(self.fields) and "." in self.fields[0]


@dataclass(frozen=True, eq=False)
class Form:
    """The form of one document type, groups included; equal only to itself (compare digests).

    Attributes:
        category: One of `CATEGORIES`.
        phase: One of `PHASES`.
        recurring: The date is part of a document's identity.
        number: Id of the field that is the document's own number, or empty.
        date_from: Ids of date fields; the first that is filled in is the document date.
        extends: Names of the groups, for people; their fields are already among `fields`.
        digest: SHA-256 over the resolved form; differs whenever a record could come out differently.
    """

    id: str
    name: str
    category: str
    phase: str
    recurring: bool = True
    number: str = ""
    date_from: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    extends: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    checks: tuple[Check, ...] = ()
    digest: str = ""

    def field(self, field_id: str) -> Field | None:
        """Return the field with this id, or ``None``."""
        return self._by_id.get(field_id)

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """Options by field id, those of columns by `table.column`."""
        columns = ((f"{table.id}.{column.id}", column) for table in self.fields for column in table.columns)
        named = (*((field.id, field) for field in self.fields), *columns)
        return {name: field.options for name, field in named if field.options}

    @cached_property
    def _by_id(self) -> Mapping[str, Field]:
        return {field.id: field for field in self.fields}
