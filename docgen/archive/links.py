"""What a version refers to."""

from __future__ import annotations

from docgen.archive.parcel import Facts
from docgen.base.messages import Message


def missing_refs(facts: Facts) -> list[Message]:
    """Return a warning for every document that is referred to and was not found."""
    return [
        Message(
            f"引用的文档“{ref.text}”没有找到", f"the document “{ref.text}” that it refers to was not found"
        )
        for ref in facts.refs
        if not ref.found
    ]
