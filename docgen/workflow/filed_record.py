"""The record that was filed beside a generated document."""

from __future__ import annotations

import json

from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion
from docgen.workflow.session import Session


def record_values(session: Session, version: FiledVersion) -> dict[str, object]:
    """Return the values of the record of a version, as JSON; empty where there is none that can be read."""
    file = version.file(RECORD_EXT)
    if file is None:
        return {}
    try:
        values = json.loads((session.workspace.archive / file.path).read_text(encoding="utf-8"))["values"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}  # verify names a damaged record
    return values if isinstance(values, dict) else {}
