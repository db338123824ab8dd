"""The expression language of forms: small, closed, exact; a form may be written by an attacker.

Numbers are exact decimals; an empty field is unknown (``None``), and so is what is computed from it: only
a condition that is false fails a check, only one that is true is met. There are no attributes, no powers,
no loops and no functions but those of `functions.FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from docgen.forms.expressions.nodes import Node, Surroundings
from docgen.forms.expressions.parser import Parser
from docgen.forms.expressions.tokens import tokens
from docgen.forms.faults import ExpressionFault
from docgen.forms.workdays import PUBLISHED, Calendar

__all__ = ["Expression", "ExpressionFault", "compile_expression"]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that has been read."""

    source: str
    _node: Node
    _names: frozenset[str]

    def names(self) -> frozenset[str]:
        """Return the names it uses, `table.column` as written."""
        return self._names

    def evaluate(self, scope: Mapping[str, object], *, today: date, calendar: Calendar = PUBLISHED) -> object:
        """Return the value; ``None`` if it depends on something unknown.

        Args:
            scope: Values by name; a table is a tuple of rows (mappings), a missing key is a mistake,
                an empty field is ``None``.
            today: What `today()` says.
            calendar: The site's working days, for `add_workdays`.

        Raises:
            ExpressionFault: If the values do not go together, for a division by zero, or a result that
                is out of range.
        """
        return self._node.value(Surroundings(scope, today, calendar))


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Return the expression that ``source`` writes.

    Raises:
        ExpressionFault: If it is not in the language.
    """
    parser = Parser(tokens(source))
    node = parser.parse()
    return Expression(source, node, frozenset(parser.names))
