"""From the words of an expression to its tree.

conditional   either [ "if" either "else" conditional ]
either        both { "or" both }
both          inverse { "and" inverse }
inverse       "not" inverse | comparison
comparison    total { ("==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not" "in") total }
total         product { ("+" | "-") product }
product       signed { ("*" | "/") signed }
signed        ("-" | "+") signed | primary
primary       number | text | "true" | "false" | "none" | name | name "." name
              | function "(" [ conditional { "," conditional } ] ")"
              | "(" conditional { "," conditional } ")" | "[" conditional { "," conditional } "]"
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from docgen.base.messages import Message
from docgen.forms.expressions.functions import FUNCTIONS
from docgen.forms.expressions.nodes import (
    Arithmetic,
    Both,
    Call,
    ColumnName,
    Comparison,
    Conditional,
    Constant,
    Listing,
    Name,
    Negative,
    Node,
    Not,
)
from docgen.forms.expressions.tokens import Token
from docgen.forms.faults import ExpressionFault
from docgen.forms.values import PRECISION

#: How deep brackets, signs, `not` and `else` may be nested.
MAX_DEPTH = 20
_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_CONSTANTS = {"true": Constant(True), "false": Constant(False), "none": Constant(None)}


class Parser:
    """Reads one list of words; `names` are the fields and `table.column` that it came across."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0
        self.names: set[str] = set()

    def parse(self) -> Node:
        """Return the tree of the whole expression.

        Raises:
            ExpressionFault: If it is not in the language.
        """
        node = self._conditional()
        if self._here.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _here(self) -> Token:
        return self._tokens[self._position]

    def _take(self, *texts: str) -> str:
        """Step over the current sign or keyword if it is one of ``texts``; return it, or ""."""
        here = self._here
        if here.kind in ("sign", "keyword") and here.text in texts:
            self._position += 1
            return here.text
        return ""

    def _need(self, text: str) -> None:
        if not self._take(text):
            raise ExpressionFault(Message(f"缺少“{text}”", f"“{text}” is missing"))

    def _unexpected(self) -> ExpressionFault:
        text = self._here.text
        if self._here.kind == "end":
            return ExpressionFault(Message("表达式不完整", "the expression is incomplete"))
        return ExpressionFault(Message(f"“{text}”不应出现在此处", f"“{text}” cannot stand here"))

    def _nested(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionFault(Message("表达式嵌套过深", "the expression is nested too deeply"))
        node = read()
        self._depth -= 1
        return node

    def _conditional(self) -> Node:
        first = self._either()
        if not self._take("if"):
            return first
        condition = self._either()
        self._need("else")
        return Conditional(condition, first, self._nested(self._conditional))

    def _either(self) -> Node:
        return self._joined(self._both, "or")

    def _both(self) -> Node:
        return self._joined(self._inverse, "and")

    def _joined(self, read: Callable[[], Node], word: str) -> Node:
        operands = [read()]
        while self._take(word):
            operands.append(read())
        return operands[0] if len(operands) == 1 else Both(tuple(operands), stop=word == "or")

    def _inverse(self) -> Node:
        if self._take("not"):
            return Not(self._nested(self._inverse))
        return self._comparison()

    def _comparison(self) -> Node:
        first, rest = self._total(), []
        while sign := self._comparison_sign():
            rest.append((sign, self._total()))
        return Comparison(first, tuple(rest)) if rest else first

    def _comparison_sign(self) -> str:
        if self._take("not"):
            self._need("in")
            return "not in"
        return self._take(*_COMPARISONS)

    def _total(self) -> Node:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Node:
        return self._chain(self._signed, "*", "/")

    def _chain(self, read: Callable[[], Node], *signs: str) -> Node:
        first, rest = read(), []
        while sign := self._take(*signs):
            rest.append((sign, read()))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        sign = self._take("-", "+")
        if not sign:
            return self._primary()
        operand = self._nested(self._signed)
        return Negative(operand) if sign == "-" else Negative(Negative(operand))

    def _primary(self) -> Node:
        here = self._here
        if self._take("("):
            items = self._items(")")
            return items[0] if len(items) == 1 else Listing(items)
        if self._take("["):
            return Listing(self._items("]"))
        if here.kind == "keyword" and here.text in _CONSTANTS:
            self._position += 1
            return _CONSTANTS[here.text]
        readers = {"number": self._number, "text": lambda: Constant(here.text), "name": self._name}
        if here.kind not in readers:
            raise self._unexpected()
        self._position += 1
        return readers[here.kind]()

    def _items(self, close: str) -> tuple[Node, ...]:
        items = [self._nested(self._conditional)]
        while self._take(","):
            items.append(self._nested(self._conditional))
        self._need(close)
        return tuple(items)

    def _number(self) -> Node:
        text = self._tokens[self._position - 1].text
        if len(text) > PRECISION:
            raise ExpressionFault(Message("数字位数过多", "the number has too many digits"))
        return Constant(Decimal(text))

    def _name(self) -> Node:
        name = self._tokens[self._position - 1].text
        if self._take("("):
            return self._call(name)
        if self._take("."):
            raise ExpressionFault(
                Message(
                    f"{name}.{self._here.text} 只能用在 sum、min、max、count 之内",
                    f"{name}.{self._here.text} can only stand inside sum, min, max, count",
                )
            )
        self.names.add(name)
        return Name(name)

    def _call(self, name: str) -> Node:
        function = FUNCTIONS.get(name)
        if function is None:
            listed = " ".join(FUNCTIONS)
            raise ExpressionFault(
                Message(f"没有函数 {name}；可用：{listed}", f"there is no function {name}; known: {listed}")
            )
        arguments: list[Node] = []
        if not self._take(")"):
            arguments.append(self._argument(function.over_columns))
            while self._take(","):
                arguments.append(self._argument(function.over_columns))
            self._need(")")
        if not function.least <= len(arguments) <= function.most:
            raise ExpressionFault(
                Message(f"{name} 的参数个数不对", f"{name} takes another number of arguments")
            )
        return Call(name, tuple(arguments))

    def _argument(self, over_columns: bool) -> Node:
        ahead = self._tokens[self._position : self._position + 4]
        kinds, texts = [token.kind for token in ahead], [token.text for token in ahead]
        is_column = kinds == ["name", "sign", "name", "sign"] and texts[1] == "." and texts[3] in ",)"
        if over_columns and is_column:
            self._position += 3
            self.names.add(f"{texts[0]}.{texts[2]}")
            return ColumnName(texts[0], texts[2])
        return self._nested(self._conditional)
