"""Records on the way to their document: checked, but without version and number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from docgen.archive.legal import fold_key
from docgen.forms.amending import amended
from docgen.forms.definition import Form
from docgen.forms.records import Record, build_record
from docgen.forms.retyping import retyped
from docgen.forms.workdays import Calendar
from docgen.workflow.editions import Claim
from docgen.workflow.records import make_record, override, own_number, take_version
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record that is complete but for its version, number and note of change.

    Attributes:
        number: The document's own number; empty where it has none.
        typed: The version that was typed, if any.
        whole: Digest of the whole record that was filed, where this one is the same but for what its document
            does not print.
        partial: True: it lacks that.
    """

    form: Form
    answers: Mapping[str, object]
    record: Record
    number: str
    typed: str
    _make: Callable[[Mapping[str, object]], Record]
    _calendar: Calendar
    whole: str = ""
    partial: bool = False

    def claim(self, template_digest: str) -> Claim:
        """Return what it says about which document it is."""
        claim = Claim.of(self.record, template_digest, number=self.number, typed=self.typed)
        return replace(claim, record_digest=self.whole or claim.record_digest)

    def decided(self, values: Mapping[str, str]) -> Record:
        """Return the record with the ``values`` that its place decided; fields that it lacks are passed over.

        Raises:
            InvalidData: They do not fit the form.
        """
        known = {key: value for key, value in values.items() if self.form.field(key)}
        amended_record = amended(self.record, known, self._calendar)
        return amended_record or self._make(override(self.form, self.answers, known))


def prepare(session: Session, form: Form, answers: Mapping[str, object]) -> Prepared:
    """Return the record that ``answers`` make.

    Raises:
        InvalidData: With every problem of the answers.
    """
    typed, others = take_version(form, answers)
    make = partial(make_record, session, form)
    record = make(others)
    return Prepared(form, others, record, own_number(form, others, record), typed, make, session.calendar)


def prepare_again(
    session: Session,
    form: Form,
    text: str,
    project: str,
    changes: Mapping[str, object],
    *,
    whole: str = "",
) -> Prepared:
    """Return an archived record of ``project`` (its JSON is ``text``) with ``changes``, computed anew.

    It is validated like any input, as of the day on which it was made, so that it says the same unless it
    is changed. Links stay as they are; cards and defaults of today do not touch it.

    Args:
        session: The workspace.
        form: Of its type.
        text: Its JSON.
        project: Where it is filed.
        changes: Field -> value.
        whole: Digest of the whole record, where ``text`` may lack something.

    Raises:
        InvalidData: It is no record of this form, or no longer a valid one.
    """
    old = Record.from_json(form, text, calendar=session.calendar).checked(form.name)
    make = partial(_make_again, session, old)
    # docgen numbers versions, and a note is needed from the second on: both come with the document's place
    known: dict[str, object] = {name: "" for name in ("version", "change_note") if form.field(name)}
    if fold_key(str(old.values["project_name"])) != fold_key(project):  # it was misfiled, and refiled since
        known["project_name"] = project
    answers = override(form, override(form, retyped(old), known), changes, every=False)
    number = str(old.values["doc_id"])
    record, lacking = make(answers), bool(whole) and old.digest != whole
    kept = whole if lacking and record.digest == old.digest else ""
    return Prepared(form, answers, record, number, "", make, session.calendar, kept, lacking)


def _make_again(session: Session, old: Record, answers: Mapping[str, object]) -> Record:
    outcome = build_record(old.form, answers, today=old.today, lookup=None, calendar=session.calendar)
    record = outcome.checked(old.form.name)
    same = {path for path in old.from_today if _value(record, path) == _value(old, path)}
    return replace(record, from_today=frozenset(same))


def _value(record: Record, path: str) -> object:
    """Return the value of a field, or of a column in every row."""
    name, _, column = path.partition(".")
    value = record.values.get(name)
    if column and isinstance(value, tuple):
        return [row.get(column) for row in value if isinstance(row, Mapping)]
    return value
