"""What came of a batch, told on the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docgen.base.messages import Message
from docgen.cli.output import note, print_table, say

if TYPE_CHECKING:
    from docgen.batch.states import RowState
    from docgen.workflow.batches.wanted import Summary


def tell(summary: Summary, *, dry_run: bool, lang: str) -> None:
    """Say what came of a batch."""
    from docgen.batch.states import State

    if dry_run:
        heads = [Message("行号", "row"), Message("文件", "document"), Message("状态", "state")]
        print_table(heads, [_planned(row, lang) for row in summary.rows], lang)
        more = sum(summary.counts.values()) - len(summary.rows)
        if more > 0:
            say(Message(f"……以及另外 {more} 行（--report 文件 列出全部）", f"… and {more} more rows"), lang)
    _tell_rows(summary, lang)
    left = summary.counts.get(State.FAILED, 0) - len(summary.failures)
    if left > 0:
        zh, en = (
            ("见报告", "see the report") if summary.reports else ("加 --report 文件 查看", "use --report")
        )
        note(Message(f"还有 {left} 行失败，{zh}", f"{left} more rows failed, {en}"), lang)
    for type_id, number in summary.slow.items():
        note(_slow(type_id, number), lang)
    for late in summary.late:
        note(Message(f"注意：{late.zh}", f"note: {late.en}"), lang)
    say(_counted(summary, dry_run), lang)
    for path in summary.reports:
        say(Message(f"报告：{path}", f"report: {path}"), lang)


def _tell_rows(summary: Summary, lang: str) -> None:
    """Say what people should know of single rows."""
    for row in summary.failures:
        note(
            Message(f"第 {row.line} 行{_named(row)}：{row.reason}", f"row {row.line}: {row.reason_en}"), lang
        )
    for row in summary.edited:
        zh, en = f"第 {row.line} 行已手工修改（{row.path}）", f"row {row.line}, edited by hand ({row.path})"
        note(Message(f"{zh}：{row.reason}", f"{en}: {row.reason_en}"), lang)
    for row in summary.remarked:
        note(Message(f"第 {row.line} 行，提醒：{row.reason}", f"row {row.line}, note: {row.reason_en}"), lang)
    if (more := summary.remarks - len(summary.remarked)) > 0:
        note(Message(f"还有 {more} 行有提醒，见报告的“说明”一栏", f"{more} more rows have notes"), lang)


def _named(row: RowState) -> str:
    """Return which document a row is about, as far as it is known."""
    known = " ".join(filter(None, (row.project, row.doc_id)))
    return f"（{known}）" if known else ""


def _planned(row: RowState, lang: str) -> list[str]:
    serial = f"-{row.serial}" if row.serial else ""
    name = f"{row.project}_{row.type_name}{serial}_{row.date}_{row.version}" if row.version else ""
    return [str(row.line), name, row.state.label.text(lang)]


def _counted(summary: Summary, dry_run: bool) -> Message:
    """Say how many rows are in which state, and how fast it went."""
    counts = [(state, number) for state, number in summary.counts.items() if number]
    zh = "，".join(f"{state.label.zh} {number}" for state, number in counts) or "没有数据行"
    en = ", ".join(f"{state.label.en} {number}" for state, number in counts) or "no rows"
    if dry_run:
        return Message(f"试运行，没有写任何文件；将要：{zh}", f"dry run, nothing was written; to come: {en}")
    ended = Message("已停止", "stopped") if summary.stopped else Message("完成", "done")
    return Message(
        f"{ended.zh}：{zh}；用时 {summary.seconds:.1f} 秒", f"{ended.en}: {en}; {summary.seconds:.1f} s"
    )


def _slow(type_id: str, number: int) -> Message:
    return Message(
        f"{type_id} 的 {number} 份文件逐份按 docxtpl 的方式调整过，因此较慢：模板中表格的列随数据增减，"
        "或标记跨越了段落、表格行的边界",
        f"{number} documents of {type_id} took docxtpl's own, slower steps: columns of a table come and go "
        "in the template, or a tag crosses the border of a paragraph or row",
    )


def summary_json(summary: Summary, lang: str) -> dict[str, object]:
    """Return what came of a batch as JSON data."""
    from docgen.batch.report import row_json

    return {
        "counts": {str(state): number for state, number in summary.counts.items()},
        "folder": str(summary.folder),
        "reports": [str(path) for path in summary.reports],
        "stopped": summary.stopped,
        "seconds": round(summary.seconds, 3),
        "slow": dict(summary.slow),
        "rows": [row_json(row, lang) for row in summary.rows],
        "failures": [row_json(row, lang) for row in summary.failures],
        "edited": [row_json(row, lang) for row in summary.edited],
        "remarked": [row_json(row, lang) for row in summary.remarked],
        "notes": [late.text(lang) for late in summary.late],
    }
