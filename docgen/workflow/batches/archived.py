"""Batches of what was generated before: each document made anew from its own record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion, Filter
from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.batch.states import RowState, State
from docgen.workflow.batches.changes import check_changes, keep_identity
from docgen.workflow.batches.keys import job_key
from docgen.workflow.batches.wanted import Batch, Wanted
from docgen.workflow.session import Session


def archived(session: Session, scope: str, wanted: Wanted, *, type_id: str = "") -> Batch:
    """Return the batch that makes every generated document of a project or type anew, from its own record.

    Raises:
        UsageFault: ``scope`` is neither a project nor a type, or another type than ``type_id``; nothing in it
            was generated; or a change concerns none of it.
        TemplateFault: A form or template has mistakes.
    """
    documents = _documents(session, scope, type_id)
    rows = tuple(
        replace(row_of(session, versions, overwrite=wanted.overwrite_edits), place=place, line=place + 1)
        for place, versions in enumerate(documents)
    )
    types = sorted({row.type_id for row in rows if row.state is State.PENDING})
    if not rows:
        raise UsageFault(
            Message(f"“{scope}”没有可以重新生成的文件", f"“{scope}” holds nothing to be made anew"),
            hint=Message(
                "--all 后写项目名称或文件类型；docgen list 列出已归档的文件", "docgen list shows it"
            ),
        )
    forms = [session.form(one) for one in types]
    if forms:
        check_changes(wanted.changes, forms)
        keep_identity(wanted.changes, forms)
    key = job_key(["archive", scope, type_id], forms, session, wanted)
    return Batch(f"重新生成-{scope}", key, tuple, len(rows), snapshot=rows)


def _documents(session: Session, scope: str, type_id: str) -> Iterator[list[FiledVersion]]:
    """Yield the versions of each document, newest first, that was generated at some time."""
    if session.catalogue.known(scope):
        wanted = Filter(project=scope, type_id=type_id, all_versions=True)
    else:
        doc_type = session.type_named(scope)
        if type_id not in ("", doc_type.id):
            raise UsageFault(
                Message(
                    f"--all 已说明类型“{scope}”，不能再用 --type 指定另一种",
                    f"--all names the type “{scope}”; --type names another",
                ),
                hint=Message(
                    "去掉 --type，或在 --all 后写项目名称", "leave out --type, or give a project to --all"
                ),
            )
        wanted = Filter(type_id=doc_type.id, all_versions=True)
    documents: dict[int, list[FiledVersion]] = {}
    for version in session.catalogue.versions(wanted):
        documents.setdefault(version.document_id, []).append(version)
    for versions in documents.values():
        if any(version.record_digest for version in versions):
            yield versions


def row_of(session: Session, versions: Sequence[FiledVersion], *, overwrite: bool) -> RowState:
    """Return the row of one document, by its versions: made anew from its newest record, or left alone.

    Where no record was filed beside the document, the one that it carries in itself counts.
    """
    newest = max(versions, key=lambda version: version.version)
    if newest.edited and not overwrite:
        return _left(newest, State.EDITED, _EDITED)
    if not newest.record_digest:
        return _left(newest, State.SKIPPED, _NOT_GENERATED)
    if newest.type_id not in session.form_folders:
        return _left(newest, State.SKIPPED, _NO_FORM)
    alike = [one for one in versions if one.record_digest == newest.record_digest]
    files = [file for ext in (RECORD_EXT, "docx") for one in alike if (file := one.file(ext))]
    if not files:
        return _left(newest, State.SKIPPED, _NO_RECORD)
    return RowState(
        0,
        0,
        source=files[0].path,
        type_id=newest.type_id,
        project=newest.project,
        doc_id=newest.doc_id,
    )


_EDITED = Message(
    "最新版本经过手工修改，没有重新生成；要覆盖请加 --overwrite-edits",
    "the newest version was edited by hand and is left alone; --overwrite-edits goes over it",
)
_NOT_GENERATED = Message(
    "最新版本不是 docgen 生成的（如签署件），没有重新生成",
    "the newest version was not made by docgen (a signed scan, say)",
)
_NO_RECORD = Message(
    "最新版本的数据文件和 Word 文件都没有归档，无法重新生成；请用表格或 docgen new 生成",
    "neither record nor Word file of the newest version are filed; make it of a table, or with docgen new",
)
_NO_FORM = Message("这种类型已没有表单和模板，无法重新生成", "the type has no form and template any more")


def _left(newest: FiledVersion, state: State, reason: Message) -> RowState:
    docx = newest.file("docx") or (newest.files[0] if newest.files else None)
    return RowState(
        0,
        0,
        state,
        type_id=newest.type_id,
        project=newest.project,
        type_name=newest.type_name,
        serial=newest.serial,
        date=newest.date.isoformat(),
        version=str(newest.version),
        doc_id=newest.doc_id,
        path=f"archive/{docx.path}" if docx else "",
        reason=reason.zh,
        reason_en=reason.en,
    )
