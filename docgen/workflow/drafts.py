"""Drafts that must not be lost: edited by hand, of another document, or not made by docgen."""

from __future__ import annotations

from pathlib import Path

from docgen.archive.identity import RECORD_EXT
from docgen.archive.legal import fold_key
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.render.ooxml import BadPackage
from docgen.render.provenance import Provenance, is_edited, read


class DraftEdited(ArchiveRefused):
    """A draft was edited by hand; it is left alone."""


def protect_draft(path: Path, number: str, *, overwrite_edits: bool = False) -> None:
    """Refuse to replace what is not an untouched draft of the document with this ``number``.

    Args:
        path: Where the draft is to be written.
        number: The document's own number; empty where it has none of its own.
        overwrite_edits: True: what was edited by hand may be replaced.

    Raises:
        DraftEdited: It was edited by hand.
        ArchiveRefused: What is there is someone's work; it is left alone.
    """
    if not path.exists():
        return
    with told(path):
        data = path.read_bytes()
    if not data:  # what a power cut leaves; an empty file is nobody's work
        return
    made = _provenance(data)
    other = str(made.fields.get("doc_id") or "") if made else ""
    kind: type[ArchiveRefused] = ArchiveRefused
    if made is None:
        why = Message("已有同名文件，不是 docgen 生成的", "there is a file of that name, not made by docgen")
    elif _is_of_another(made, number):
        why = Message(f"已有另一份文件（{other}）的草稿", f"there is a draft of another document ({other})")
    elif is_edited(data) and not overwrite_edits:
        kind, why = DraftEdited, Message("草稿已被手工修改", "the draft was edited by hand")
    else:
        return
    raise kind(
        Message(f"{why.zh}，没有覆盖", f"{why.en}; it is left alone"),
        where=str(path),
        hint=Message(
            "先用 docgen file 归档，或改名、移走；批量生成时可加 --overwrite-edits 覆盖",
            "file it with docgen file, rename it or move it; --overwrite-edits (docgen batch) goes over it",
        ),
    )


def protect_edits(path: Path, number: str = "") -> None:
    """Refuse to make another edition of the draft at ``path`` if someone has edited it: it is what counts.

    Args:
        path: A draft.
        number: The document's own number; a draft of another one does not matter. Empty: whatever it is of.

    Raises:
        DraftEdited: It was edited by hand.
    """
    data = _content(path)
    made = _provenance(data) if data else None
    if made and is_edited(data) and not _is_of_another(made, number):
        raise DraftEdited(
            Message("草稿已被手工修改，没有另行生成", "the draft was edited by hand, and no other is made"),
            where=str(path),
            hint=Message(
                "用 docgen file 把草稿归档，或加 --overwrite-edits 重新生成",
                "file the draft with docgen file, or make it anew with --overwrite-edits",
            ),
        )


def remove_untouched(path: Path, number: str) -> None:
    """Remove a draft of a document, and what lies beside it, unless someone has edited it.

    Args:
        path: The draft; what docgen did not make stays.
        number: The document's own number; empty where it has none of its own.
    """
    data = _content(path)
    made = _provenance(data) if data else None
    if made and not is_edited(data) and not _is_of_another(made, number):
        for ext in ("docx", "pdf", RECORD_EXT):
            with told(path):
                path.with_name(f"{path.stem}.{ext}").unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    with told(path):
        return path.read_bytes() if path.is_file() else b""


def _is_of_another(made: Provenance, number: str) -> bool:
    return bool(number) and fold_key(str(made.fields.get("doc_id") or "")) != fold_key(number)


def write_draft(path: Path, data: bytes) -> None:
    """Write a file of a draft, whole or not at all; it is made again if a power cut takes it."""
    beside = path.with_name(f".{path.name}.tmp")
    with told(path):
        beside.write_bytes(data)
        beside.replace(path)


def _provenance(data: bytes) -> Provenance | None:
    try:
        return read(data)
    except BadPackage:
        return None
