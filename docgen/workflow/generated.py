"""What is wished of a generated document, and what was made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docgen.archive.identity import RECORD_EXT, Identity
from docgen.base.findings import Problem


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user wants beside the document itself."""

    out: Path | None = None
    pdf: bool = False
    file: bool = False
    traditional: bool = False
    major: bool = False


#: A draft and nothing more.
DRAFT = Wishes()


@dataclass(frozen=True, slots=True)
class Generated:
    """A document that was made: the draft, or the filed copy."""

    path: Path
    pdf: Path | None
    identity: Identity
    type_id: str
    doc_id: str
    problems: tuple[Problem, ...]
    #: False: nothing had changed since the last filed version.
    fresh: bool = True

    def identity_json(self) -> dict[str, str]:
        """Return the identity as JSON data."""
        return {
            "project": self.identity.project,
            "type": self.type_id,
            "serial": self.identity.serial,
            "date": self.identity.date.isoformat(),
            "version": str(self.identity.version),
            "doc_id": self.doc_id,
        }

    @property
    def files(self) -> list[Path]:
        """The draft's files: document, record, and PDF if one was made."""
        record = self.path.with_name(self.identity.filename(RECORD_EXT))
        return [self.path, record, *([self.pdf] if self.pdf else [])]
