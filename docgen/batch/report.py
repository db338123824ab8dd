"""The report of a batch: a line for every row, as CSV for people and as JSON for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.batch.blank import FORMULA_START
from docgen.batch.states import RowState

#: Heading and value of every column, in their order.
_COLUMNS = (
    (Message("行号", "row"), "row"),
    (Message("状态", "state"), "state_label"),
    (Message("项目", "project"), "project"),
    (Message("文件类型", "type"), "type_name"),
    (Message("序号", "serial"), "serial"),
    (Message("日期", "date"), "date"),
    (Message("版本", "version"), "version"),
    (Message("文件编号", "number"), "doc_id"),
    (Message("路径", "path"), "path"),
    (Message("PDF", "PDF"), "pdf"),
    (Message("错误项", "fields"), "labels"),
    (Message("说明", "reason"), "reason"),
    (Message("用时（秒）", "seconds"), "seconds"),
)


def check_report(path: Path, inputs: Iterable[Path]) -> None:
    """Refuse a place for the report that cannot be written, or that is one of the tables, before the run.

    Raises:
        UsageFault: It is a table of the batch.
        EnvironmentFault: It cannot be written.
    """
    with told(path):
        if any(path.exists() and path.samefile(one) for one in inputs):
            raise UsageFault(
                Message("报告不能覆盖数据表格", "the report would go over the table"),
                where=str(path),
                hint=Message("给 --report 另一个文件名", "give --report another name"),
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()


def write_report(path: Path, rows: Iterable[RowState], lang: str) -> None:
    """Write the report to ``path``, row by row: JSON where the name ends so, else CSV.

    Raises:
        EnvironmentFault: It cannot be written.
    """
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".json":
            _write_json(path, rows, lang)
        else:
            _write_csv(path, rows, lang)


def row_json(row: RowState, lang: str) -> dict[str, object]:
    """Return a row of the report as JSON data."""
    return {
        "row": row.line,
        "state": str(row.state),
        "state_label": row.state.label.text(lang),
        "project": row.project,
        "type": row.type_id,
        "type_name": row.type_name,
        "serial": row.serial,
        "date": row.date,
        "version": row.version,
        "doc_id": row.doc_id,
        "path": row.path or None,
        "pdf": row.pdf or None,
        "field": row.field,
        "labels": row.labels,
        "reason": row.reason_en if lang == "en" else row.reason,
        "seconds": row.seconds,
        "attempts": row.attempts,
    }


def _write_csv(path: Path, rows: Iterable[RowState], lang: str) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([heading.text(lang) for heading, _ in _COLUMNS])
        for row in rows:
            values = row_json(row, lang)
            writer.writerow([_cell(values[key]) for _, key in _COLUMNS])


def _write_json(path: Path, rows: Iterable[RowState], lang: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        separator = "[\n"
        for row in rows:
            stream.write(separator + json.dumps(row_json(row, lang), ensure_ascii=False))
            separator = ",\n"
        stream.write("\n]\n" if separator[0] == "," else "[]\n")


def _cell(value: object) -> str:
    """Return a value for a cell; no sheet program takes it for a formula."""
    text = "" if value is None else " ".join(str(value).split())
    return f"'{text}" if text.startswith(FORMULA_START) else text
