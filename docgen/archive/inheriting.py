"""What a new version takes over from the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docgen.archive.groups import Groups
from docgen.archive.parcel import Facts
from docgen.archive.queries import FiledVersion

#: Marks of confidentiality (catalogue 0.5), from the most open on.
CONFIDENTIALITY = ("公开", "内部", "客户保密", "机密")


def inherited(facts: Facts, editions: Sequence[FiledVersion]) -> Facts:
    """Return the facts of a new version: what was corrected in the one before it stays corrected.

    Groups and retention that the new one does not say itself are taken over; its confidentiality is never
    lower than that of the version before: only a correction lowers it.
    """
    if not editions:
        return facts
    before = editions[0].facts
    return replace(
        facts,
        confidentiality=_stricter(facts.confidentiality, before.confidentiality),
        retention=facts.retention or before.retention,
        groups=Groups(**before.groups.said() | facts.groups.said()),
    )


def _stricter(one: str, other: str) -> str:
    return max(one, other, key=_strictness)


def _strictness(mark: str) -> int:
    """Return how strict a mark is; one that we do not know is the strictest, none at all the least."""
    if mark in CONFIDENTIALITY:
        return CONFIDENTIALITY.index(mark)
    return len(CONFIDENTIALITY) if mark else -1
