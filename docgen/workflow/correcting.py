"""Corrections of what is known of a document: category, confidentiality, retention, groups (AR-01, AR-04)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from docgen.archive.correcting import Correction
from docgen.archive.correcting import correct as archive_correct
from docgen.archive.filed import Filed
from docgen.archive.groups import Groups
from docgen.archive.inheriting import CONFIDENTIALITY
from docgen.archive.queries import FiledVersion
from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.base.periods import Period
from docgen.forms.definition import CATEGORIES, PHASES
from docgen.workflow.finding import find_one, with_files
from docgen.workflow.groupings import BY
from docgen.workflow.indexing import index_filed
from docgen.workflow.reasons import said_reason
from docgen.workflow.retention import Retention
from docgen.workflow.session import Session

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_LONGEST = 200
#: What can be corrected beside the groups.
FACTS: Mapping[str, Message] = {
    "category": Message("类别", "category"),
    "confidentiality": Message("密级", "confidentiality"),
    "retention": Message("保管期限", "retention"),
}
_LABELS = {**FACTS, **BY}
_NOTHING = Message("（空）", "(nothing)")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction did: the document, the versions that it changed, what is to be said."""

    version: FiledVersion
    filed: tuple[Filed, ...]
    changes: Message
    warnings: tuple[Message, ...]


def correct(
    session: Session, document: str, changes: Mapping[str, str], reason: str, *, project: str = ""
) -> Corrected:
    """Correct all versions of a document; later versions take the corrections over. The files do not move.

    Args:
        session: The workspace.
        document: What names it.
        changes: New values by key of `FACTS` or `BY`; "" takes back what was said (retention, groups).
        reason: Why; recorded.
        project: Where to look; empty: everywhere.

    Raises:
        UsageFault: ``document`` names none, or several; a value is none; nothing or no reason is given.
        ArchiveRefused: Its files were removed after their retention; or a period is shorter than the rule.
    """
    wanted = {key: checked(key, value) for key, value in changes.items()}
    if not wanted:
        raise UsageFault(
            Message("没有说明要更正什么", "it is not said what to correct"),
            hint=Message("例如 --category 技术文档", "e.g. --category 技术文档"),
        )
    reason = said_reason(reason)
    one = with_files(find_one(session, document, project=project))
    rules = Retention(session)

    def change(version: FiledVersion) -> Correction:
        if period := wanted.get("retention"):
            category = wanted.get("category", version.category)
            rules.check_not_shortened(replace(version, category=category), period)
        return _change(version, wanted, reason)

    filed = archive_correct(session.archive.commits, one, change, actor=session.actor)
    warnings = dict.fromkeys(message for each in filed for message in each.warnings)
    late = index_filed(session)
    return Corrected(one, tuple(filed), _said(one, wanted), (*warnings, *late))


def checked(key: str, value: str) -> str:
    """Return a new value as it is kept.

    Raises:
        UsageFault: It cannot be one of ``key``.
    """
    text = " ".join(unicodedata.normalize("NFC", value).split())
    if key in ("category", "confidentiality", "phase") and (text or key != "phase"):
        choices = {"category": CATEGORIES, "confidentiality": CONFIDENTIALITY, "phase": PHASES}[key]
        if text not in choices:
            raise _no(key, value, "、".join(choices))
    elif key == "month" and text and not _MONTH.fullmatch(text):
        raise _no(key, value, "2023-04")
    elif key == "retention" and text:
        _check_period(text)
    elif len(text) > _LONGEST or not text.isprintable():
        raise _no(key, value, f"≤ {_LONGEST}")
    return text


def _check_period(text: str) -> None:
    try:
        Period.parse(text)
    except ValueError as error:
        raise _no("retention", text, "10年、10年自归档日、10年自次年、2035-12-31、永久") from error


def _no(key: str, value: str, form: str) -> UsageFault:
    label = _LABELS[key]
    return UsageFault(
        Message(f"{label.zh}不能是“{value}”", f"{label.en} cannot be “{value}”"),
        hint=Message(f"可以是：{form}", f"it can be: {form}"),
    )


def _change(version: FiledVersion, wanted: Mapping[str, str], reason: str) -> Correction:
    said = _said(version, wanted)
    facts = version.facts
    groups = {key: value for key, value in wanted.items() if key in BY}
    return Correction(
        wanted.get("category", version.category),
        replace(
            facts,
            confidentiality=wanted.get("confidentiality", facts.confidentiality),
            retention=wanted.get("retention", facts.retention),
            groups=Groups(**facts.groups.said() | groups),
        ),
        Message(f"{said.zh}；原因：{reason}", f"{said.en}; reason: {reason}"),
    )


def _said(version: FiledVersion, wanted: Mapping[str, str]) -> Message:
    """Return what changes in a version; empty where nothing does."""
    old = {**{key: str(getattr(version, key)) for key in FACTS}, **version.groups.said()}
    changed = [(key, old.get(key, ""), value) for key, value in wanted.items() if old.get(key, "") != value]
    return Message(
        "，".join(f"{_LABELS[key].zh} {a or _NOTHING.zh} → {b or _NOTHING.zh}" for key, a, b in changed),
        ", ".join(f"{_LABELS[key].en} {a or _NOTHING.en} → {b or _NOTHING.en}" for key, a, b in changed),
    )
