"""Which edition of which document a record makes: serial, version, number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from docgen.archive.identity import Identity
from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.archive.versions import Version, next_version
from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.records import Record
from docgen.forms.types import DocType
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Edition:
    """The place of a generated document among those filed before."""

    doc_type: DocType
    identity: Identity
    doc_id: str
    #: The newest filed version of the same document, if there is one.
    previous: FiledVersion | None
    #: True: ``previous`` was made from the same data, form and template.
    unchanged: bool


def next_edition(
    session: Session,
    record: Record,
    template_digest: str,
    *,
    number: str,
    typed: str = "",
    major: bool = False,
) -> Edition:
    """Return the edition that ``record`` makes now.

    A document is known by its own ``number``; a second one of the same project, type (and date) takes the
    next free serial. A record that changes nothing keeps the version that it has.

    Raises:
        ArchiveRefused: Project, type or date cannot stand in a file name.
        InvalidData: The version ``typed`` is not the next one.
    """
    doc_type = session.types[record.form.id]
    project, day = str(record.values["project_name"]), record.values["doc_date"]
    assert isinstance(day, date)
    serial, filed = _serial(session, doc_type, project, day, number)
    previous = next((one for one in filed if not one.withdrawn), None)
    unchanged = previous is not None and _same(previous, record, template_digest)
    version = (
        previous.version
        if previous and unchanged
        else next_version([one.version for one in filed], major=major)
    )
    _check_typed(typed, version, major=major)
    identity = Identity(
        project, doc_type.token, serial, previous.date if previous and unchanged else day, version
    )
    doc_id = previous.doc_id if previous else str(record.values["doc_id"])
    return Edition(doc_type, identity, doc_id, previous, unchanged)


def _serial(
    session: Session, doc_type: DocType, project: str, day: date, number: str
) -> tuple[str, list[FiledVersion]]:
    """Return the serial of the document with ``number``, and its filed versions, newest first."""
    for place in count(1):
        serial = "" if place == 1 else f"{place:02d}"
        filed = session.catalogue.document(doc_type, project, day, serial)
        if not filed or not number or fold_key(filed[0].doc_id) == fold_key(number):
            return serial, filed
    raise AssertionError("count() does not end")


def _same(previous: FiledVersion, record: Record, template_digest: str) -> bool:
    made_from = (previous.record_digest, previous.form_digest, previous.template_digest)
    return not previous.edited and made_from == (record.digest, record.form.digest, template_digest)


def _check_typed(typed: str, version: Version, *, major: bool) -> None:
    """Refuse a typed version that is not the next: docgen numbers versions, without gaps.

    V1.0 stands in many data files that are used again, and is passed over.
    """
    if typed in ("", "V1.0", str(version)):
        return
    zh, en = ("", "") if major else ("；升大版本请加 --major", "; --major raises the major version")
    reason = Message(f"下一个版本是 {version}，不能跳号{zh}", f"the next version is {version}{en}")
    raise InvalidData(
        Message("版本号不对", "the version does not fit"), [Problem("version", "版本号", reason, value=typed)]
    )
