"""Setting a misfiling right: the document is copied to the right identity, the old one marked withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from docgen.archive.filed import Filed
from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel, ParcelFile, Source
from docgen.archive.queries import FiledVersion
from docgen.archive.store import Archive
from docgen.archive.versions import Version, next_version
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.forms.types import DocType


def refile(
    archive: Archive, document: Sequence[FiledVersion], doc_type: DocType, project: str, *, actor: str
) -> list[Filed]:
    """File every version of ``document`` under another project or type, oldest first, and withdraw the old.

    Cut short, it is finished by running it again; a version that was copied already is withdrawn by
    `Archive.recover`.

    Args:
        archive: The archive.
        document: All versions of the misfiled document (`Catalogue.versions_of`).
        doc_type: The right type (the old one, where only the project was wrong).
        project: The right project.
        actor: As for `Archive.file`.

    Raises:
        ArchiveRefused: It is there already, or the place is taken by another document.
    """
    plan = _plan(archive, document, doc_type, project)
    return [_move(archive, one, doc_type, actor) for one in plan]


@dataclass(frozen=True, slots=True)
class _Step:
    """A version, and where it goes.

    Attributes:
        version: The misfiled one.
        identity: The right one.
        copied: It is there already: a refiling was cut short.
        takes_over: The document was there before and was taken away as a whole: it has its number.
    """

    version: FiledVersion
    identity: Identity
    copied: bool
    takes_over: bool


def _plan(archive: Archive, document: Sequence[FiledVersion], doc_type: DocType, project: str) -> list[_Step]:
    """Say where every version goes; refuse before anything is copied.

    A document that comes back to a place from where it was taken away finds its versions taken for ever
    (docs/archive-format.md, Journal): there it goes on with the next ones.
    """
    moving = sorted(filter(_stands, document), key=lambda one: one.version)
    if not moving:
        raise ArchiveRefused(Message("该文档已经撤回", "the document is withdrawn already"))
    origins = {file.path for one in document for file in one.files}
    plan: list[_Step] = []
    for one in moving:
        identity = Identity(project, doc_type.token, one.serial, one.date, one.version)
        if (fold_key(identity.project), doc_type.id) == (fold_key(one.project), one.type_id):
            raise ArchiveRefused(
                Message("文档已在该项目和类型下", "the document is there already"), where=one.stem
            )
        there = archive.catalogue.document(doc_type, identity.project, identity.date, identity.serial)
        siblings = [step for step in plan if not doc_type.recurring or step.identity.date == one.date]
        plan.append(_step(one, identity, there, origins, [step.identity.version for step in siblings]))
    return plan


def _step(
    version: FiledVersion,
    identity: Identity,
    there: Sequence[FiledVersion],
    origins: set[str],
    planned: Sequence[Version],
) -> _Step:
    standing = list(filter(_stands, there))
    taken = [*(other.version for other in there), *planned]
    for other in standing:
        same_number = other.version == version.version
        copy = same_number or other.refiled_from in {file.path for file in version.files}
        if copy and _digests(other) == _digests(version):
            return _Step(version, replace(identity, version=other.version), copied=True, takes_over=False)
        if same_number:
            raise _taken(version, identity, next_version(taken))
    back = bool(there) and all(other.refiled_from in origins for other in standing)
    if version.version in taken or any(one > version.version for one in planned):
        if not back:
            raise _taken(version, identity, next_version(taken))
        identity = replace(identity, version=next_version(taken))
    return _Step(version, identity, copied=False, takes_over=back)


def _stands(version: FiledVersion) -> bool:
    return not (version.withdrawn or version.removed)


def _taken(version: FiledVersion, identity: Identity, free: Version) -> ArchiveRefused:
    return ArchiveRefused(
        Message(f"{identity.stem} 已被另一份文档占用", f"{identity.stem} is taken by another document"),
        where=version.stem,
        hint=Message(
            f"取出文件（docgen get），改用下一个版本号（{free}）或序号后重新归档",
            f"take the file out (docgen get) and file it with the next version ({free}) or a serial",
        ),
    )


def _digests(version: FiledVersion) -> set[str]:
    return {file.sha256 for file in version.files}


def _move(archive: Archive, step: _Step, doc_type: DocType, actor: str) -> Filed:
    if step.copied:
        return archive.withdraw(step.version, actor=actor)
    return replace_misfiled(archive, step.version, _copy(archive, step, doc_type), actor=actor)


def replace_misfiled(archive: Archive, version: FiledVersion, parcel: Parcel, *, actor: str) -> Filed:
    """File the files of a version once more, as ``parcel`` of them, and withdraw the old.

    Raises:
        ArchiveRefused: The place is taken, or a file of the old has gone; nothing has changed.
    """
    origin = Message(f"由 {version.stem} 改归此处", f"refiled from {version.stem}")
    refiled = replace(parcel, notes=(origin, *parcel.notes), refiled_from=version.files[0].path)
    filed = archive.file(refiled, actor=actor)
    note = Message(f"改归 {filed.identity.stem}", f"refiled as {filed.identity.stem}")
    archive.withdraw(version, actor=actor, notes=[note])
    return filed


def files_of(archive: Archive, version: FiledVersion) -> tuple[ParcelFile, ...]:
    """Return the files of a filed version, to be filed once more."""
    return tuple(
        ParcelFile(file.ext, Source.of(archive.folder / file.path), file.original_name)
        for file in version.files
    )


def _copy(archive: Archive, step: _Step, doc_type: DocType) -> Parcel:
    """Return the parcel that brings a version to its right place.

    It keeps its number, unless another document there has it: where the new type recurs, versions of
    different dates become documents of their own, and only the first of them can keep the number.
    """
    version, identity = step.version, step.identity
    taken = step.takes_over or any(
        other.document_id != version.document_id and fold_key(other.project) == fold_key(identity.project)
        for other in archive.catalogue.with_doc_id(version.doc_id)
    )
    return Parcel(
        doc_type,
        identity,
        files_of(archive, version),
        doc_id="" if taken else version.doc_id,
        facts=version.facts,
        notes=tuple(_renumbered(version, identity)),
    )


def _renumbered(version: FiledVersion, identity: Identity) -> Iterator[Message]:
    if identity.version != version.version:
        yield Message(
            f"{version.version} 在此处已经用过并撤回，改为 {identity.version}",
            f"{version.version} was used and withdrawn here: filed as {identity.version}",
        )
