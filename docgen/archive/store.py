"""The archive: filing, completing, withdrawing, and setting right what was interrupted.

The order of a filing: copy aside, sync, read back, publish the files, sync the folders, publish the journal
entry (the commit), manifest, catalogue; then the caller indexes, and finishes the sources at the very end.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from pathlib import Path

from docgen.archive import manifest
from docgen.archive.bundle import Bundle
from docgen.archive.catalogue import Catalogue
from docgen.archive.decide import Decision, decide
from docgen.archive.digests import sha256_file
from docgen.archive.entries import Entry, Event, Head, Item, encode
from docgen.archive.identity import Identity, project_key
from docgen.archive.known import what_is_known
from docgen.archive.layout import LOCKS, entry_path
from docgen.archive.parcel import Parcel
from docgen.archive.queries import FiledVersion
from docgen.archive.recovery import Recovery, rebuild
from docgen.archive.sources import finish_sources
from docgen.archive.staging import Planned, Staged, Staging
from docgen.base import files
from docgen.base.clock import Clock, rfc3339, system_clock
from docgen.base.errors import ArchiveRefused, DocgenError, EnvironmentFault
from docgen.base.locks import PATIENCE, lock
from docgen.base.messages import Message
from docgen.base.system_errors import told

_WINDOWS_PATH = 240


@dataclass(frozen=True, slots=True)
class Filed:
    """What became of a parcel.

    Attributes:
        event: FILED (a new version), ADDED (a version completed) or DUPLICATE (nothing stored).
        identity: The version; for a duplicate the one that holds the bytes already.
        doc_id: Its number.
        seq: Number of the journal entry.
        paths: Its files, relative to the archive folder; for a duplicate where the bytes are.
        warnings: To be shown; they are recorded in the journal.
        notes: What was corrected on the way.
    """

    event: Event
    identity: Identity
    doc_id: str
    seq: int
    paths: tuple[str, ...]
    warnings: tuple[Message, ...]
    notes: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """Entries of a journal that were committed elsewhere, and what belongs to them.

    Attributes:
        files: (path inside the project folder, where it is now, SHA-256) of the files that are to be there.
        entries: The same of the entries, in their order.
        gone: (path, SHA-256) of files that entries say were removed after their retention.
    """

    files: Sequence[tuple[str, Path, str]] = ()
    entries: Sequence[tuple[str, Path, str]] = ()
    gone: Sequence[tuple[str, str]] = ()


class Archive:
    """The archive folder together with its catalogue.

    Args:
        folder: `archive/` of the workspace.
        catalogue: Derived; it is brought up to date whenever it lags behind the journals.
        clock: Tells the time of journal entries.
        patience: Seconds to wait for another process that files into the same project.
        zone: Of the day under which duplicates are set aside.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        *,
        clock: Clock = system_clock,
        patience: float = PATIENCE,
        zone: tzinfo = UTC,
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self._clock = clock
        self._patience = patience
        self._zone = zone
        self._recovery = Recovery(folder, catalogue)

    def file(self, parcel: Parcel, *, actor: str) -> Filed:
        """File a parcel: as a new version, as further files of one, or as a duplicate.

        Args:
            parcel: Files of one version and what is known about them.
            actor: `cli:<os user>`, `web:<user>`, `watch:<inbox>`.

        Raises:
            LostRace: A generated parcel carries a version or number that is no longer free; render anew.
            ArchiveRefused: The archive does not take it; nothing was stored, the sources are untouched.
            EnvironmentFault: Disk, permission, lock; nothing is lost, the sources are untouched.
        """
        (result,) = self.file_many([parcel], actor=actor)
        if isinstance(result, ArchiveRefused):
            raise result
        return result

    def file_many(self, parcels: Sequence[Parcel], *, actor: str) -> list[Filed | ArchiveRefused]:
        """File parcels as `file` does, those of one project in one commit; return what became of each.

        One that is refused stands in its place as the error, and hinders no other. A parcel whose fate
        depends on one before it (the same document, number or bytes) goes into a commit of its own.

        Raises:
            EnvironmentFault: Disk, permission, lock; what was committed before stands, nothing is lost.
        """
        results: dict[int, Filed | ArchiveRefused] = {}
        projects: dict[str, list[tuple[int, Parcel]]] = {}
        for place, parcel in enumerate(parcels):
            projects.setdefault(project_key(parcel.identity.project), []).append((place, parcel))
        for group in projects.values():
            name = group[0][1].identity.project
            with self._project(name) as (project, last):
                head, left = last, group
                while left:
                    with self._room(project) as room:
                        head, left = self._file_some(room, project, head, left, results, actor=actor)
        return [results[place] for place in range(len(parcels))]

    def _file_some(
        self,
        room: Staging,
        project: str,
        head: Head,
        parcels: Sequence[tuple[int, Parcel]],
        results: dict[int, Filed | ArchiveRefused],
        *,
        actor: str,
    ) -> tuple[Head, list[tuple[int, Parcel]]]:
        """Commit parcels up to the first that depends on one before it; return the new head and the rest."""
        bundle = Bundle()
        left: list[tuple[int, Parcel]] = []
        for number, (place, parcel) in enumerate(parcels):
            try:
                staged = room.take_all(parcel.files)
            except ArchiveRefused as error:
                results[place] = error
                continue
            if bundle.concerns(parcel, staged):
                left = list(parcels[number:])
                break
            bundle.add(place, parcel, staged)
        decided = self._decided(project, bundle, results)
        if decided:
            items = [one.item for one in decided.values()]
            publish = [file for one in decided.values() for file in one.publish]
            head, filed = self._commit(room, project, head, items, publish, actor=actor)
            results.update(zip(decided, filed, strict=True))
        return head, left

    def _decided(
        self, project: str, bundle: Bundle, results: dict[int, Filed | ArchiveRefused]
    ) -> dict[int, Decision]:
        """Decide on the parcels of a bundle; return by place what is to be committed."""
        known = what_is_known(
            self.catalogue, project, [(parcel, staged) for _, parcel, staged in bundle.parcels]
        )
        decided: dict[int, Decision] = {}
        for place, parcel, staged in bundle.parcels:
            try:
                decided[place] = decide(known, project, parcel, staged)
            except ArchiveRefused as error:
                results[place] = error
        return decided

    def finish(self, filed: Sequence[Filed]) -> tuple[Message, ...]:
        """Remove the sources that were to be removed, set duplicates aside; call it last.

        Return warnings about those that stay.
        """
        kept: dict[str, list[str]] = {}
        for path in (path for one in filed for path in one.paths):
            project, _, inside = path.partition("/")
            kept.setdefault(project, []).append(inside)
        return tuple(message for name, paths in kept.items() for message in self._finish_sources(name, paths))

    def withdraw(self, version: FiledVersion, *, actor: str, notes: Sequence[Message] = ()) -> Filed:
        """Mark a version as misfiled: it is kept, but leaves search and registers."""
        item = _item(Event.WITHDRAWN, version, notes)
        with self._project(version.project) as (project, head), self._room(project) as room:
            _, (filed,) = self._commit(room, project, head, [item], actor=actor)
            return filed

    def hand_out(self, versions: Sequence[FiledVersion], note: Message, *, actor: str) -> Head:
        """Note in the journal that versions of one project were handed out; return the new head.

        Args:
            versions: At least one.
            note: To where, and up to which entry.
            actor: As for `file`.
        """
        items = [_item(Event.EXPORTED, version, [note]) for version in versions]
        with self._project(versions[0].project) as (project, head), self._room(project) as room:
            return self._commit(room, project, head, items, actor=actor)[0]

    def adopt(self, name: str, choose: Callable[[str, Head], Adopted]) -> Head:
        """Bring a project's journal forward by entries that were committed elsewhere; return its head.

        Cut short, the project ends at one of these entries, with the files up to it; doing it again goes on.

        Args:
            name: The project.
            choose: Is told, under the project's lock, how the archive spells it and its journal's head.
        """
        with self._project(name) as (project, head), self._room(project) as room:
            adopted = choose(project, head)
            staged = [
                [(path, room.take_known(source, digest)) for path, source, digest in group]
                for group in (adopted.files, adopted.entries)
            ]
            planned = [Planned(path, one.sha256, one.tmp.name) for group in staged for path, one in group]
            room.plan(project, planned)
            self._publish(project, staged[0], *([entry] for entry in staged[1]))
            _, new = self._recovery.settle(project, project_key(project))
            for path, digest in adopted.gone:
                file = self.folder / project / path
                if file.is_file() and sha256_file(file) == digest:
                    files.remove(file)
            return new

    def recover(self, *, actor: str) -> tuple[Message, ...]:
        """Finish what was interrupted, in every project; cheap when there is nothing to do.

        Leftovers are cleared, catalogue and manifests brought up to the journals, misfiled versions withdrawn
        whose refiling was cut short, sources of filed documents finished. What cannot be done is returned as
        warnings and does not hold up the rest.
        """
        with told(self.folder):
            files.make_folder(self.folder)
            problems = list(self._recovery.rebuild_if_stale())
            self._clear_strays()
            for project in self._recovery.behind():
                with _noted(problems), self._project(project):
                    pass
        for origin in self.catalogue.misfiled_origins():
            with _noted(problems):
                self.withdraw(origin, actor=actor)
        return (*problems, *self._finish_sources())

    def rebuild(self, *, actor: str) -> tuple[Message, ...]:
        """Derive catalogue and manifests anew from the journals alone; return warnings as `recover` does.

        The queue of the index stays as it is, unless there was no catalogue: then every version is queued.
        Until all is read, the old catalogue stays in use.
        """
        with told(self.folder):
            files.make_folder(self.folder)
            problems = rebuild(self.folder, self.catalogue, indexed=True)
        return tuple(dict.fromkeys((*problems, *self.recover(actor=actor))))

    def _clear_strays(self) -> None:
        """Clear what first filings into new projects left before anything got its name."""
        for leftover in self._recovery.strays():
            key = leftover.name.partition("-")[0]
            with contextlib.suppress(EnvironmentFault), self._locked(key, patience=0):  # else it is at work
                if leftover in self._recovery.strays():
                    files.remove_tree(leftover)

    @contextlib.contextmanager
    def _locked(self, key: str, *, patience: float) -> Iterator[None]:
        with told(self.folder):
            files.make_folder(self.folder / LOCKS)
            with lock(self.folder / LOCKS / f"{key}.lock", timeout=patience):
                yield

    @contextlib.contextmanager
    def _project(self, name: str) -> Iterator[tuple[str, Head]]:
        """Hold a project's lock; give its spelling and journal head, with all earlier filings settled."""
        key = project_key(name)
        with self._locked(key, patience=self._patience):
            yield self._recovery.settle(name, key)

    @contextlib.contextmanager
    def _room(self, project: str) -> Iterator[Staging]:
        """Give a place to copy aside; after an error everything that is not filed is cleared away."""
        key = project_key(project)
        try:
            room = Staging(self.folder, key)
            yield room
        except Exception:
            with contextlib.suppress(OSError, DocgenError):  # else the next filing or recovery does it
                self._recovery.settle(project, key)
            raise
        with contextlib.suppress(OSError):  # likewise
            files.remove_tree(room.folder)

    def _commit(
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
        self._publish(project, staged[:-1], staged[-1:])
        new = Head(entry.seq, staged[-1][1].sha256)
        late = self._derive(project, entry, new)
        return new, [self._filed(project, entry.seq, item, late) for item in items]

    def _filed(self, project: str, seq: int, item: Item, late: Sequence[Message]) -> Filed:
        return Filed(
            item.event,
            item.identity,
            item.doc_id,
            seq,
            tuple(f"{project}/{file.path}" for file in item.files),
            (*item.warnings, *late),
            item.notes,
        )

    def _publish(self, project: str, *groups: Sequence[tuple[str, Staged]]) -> None:
        """Give the files their names, then the entry; each group is on the disk before the next."""
        for group in groups:
            finals = [(self.folder / project / path, one.tmp) for path, one in group]
            for final, tmp in finals:
                _check_length(final)
                files.make_folder(final.parent)
                try:
                    files.publish(tmp, final)
                except files.Taken as error:
                    raise _unlisted(final) from error
            for folder in {final.parent for final, _ in finals}:
                files.sync_folder(folder)

    def _derive(self, project: str, entry: Entry, head: Head) -> list[Message]:
        """Bring manifest and catalogue up; the filing stands even if that has to wait for recovery."""
        try:
            size = manifest.append(self.folder / project, manifest.entry_lines(entry, head))
            files.step(self.catalogue.apply, project, [entry], head, size)
        except (OSError, EnvironmentFault) as error:
            reason = error.message if isinstance(error, EnvironmentFault) else Message(str(error), str(error))
            return [
                Message(
                    f"已归档，但清单或目录尚未更新（{reason.zh}）；下次运行时自动补齐",
                    f"filed, but manifest or catalogue is not up to date ({reason.en}); the next run does it",
                )
            ]
        return []

    def _finish_sources(self, project: str = "", kept: Sequence[str] = ()) -> tuple[Message, ...]:
        """Finish the sources of some filed files, or all that are pending."""
        pending = self.catalogue.pending_sources(project, kept)
        if not pending:
            return ()
        stay = finish_sources(self.folder, pending, self._clock().astimezone(self._zone).date())
        gone = [number for number, message in stay.items() if message is None]
        with contextlib.suppress(OSError, EnvironmentFault):  # the next recovery finds them gone
            files.step(self.catalogue.finished, gone)
        return tuple(message for message in stay.values() if message)


def _item(event: Event, version: FiledVersion, notes: Sequence[Message]) -> Item:
    """Return an event about a version that stores nothing."""
    return Item(
        event,
        version.identity,
        version.type_id,
        version.recurring,
        version.category,
        version.doc_id,
        notes=tuple(notes),
    )


@contextlib.contextmanager
def _noted(problems: list[Message]) -> Iterator[None]:
    """Note an error as a problem and go on."""
    try:
        yield
    except DocgenError as error:
        problems.append(Message(error.text("zh"), error.text("en")))


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
