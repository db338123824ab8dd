"""Documents that are generated and not filed yet, as their records name them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.identity import RECORD_EXT
from docgen.archive.legal import fold_key


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is generated, but not filed yet; ``path`` is its Word file."""

    type_id: str
    project: str
    doc_id: str
    version: str
    path: Path


def drafted(folder: Path, *, without: Path | None = None) -> Mapping[tuple[str, str], Sequence[Draft]]:
    """Return the drafts in ``folder`` and below it, by project and number (both folded).

    Args:
        folder: The drafts of a workspace.
        without: A folder inside it that is passed over.
    """
    found: dict[tuple[str, str], list[Draft]] = {}
    for path in _records(folder, without):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            values = record["values"]
            names = (record["form"], values["project_name"], values["doc_id"], values["version"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue  # a file that is no record names nothing; it stays where it is
        document = path.with_name(f"{path.name.removesuffix(f'.{RECORD_EXT}')}.docx")
        type_id, project, doc_id, version = map(str, names)
        draft = Draft(type_id, project, doc_id, version, document)
        found.setdefault((fold_key(draft.project), fold_key(draft.doc_id)), []).append(draft)
    return found


def _records(folder: Path, without: Path | None) -> Iterator[Path]:
    """Yield the records below ``folder``; what vanishes meanwhile was filed."""
    for place, folders, names in os.walk(folder):
        # hidden ones are at work: documents that are just being filed
        folders[:] = sorted(n for n in folders if Path(place, n) != without and not n.startswith("."))
        yield from (Path(place, name) for name in sorted(names) if name.endswith(f".{RECORD_EXT}"))
