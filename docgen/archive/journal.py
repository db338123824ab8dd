"""The journal on disk: `journal/000001.json` …, one file per commit, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docgen.archive.digests import sha256_bytes
from docgen.archive.entries import Entry, Head, decode
from docgen.archive.layout import JOURNAL, entry_path
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told


class Journal:
    """The entries of one project, read in the order of their numbers."""

    def __init__(self, project_folder: Path) -> None:
        self.folder = project_folder / JOURNAL

    def has(self, seq: int) -> bool:
        """Whether entry ``seq`` is on the disk."""
        return (self.folder.parent / entry_path(seq)).exists()

    def read(self, seq: int) -> tuple[Entry, Head]:
        """Return entry ``seq`` and what the next one is chained to.

        Raises:
            ArchiveRefused: It is damaged.
            EnvironmentFault: It cannot be read.
        """
        path = self.folder.parent / entry_path(seq)
        with told(path):
            data = path.read_bytes()
        try:
            return decode(data), Head(seq, sha256_bytes(data))
        except ValueError as error:
            raise damaged(path, Message("日志条目已损坏", "the journal entry is damaged")) from error

    def after(self, head: Head) -> Iterator[tuple[Entry, Head]]:
        """Yield the entries that follow ``head``, each checked to be chained to the one before.

        Raises:
            ArchiveRefused: An entry is damaged or does not follow; `docgen verify` says more.
        """
        while self.has(head.seq + 1):
            entry, following = self.read(head.seq + 1)
            if (entry.seq, entry.prev) != (following.seq, head.digest):
                path = self.folder.parent / entry_path(following.seq)
                message = Message(
                    "日志条目与前一条不衔接", "the journal entry does not follow the one before"
                )
                raise damaged(path, message)
            yield entry, following
            head = following


def damaged(path: Path, message: Message) -> ArchiveRefused:
    """Return the refusal to go on with a journal that is not whole."""
    return ArchiveRefused(
        message,
        where=str(path),
        hint=Message(
            "运行 docgen verify 查明原因，从备份恢复该文件后运行 docgen rebuild",
            "run docgen verify to see what happened, restore the file from a backup, then run docgen rebuild",
        ),
    )
