"""What items of an incoming journal say that no filing would have written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docgen.archive.entries import Entry, Event, Item
from docgen.archive.handover.refusals import about
from docgen.archive.inheriting import CONFIDENTIALITY
from docgen.archive.layout import entry_path
from docgen.archive.legal import fold_key
from docgen.base.messages import Message
from docgen.base.periods import Period
from docgen.forms.definition import CATEGORIES

#: Characters of a number, a status, a group.
_LONGEST = 1_000
#: Control characters, line breaks of all kinds, marks of direction: no form and no command takes them.
_UNSHOWN = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def item_faults(name: str, entries: Iterable[Entry]) -> list[Message]:
    """Return items that speak of another project, or of files that were never filed in this one."""
    faults: list[Message] = []
    filed: set[tuple[str, str]] = set()
    for seq, item in ((entry.seq, item) for entry in entries for item in entry.items):
        place = entry_path(seq)
        named = {(file.path, file.sha256) for file in item.files}
        if fold_key(item.identity.project) != fold_key(name):
            faults.append(about(place, "事项属于另一个项目", "an item belongs to another project"))
        if item.category not in CATEGORIES:
            faults.append(about(place, "类别不存在", "there is no such category"))
        faults.extend(about(place, one.zh, one.en) for one in _fact_faults(item))
        if item.event in (Event.FILED, Event.ADDED):
            filed |= named
        elif not named <= filed:
            faults.append(about(place, "提到从未归档的文件", "it names a file that was never filed"))
    return faults


def _fact_faults(item: Item) -> Iterator[Message]:
    """Yield what no filing would have written: it would be in the way of lists and of later hand-overs."""
    facts = item.facts
    shown = (item.doc_id, item.type_id, facts.status, *facts.groups.said().values())
    if any(len(text) > _LONGEST or _UNSHOWN.search(text) for text in shown):
        yield Message(
            "编号、状态或归类过长，或含有不可显示的字符", "a number, status or group that cannot be shown"
        )
    if facts.confidentiality and facts.confidentiality not in CONFIDENTIALITY:
        yield Message("密级不存在", "there is no such confidentiality")
    try:
        Period.parse(facts.retention or "永久")
    except ValueError:
        yield Message("保管期限无法识别", "its retention cannot be read")
