"""What a received file is: read from its name, else from what docgen wrote into it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from docgen.archive.identity import RECORD_EXT, Identity
from docgen.archive.legal import fold_key
from docgen.archive.names import ParsedName, parse_name
from docgen.archive.parcel import Parcel, ParcelFile, Source
from docgen.archive.versions import next_version
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.text.pdf_lock import is_locked
from docgen.workflow.new_projects import noted
from docgen.workflow.origin import Origin, facts_of, origin_of
from docgen.workflow.session import Session

#: What a record and its document have in common.
_NAMING = ("project_name", "doc_id", "doc_date", "version")
_ZIPPED = frozenset({"docx", "xlsx", "pptx", "odt", "ods"})


@dataclass(frozen=True)
class Clues:
    """What name and content tell; they agree on project and type where both tell something.

    Attributes:
        named: The name as it was understood.
        origin: What docgen wrote into the document.
        refusal: Why the name was not understood.
    """

    named: ParsedName | None
    origin: Origin | None
    refusal: DocgenError | None


def parcels(session: Session, paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Group ``paths`` by what is filed together: a document, its PDF and its record share folder and stem."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in dict.fromkeys(path.absolute() for path in paths):
        groups.setdefault((path.parent, _stem(path)), []).append(path)
    return [tuple(group) for group in groups.values()]


def _stem(path: Path) -> str:
    name = path.name
    return name[: -len(RECORD_EXT) - 1] if name.lower().endswith("." + RECORD_EXT) else path.stem


def triage(session: Session, paths: Sequence[Path], *, move: bool) -> Parcel:
    """Return the parcel that ``paths`` (of one stem) make.

    A canonical name decides date, serial and version; where it cannot be read, what docgen wrote into the
    document decides, and a version that is taken by other bytes becomes the next minor one.

    Raises:
        ArchiveRefused: Neither tells what it is; or they disagree on project or type.
    """
    clues = read_clues(session, paths)
    paths = (*paths, *_record_beside(clues.origin, paths))
    files = tuple(ParcelFile.of(path, _extension(path), finish=move) for path in paths)
    return noted(session, parcel_by(session, clues, files))


def _record_beside(origin: Origin | None, paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the record that lies beside a draft: it belongs to the document, and makes it anew some day."""
    docx = next((path for path in paths if _extension(path) == "docx"), None)
    if origin is None or docx is None or any(_extension(path) == RECORD_EXT for path in paths):
        return
    record = docx.with_name(f"{_stem(docx)}.{RECORD_EXT}")
    try:
        text = record.read_text(encoding="utf-8") if record.is_file() and not record.is_symlink() else ""
        values = json.loads(text)["values"] if text else {}
        same = bool(values) and all(values.get(key) == origin.provenance.fields.get(key) for key in _NAMING)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return  # no record of this document
    if same:
        yield record


def read_clues(session: Session, paths: Sequence[Path]) -> Clues:
    """Return what name and content of ``paths`` (of one stem) tell.

    Raises:
        ArchiveRefused: The content is not what the name says, or they disagree on project or type.
    """
    for path in paths:
        check_content(path)
    docx = next((path for path in paths if _extension(path) == "docx"), None)
    origin = origin_of(session, docx) if docx else None
    try:
        named = parse_name(paths[0].name, session.types)
    except ArchiveRefused as refusal:
        return Clues(None, origin, refusal)
    if origin:
        _check_agreement(paths[0], named, origin)
    return Clues(named, origin, None)


def parcel_by(session: Session, clues: Clues, files: tuple[ParcelFile, ...]) -> Parcel:
    """Return the parcel that clues make of files: the name decides, else what docgen wrote into them.

    Raises:
        ArchiveRefused: Neither tells what it is.
    """
    named, origin = clues.named, clues.origin
    if named:
        identity, doc_type = named.identity, named.doc_type
    elif origin:
        identity, doc_type = _free(session, origin, [file.ext for file in files]), origin.doc_type
    else:
        assert clues.refusal is not None  # a name is understood or refused
        raise clues.refusal
    return Parcel(
        doc_type,
        identity,
        files,
        doc_id=origin.doc_id if origin else "",
        facts=facts_of(session, origin),
        notes=named.notes if named else (),
    )


def _extension(path: Path) -> str:
    return path.name[len(_stem(path)) + 1 :].lower()


def check_content(path: Path) -> None:
    """Refuse what is no file, or whose content is plainly not what its extension says, or cut off.

    Raises:
        ArchiveRefused: So it is.
        EnvironmentFault: The file cannot be read.
    """
    Source.of(path)  # a folder, a link, a pipe; an empty file
    ext = _extension(path)
    with told(path), path.open("rb") as file:
        head = file.read(1024)
    if (ext in _ZIPPED and not zipfile.is_zipfile(path)) or (ext == "pdf" and b"%PDF-" not in head):
        raise ArchiveRefused(
            Message(f"内容不完整，或者不是 {ext} 文件", f"incomplete, or not a {ext} file"),
            where=path.name,
            hint=Message(
                "用相应的软件打开确认，另存后再归档", "open it in its program, save it again, then file it"
            ),
        )
    with told(path):
        locked = ext == "pdf" and is_locked(path)
    if locked:
        raise ArchiveRefused(
            Message("PDF 设有打开密码", "the PDF has an opening password"),
            where=path.name,
            hint=Message("取消打开密码，另存后再归档", "save it without the password, then file it"),
        )


def _check_agreement(path: Path, named: ParsedName, origin: Origin) -> None:
    name, made = named.identity, origin.identity
    if fold_key(name.project) == fold_key(made.project) and named.doc_type.id == origin.doc_type.id:
        return
    raise ArchiveRefused(
        Message(
            f"文件名说是“{name.project}”的{named.doc_type.name}，内容却是“{made.project}”的{origin.doc_type.name}",
            f"the name says {named.doc_type.name} of “{name.project}”, the content says "
            f"{origin.doc_type.name} of “{made.project}”",
        ),
        where=path.name,
        hint=Message("改正文件名后再归档", "correct the file name, then file it"),
    )


def _free(session: Session, origin: Origin, extensions: Iterable[str]) -> Identity:
    """Return the identity that the document says of itself, with the next minor version if that is taken."""
    identity = origin.identity
    filed = session.catalogue.document(origin.doc_type, identity.project, identity.date, identity.serial)
    taken = next((one for one in filed if one.version == identity.version), None)
    same_kind = taken and any(taken.file(ext) for ext in extensions)
    if not same_kind:
        return identity
    return replace(identity, version=next_version([one.version for one in filed]))
