"""Setting a misfiling right: the document is copied to the right identity, the old one marked withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.archive.filed import Filed
from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel, ParcelFile, Source
from docgen.archive.queries import FiledVersion
from docgen.archive.store import Archive
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
    live = sorted(
        (one for one in document if not (one.withdrawn or one.removed)), key=lambda one: one.version
    )
    targets = [(one, Identity(project, doc_type.token, one.serial, one.date, one.version)) for one in live]
    _check(archive, targets, doc_type)
    return [_move(archive, version, identity, doc_type, actor) for version, identity in targets]


def _check(archive: Archive, targets: Sequence[tuple[FiledVersion, Identity]], doc_type: DocType) -> None:
    """Refuse before anything is copied."""
    if not targets:
        raise ArchiveRefused(Message("该文档已经撤回", "the document is withdrawn already"))
    for version, identity in targets:
        if (fold_key(identity.project), doc_type.id) == (fold_key(version.project), version.type_id):
            raise ArchiveRefused(
                Message("文档已在该项目和类型下", "the document is there already"), where=version.stem
            )
        for other in archive.catalogue.document(doc_type, identity.project, identity.date, identity.serial):
            if other.version == version.version and _digests(other) != _digests(version):
                raise ArchiveRefused(
                    Message(
                        f"{identity.stem} 已被另一份文档占用", f"{identity.stem} is taken by another document"
                    ),
                    where=version.stem,
                    hint=Message(
                        "取出文件（docgen get），改用下一个版本号或序号后重新归档",
                        "take the file out (docgen get) and file it with the next version or a serial",
                    ),
                )


def _digests(version: FiledVersion) -> set[str]:
    return {file.sha256 for file in version.files}


def _move(
    archive: Archive, version: FiledVersion, identity: Identity, doc_type: DocType, actor: str
) -> Filed:
    there = archive.catalogue.document(doc_type, identity.project, identity.date, identity.serial)
    if any(other.version == version.version for other in there):  # copied before it was cut short
        return archive.withdraw(version, actor=actor)
    filed = archive.file(_copy(archive, version, identity, doc_type), actor=actor)
    note = Message(f"改归 {filed.identity.stem}", f"refiled as {filed.identity.stem}")
    archive.withdraw(version, actor=actor, notes=[note])
    return filed


def _copy(archive: Archive, version: FiledVersion, identity: Identity, doc_type: DocType) -> Parcel:
    """Return the parcel that brings a version to its right place.

    It keeps its number, unless another document there has it: where the new type recurs, versions of
    different dates become documents of their own, and only the first of them can keep the number.
    """
    taken = any(
        other.document_id != version.document_id and fold_key(other.project) == fold_key(identity.project)
        for other in archive.catalogue.with_doc_id(version.doc_id)
    )
    return Parcel(
        doc_type,
        identity,
        tuple(
            ParcelFile(file.ext, Source.of(archive.folder / file.path), file.original_name)
            for file in version.files
        ),
        doc_id="" if taken else version.doc_id,
        facts=version.facts,
        notes=(Message(f"由 {version.stem} 改归此处", f"refiled from {version.stem}"),),
        refiled_from=version.files[0].path,
    )
