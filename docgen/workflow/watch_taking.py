"""Settled files taken out of an inbox: filed in groups, or set aside with the reason."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.entries import Event
from docgen.archive.filed import Filed
from docgen.archive.legal import fold_key, printable
from docgen.archive.parcel import Source
from docgen.archive.staging import SourceChanged
from docgen.base.errors import ArchiveRefused, DocgenError, EnvironmentFault
from docgen.base.files import same_bytes
from docgen.base.locks import Locked
from docgen.base.messages import Message
from docgen.base.publishing import put_back
from docgen.base.system_errors import told
from docgen.ingest.aliases import Aliases
from docgen.ingest.scanning import Sighting
from docgen.ingest.settling import Parcel
from docgen.workflow.filing import Taken
from docgen.workflow.receiving import Received, Reception
from docgen.workflow.session import Session
from docgen.workflow.watch_looking import unforeseen
from docgen.workflow.watch_outcome import Fate, Inbox, Outcome, changed, failed, is_same
from docgen.workflow.watch_rejecting import reject


@dataclass(frozen=True, slots=True)
class _Candidate:
    parcel: Parcel
    received: Received

    @property
    def project(self) -> str:
        return fold_key(self.received.parcel.identity.project)


def take(session: Session, inbox: Inbox, aliases: Aliases, parcels: Sequence[Parcel]) -> list[Outcome]:
    """File or reject every parcel; what keeps one out, were it a mistake of ours, hinders no other."""
    try:
        return _Taking(session, inbox, aliases).take(parcels)
    except EnvironmentFault as error:
        return [failed(parcel, error.message) for parcel in parcels]
    except Exception:
        if len(parcels) > 1:
            return [outcome for parcel in parcels for outcome in take(session, inbox, aliases, [parcel])]
        return [failed(parcels[0], unforeseen(session.workspace))]


class _Taking:
    """Takes settled parcels out of one inbox."""

    def __init__(self, session: Session, inbox: Inbox, aliases: Aliases) -> None:
        self._session, self._inbox, self._aliases = session, inbox, aliases

    def take(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        """File or reject every parcel; what keeps one out hinders no other."""
        reception = Reception(self._session, self._aliases)
        outcomes: list[Outcome] = []
        candidates: dict[str, list[_Candidate]] = {}
        filed_already = self._filed_already(parcels)
        for parcel in parcels:
            if parcel in filed_already:
                outcomes.append(failed(parcel, filed_already[parcel]))
                continue
            got = self._receive(reception, parcel)
            if isinstance(got, Outcome):
                outcomes.append(got)
            else:
                candidates.setdefault(got.project, []).append(got)
        for group in candidates.values():
            outcomes += self._file(group)
        return outcomes

    # What it is

    def _receive(self, reception: Reception, parcel: Parcel) -> _Candidate | Outcome:
        try:
            if any(_renamed(path, self._inbox.path) for path in parcel.paths):
                return changed(parcel)
            if parcel.refusal:
                raise ArchiveRefused(parcel.refusal, hint=_PROVIDE_ANEW)
            received = reception.receive(parcel.paths, self._inbox.path)
        except EnvironmentFault as error:
            return failed(parcel, error.message) if is_same(parcel) else changed(parcel)
        except DocgenError as error:
            return reject(self._session, self._inbox, parcel, error)
        if not all(map(_is_source, received.parcel.files, parcel.files)):
            return changed(parcel)
        return _Candidate(parcel, received)

    def _filed_already(self, parcels: Sequence[Parcel]) -> dict[Parcel, Message]:
        """Return the parcels that are filed but could not be taken away, and why; it is tried again."""
        waiting = {(path, seen.size, seen.mtime_ns): one for one in parcels for path, seen in one.files}
        pending = self._session.catalogue.pending_sources()
        found = {waiting[key] for one in pending if (key := (one.path, one.size, one.mtime_ns)) in waiting}
        late = self._session.archive.recover(actor=self._inbox.actor) if found else ()
        return {parcel: next(_about(parcel, late), _STAYS) for parcel in found}

    # Filing

    def _file(self, group: Sequence[_Candidate]) -> Iterator[Outcome]:
        """File parcels of one project together; if the disk refuses, one by one, to spare the others."""
        archive = self._session.archive
        try:
            results = archive.file_many([one.received.parcel for one in group], actor=self._inbox.actor)
        except EnvironmentFault as error:
            yield from self._after_fault(group, error)
            return
        except ArchiveRefused as error:  # the project's journal is damaged: the files are not to blame
            said = Message(error.text("zh"), error.text("en"))
            yield from (failed(one.parcel, said) for one in group)
            return
        filed = [one for one in results if isinstance(one, Filed)]
        late = archive.finish(filed)
        for candidate, result in zip(group, results, strict=True):
            if isinstance(result, Filed):
                self._learn(candidate.received)
                stays = result.event is Event.DUPLICATE and any(map(os.path.lexists, candidate.parcel.paths))
                yield (self._stayed if stays else self._told)(candidate.parcel, result, late)
            else:
                yield self._refused(candidate, result)

    def _after_fault(self, group: Sequence[_Candidate], error: EnvironmentFault) -> Iterator[Outcome]:
        """What was committed before the fault is finished; the rest is tried alone, or left for later."""
        committed = {one.path for one in self._session.catalogue.pending_sources()}
        self._session.archive.recover(actor=self._inbox.actor)
        for candidate in group:
            paths = candidate.parcel.paths
            if committed.issuperset(paths):
                self._learn(candidate.received)
                stem = candidate.received.parcel.identity.stem
                yield Outcome(paths, Fate.FILED, Message(f"已归档：{stem}", f"filed: {stem}"))
            elif len(group) > 1 and not isinstance(error, Locked):
                yield from self._file([candidate])
            else:
                yield failed(candidate.parcel, error.message)

    def _told(self, parcel: Parcel, filed: Filed, late: Iterable[Message]) -> Outcome:
        said = Taken(filed, ()).sentence
        if filed.event is Event.DUPLICATE:
            paths = "、".join(filed.paths)
            said = Message(
                f"内容与 {paths} 相同，没有重复归档，已移到 duplicates/",
                f"the same as {paths}, not filed again, moved to duplicates/",
            )
        mine = _about(parcel, late)
        fate = {Event.ADDED: Fate.ADDED, Event.DUPLICATE: Fate.DUPLICATE}.get(filed.event, Fate.FILED)
        place = "" if fate is Fate.DUPLICATE else "、".join(f"archive/{path}" for path in filed.paths)
        return Outcome(parcel.paths, fate, said, place, (*filed.notes, *filed.warnings, *mine))

    def _stayed(self, parcel: Parcel, filed: Filed, late: Iterable[Message]) -> Outcome:
        """What was filed before, but is still in the inbox: it may be the only copy that is left."""
        folder = self._session.archive.folder
        pairs = zip(filed.paths, parcel.paths, strict=True)
        if broken := [kept for kept, path in pairs if not same_bytes(folder / kept, path)]:
            return reject(self._session, self._inbox, parcel, _broken("、".join(broken)))
        return failed(parcel, next(_about(parcel, late), _STAYS))

    def _refused(self, candidate: _Candidate, error: ArchiveRefused) -> Outcome:
        if isinstance(error, SourceChanged):
            return changed(candidate.parcel)
        if candidate.received.numbered:
            again = self._receive(Reception(self._session, self._aliases), candidate.parcel)
            if isinstance(again, Outcome):
                return again
            if again.received.parcel.identity != candidate.received.parcel.identity:
                return changed(candidate.parcel)  # another program was faster: it is numbered anew
        return reject(self._session, self._inbox, candidate.parcel, error)

    def _learn(self, received: Received) -> None:
        if received.lesson:
            try:
                self._aliases.learn(*received.lesson)
            except EnvironmentFault:
                return  # it is filed all the same, and will be taught again


_PROVIDE_ANEW = Message(
    "打开看看；能打开的，另存为扩展名相符、不加密、不含宏的文件，打不开的，请提交人重新提供",
    "open it; save it again under the right extension, without password and macros, or ask for it anew",
)
_STAYS = Message(
    "已归档，但无法把原文件移走；请检查收件夹的权限",
    "filed, but the original cannot be removed; check the permissions of the inbox",
)


def _about(parcel: Parcel, late: Iterable[Message]) -> Iterator[Message]:
    return (one for one in late if any(str(path) in one.zh for path in parcel.paths))


def _broken(paths: str) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"内容与已归档的 {paths} 相同，但归档的那份缺失或已损坏",
            f"the same as {paths}, but the filed copy is missing or damaged",
        ),
        hint=Message(
            "运行 docgen verify 核对档案，并保留这份文件：可用它恢复归档的那份",
            "check the archive with docgen verify, and keep this file: the filed copy can be made from it",
        ),
    )


def _is_source(file: object, seen: tuple[Path, Sighting]) -> bool:
    source = getattr(file, "content", None)
    return isinstance(source, Source) and (source.size, source.mtime_ns) == (seen[1].size, seen[1].mtime_ns)


def _renamed(path: Path, inbox: Path) -> bool:
    """Give a file, or a folder that it lies in, a name that can be written down, if its own is no text."""
    for place in (*reversed(path.relative_to(inbox).parents), path.relative_to(inbox)):
        text = _as_text(place.name)
        if text != place.name:
            with told(path):
                put_back(inbox / place, (inbox / place).with_name(text))
            return True
    return False


def _as_text(name: str) -> str:
    """Return a name as it reads in UTF-8, else in GB18030 (of an old Windows), else with codes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        try:
            return printable(os.fsencode(name).decode("gb18030"))
        except UnicodeDecodeError:
            return printable(name)
    return name
