"""Documents that are generated and not filed yet, as their records name them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.identity import RECORD_EXT
from docgen.archive.legal import fold_key

#: Seconds within which a record and its document are written; nobody edits a document as fast.
_AT_ONCE = 2.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that is generated, but not filed yet.

    Attributes:
        record: Its record, beside the document.
    """

    type_id: str
    project: str
    doc_id: str
    version: str
    record: Path

    @property
    def docx(self) -> Path:
        """The document."""
        return self.record.with_name(self.record.name.removesuffix(f".{RECORD_EXT}") + ".docx")

    @property
    def edited(self) -> bool:
        """Whether someone changed the document after it was generated.

        Record and document are written at once: only one that is younger needs to be looked into.
        """
        from docgen.render.ooxml import BadPackage
        from docgen.render.provenance import is_edited

        try:
            if self.docx.stat().st_mtime - self.record.stat().st_mtime < _AT_ONCE:
                return False
            return is_edited(self.docx.read_bytes())
        except (OSError, BadPackage):
            return False  # gone, or not a Word file: nothing that could be filed


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
            project, doc_id = str(values["project_name"]), str(values["doc_id"])
            draft = Draft(str(record["form"]), project, doc_id, str(values["version"]), path)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a file that is no record names nothing; it stays where it is
        found.setdefault((fold_key(project), fold_key(doc_id)), []).append(draft)
    return found


def _records(folder: Path, without: Path | None) -> Iterator[Path]:
    """Yield the records below ``folder``; what vanishes meanwhile was filed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if Path(place, name) != without)
        yield from (Path(place, name) for name in sorted(names) if name.endswith(f".{RECORD_EXT}"))
