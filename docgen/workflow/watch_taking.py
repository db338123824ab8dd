"""Settled files taken out of an inbox: filed in groups, or set aside with the reason."""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from docgen.archive.aside import set_aside
from docgen.archive.digests import sha256_bytes, sha256_file
from docgen.archive.entries import Event
from docgen.archive.legal import fold_key, printable
from docgen.archive.parcel import Source
from docgen.archive.staging import SourceChanged
from docgen.archive.store import Filed
from docgen.base.clock import rfc3339, system_clock
from docgen.base.errors import ArchiveRefused, DocgenError, EnvironmentFault
from docgen.base.files import put_back
from docgen.base.locks import Locked
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.ingest.aliases import Aliases
from docgen.ingest.scanning import Sighting
from docgen.ingest.settling import Parcel
from docgen.workflow.filing import Taken
from docgen.workflow.receiving import Received, Reception, suggested_name
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Inbox:
    """A folder in which files are dropped, and how it is called in settings and journal."""

    name: str
    path: Path

    @property
    def actor(self) -> str:
        """Who files, for the journal."""
        return f"watch:{self.name}"


class Fate(StrEnum):
    """What became of files that were taken."""

    FILED = "filed"
    ADDED = "added"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"
    #: They changed meanwhile, and settle anew.
    CHANGED = "changed"
    #: They are still in the inbox, and tried again later.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one parcel.

    Attributes:
        said: What people are told.
        place: Where the files are now, relative to the workspace; empty while they are in the inbox.
        notes: Corrections and warnings.
    """

    paths: tuple[Path, ...]
    fate: Fate
    said: Message
    place: str = ""
    notes: tuple[Message, ...] = ()

    @property
    def names(self) -> str:
        """The names of the files, printable."""
        return "、".join(printable(path.name) for path in self.paths)


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
        return [failed(parcels[0], _log(session))]


def _log(session: Session) -> Message:
    """Keep the traceback for the maintainers; return what people are told."""
    path = session.workspace.state / "log" / "watch.log"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{rfc3339(system_clock())} {traceback.format_exc()}\n")
    return Message(f"程序内部错误，见 {path}", f"an internal error, see {path}")


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
                outcomes.append(failed(parcel, _STAYS))
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
            if any(_renamed(path) for path in parcel.paths):
                return _changed(parcel)
            if parcel.refusal:
                raise ArchiveRefused(parcel.refusal)
            received = reception.receive(parcel.paths, self._inbox.path)
        except EnvironmentFault as error:
            return failed(parcel, error.message) if _is_same(parcel) else _changed(parcel)
        except DocgenError as error:
            return self._reject(parcel, error)
        if not all(map(_is_source, received.parcel.files, parcel.files)):
            return _changed(parcel)
        return _Candidate(parcel, received)

    def _filed_already(self, parcels: Sequence[Parcel]) -> set[Parcel]:
        """Return the parcels that are filed, but whose files could not be taken away; it is tried again."""
        waiting = {(path, seen.size, seen.mtime_ns): one for one in parcels for path, seen in one.files}
        pending = self._session.catalogue.pending_sources()
        found = {waiting[key] for one in pending if (key := (one.path, one.size, one.mtime_ns)) in waiting}
        if found:
            self._session.archive.recover(actor=self._inbox.actor)
        return found

    # Filing

    def _file(self, group: Sequence[_Candidate]) -> Iterator[Outcome]:
        """File parcels of one project together; if the disk refuses, one by one, to spare the others."""
        archive = self._session.archive
        try:
            results = archive.file_many([one.received.parcel for one in group], actor=self._inbox.actor)
        except EnvironmentFault as error:
            yield from self._after_fault(group, error)
            return
        filed = [one for one in results if isinstance(one, Filed)]
        late = archive.finish(filed)
        for candidate, result in zip(group, results, strict=True):
            if isinstance(result, Filed):
                self._learn(candidate.received)
                yield self._told(candidate.parcel, result, late)
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
        mine = tuple(one for one in late if any(str(path) in one.zh for path in parcel.paths))
        fate = {Event.ADDED: Fate.ADDED, Event.DUPLICATE: Fate.DUPLICATE}.get(filed.event, Fate.FILED)
        place = "" if fate is Fate.DUPLICATE else "、".join(f"archive/{path}" for path in filed.paths)
        return Outcome(parcel.paths, fate, said, place, (*filed.notes, *filed.warnings, *mine))

    def _refused(self, candidate: _Candidate, error: ArchiveRefused) -> Outcome:
        if isinstance(error, SourceChanged):
            return _changed(candidate.parcel)
        if candidate.received.numbered:
            again = self._receive(Reception(self._session, self._aliases), candidate.parcel)
            if isinstance(again, Outcome):
                return again
            if again.received.parcel.identity != candidate.received.parcel.identity:
                return _changed(candidate.parcel)  # another program was faster: it is numbered anew
        return self._reject(candidate.parcel, error)

    def _learn(self, received: Received) -> None:
        if received.lesson:
            try:
                self._aliases.learn(*received.lesson)
            except EnvironmentFault:
                return  # it is filed all the same, and will be taught again

    # Rejecting

    def _reject(self, parcel: Parcel, error: DocgenError) -> Outcome:
        """Set the files aside with the reason, if they are still those that were judged."""
        paths = parcel.paths
        try:
            with told(paths[0]):
                suggestion = suggested_name(self._session, paths[0], self._inbox.path)
                text, digest = self._reason(parcel, error, suggestion), _digest(parcel)
                if not _is_same(parcel):
                    return _changed(parcel)
                moved = set_aside(paths, self._session.workspace.rejected, self._session.today, digest, text)
        except EnvironmentFault as fault:
            return failed(parcel, fault.message) if _is_same(parcel) else _changed(parcel)
        place = moved[0].parent.relative_to(self._session.workspace.root).as_posix()
        return Outcome(paths, Fate.REJECTED, error.message, place)

    def _reason(self, parcel: Parcel, error: DocgenError, suggestion: str) -> str:
        lines = [
            f"未归档：{'、'.join(printable(path.name) for path in parcel.paths)}",
            f"来自：{printable(str(parcel.paths[0].parent))}",
            f"原因：{error.message.zh}",
            *(line.strip() for line in error.details("zh")),
        ]
        if error.hint:
            lines.append(f"处理办法：{error.hint.zh}")
        if suggestion:
            lines.append(f"建议的文件名：{suggestion}")
        lines.append("改正后重新放入收件夹即可。")
        return "\n".join(lines)


_STAYS = Message(
    "已归档，但无法把原文件移走；请检查收件夹的权限",
    "filed, but the original cannot be removed; check the permissions of the inbox",
)


def failed(parcel: Parcel, reason: Message) -> Outcome:
    """Return that a parcel stays in the inbox for now."""
    return Outcome(parcel.paths, Fate.FAILED, reason)


def _changed(parcel: Parcel) -> Outcome:
    return Outcome(parcel.paths, Fate.CHANGED, Message("文件有变化，重新等待", "it changed; it settles anew"))


def _is_same(parcel: Parcel) -> bool:
    """Whether all files are still what was looked into."""
    try:
        return all(Sighting.of(path) == seen for path, seen in parcel.files)
    except OSError:
        return False


def _is_source(file: object, seen: tuple[Path, Sighting]) -> bool:
    source = getattr(file, "content", None)
    return isinstance(source, Source) and (source.size, source.mtime_ns) == (seen[1].size, seen[1].mtime_ns)


def _renamed(path: Path) -> bool:
    """Give a file whose name is no text (of an old Windows, say) one that can be written down."""
    name = os.fsencode(path.name)
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = name.decode("gb18030")
        except UnicodeDecodeError:
            text = name.decode("utf-8", "backslashreplace").replace("\\", "")
        with told(path):
            put_back(path, path.with_name(printable(text)))
        return True
    return False


def _digest(parcel: Parcel) -> str:
    """Return what the folder of a rejected file is called by: its digest, else that of how it looked."""
    path, seen = parcel.files[0]
    if seen.regular:
        try:
            return sha256_file(path)
        except PermissionError:
            pass
    return sha256_bytes(f"{printable(str(path))} {seen}".encode("utf-8", "backslashreplace"))
