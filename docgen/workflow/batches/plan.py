"""What a batch is made of: the rows of a table, or the newest versions in the archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from docgen import __version__
from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion, Filter
from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.batch.states import RowState, State
from docgen.forms.definition import Form
from docgen.workflow.batches.tasks import SourceRow
from docgen.workflow.batches.wanted import Batch, Wanted
from docgen.workflow.printing import open_template
from docgen.workflow.session import Session


def of_table(session: Session, path: Path, form: Form, wanted: Wanted, *, sheet: str = "") -> Batch:
    """Return the batch that the rows of a table make.

    Raises:
        InvalidData: The table cannot be read, or its headings do not fit the form.
        TemplateFault: The template has mistakes.
    """
    from docgen.batch.tables import read_rows

    rows = read_rows(path, form, sheet=sheet)
    key = _key([sheet, _digest(path)], [form], session, wanted)

    def source() -> Iterator[SourceRow]:
        for place, row in enumerate(rows):
            yield SourceRow(place, row.number, form.id, dict(row.answers))

    return Batch(path.stem, key, source, len(rows))


def archived(session: Session, scope: str, wanted: Wanted, *, type_id: str = "") -> Batch:
    """Return the batch that makes every generated document of a project or type anew, from its own record.

    Raises:
        UsageFault: ``scope`` is neither a project nor a type, or nothing in it was generated.
        TemplateFault: A form or template has mistakes.
    """
    rows = tuple(_states(_documents(session, scope, type_id)))
    types = sorted({row.type_id for row in rows if row.state is State.PENDING})
    if not rows:
        raise UsageFault(
            Message(f"“{scope}”没有可以重新生成的文件", f"“{scope}” holds nothing to be made anew"),
            hint=Message(
                "--all 后写项目名称或文件类型；docgen list 列出已归档的文件", "docgen list shows it"
            ),
        )
    key = _key([scope, type_id], [session.form(one) for one in types], session, wanted)
    return Batch(f"重新生成-{scope}", key, tuple, len(rows), snapshot=rows)


def _documents(session: Session, scope: str, type_id: str) -> Iterator[list[FiledVersion]]:
    """Yield the versions of each document, newest first, that was generated at some time."""
    if session.catalogue.known(scope):
        wanted = Filter(project=scope, type_id=type_id, all_versions=True)
    else:
        wanted = Filter(type_id=session.type_named(scope).id, all_versions=True)
    documents: dict[int, list[FiledVersion]] = {}
    for version in session.catalogue.versions(wanted):
        documents.setdefault(version.document_id, []).append(version)
    for versions in documents.values():
        if any(version.generated for version in versions):
            yield versions


def _states(documents: Iterable[list[FiledVersion]]) -> Iterator[RowState]:
    for place, versions in enumerate(documents):
        newest = max(versions, key=lambda version: version.version)
        record = newest.file(RECORD_EXT)
        if newest.generated and record:
            yield RowState(place, place + 1, source=record.path, type_id=newest.type_id)
        else:
            yield _skipped(place, newest)


def _skipped(place: int, newest: FiledVersion) -> RowState:
    return RowState(
        place,
        place + 1,
        State.SKIPPED,
        type_id=newest.type_id,
        project=newest.project,
        type_name=newest.type_name,
        serial=newest.serial,
        date=newest.date.isoformat(),
        version=str(newest.version),
        doc_id=newest.doc_id,
        path=f"archive/{newest.files[0].path}" if newest.files else "",
        reason=f"最新版本 {newest.version} 不是 docgen 生成的（如签署件），没有重新生成",
        reason_en=f"the newest version {newest.version} was not made by docgen (a signed scan, say)",
    )


def _key(what: list[str], forms: Iterable[Form], session: Session, wanted: Wanted) -> str:
    """Return the digest of everything that decides what comes out."""
    traditional = wanted.traditional
    decided = {
        "docgen": __version__,
        "what": what,
        "options": wanted.deciding(),
        "forms": {
            form.id: [form.digest, open_template(session, form, traditional=traditional).digest]
            for form in forms
        },
    }
    return hashlib.sha256(json.dumps(decided, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest(path: Path) -> str:
    with told(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
