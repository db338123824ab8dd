"""Documents removed after their retention: the files go, journal, digests and the reason stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docgen.archive.filed import Filed
from docgen.archive.queries import FiledVersion
from docgen.archive.removing import remove
from docgen.base.clock import Clock, system_clock
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.workflow.finding import find_one, gone
from docgen.workflow.indexing import index_filed
from docgen.workflow.reasons import said_reason
from docgen.workflow.retention import Kept, Retention, today_of
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed: each version, and what is to be said."""

    filed: tuple[Filed, ...]
    kept: Kept
    warnings: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a removal would remove."""

    version: FiledVersion
    versions: tuple[FiledVersion, ...]
    kept: Kept


def doomed(session: Session, document: str, *, project: str = "", clock: Clock = system_clock) -> Doomed:
    """Return what `delete` would remove.

    Raises:
        UsageFault: ``document`` names none, or several.
        ArchiveRefused: It is not over yet, or was removed already.
    """
    one = find_one(session, document, project=project)
    versions = [other for other in session.catalogue.same_document(one) if not other.removed]
    return Doomed(one, tuple(versions), _allowed(session, Retention(session), versions, one, clock))


def delete(
    session: Session, document: str, reason: str, *, project: str = "", clock: Clock = system_clock
) -> Removed:
    """Remove all files of a document; journal, digests and the reason stay.

    Raises:
        UsageFault: ``document`` names none, or several; or there is no reason.
        ArchiveRefused: Its retention is not over yet; nothing has changed.
    """
    reason = said_reason(reason)
    one = find_one(session, document, project=project)
    rules = Retention(session)
    kept: list[Kept] = []

    def allow(versions: Sequence[FiledVersion]) -> Message:
        kept.append(_allowed(session, rules, versions, one, clock))
        until, source = kept[-1].until, kept[-1].source
        return Message(
            f"保管期限至 {until}（{source.zh}）；移除原因：{reason}",
            f"kept until {until} ({source.en}); reason: {reason}",
        )

    filed = remove(session.archive.commits, one, allow, actor=session.actor)
    late = index_filed(session)
    warnings = dict.fromkeys(message for each in filed for message in each.warnings)
    return Removed(tuple(filed), kept[-1], (*warnings, *late))


def _allowed(
    session: Session, rules: Retention, versions: Sequence[FiledVersion], one: FiledVersion, clock: Clock
) -> Kept:
    if not versions:
        raise gone(one)
    kept = rules.of(versions)
    if not kept.over(today_of(session, clock)):
        raise _too_early(kept)
    return kept


def _too_early(kept: Kept) -> ArchiveRefused:
    if kept.until is None:
        message = Message(
            f"不能移除：没有到期之日（{kept.source.zh}）", f"it is kept for ever ({kept.source.en})"
        )
    else:
        message = Message(
            f"保管期限未满：{kept.until} 起才可移除（{kept.source.zh}）",
            f"it must be kept until {kept.until} ({kept.source.en})",
        )
    return ArchiveRefused(
        message,
        where=kept.version.stem,
        hint=Message(
            "归错的文件用 docgen refile；保管期限由 docgen.toml 的 [retention] 规定",
            "refile what was misfiled; periods are ruled by [retention] of docgen.toml",
        ),
    )
