"""A new folder that gets its name only when it is whole."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from docgen.base import files, publishing
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told

#: Is told how many of how many files are done.
Watch = Callable[[int, int], None]


def unwatched(_done: int, _total: int) -> None:
    """Watch nothing."""


@contextlib.contextmanager
def built(final: Path) -> Iterator[Path]:
    """Give an empty folder beside ``final``; when the block ends well, it is synced and gets that name.

    After an error it is removed. What a killed program left of it is removed by the next one that builds the
    same; the caller sees to it that two do not at once.

    Raises:
        ArchiveRefused: There is something of that name.
        EnvironmentFault: It cannot be written.
    """
    with told(final):
        _refuse_taken(final)
        files.make_folder(final.parent)
        for left in final.parent.glob(f".{_plain(final.name)}.docgen-*"):
            files.remove_tree(left)
        folder = final.with_name(f".{final.name}.docgen-{secrets.token_hex(4)}")
        files.make_folder(folder)
        try:
            yield folder
            sync_tree(folder)
            _settle(folder, final)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove_tree(folder)
            raise


def sync_tree(folder: Path) -> None:
    """Bring all names below ``folder`` to the disk, the innermost first."""
    inside = sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True)
    for one in (*inside, folder):
        files.sync_folder(one)


def _plain(name: str) -> str:
    """Return ``name`` as a pattern that fits itself alone."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _settle(folder: Path, final: Path) -> None:
    try:
        publishing.settle_folder(folder, final)
    except FileExistsError as error:
        raise _taken(final) from error


def _refuse_taken(final: Path) -> None:
    if final.exists() or final.is_symlink():
        raise _taken(final)


def _taken(final: Path) -> ArchiveRefused:
    return ArchiveRefused(
        Message("目标已存在，没有覆盖", "that place is taken; it is left alone"),
        where=str(final),
        hint=Message("换一个名称，或先移走它", "choose another name, or move it away"),
    )
