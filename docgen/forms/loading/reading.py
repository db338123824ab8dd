"""Reading keys of a form file: every mistake is noted with file and line, none stops the reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.forms.yaml_nodes import Node

Entry = Mapping[str, Node]


class Faults:
    """Mistakes in a form, in the order found."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def add(self, place: str, message: Message, hint: Message | None = None) -> None:
        """Note one mistake at ``place`` (`form.yaml:12`)."""
        hint = hint or Message(f"修改 {place}", f"correct {place}")
        finding = Finding("FORM", Severity.ERROR, message, hint, path=place)
        if finding not in self.findings:
            self.findings.append(finding)

    def unknown(self, place: str, what: Message, name: str, known: Collection[str]) -> None:
        """Note that ``name`` is not known, with the nearest that is."""
        near = "、".join(get_close_matches(name, known, n=2))
        self.add(
            place,
            Message(
                f"未知的{what.zh} {name}" + (f"，是否想写 {near}" if near else ""),
                f"unknown {what.en} {name}" + (f", did you mean {near}" if near else ""),
            ),
        )


def check_keys(entry: Entry, known: Collection[str], faults: Faults) -> None:
    """Note every key of ``entry`` that is not known."""
    for key, node in entry.items():
        if key not in known:
            faults.unknown(node.place, Message("键", "key"), key, known)


def text(entry: Entry, key: str, faults: Faults) -> str:
    """Return a text value, or "" where the key is missing."""
    node = entry.get(key)
    if node is None:
        return ""
    if isinstance(node.value, str):
        return node.value.strip()
    faults.add(node.place, Message(f"{key} 应为文字", f"{key} must be text"))
    return ""


def word(entry: Entry, key: str, allowed: Collection[str], faults: Faults, default: str = "") -> str:
    """Return a text value that must be one of ``allowed``, or ``default``."""
    value = text(entry, key, faults)
    if value and value not in allowed:
        faults.unknown(entry[key].place, Message(f" {key} 值", f"{key} value"), value, allowed)
        return default
    return value or default


def flag(entry: Entry, key: str, faults: Faults, *, default: bool = False) -> bool:
    """Return true or false."""
    value = text(entry, key, faults)
    if value not in ("", "true", "false"):
        faults.add(entry[key].place, Message(f"{key} 应为 true 或 false", f"{key} must be true or false"))
    return default if value not in ("true", "false") else value == "true"


def whole(entry: Entry, key: str, faults: Faults) -> int | None:
    """Return a whole number above zero, or ``None`` where the key is missing."""
    value = text(entry, key, faults)
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) <= 6 and int(value) > 0:
        return int(value)
    faults.add(entry[key].place, Message(f"{key} 应为正整数", f"{key} must be a whole number above 0"))
    return None


def texts(entry: Entry, key: str, faults: Faults) -> tuple[str, ...]:
    """Return a list of different texts (one text counts as a list of one)."""
    node = entry.get(key)
    if node is None:
        return ()
    items = (node,) if isinstance(node.value, str) else node.value
    values = []
    for item in items if isinstance(items, tuple) else ():
        if isinstance(item.value, str) and item.value.strip():
            values.append(item.value.strip())
    if not isinstance(items, tuple) or len(values) < len(items) or len(set(values)) < len(values):
        message = Message(f"{key} 应为不重复的文字列表", f"{key} must be a list of different texts")
        faults.add(node.place, message)
    return tuple(values)


def entries(entry: Entry, key: str, faults: Faults) -> tuple[tuple[Node, Entry], ...]:
    """Return a list of mappings, each with its node."""
    node = entry.get(key)
    if node is None:
        return ()
    if not isinstance(node.value, tuple):
        faults.add(node.place, Message(f"{key} 应为列表", f"{key} must be a list"))
        return ()
    found: list[tuple[Node, Entry]] = []
    for item in node.value:
        if isinstance(item.value, Mapping):
            found.append((item, item.value))
        else:
            message = Message(f"{key} 的每一项应为“键: 值”", f"every item of {key} must be a mapping")
            faults.add(item.place, message)
    return tuple(found)
