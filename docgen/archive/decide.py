"""What becomes of a parcel: a new version, a completed one, a duplicate, or a refusal with the reason.

Everything is decided under the project's lock, from the catalogue and the digests of what was copied aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docgen.archive.catalogue import Catalogue
from docgen.archive.entries import Event, FileFact, Item
from docgen.archive.identity import Identity
from docgen.archive.inheriting import inherited
from docgen.archive.known import Known
from docgen.archive.legal import fold_key
from docgen.archive.links import missing_refs
from docgen.archive.parcel import Parcel, ParcelFile, Source
from docgen.archive.queries import FiledVersion
from docgen.archive.staging import Staged
from docgen.archive.versions import Version, leaves_gap, next_version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

_WITHDRAWN = Message("已撤回", "it is withdrawn")
_REMOVED = Message("已到期移除", "its files were removed after their retention")


class LostRace(ArchiveRefused):
    """Someone else took version or number since the document was rendered: propose anew and render again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The item for the journal, and which of the staged files get a name (path in the project -> file)."""

    item: Item
    publish: tuple[tuple[str, Staged], ...] = ()


def decide(known: Known, project: str, parcel: Parcel, staged: Sequence[Staged]) -> Decision:
    """Return what becomes of ``parcel`` in ``project`` (the name as the archive spells it).

    Raises:
        LostRace: A generated parcel carries a version or number that is no longer free.
        ArchiveRefused: The archive does not take it.
    """
    identity = replace(parcel.identity, project=project)
    editions = known.editions(parcel)
    twins = known.holders(staged)
    here = [twin for twin in twins if twin.project == project]
    if parcel.refiled_from and not _holds(twins, parcel.refiled_from):
        raise ArchiveRefused(
            Message("原处的文件已不在，不能改归", "the file is no longer where it is to be refiled from"),
            where=parcel.refiled_from,
        )
    if not parcel.refiled_from and (held := _all_held(here, staged)):
        return _duplicate(parcel, here[0], held, staged)
    others = tuple(_twin_paths([twin for twin in twins if twin.project != project], staged))
    if editions:
        identity = replace(identity, serial=editions[0].serial)
        _check_doc_id(parcel, editions)
    same = next((one for one in editions if one.version == identity.version), None)
    if same:
        decision = _complete(parcel, identity, same, editions, staged)
    else:
        decision = _new(known, parcel, identity, editions, staged)
    return replace(decision, item=replace(decision.item, same_bytes_as=others))


def _item(event: Event, parcel: Parcel, identity: Identity, category: str, doc_id: str) -> Item:
    return Item(
        event,
        identity,
        parcel.doc_type.id,
        parcel.doc_type.recurring,
        category,
        doc_id,
        facts=parcel.facts,
        refiled_from=parcel.refiled_from,
        notes=parcel.notes,
    )


def _with_files(item: Item, parcel: Parcel, staged: Sequence[Staged], *, only: Sequence[str]) -> Decision:
    """Give the files whose extension is in ``only`` their paths."""
    facts, publish = [], []
    for file, one in zip(parcel.files, staged, strict=True):
        if file.ext in only:
            path = f"{item.category}/{item.identity.filename(file.ext)}"
            facts.append(_fact(path, file, one))
            publish.append((path, one))
    return Decision(replace(item, files=tuple(facts)), tuple(publish))


def _fact(path: str, file: ParcelFile, staged: Staged) -> FileFact:
    source = file.content if isinstance(file.content, Source) else None
    return FileFact(path, staged.size, staged.sha256, file.original_name, source)


# The same bytes again


def _all_held(here: Sequence[FiledVersion], staged: Sequence[Staged]) -> list[str]:
    """Return where each file is held already in this project; empty unless all of them are."""
    paths = {file.sha256: file.path.partition("/")[2] for twin in reversed(here) for file in twin.files}
    held = [paths[one.sha256] for one in staged if one.sha256 in paths]
    return held if len(held) == len(staged) else []


def _duplicate(
    parcel: Parcel, held: FiledVersion, paths: Sequence[str], staged: Sequence[Staged]
) -> Decision:
    """Report that everything is held already; the item's paths say where."""
    item = Item(Event.DUPLICATE, held.identity, held.type_id, held.recurring, held.category, held.doc_id)
    files = tuple(map(_fact, paths, parcel.files, staged))
    return Decision(replace(item, files=files, notes=parcel.notes))


def _holds(twins: Sequence[FiledVersion], path: str) -> bool:
    return any(file.path == path for twin in twins for file in twin.files)


def _twin_paths(twins: Sequence[FiledVersion], staged: Sequence[Staged]) -> list[str]:
    digests = {one.sha256 for one in staged}
    return [file.path for twin in twins for file in twin.files if file.sha256 in digests]


# Completing a version


def _complete(
    parcel: Parcel,
    identity: Identity,
    same: FiledVersion,
    editions: Sequence[FiledVersion],
    staged: Sequence[Staged],
) -> Decision:
    """Add the files that the version does not have yet."""
    free = next_version([one.version for one in editions])
    if parcel.renders_version:
        raise LostRace(Message(f"版本 {same.version} 已被占用", f"version {same.version} is taken"))
    if same.withdrawn or same.removed:
        raise _taken(same, free, _WITHDRAWN if same.withdrawn else _REMOVED)
    if fold_key(same.stem) != fold_key(identity.stem):
        raise _taken(same, free, Message(f"登记为 {same.stem}", f"it is filed as {same.stem}"))
    new = []
    for file, one in zip(parcel.files, staged, strict=True):
        held = same.file(file.ext)
        if held is None:
            new.append(file.ext)
        elif held.sha256 != one.sha256:
            raise _taken(same, free, Message("内容不同", "with other content"))
    return _with_files(
        _item(Event.ADDED, parcel, same.identity, same.folder, same.doc_id), parcel, staged, only=new
    )


def _taken(same: FiledVersion, free: Version, why: Message) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"版本 {same.version} 已存在（{why.zh}）；下一个可用的版本是 {free}",
            f"version {same.version} exists already ({why.en}); the next free one is {free}",
        ),
        where=same.stem,
        hint=Message(
            f"把版本号改为 {free}；如果是同一天的另一份文件，请在文件类型后加序号，如 {same.type_name}-02",
            f"use {free}; if it is another document of that day, add a serial, e.g. {same.type_name}-02",
        ),
    )


# A new version


def _new(
    known: Known,
    parcel: Parcel,
    identity: Identity,
    editions: Sequence[FiledVersion],
    staged: Sequence[Staged],
) -> Decision:
    warnings = _version_warnings(parcel, identity.version, [one.version for one in editions])
    _check_followed(parcel, editions)
    if editions:
        doc_id = editions[0].doc_id
    else:
        doc_id = parcel.doc_id or known.next_doc_id(parcel, identity.project)
        warnings += _doc_id_warnings(known, parcel, identity.project, doc_id)
    warnings += missing_refs(parcel.facts)
    category = editions[0].category if editions else parcel.doc_type.category
    item = _item(Event.FILED, parcel, identity, category, doc_id)
    extensions = [file.ext for file in parcel.files]
    return _with_files(
        replace(item, facts=inherited(parcel.facts, editions), warnings=tuple(warnings)),
        parcel,
        staged,
        only=extensions,
    )


def _check_followed(parcel: Parcel, editions: Sequence[FiledVersion]) -> None:
    """Refuse a version made after one that was withdrawn meanwhile."""
    standing = [one.version for one in editions if not (one.withdrawn or one.removed)]
    if parcel.follows and (not standing or max(standing) != parcel.follows):
        raise LostRace(
            Message(
                f"{parcel.follows} 已不是最新版本", f"{parcel.follows} is not the newest version any more"
            )
        )


def _version_warnings(parcel: Parcel, version: Version, taken: Sequence[Version]) -> list[Message]:
    if parcel.renders_version:
        if version not in (next_version(taken), next_version(taken, major=True)):
            raise LostRace(Message(f"{version} 不是下一个版本", f"{version} is not the next version"))
        return []
    if leaves_gap(version, taken):
        return [
            Message(
                f"版本不连续：{version} 之前的版本未归档", f"gap: the version before {version} is not filed"
            )
        ]
    return []


def _check_doc_id(parcel: Parcel, editions: Sequence[FiledVersion]) -> None:
    """Later versions inherit the number; another number means another document."""
    known = editions[0].doc_id
    if parcel.doc_id and fold_key(parcel.doc_id) != fold_key(known):
        kind = LostRace if parcel.renders_version else ArchiveRefused  # docgen chose the serial, too
        raise kind(
            Message(
                f"该文档的编号是 {known}，与 {parcel.doc_id} 不符",
                f"the number of this document is {known}, not {parcel.doc_id}",
            ),
            where=editions[0].stem,
            hint=Message(
                "如果是另一份文档，请加序号；如果编号写错了，请改正",
                "another document needs a serial; else correct the number",
            ),
        )


def _doc_id_warnings(known: Known, parcel: Parcel, project: str, doc_id: str) -> list[Message]:
    """Refuse a number that another document of the project has; warn of one in another project."""
    others = [one for one in known.with_doc_id(doc_id) if not _is_origin(known.catalogue, parcel, one)]
    for other in others:
        if other.project == project:
            proposed = doc_id.startswith(f"{parcel.project_code or project}-{parcel.doc_type.no}-")
            kind = LostRace if parcel.renders_version and proposed else ArchiveRefused
            raise kind(
                Message(
                    f"编号 {doc_id} 已被 {other.stem} 使用", f"{other.stem} has the number {doc_id} already"
                ),
                hint=Message("换一个编号后再试", "try again with another number"),
            )
    return [
        Message(
            f"编号 {doc_id} 在项目 {other.project} 中也有（{other.stem}）",
            f"the number {doc_id} is used in project {other.project} too ({other.stem})",
        )
        for other in others
    ]


def _is_origin(catalogue: Catalogue, parcel: Parcel, other: FiledVersion) -> bool:
    """Whether ``other`` is the misfiled document that this parcel replaces."""
    return bool(parcel.refiled_from) and any(
        file.path == parcel.refiled_from
        for version in catalogue.versions_of(other.document_id)
        for file in version.files
    )
