"""What a received file is: read from its name, else from what docgen wrote into it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path

from docgen.archive.identity import RECORD_EXT, Identity
from docgen.archive.legal import fold_key
from docgen.archive.names import ParsedName, parse_name
from docgen.archive.parcel import Facts, Parcel, ParcelFile, Source
from docgen.archive.versions import Version, next_version
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.lookup import Asked
from docgen.forms.types import DocType
from docgen.forms.values import Ref
from docgen.render.ooxml import BadPackage
from docgen.render.provenance import Provenance, read
from docgen.render.textnorm import text_digest
from docgen.workflow.lookup import Lookup
from docgen.workflow.session import Session

#: What a record and its document have in common.
_NAMING = ("project_name", "doc_id", "doc_date", "version")
_ZIPPED = frozenset({"docx", "xlsx", "pptx"})
#: The keys by which a reference is known in a record.
_REF = {field.name for field in fields(Ref)}


@dataclass(frozen=True)
class Origin:
    """What docgen wrote into a document when it made it, checked."""

    doc_type: DocType
    identity: Identity
    provenance: Provenance
    edited: bool


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
    return parcel_by(session, clues, files)


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
    origin = next((found for path in paths if (found := _origin(session, path))), None)
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
        doc_id=str(origin.provenance.fields.get("doc_id") or "") if origin else "",
        facts=_facts(session, origin),
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


def _origin(session: Session, path: Path) -> Origin | None:
    """Return what docgen wrote into the document; it is a stranger's word, so every part is checked."""
    if _extension(path) != "docx":
        return None
    try:
        with told(path):
            data = path.read_bytes()
        provenance = read(data)
        doc_type = session.types.get(provenance.type_id) if provenance else None
        if provenance is None or doc_type is None:
            return None
        edited = provenance.text_digest != text_digest(data)
        return Origin(doc_type, _identity(doc_type, provenance.fields), provenance, edited)
    except (BadPackage, ArchiveRefused, ValueError):
        return None  # then only its name can say what it is


def _identity(doc_type: DocType, fields: Mapping[str, object]) -> Identity:
    text = {key: str(fields.get(key) or "") for key in ("project_name", "serial", "doc_date", "version")}
    day, version = date.fromisoformat(text["doc_date"]), Version.parse(text["version"])
    return Identity(text["project_name"], doc_type.token, text["serial"], day, version)


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


def _facts(session: Session, origin: Origin | None) -> Facts:
    if origin is None:
        return Facts()
    made = origin.provenance
    return Facts(
        edited=origin.edited,
        status=str(made.fields.get("status") or ""),
        confidentiality=str(made.fields.get("confidentiality") or "") or Facts().confidentiality,
        record_digest=made.record_digest,
        template_digest=made.template_digest,
        form_digest=made.form_digest,
        refs=_refs(Lookup(session), origin),
    )


def _refs(lookup: Lookup, origin: Origin) -> tuple[Ref, ...]:
    """Return what the document refers to, looked up anew: what it says of them is a stranger's word."""
    asked = list(_asked(origin.provenance.fields))
    found = lookup.find_refs(origin.identity.project, asked)
    return tuple(ref or Ref(one.text) for one, ref in zip(asked, found, strict=True))


def _asked(fields: Mapping[str, object]) -> Iterator[Asked]:
    rows = (row for value in fields.values() if isinstance(value, list) for row in value)
    cells = (cell for row in rows if isinstance(row, Mapping) for cell in row.values())
    for value in (*fields.values(), *cells):
        if isinstance(value, Mapping) and value.keys() == _REF and isinstance(value["text"], str):
            known = isinstance(value["type_id"], str) and value["type_id"]
            yield Asked([value["type_id"]] if known else [], value["text"])
