"""How long documents are kept, and which may be removed (AR-72)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docgen.archive.queries import FiledVersion, Filter
from docgen.base.clock import Clock, system_clock
from docgen.base.errors import ArchiveRefused, EnvironmentFault, UsageFault
from docgen.base.messages import Message
from docgen.base.periods import Period
from docgen.base.workspace import SETTINGS_FILE
from docgen.forms.definition import CATEGORIES
from docgen.workflow.session import Session

_DEFAULT = "默认"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a document is kept.

    Attributes:
        version: The one that is kept longest.
        until: The first day on which it may be removed; ``None``: never.
        source: What says so.
    """

    version: FiledVersion
    until: date | None
    source: Message

    def over(self, today: date) -> bool:
        """Whether it may be removed."""
        return self.until is not None and self.until <= today


class Retention:
    """The rules of a workspace.

    Raises:
        EnvironmentFault: A rule is for something that is neither a document type nor a category.
    """

    def __init__(self, session: Session) -> None:
        self._zone = session.settings.zone
        self._rules = dict(_rules(session))

    def of(self, versions: Sequence[FiledVersion]) -> Kept:
        """Return how long the document with these versions (at least one) is kept: as long as any of them."""
        return max((self._of(one) for one in versions), key=_length)

    def _of(self, one: FiledVersion) -> Kept:
        """Return how long a version is kept: its own period only lengthens the rule."""
        rule = self.ruled(one)
        if not one.retention:
            return rule or _without_rule(one)
        said = Message(f"该文件的更正：{one.retention}", f"its correction: {one.retention}")
        own = Kept(one, self._ends(one, _parsed(one.retention)), said)
        return max(filter(None, (own, rule)), key=_length)

    def ruled(self, one: FiledVersion) -> Kept | None:
        """Return how long the rules of the settings keep a version; ``None``: none is for it."""
        for key in (one.type_id, one.category, _DEFAULT):
            if key in self._rules:
                name, period = self._rules[key]
                rule = f"{SETTINGS_FILE} [retention] {name} = {period.text}"
                return Kept(one, self._ends(one, period), Message(rule, rule))
        return None

    def check_not_shortened(self, one: FiledVersion, text: str) -> None:
        """Refuse a period of its own that is over before the rule allows.

        Raises:
            ArchiveRefused: It is.
        """
        rule, own = self.ruled(one), Kept(one, self._ends(one, _parsed(text)), Message(text, text))
        if rule and _length(own) < _length(rule):
            zh, en = (f"到 {rule.until}", f"until {rule.until}") if rule.until else ("永久", "for ever")
            raise ArchiveRefused(
                Message(
                    f"更正只能延长保管期限：{text} 短于规定的期限（{zh}，{rule.source.zh}）",
                    f"a correction only lengthens: {text} is shorter than the rule ({en}, {rule.source.en})",
                ),
                where=one.stem,
            )

    def _ends(self, one: FiledVersion, period: Period | None) -> date | None:
        filed = datetime.fromisoformat(one.filed_at).astimezone(self._zone).date()
        return period.ends(one.date, filed) if period else None


def _without_rule(one: FiledVersion) -> Kept:
    none = f"{SETTINGS_FILE} [retention]"
    return Kept(
        one, None, Message(f"{none} 没有它的规则，长期保存", f"{none} has no rule for it: it is kept")
    )


def _length(kept: Kept) -> date:
    return kept.until or date.max


def _rules(session: Session) -> Iterator[tuple[str, tuple[str, Period]]]:
    """Yield the rules by type id, category or default, with the name under which they are written."""
    for name, period in session.settings.retention.items():
        if name in (*CATEGORIES, _DEFAULT):
            yield name, (name, period)
            continue
        try:
            yield session.type_named(name).id, (name, period)
        except UsageFault as error:
            raise EnvironmentFault(
                Message(
                    f"设置 retention.{name}：{error.message.zh}",
                    f"setting retention.{name}: {error.message.en}",
                ),
                where=str(session.workspace.root / SETTINGS_FILE),
                hint=Message(
                    f"写文件类型、类别（{'、'.join(CATEGORIES)}）或“{_DEFAULT}”",
                    f"name a document type, a category or {_DEFAULT}",
                ),
            ) from error


def _parsed(text: str) -> Period | None:
    """Return a period of the journal; what cannot be read is kept for ever."""
    try:
        return Period.parse(text)
    except ValueError:
        return None


def expired(
    session: Session, wanted: Filter, *, clock: Clock = system_clock
) -> list[tuple[FiledVersion, Kept]]:
    """Return the documents that may be removed: the newest version of each, and why."""
    rules, today = Retention(session), today_of(session, clock)
    documents = _documents(session.catalogue.versions(_whole(wanted)))
    kept = [(versions[0], rules.of(versions)) for versions in documents]
    return [(one, until) for one, until in kept if until.over(today)]


def _whole(wanted: Filter) -> Filter:
    """Return the filter that shows all versions of what ``wanted`` shows."""
    return Filter(
        project=wanted.project,
        type_id=wanted.type_id,
        category=wanted.category,
        all_versions=True,
        withdrawn=True,
    )


def _documents(versions: Sequence[FiledVersion]) -> list[list[FiledVersion]]:
    found: dict[int, list[FiledVersion]] = {}
    for one in versions:
        found.setdefault(one.document_id, []).append(one)
    return [sorted(group, key=lambda one: one.version, reverse=True) for group in found.values()]


def today_of(session: Session, clock: Clock) -> date:
    """Return the day in the workspace's zone."""
    return clock().astimezone(session.settings.zone).date()


def kept_json(kept: Kept, lang: str) -> Mapping[str, object]:
    """Return how long a document is kept as JSON data."""
    return {"until": kept.until.isoformat() if kept.until else "", "source": kept.source.text(lang)}
