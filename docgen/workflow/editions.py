"""Which edition of which document a record makes: serial, version, number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from docgen.archive.identity import Identity
from docgen.archive.queries import FiledVersion
from docgen.archive.versions import Version, next_version
from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.forms.records import Record
from docgen.forms.types import DocType
from docgen.workflow.register import Register


@dataclass(frozen=True, slots=True)
class Claim:
    """What a record says about the document that it makes.

    Attributes:
        number: The document's own number; empty where it has none.
        typed: The version that was typed, if any.
        doc_id: The number that was proposed.
        explained: Whether the record itself says what changed.
        undated: Whether its date is only the day on which it was made.
    """

    type_id: str
    project: str
    day: date
    number: str
    typed: str
    doc_id: str
    record_digest: str
    form_digest: str
    template_digest: str
    explained: bool
    undated: bool = False

    @classmethod
    def of(cls, record: Record, template_digest: str, *, number: str, typed: str = "") -> Claim:
        """Return what ``record`` says, printed by the template with this digest."""
        values = record.values
        day = values["doc_date"]
        assert isinstance(day, date)
        return cls(
            record.form.id,
            str(values["project_name"]),
            day,
            number,
            typed,
            str(values["doc_id"]),
            record.digest,
            record.form.digest,
            template_digest,
            bool(values.get("change_note")),
            "doc_date" in record.from_today,
        )


@dataclass(frozen=True, slots=True)
class Edition:
    """The place of a generated document among those filed before.

    Attributes:
        previous: The newest filed version of the same document, if there is one.
        unchanged: True: ``previous`` was made from the same data, form and template.
        note: What has changed since ``previous``; empty where the record says it itself.
        dated: True: its date is that of the document, which the record did not say.
    """

    doc_type: DocType
    identity: Identity
    doc_id: str
    previous: FiledVersion | None
    unchanged: bool
    note: str

    dated: bool = False

    @property
    def decided(self) -> Mapping[str, str]:
        """The values that the document gets from its place, by field id."""
        note = {"change_note": self.note} if self.note else {}
        day = {"doc_date": self.identity.date.isoformat()} if self.dated else {}
        return {"version": str(self.identity.version), "doc_id": self.doc_id, **note, **day}

    @property
    def follows(self) -> Version | None:
        """The version that it follows."""
        return self.previous.version if self.previous else None


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a document had before it was filed: in a run that was cut short, or as a draft."""

    serial: str
    doc_id: str


def next_edition(
    doc_type: DocType,
    claim: Claim,
    register: Register,
    *,
    major: bool = False,
    before: Place | None = None,
) -> Edition:
    """Return the edition that a record makes now.

    A document is known by its own number; a second one of the same project, type (and date) takes the
    next free serial. A record that changes nothing keeps the version that it has.

    Args:
        doc_type: Its type.
        claim: What it says of itself.
        register: Knows what is free.
        major: Raise the major version.
        before: Its earlier place, which it keeps if that is still free.

    Raises:
        ArchiveRefused: Project, type or date cannot stand in a file name.
        InvalidData: The version that was typed is not the next one.
    """
    day = claim.day
    if doc_type.recurring and claim.undated and claim.number:
        day = register.day_of(doc_type, claim.project, claim.number) or day
    earlier = before.serial if before else None
    serial, filed = register.place(doc_type, claim.project, day, claim.number, earlier)
    previous = next((one for one in filed if not (one.withdrawn or one.removed)), None)
    unchanged = previous is not None and same(previous, claim)
    version = (
        previous.version
        if previous and unchanged
        else next_version([one.version for one in filed], major=major)
    )
    _check_typed(claim.typed, version, major=major)
    dated = day != claim.day
    day = previous.date if previous and unchanged else day
    identity = Identity(claim.project, doc_type.token, serial, day, version)
    own = previous.doc_id if previous else claim.number
    kept = before.doc_id if before and register.is_free(before.doc_id) else ""
    doc_id = own or kept or register.new_doc_id(claim.project, claim.doc_id)
    note = ""
    if previous and not claim.explained:
        note = previous.change_note if unchanged else _change(previous, claim)
    return Edition(doc_type, identity, doc_id, previous, unchanged, note, dated)


def same(previous: FiledVersion, claim: Claim) -> bool:
    """Return whether a filed version was made from the data, form and template of ``claim``, and left so."""
    made_from = (previous.record_digest, previous.form_digest, previous.template_digest)
    return not previous.edited and made_from == (
        claim.record_digest,
        claim.form_digest,
        claim.template_digest,
    )


def _change(previous: FiledVersion, claim: Claim) -> str:
    if previous.edited:
        return "重新生成，不含上一版的手工修改"
    return "数据更新" if previous.record_digest != claim.record_digest else "模板更新"


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
