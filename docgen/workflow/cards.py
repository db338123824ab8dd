"""Project cards as they lie on the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docgen.base.errors import InvalidData
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.yaml_nodes import Raw, YamlFault, read_yaml


@dataclass(frozen=True)
class Card:
    """One project's shared facts: field id -> what was typed."""

    project: str
    values: Mapping[str, Raw]
    path: Path


def read_cards(folder: Path) -> list[Card]:
    """Return all cards in ``folder``.

    Raises:
        InvalidData: One of them is no card.
        EnvironmentFault: One of them cannot be read.
    """
    return [_read(path) for path in sorted(folder.glob("*.yaml"))]


def _read(path: Path) -> Card:
    with told(path):
        data = path.read_bytes()
    try:
        values = read_yaml(data, path.name).plain()
    except YamlFault as error:
        raise InvalidData(error.reason, where=f"{path}:{error.line}") from error
    if not isinstance(values, dict):
        raise InvalidData(
            Message("项目卡片应为“项: 值”的列表", "a card is a list of “key: value”"), where=str(path)
        )
    name = values.get("project_name")
    return Card(name if isinstance(name, str) and name else path.stem, values, path)
