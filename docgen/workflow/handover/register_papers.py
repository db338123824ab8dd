"""文档资料整理表 as a workbook, a Word file, a PDF or a CSV file (AR-30): one content, four forms."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from docgen.archive.queries import FiledVersion
from docgen.batch.blank import FORMULA_START
from docgen.batch.ledger import Sheet, ledger
from docgen.workflow.handover.filled import filled
from docgen.workflow.handover.register import HEADS, register, totals
from docgen.workflow.session import Session

FORMATS = ("xlsx", "docx", "pdf", "csv")
_FORM = "document_register"
_ALL = "全部项目"
_COLUMNS = ("type", "project", "name", "date", "version", "place")


def register_workbook(session: Session, versions: Sequence[FiledVersion], day: date) -> bytes:
    """Return the register as XLSX, the totals on a second sheet."""
    moment = datetime.fromisoformat(max(one.filed_at for one in versions))
    dated = ("编制日期", day.isoformat(), "")
    return ledger(
        [
            Sheet("文档资料整理表", HEADS, register_cells(session, versions), (12, 24, 56, 13, 10, 34)),
            Sheet("合计", ("项目", "内容", "数量"), [dated, *totals(versions)], (20, 48, 14)),
        ],
        moment,
    )


def register_cells(session: Session, versions: Sequence[FiledVersion]) -> list[tuple[str, ...]]:
    """Return the lines of the register in its order."""
    return [line.cells for line in register(versions, session.types)]


def register_csv(session: Session, versions: Sequence[FiledVersion]) -> bytes:
    """Return the register as CSV, as Excel opens it; what would be read as a formula is marked as text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADS)
    writer.writerows([_safe(cell) for cell in cells] for cells in register_cells(session, versions))
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_START) else cell


def register_docx(session: Session, project: str, versions: Sequence[FiledVersion], day: date) -> bytes:
    """Return the register as a Word file in house style."""
    documents = len({one.document_id for one in versions})
    rows = [dict(zip(_COLUMNS, cells, strict=True)) for cells in register_cells(session, versions)]
    answers = {
        "project_name": project or _ALL,
        "doc_date": day.isoformat(),
        "doc_id": f"{project or _ALL}-整理表-{day:%Y%m%d}",
        "made_on": day.isoformat(),
        "summary": f"文档 {documents} 份，版本 {len(versions)} 个，文件 {len(rows)} 个",
        "items": rows,
    }
    return filled(session, _FORM, answers, day)


def register_pdf(session: Session, project: str, versions: Sequence[FiledVersion], day: date) -> bytes:
    """Return the register as PDF.

    Raises:
        ProgramFault: LibreOffice is missing or failed.
    """
    from docgen.render.pdf import to_pdf

    with tempfile.TemporaryDirectory() as place:
        docx = Path(place) / "register.docx"
        docx.write_bytes(register_docx(session, project, versions, day))
        made = to_pdf(docx, docx.with_suffix(".pdf"), timeout=session.settings.pdf_timeout)
        return made.read_bytes()
