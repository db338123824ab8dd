"""Committing to a project's journal: its lock, the place to copy aside, files and entry under their names."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from docgen.archive import manifest
from docgen.archive.catalogue import Catalogue
from docgen.archive.entries import Entry, Event, Head, Item, encode
from docgen.archive.filed import Filed
from docgen.archive.identity import project_key
from docgen.archive.journal import Journal
from docgen.archive.layout import LOCKS, entry_path
from docgen.archive.queries import FiledVersion
from docgen.archive.recovery import Recovery
from docgen.archive.staging import Planned, Staged, Staging
from docgen.base import files, publishing
from docgen.base.clock import Clock, rfc3339
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.base.system_errors import told

_WINDOWS_PATH = 240


class Commits:
    """What every change of the archive goes through.

    Args:
        folder: The archive folder.
        catalogue: Brought up with every commit.
        clock: Tells the time of journal entries.
        patience: Seconds to wait for another process that files into the same project.
        own: As for `Archive`.
    """

    def __init__(
        self, folder: Path, catalogue: Catalogue, clock: Clock, patience: float, own: Sequence[Path] = ()
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self.recovery = Recovery(folder, catalogue, own)
        self._clock = clock
        self._patience = patience

    @contextlib.contextmanager
    def locked(self, key: str, *, patience: float) -> Iterator[None]:
        """Hold the lock of the project with this key."""
        with told(self.folder):
            files.make_folder(self.folder / LOCKS)
            with lock(self.folder / LOCKS / f"{key}.lock", timeout=patience):
                yield

    @contextlib.contextmanager
    def project(self, name: str, *, patience: float | None = None) -> Iterator[tuple[str, Head]]:
        """Hold a project's lock; give its spelling and journal head, with all earlier filings settled.

        ``patience``: seconds to wait for others; ``None``: as long as a filing waits.

        Raises:
            Locked: Another process holds it for longer.
        """
        key = project_key(name)
        with self.locked(key, patience=self._patience if patience is None else patience):
            yield self.recovery.settle(name, key)

    @contextlib.contextmanager
    def room_ahead(self, name: str) -> Iterator[Staging]:
        """Give a place to copy aside ahead of the project's lock: nobody waits for it or clears it away.

        All earlier filings are settled. Who then holds the lock goes on in it with `room`; without that it is
        cleared away at the end.

        Raises:
            Locked: Another process holds the lock for long.
        """
        key = project_key(name)
        with self.project(name):  # until it is occupied it looks like a leftover
            room = Staging(self.folder, key)
            room.occupy()
        try:
            with told(self.folder):
                yield room
        finally:
            if room.occupied:  # to the end: nothing in it got its name
                room.vacate()
                with contextlib.suppress(OSError):  # else the next filing or recovery does it
                    files.remove_tree(room.folder)

    @contextlib.contextmanager
    def room(self, project: str, ahead: Staging | None = None) -> Iterator[Staging]:
        """Give a place to copy aside under the project's lock, or go on in one that was given before it.

        After an error everything that is not filed is cleared away.
        """
        key = project_key(project)
        try:
            room = ahead or Staging(self.folder, key)
            try:
                yield room
            finally:
                room.vacate()
        except Exception:
            with contextlib.suppress(OSError, DocgenError):  # else the next filing or recovery does it
                self.recovery.settle(project, key)
            raise
        with contextlib.suppress(OSError):  # likewise
            files.remove_tree(room.folder)

    def commit(
        self,
        room: Staging,
        project: str,
        head: Head,
        items: Sequence[Item],
        publish: Sequence[tuple[str, Staged]] = (),
        *,
        actor: str,
    ) -> tuple[Head, list[Filed]]:
        """Publish files and entry; return the new head and what became of each item."""
        entry = Entry(
            secrets.token_hex(16), head.seq + 1, head.digest, rfc3339(self._clock()), actor, tuple(items)
        )
        staged = [*publish, (entry_path(entry.seq), room.write(encode(entry)))]
        room.plan(project, [Planned(path, one.sha256, one.tmp.name) for path, one in staged])
        self.publish(project, staged[:-1], staged[-1:])
        new = Head(entry.seq, staged[-1][1].sha256)
        late = self._derive(room, project, entry, new)
        return new, [Filed.of(project, entry.seq, item, late) for item in items]

    def tell(
        self,
        version: FiledVersion,
        items: Callable[[Sequence[FiledVersion]], Sequence[Item]],
        *,
        actor: str,
    ) -> list[Filed]:
        """Commit events about the versions of one document that store nothing; return what became of each.

        Args:
            version: Any version of the document.
            items: Is told, under the project's lock, the versions that have files; none means no commit.
            actor: As for `Archive.file`.
        """
        with self.project(version.project) as (project, head), self.room(project) as room:
            there = [one for one in self.catalogue.same_document(version) if not one.removed]
            told_of = items(there)
            return self.commit(room, project, head, told_of, actor=actor)[1] if told_of else []

    def publish(self, project: str, *groups: Sequence[tuple[str, Staged]]) -> None:
        """Give the files their names, then the entry; each group is on the disk before the next."""
        for group in groups:
            finals = [(self.folder / project / path, one.tmp) for path, one in group]
            for final, tmp in finals:
                _check_length(final)
                files.make_folder(final.parent)
                try:
                    publishing.publish(tmp, final)
                except publishing.Taken as error:
                    raise _unlisted(final) from error
            for folder in {final.parent for final, _ in finals}:
                files.sync_folder(folder)

    def _list(self, room: Staging, project: str, entry: Entry, head: Head) -> int:
        """Bring the manifest up; what is taken out of it makes it anew."""
        folder = self.folder / project
        if not any(item.event is Event.TOMBSTONE for item in entry.items):
            return manifest.append(folder, manifest.entry_lines(entry, head))
        lines = manifest.all_lines(Journal(folder).after(Head()))
        return manifest.rewrite(folder, lines, room.folder)

    def _derive(self, room: Staging, project: str, entry: Entry, head: Head) -> list[Message]:
        """Bring manifest and catalogue up; the filing stands even if that has to wait for recovery."""
        try:
            size = self._list(room, project, entry, head)
            if not files.step(self.catalogue.apply, project, [entry], head, size):
                self.recovery.catch_up(project)
        except (OSError, DocgenError) as error:
            reason = error.message if isinstance(error, DocgenError) else Message(str(error), str(error))
            return [
                Message(
                    f"已归档，但清单或目录尚未更新（{reason.zh}）；下次运行时自动补齐",
                    f"filed, but manifest or catalogue is not up to date ({reason.en}); the next run does it",
                )
            ]
        return []


def _check_length(path: Path) -> None:
    if os.name == "nt" and len(str(path.absolute())) > _WINDOWS_PATH:
        raise ArchiveRefused(
            Message(
                f"路径超过 {_WINDOWS_PATH} 个字符", f"the path is longer than {_WINDOWS_PATH} characters"
            ),
            where=str(path),
            hint=Message("把工作区移到较短的路径，或缩短项目名称", "move the workspace to a shorter path"),
        )


def _unlisted(path: Path) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            "归档文件夹中已有一个未登记的同名文件", "the archive folder holds an unlisted file of that name"
        ),
        where=str(path),
        hint=Message(
            "运行 docgen verify，把该文件移出归档文件夹后再试",
            "run docgen verify, move that file out, try again",
        ),
    )
