"""`extends`: shared fields and checks, and the fields that every form has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from docgen.base.messages import Message
from docgen.forms.loading.field_nodes import ID, read_id
from docgen.forms.loading.reading import Entry, Faults, check_keys, entries, texts
from docgen.forms.yaml_nodes import Node, YamlFault, read_yaml

_GROUP_KEYS = ("extends", "fields", "checks")
#: Every form has these; a form may declare them again to change label, help or default.
_IDENTITY = """
fields:
  - {id: project_name, label: 项目名称, required: true, max_length: 80, aliases: [项目, project]}
  - {id: doc_date, label: 文件日期, kind: date, required: true, help: 不填时取表中的日期，否则取当天}
  - {id: version, label: 版本号, required: true, max_length: 12, default: V1.0, aliases: [版本]}
  - {id: doc_id, label: 文件编号, required: true, max_length: 120, help: 不填时取自己的编号，否则自动编号}
"""
_FIRST = ("project_name",)
Entries = dict[str, Entry]


class Parts:
    """Fields and checks of a form, groups and identity fields merged in.

    Order of fields: the project name, the form's own fields as it lists them (also those that only change a
    shared one), the remaining fields of the groups, the remaining identity fields.
    """

    def __init__(self, root: Entry, folders: Sequence[Path], faults: Faults) -> None:
        self._folders = folders
        self._faults = faults
        self.checks: list[tuple[Node, Entry]] = []
        shared = _identity(faults)
        identity = tuple(shared)
        self._extend(root, shared, ())
        own = _keyed(entries(root, "fields", faults), faults)
        self.checks = list({node.place: (node, entry) for node, entry in self.checks}.values())
        self.checks.extend(entries(root, "checks", faults))
        order = (*_FIRST, *own, *(key for key in shared if key not in identity), *identity)
        merged = _merged(shared, own)
        self._keep_kinds(merged)
        self.fields = [merged[key] for key in dict.fromkeys(order)]

    def _keep_kinds(self, fields: Entries) -> None:
        for key, entry in _identity(self._faults).items():
            kind = _kind(entry)
            if _kind(fields[key]) != kind:
                message = Message(f"{key} 的 kind 只能是 {kind}", f"the kind of {key} must be {kind}")
                self._faults.add(fields[key]["kind"].place, message)

    def _extend(self, entry: Entry, into: Entries, stack: tuple[str, ...]) -> None:
        for name in texts(entry, "extends", self._faults):
            place = entry["extends"].place
            if name in stack:
                ring = " → ".join((*stack, name))
                self._faults.add(
                    place, Message(f"字段组循环引用：{ring}", f"groups extend one another: {ring}")
                )
                continue
            group = self._group(name, place)
            self._extend(group, into, (*stack, name))
            into.update(_merged(into, _keyed(entries(group, "fields", self._faults), self._faults)))
            self.checks.extend(entries(group, "checks", self._faults))

    def _group(self, name: str, place: str) -> Entry:
        known = sorted({path.stem for folder in self._folders for path in folder.glob("*.yaml")})
        if not ID.fullmatch(name) or name not in known:
            self._faults.unknown(place, Message("字段组", "group"), name, known)
            return {}
        path = next(file for folder in self._folders if (file := folder / f"{name}.yaml").is_file())
        try:
            root = read_yaml(path.read_bytes(), f"groups/{path.name}")
        except YamlFault as error:
            self._faults.add(f"groups/{path.name}:{error.line}", error.reason)
            return {}
        if not isinstance(root.value, dict):
            self._faults.add(root.place, Message("字段组应为“键: 值”", "a group must be a mapping"))
            return {}
        check_keys(root.value, _GROUP_KEYS, self._faults)
        return root.value


def _identity(faults: Faults) -> Entries:
    root = read_yaml(_IDENTITY.encode(), "identity").value
    assert isinstance(root, dict)
    return _keyed(entries(root, "fields", faults), faults)


def _keyed(fields: Iterable[tuple[Node, Entry]], faults: Faults) -> Entries:
    keyed: Entries = {}
    for node, entry in fields:
        field_id = read_id(entry, node.place, faults)
        if field_id in keyed:
            faults.add(node.place, Message(f"字段 {field_id} 重复", f"duplicate field {field_id}"))
        keyed[field_id] = entry
    return keyed


def _merged(base: Entries, own: Entries) -> Entries:
    """Return ``base`` with the keys of ``own`` going first; another kind replaces the field wholly."""
    return base | {key: _override(base.get(key, {}), entry) for key, entry in own.items()}


def _override(base: Entry, own: Entry) -> Entry:
    if "kind" in own and _kind(base) != _kind(own):
        base = {key: node for key, node in base.items() if key == "label"}
    return {**base, **own}


def _kind(entry: Entry) -> object:
    return entry["kind"].value if "kind" in entry else "text"
