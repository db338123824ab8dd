"""The record that a document carries in itself: whatever it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.render.ooxml import BadPackage
from docgen.render.provenance import Provenance, read


@dataclass(frozen=True, slots=True)
class Carried:
    """A record as a document knows it.

    Attributes:
        text: As the file beside a document has it, but for the fields that the document does not print.
        digest: Of the whole record.
    """

    text: str
    digest: str


def carried_record(docx: Path) -> Carried:
    """Return the record that ``docx`` was made from, as far as it prints it; it is a stranger's word.

    Raises:
        ArchiveRefused: docgen did not make the document, or what it wrote into it is gone.
        EnvironmentFault: The file cannot be read.
    """
    try:
        with told(docx):
            provenance = read(docx.read_bytes())
    except BadPackage:
        provenance = None
    if provenance is None:
        raise ArchiveRefused(
            Message(
                "不是 docgen 生成的文件，其中没有表单数据", "not made by docgen: it carries no form data"
            ),
            where=str(docx),
            hint=Message("用表格或 docgen new 生成", "make it of a table, or with docgen new"),
        )
    return Carried(_text(provenance), provenance.record_digest)


def _text(provenance: Provenance) -> str:
    values = {name: value for name, value in provenance.fields.items() if name != "serial"}
    return json.dumps(
        {
            "form": provenance.type_id,
            "today": provenance.today or values.get("doc_date"),
            "from_today": provenance.from_today.split(),
            "values": values,
        },
        ensure_ascii=False,
    )
