"""Documents found again: by words inside them, by name, by number."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused, EnvironmentFault, UsageFault
from docgen.base.files import make_folder
from docgen.base.locks import Locked
from docgen.base.messages import Message
from docgen.search.engine import NEWEST, Filters, Results, Sort
from docgen.search.query import parse_query
from docgen.search.suggest import Suggestion, suggest
from docgen.search.synonyms import load_synonyms, with_synonyms
from docgen.workflow.filed_content import sound
from docgen.workflow.indexing import index_pending
from docgen.workflow.own_folders import refuse_inside
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, and for an empty result what could be tried instead."""

    results: Results
    suggestions: tuple[Suggestion, ...] = ()


def search(
    session: Session,
    query: str,
    filters: Filters = NEWEST,
    *,
    synonyms: bool = False,
    sort: Sort = Sort.SCORE,
    offset: int = 0,
    limit: int | None = 10,
) -> Found:
    """Return what ``query`` finds among the filed documents.

    Raises:
        QueryFault: The query cannot be read; the message points at the place.
        EnvironmentFault: The index is broken, or the table of synonyms that is asked for.
    """
    with suppress(Locked):  # another process is making the index anew: the old one serves
        index_pending(session)
    tree = parse_query(query)
    if synonyms:
        tree = with_synonyms(tree, load_synonyms(session.workspace.root))
    results = session.engine.search(tree, filters, sort=sort, offset=offset, limit=limit)
    return Found(results, () if results.total else _suggested(session, query, filters))


def _suggested(session: Session, query: str, filters: Filters) -> tuple[Suggestion, ...]:
    groups = None
    with suppress(EnvironmentFault):  # a mistake in a table that nobody asked for
        groups = load_synonyms(session.workspace.root)
    return suggest(session.engine, query, filters, groups)


def listing(session: Session, wanted: Filter) -> list[FiledVersion]:
    """Return the filed versions that ``wanted`` shows."""
    return session.catalogue.versions(wanted)


def find_one(session: Session, text: str, *, project: str = "") -> FiledVersion:
    """Return the one document that ``text`` names: its number, name, path, or a part that fits only one.

    Raises:
        UsageFault: None fits, or several; those are named.
    """
    found = session.catalogue.find(text, project=project)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageFault(
            Message(f"档案中没有“{text}”", f"nothing in the archive is called “{text}”"),
            hint=Message(
                "用 docgen list 或 docgen search 查找", "look for it with docgen list or docgen search"
            ),
        )
    names = "、".join(f"{one.project}/{one.stem}" for one in found[:10])
    raise UsageFault(
        Message(
            f"“{text}”对应 {len(found)} 份文件：{names}", f"“{text}” fits {len(found)} documents: {names}"
        ),
        hint=Message(
            f"写出其中一份的文件名，如 {found[0].stem}",
            f"write the name of one, like {found[0].stem}",
        ),
    )


def versions_of(session: Session, one: FiledVersion) -> list[FiledVersion]:
    """Return all versions of the document that ``one`` belongs to, newest first."""
    return session.catalogue.versions_of(one.document_id)


def copy_out(
    session: Session, document: str, version: str, *, project: str, out: Path, clean: bool
) -> list[Path]:
    """Copy the files of one version to ``out``; existing files are not replaced.

    Args:
        session: The workspace.
        document: What names it.
        version: `V1.0`; empty: the one that ``document`` names, else the newest.
        project: Where to look; empty: everywhere.
        out: Folder to copy to.
        clean: Leave out the data that docgen embeds in the documents it makes, and the record.

    Raises:
        UsageFault: There is no such document or version, or ``out`` is inside the workspace's own folders.
        ArchiveRefused: A file is missing or damaged, nothing is copied; or one of its name is there already.
    """
    one = with_files(edition(session, find_one(session, document, project=project), version))
    refuse_inside(session.workspace, out)
    wanted = [sound(session, file) for file in one.files if not (clean and _is_record(file.ext))]
    make_folder(out)
    return [_copy(path, out, clean=clean) for path in wanted]


def _is_record(ext: str) -> bool:
    return ext == "record.json"


def edition(session: Session, one: FiledVersion, version: str) -> FiledVersion:
    """Return the version ``version`` (`V1.0`) of the document of ``one``; empty: ``one`` itself.

    Raises:
        UsageFault: There is no such version; those that are there are named.
    """
    if not version:
        return one
    wanted = Version.parse(version)
    editions = versions_of(session, one)
    match = next((other for other in editions if other.version == wanted), None)
    if match is None:
        names = "、".join(str(other.version) for other in editions)
        raise UsageFault(
            Message(f"没有版本 {wanted}；现有：{names}", f"there is no {wanted}; there are {names}")
        )
    return match


def with_files(one: FiledVersion) -> FiledVersion:
    """Return a version that has its files.

    Raises:
        ArchiveRefused: They were removed after their retention.
    """
    if one.removed:
        raise gone(one)
    return one


def gone(one: FiledVersion) -> ArchiveRefused:
    """Return the refusal of what needs the files of a version that was removed."""
    return ArchiveRefused(
        Message("该文档已到期移除", "its files were removed after their retention"),
        where=one.stem,
        hint=Message("经过见 docgen history", "docgen history tells what happened"),
    )


def _copy(source: Path, out: Path, *, clean: bool) -> Path:
    target = out / source.name
    data = source.read_bytes()
    if clean and source.suffix == ".docx":
        from docgen.render.provenance import strip

        data = strip(data)
    try:
        with target.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise ArchiveRefused(
            Message(
                "目标位置已有同名文件，没有覆盖", "a file of that name is there already; it is left alone"
            ),
            where=str(target),
            hint=Message("换一个目录（--out），或先移走它", "choose another folder (--out), or move it away"),
        ) from error
    return target


def version_json(one: FiledVersion) -> dict[str, object]:
    """Return a filed version as JSON data."""
    paths: Sequence[str] = [file.path for file in one.files]
    return {
        "project": one.project,
        "type": one.type_id,
        "type_name": one.type_name,
        "serial": one.serial,
        "doc_id": one.doc_id,
        "date": one.date.isoformat(),
        "version": str(one.version),
        "category": one.category,
        "status": one.status,
        "confidentiality": one.confidentiality,
        "retention": one.retention,
        "groups": one.groups.said(),
        "edited": one.edited,
        "withdrawn": one.withdrawn,
        "removed": one.removed,
        "change_note": one.change_note,
        "filed_at": one.filed_at,
        "filed_by": one.filed_by,
        "path": paths[0] if paths else "",
        "files": [
            {"path": file.path, "size": file.size, "sha256": file.sha256, "original_name": file.original_name}
            for file in one.files
        ],
        "refs": [
            {"text": ref.text, "type": ref.type_id, "doc_id": ref.doc_id, "version": ref.version}
            for ref in one.refs
        ],
    }
