"""Text kinds: text, longtext, list, seal, ref."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from docgen.base.messages import Message
from docgen.forms.definition import Field
from docgen.forms.faults import BadValue
from docgen.forms.kinds.characters import text_of, tidy
from docgen.forms.values import Ref

#: Longest value of a kind whose field sets no `max_length`, in characters.
TEXT_LIMIT = 1_000
LONGTEXT_LIMIT = 50_000
LIST_LIMIT = 1_000
REF_LIMIT = 300
_ITEM_BREAK = re.compile(r"[、;；\n]")


def parse_text(field: Field, raw: object) -> str:
    """Return one line of text (also for `seal`: whose seal it is).

    Raises:
        BadValue: If it is too long or holds what `characters.tidy` refuses.
    """
    return tidy(text_of(raw, field.max_length or TEXT_LIMIT), lines=False)


def parse_longtext(field: Field, raw: object) -> str:
    """Return text of one or more lines.

    Raises:
        BadValue: As for `parse_text`.
    """
    return tidy(text_of(raw, field.max_length or LONGTEXT_LIMIT), lines=True)


def parse_list(field: Field, raw: object) -> tuple[str, ...]:
    """Return the items of a list, or of text with one item a line (else split at 、 and ；).

    Raises:
        BadValue: If an item is refused, or there are too many.
    """
    items = tuple(parse_text(field, item) for item in _items(raw) if not _is_empty(item))
    if len(items) > LIST_LIMIT:
        raise BadValue(
            Message(
                f"共 {len(items)} 项，最多 {LIST_LIMIT} 项",
                f"{len(items)} items; at most {LIST_LIMIT} are allowed",
            )
        )
    return items


def parse_ref(field: Field, raw: object) -> Ref:
    """Return a link by its text; whether the target exists is the lookup's matter.

    Raises:
        BadValue: If it is refused as text, or a mapping has no `text`.
    """
    del field
    if isinstance(raw, Mapping):
        parts = {key: tidy(text_of(raw.get(key) or "", REF_LIMIT), lines=False) for key in _REF_KEYS}
        if not parts["text"]:
            raise BadValue(Message("缺少所引用文件的编号", "the number of the document is missing"))
        return Ref(**parts)
    return Ref(tidy(text_of(raw, REF_LIMIT), lines=False))


_REF_KEYS = ("text", "type_id", "doc_id", "version")


def _items(raw: object) -> Sequence[object]:
    if isinstance(raw, str):
        text = text_of(raw, LONGTEXT_LIMIT).strip()
        return text.splitlines() if "\n" in text else _ITEM_BREAK.split(text)
    if isinstance(raw, Sequence):
        return raw
    raise BadValue(Message("应填写列表", "a list is expected"))


def _is_empty(item: object) -> bool:
    return item is None or (isinstance(item, str) and not item.strip())
