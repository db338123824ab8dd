"""The archive: filing, completing, withdrawing, and setting right what was interrupted.

The order of a filing: copy aside, sync, read back; under the project's lock publish the files, sync the
folders, publish the journal entry (the commit), manifest, catalogue; then the caller indexes, and finishes
the sources at the very end.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

from docgen.archive.bundle import Bundle
from docgen.archive.catalogue import Catalogue
from docgen.archive.commits import Commits
from docgen.archive.decide import Decision, decide
from docgen.archive.entries import Event, Head
from docgen.archive.filed import Filed, event_item
from docgen.archive.identity import project_key
from docgen.archive.known import what_is_known
from docgen.archive.parcel import Parcel
from docgen.archive.queries import FiledVersion
from docgen.archive.recovery import rebuild
from docgen.archive.removing import finish_removals
from docgen.archive.sources import finish_sources
from docgen.archive.staging import Staging
from docgen.base import files
from docgen.base.clock import Clock, system_clock
from docgen.base.errors import ArchiveRefused, DocgenError, EnvironmentFault
from docgen.base.locks import PATIENCE, Locked
from docgen.base.messages import Message
from docgen.base.system_errors import told


class Archive:
    """The archive folder together with its catalogue.

    Args:
        folder: `archive/` of the workspace.
        catalogue: Derived; it is brought up to date whenever it lags behind the journals.
        clock: Tells the time of journal entries.
        patience: Seconds to wait for another process that files into the same project.
        zone: Of the day under which duplicates are set aside.
        own: Inboxes and drafts of the workspace (absolute): only what lies there may still be removed as a
            source after the catalogue was made anew.
    """

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        *,
        clock: Clock = system_clock,
        patience: float = PATIENCE,
        zone: tzinfo = UTC,
        own: Sequence[Path] = (),
    ) -> None:
        self.folder = folder
        self.catalogue = catalogue
        self._clock = clock
        self._zone = zone
        self._own = own
        self.commits = Commits(folder, catalogue, clock, patience, own)

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
            left = group
            while left:
                left = self._file_some(left, results, actor=actor)
        return [results[place] for place in range(len(parcels))]

    def _file_some(
        self, parcels: list[tuple[int, Parcel]], results: dict[int, Filed | ArchiveRefused], *, actor: str
    ) -> list[tuple[int, Parcel]]:
        """Commit parcels of one project up to the first that depends on one before it; return the rest.

        They are copied before the project's lock is taken: nobody waits for a large file.
        """
        name = parcels[0][1].identity.project
        with self.commits.room_ahead(name) as ahead:
            bundle, left = _copied(ahead, parcels, results)
            if bundle.parcels:
                held = self.commits.project(name)
                with held as (project, head), self.commits.room(project, ahead) as room:
                    decided = self._decided(project, bundle, results)
                    if decided:
                        items = [one.item for one in decided.values()]
                        publish = [file for one in decided.values() for file in one.publish]
                        _, filed = self.commits.commit(room, project, head, items, publish, actor=actor)
                        results.update(zip(decided, filed, strict=True))
        return left

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

    def withdraw(
        self,
        version: FiledVersion,
        *,
        actor: str,
        notes: Sequence[Message] = (),
        patience: float | None = None,
    ) -> Filed:
        """Mark a version as misfiled: it is kept, but leaves search and registers.

        ``patience``: as for `Commits.project`.
        """
        item = event_item(Event.WITHDRAWN, version, notes)
        held = self.commits.project(version.project, patience=patience)
        with held as (project, head), self.commits.room(project) as room:
            _, (filed,) = self.commits.commit(room, project, head, [item], actor=actor)
            return filed

    def hand_out(self, versions: Sequence[FiledVersion], note: Message, *, actor: str) -> Head:
        """Note in the journal that versions of one project were handed out; return the new head.

        Args:
            versions: At least one.
            note: To where, and up to which entry.
            actor: As for `file`.
        """
        items = [event_item(Event.EXPORTED, version, [note]) for version in versions]
        with self.commits.project(versions[0].project) as (project, head), self.commits.room(project) as room:
            return self.commits.commit(room, project, head, items, actor=actor)[0]

    def recover(self, *, actor: str) -> tuple[Message, ...]:
        """Finish what was interrupted, in every project; cheap when there is nothing to do.

        Leftovers are cleared, catalogue and manifests brought up to the journals, misfiled versions withdrawn
        whose refiling was cut short, removed files and sources of filed documents finished. What cannot be
        done is returned as warnings and does not hold up the rest. Nobody is waited for: a project that
        another process is at work in settles itself.
        """
        with told(self.folder):
            files.make_folder(self.folder)
            problems = list(self.commits.recovery.rebuild_if_stale())
            self._clear_strays()
            for project in self.commits.recovery.behind():
                with _noted(problems), self.commits.project(project, patience=0):
                    pass
        for origin in self.catalogue.misfiled_origins():
            with _noted(problems):
                self.withdraw(origin, actor=actor, patience=0)
        return (*problems, *finish_removals(self.commits), *self._finish_sources())

    def rebuild(self, *, actor: str) -> tuple[Message, ...]:
        """Derive catalogue and manifests anew from the journals alone; return warnings as `recover` does.

        The queue of the index stays as it is, unless there was no catalogue: then every version is queued.
        Until all is read, the old catalogue stays in use.
        """
        with told(self.folder):
            files.make_folder(self.folder)
            problems = rebuild(self.folder, self.catalogue, self._own, indexed=True)
        return tuple(dict.fromkeys((*problems, *self.recover(actor=actor))))

    def _clear_strays(self) -> None:
        """Clear what first filings into new projects left, unless one of them is at work."""
        for leftover in self.commits.recovery.strays():
            key = leftover.name.partition("-")[0]
            with contextlib.suppress(EnvironmentFault), self.commits.locked(key, patience=0):
                if leftover in self.commits.recovery.strays():
                    files.remove_tree(leftover)

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


def _copied(
    room: Staging, parcels: list[tuple[int, Parcel]], results: dict[int, Filed | ArchiveRefused]
) -> tuple[Bundle, list[tuple[int, Parcel]]]:
    """Copy parcels aside up to the first that depends on one before it; return those and the rest."""
    bundle = Bundle()
    for number, (place, parcel) in enumerate(parcels):
        try:
            staged = room.take_all(parcel.files)
        except ArchiveRefused as error:
            results[place] = error
            continue
        if bundle.concerns(parcel, staged):
            return bundle, parcels[number:]
        bundle.add(place, parcel, staged)
    return bundle, []


@contextlib.contextmanager
def _noted(problems: list[Message]) -> Iterator[None]:
    """Note an error as a problem and go on; a project that is at work is none."""
    try:
        yield
    except Locked:
        pass
    except DocgenError as error:
        problems.append(Message(error.text("zh"), error.text("en")))
