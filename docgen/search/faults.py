"""What is said of an index that is missing, stale or broken."""

from __future__ import annotations

from docgen.base.messages import Message
from docgen.search.engine import Health, IndexFault


def index_fault(health: Health, error: BaseException | None = None, *, where: str) -> IndexFault:
    """Return the error that says what is wrong with the index at ``where``, and what the library said."""
    detail = f"（{type(error).__name__}: {error}）" if error else ""
    sentences = {
        Health.MISSING: Message("还没有全文索引", "there is no full-text index yet"),
        Health.STALE: Message(
            "全文索引由另一版本的程序建立，需要重建", "the full-text index was made by another version"
        ),
    }
    broken = Message(f"全文索引已损坏{detail}", f"the full-text index is broken{detail}")
    return IndexFault(health, sentences.get(health, broken), where=where)
