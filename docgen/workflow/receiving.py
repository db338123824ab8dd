"""What received files are: their name and content first, then the folders that they were dropped into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from docgen.archive.identity import Identity
from docgen.archive.legal import canonical_project, fold_key, half_width
from docgen.archive.parcel import Parcel, ParcelFile
from docgen.archive.queries import FiledVersion
from docgen.archive.versions import FIRST, Version, next_version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.types import DocType
from docgen.ingest.aliases import Aliases, says_nothing
from docgen.ingest.content.examine import extension, stem
from docgen.ingest.reading import Reading, read_stem
from docgen.ingest.times import last_changed
from docgen.workflow.new_projects import admit, known_projects
from docgen.workflow.session import Session
from docgen.workflow.triage import parcel_by, read_clues


@dataclass(frozen=True, slots=True)
class Received:
    """A parcel, and how docgen came to it.

    Attributes:
        numbered: docgen chose version or serial; if it was taken meanwhile, another one will do.
        lesson: Name and type that the folder has taught, to be remembered once the parcel is filed.
    """

    parcel: Parcel
    numbered: bool = False
    lesson: tuple[str, str] | None = None


@dataclass
class Reception:
    """Says what received files are, one parcel after the other.

    Args:
        aliases: What names were learnt to mean.
    """

    session: Session
    aliases: Aliases
    #: What was given to earlier parcels that may not be filed yet.
    _given: set[tuple[str, str, str, str, str]] = field(default_factory=set)

    def receive(self, paths: Sequence[Path], inbox: Path) -> Received:
        """Return the parcel that ``paths`` (of one stem, in ``inbox``) make.

        Raises:
            ArchiveRefused: Neither name nor content nor folder tells what it is, or they contradict.
            EnvironmentFault: A file cannot be read.
        """
        for path in paths:
            with told(path):
                last_changed(path, self.session.settings.zone)
        clues = read_clues(self.session, paths)
        files = tuple(ParcelFile.of(path, extension(path.name), inbox=inbox, finish=True) for path in paths)
        folders = paths[0].parent.relative_to(inbox).parts
        if clues.named or clues.origin or not folders:
            parcel = parcel_by(self.session, clues, files)
            received = Received(_noting_folder(parcel, folders), numbered=clues.named is None)
        else:
            received = self._by_folder(files, paths[0], folders)
        return replace(received, parcel=admit(self.session, received.parcel))

    # What folders tell

    def _by_folder(self, files: tuple[ParcelFile, ...], path: Path, folders: Sequence[str]) -> Received:
        """Return what folders make of it: the first is the project, the second the type."""
        reading = read_stem(stem(path.name))
        project = canonical_project(folders[0])
        told = self._type_of_folder(folders)
        doc_type = told or self._type_of_name(reading)
        if doc_type is None:
            raise self._unknown_type(folders)
        self._check_words(reading, project, doc_type)
        notes = [Message(f"按文件夹归入项目 {project}", f"project {project} by its folder")]
        lesson = (reading.rest, doc_type.name) if told else None
        if same := self._same_name(reading, project, doc_type, stem(path.name), files):
            notes.append(
                Message(f"与 {same.stem} 同名，作为它的补充", f"named like {same.stem}, and added to it")
            )
            return Received(Parcel(doc_type, same.identity, files, notes=tuple(notes)), True, lesson)
        day = reading.day or self._day_of(path, notes)
        identity = self._number(Identity(project, doc_type.token, "", day, FIRST), doc_type, reading.version)
        parcel = Parcel(doc_type, identity, files, notes=tuple(notes))
        return Received(parcel, reading.version is None, lesson)

    def _same_name(
        self, reading: Reading, project: str, doc_type: DocType, name: str, files: Sequence[ParcelFile]
    ) -> FiledVersion | None:
        """Return the version that came under the same name and lacks these files: docx first, pdf later.

        Names that are given to anything, as are those of types that recur, make no document of two.
        """
        bare = doc_type.recurring and all(map(self.session.types.by_name, reading.words))
        if bare or says_nothing(reading.rest):
            return None
        came = self.session.catalogue.came_as(doc_type, project, f"{name}.")
        same = next((one for one in came if any(stem(it.original_name) == name for it in one.files)), None)
        lacks = same and not any(same.file(it.ext) for it in files)
        return same if lacks else None

    def _type_of_folder(self, folders: Sequence[str]) -> DocType | None:
        return self.session.types.by_name(half_width(folders[1])) if len(folders) > 1 else None

    def _type_of_name(self, reading: Reading) -> DocType | None:
        """Return the type that a word of the name means, or that the whole name was learnt to mean."""
        named = {one.id: one for one in self._types_in(reading)}
        if len(named) > 1:
            names = "、".join(one.name for one in named.values())
            raise ArchiveRefused(
                Message(f"文件名中有不止一个文件类型：{names}", f"the name holds several types: {names}")
            )
        learnt = None if named else self.aliases.find(reading.rest)
        return self.session.types.by_name(learnt) if learnt else next(iter(named.values()), None)

    def _types_in(self, reading: Reading) -> list[DocType]:
        found = (self.session.types.by_name(word) for word in reading.words)
        return [one for one in found if one]

    def _unknown_type(self, folders: Sequence[str]) -> ArchiveRefused:
        where = f"“{folders[1]}”" if len(folders) > 1 else ""
        return ArchiveRefused(
            Message(
                f"文件夹{where}和文件名都没有说明文件类型" if where else "文件名没有说明文件类型",
                "neither folder nor name tells the document type",
            ),
            hint=Message(
                f"放进“{folders[0]}/文件类型/”文件夹，或在文件名中写明类型；类型见 docgen types --all",
                f"put it into the folder “{folders[0]}/TYPE/”, or name the type; see docgen types --all",
            ),
        )

    def _check_words(self, reading: Reading, project: str, doc_type: DocType) -> None:
        """Refuse a name that itself names another type, or another project that there is."""
        others = [one.name for one in self._types_in(reading) if one.id != doc_type.id]
        if others:
            raise _contradiction(f"类型 {others[0]}", f"类型 {doc_type.name}")
        known = {fold_key(name): name for name in known_projects(self.session)}
        prefixes = (fold_key(text) for text in (*reading.words, *reading.before))
        named = [known[key] for key in prefixes if key in known and key != fold_key(project)]
        if named:
            raise _contradiction(f"项目 {named[0]}", f"项目 {project}")

    def _day_of(self, path: Path, notes: list[Message]) -> date:
        day = last_changed(path, self.session.settings.zone)
        notes.append(
            Message(
                f"文件名没有日期，取文件的修改日期 {day}",
                f"no date in the name; the day of its last change, {day}, was taken",
            )
        )
        return day

    def _number(self, identity: Identity, doc_type: DocType, version: Version | None) -> Identity:
        """Give the next version; of a type that recurs, the next serial of that day."""
        catalogue = self.session.catalogue
        if version:
            return replace(identity, version=version)
        if not doc_type.recurring:
            filed = catalogue.document(doc_type, identity.project, identity.date)
            identity = replace(identity, version=next_version([one.version for one in filed]))
            while not self._reserve(identity, doc_type):
                identity = replace(identity, version=identity.version.next_minor())
            return identity
        taken = catalogue.taken_serials(doc_type, identity.project, identity.date)
        number = 1
        while identity.serial.casefold() in taken or not self._reserve(identity, doc_type):
            number += 1
            identity = replace(identity, serial=f"{number:02d}")
        return identity

    def _reserve(self, identity: Identity, doc_type: DocType) -> bool:
        day = identity.date.isoformat() if doc_type.recurring else ""
        key = (fold_key(identity.project), doc_type.id, identity.serial, day, str(identity.version))
        if key in self._given:
            return False
        self._given.add(key)
        return True


def _noting_folder(parcel: Parcel, folders: Sequence[str]) -> Parcel:
    project = parcel.identity.project
    if not folders or fold_key(half_width(folders[0])) == fold_key(project):
        return parcel
    note = Message(
        f"放在文件夹“{folders[0]}”中，按文件名或内容归入项目 {project}",
        f"it lay in the folder “{folders[0]}”; name or content put it into project {project}",
    )
    return replace(parcel, notes=(*parcel.notes, note))


def _contradiction(name: str, folder: str) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"文件名说是{name}，所在文件夹却是{folder}", f"the name says {name}, the folder says {folder}"
        ),
        hint=Message("改正文件名，或移到正确的文件夹", "correct the name, or move it to the right folder"),
    )
