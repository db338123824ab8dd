"""YAML in which every scalar stays text and every value knows its line.

Read from parser events, so that nothing is ever constructed: no tags, no anchors (and so no alias bombs), no
duplicate keys, no second document; size and depth are limited. Used for forms, groups, project cards and
data files, which may all come from strangers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from docgen.base.messages import Message
from docgen.forms.yaml_mistakes import mistake

MAX_DEPTH = 20
#: Forms, groups and cards: 1 MB (data files allow more).
MAX_BYTES = 1_000_000
#: The parser in C where it is installed: ten times faster.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Unquoted words that mean "empty".
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_TOO_DEEP = Message("嵌套过深", "nested too deeply")

Raw: TypeAlias = "str | list[Raw] | dict[str, Raw]"


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a YAML file and where it stands."""

    value: str | tuple[Node, ...] | Mapping[str, Node]
    source: str
    line: int

    @property
    def place(self) -> str:
        """File and line: `form.yaml:12`."""
        return f"{self.source}:{self.line}"

    def plain(self) -> Raw:
        """Return the value without lines: text, lists and mappings of text."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, tuple):
            return [item.plain() for item in self.value]
        return {key: node.plain() for key, node in self.value.items()}


class YamlFault(ValueError):
    """The text is not YAML as we take it.

    Attributes:
        line: Line, counted from 1.
        reason: What is wrong there.
    """

    def __init__(self, line: int, reason: Message) -> None:
        super().__init__(f"{line}: {reason.zh}")
        self.line = line
        self.reason = reason


def read_yaml(data: bytes, source: str, *, limit: int = MAX_BYTES) -> Node:
    """Return the one document in ``data`` (UTF-8, with or without BOM); an empty one is an empty mapping.

    Raises:
        YamlFault: Too large, not UTF-8, not YAML, or one of the things that are refused.
    """
    if len(data) > limit:
        size = f"{limit // 1_000_000} MB"
        raise YamlFault(1, Message(f"文件超过 {size}", f"the file is over {size}"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = Message("不是 UTF-8 编码，请另存为 UTF-8", "not UTF-8; save it as UTF-8")
        raise YamlFault(line, reason) from error
    try:
        return _Builder(source, text).document()
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise YamlFault(line, Message("含有不允许的控制字符", "it contains a control character")) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if "nesting depth" in str(error.problem):  # PyYAML looks ahead, and has a limit of its own
            raise YamlFault(line, _TOO_DEEP) from error
        raise YamlFault(*mistake(text, line, str(error.problem))) from error


class _Builder:
    """Builds nodes from parser events."""

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_Loader))

    def document(self) -> Node:
        """Return the root node."""
        next(self._events)  # stream start
        event = next(self._events)
        if isinstance(event, yaml.StreamEndEvent):
            return Node({}, self._source, 1)
        root = self._node(next(self._events), 0)
        next(self._events)  # document end
        event = next(self._events)
        if not isinstance(event, yaml.StreamEndEvent):
            raise _fault(event, Message("一个文件只能有一份 YAML 文档", "only one YAML document a file"))
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _fault(event, Message("不支持锚点与引用（& 和 *）", "no anchors and aliases"))
        if getattr(event, "tag", None) is not None:
            raise _fault(event, Message("不支持类型标签（!）", "tags are not supported"))
        if depth > MAX_DEPTH:
            raise _fault(event, _TOO_DEEP)
        line = _line(event)
        if isinstance(event, yaml.ScalarEvent):
            empty = event.implicit[0] and event.value in _EMPTY  # implicit: written without quotes
            return Node("" if empty else event.value, self._source, line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self._items(depth), self._source, line)
        return Node(self._entries(depth), self._source, line)

    def _items(self, depth: int) -> tuple[Node, ...]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return tuple(items)

    def _entries(self, depth: int) -> dict[str, Node]:
        entries: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1).value
            if not isinstance(key, str):
                raise _fault(event, Message("键必须是文字", "a key must be text"))
            if key in entries:
                raise _fault(event, Message(f"键 {key} 重复", f"duplicate key {key}"))
            entries[key] = self._node(next(self._events), depth + 1)
        return entries


def _fault(event: yaml.Event, reason: Message) -> YamlFault:
    return YamlFault(_line(event), reason)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
