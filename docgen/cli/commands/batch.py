"""`docgen batch`: many documents from a table, or made anew from the archive."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.base.errors import Interrupted, InvalidData, UsageFault
from docgen.base.messages import Message
from docgen.cli.elements import FILE, NUMBER, TYPE, PathType, Run, argument, declare, json_option, option
from docgen.cli.making import making_options
from docgen.cli.output import note, print_json, print_table, say
from docgen.cli.pairs import pairs_option, read_files, read_pairs
from docgen.cli.progress import progress

if TYPE_CHECKING:
    from types import FrameType

    from docgen.batch.states import RowState
    from docgen.workflow.batches.wanted import Batch, Summary, Wanted

_SCOPE = Message("项目|类型", "PROJECT|TYPE")


@declare(
    "batch",
    "按表格批量生成文件：每行一份。中断后重新运行同一条命令即可继续；出错的行不影响其他行。",
    "Generate a document of every row of a table. Run the same command again to go on after an interruption; "
    "a broken row does not hinder the others.",
)
@argument("table", FILE, required=False, type=PathType(path_type=Path, exists=True, dir_okay=False))
@option(
    "--type",
    "type_name",
    word=TYPE,
    default="",
    zh="文件类型；表中有“文件类型”列时可不写，一个表可以混用多种类型。",
    en="Document type; not needed with a column `type`, which may differ from row to row.",
)
@option("--sheet", default="", zh="工作簿中的工作表（默认第一张）。", en="Sheet of the workbook (the first).")
@option(
    "--table",
    "tables",
    multiple=True,
    word=Message("表格名=文件", "NAME=FILE"),
    zh="表单中的表格写在另一个文件里，如 --table 服务内容=明细.csv；各行用“主表序号”或主表也有的一列对应。",
    en="The lines of a table of the form are in a file of their own, e.g. --table items=lines.csv; they name "
    "their row in a column `row` (1, 2, …), or by a column that the main table has too.",
)
@option(
    "--all",
    "scope",
    word=_SCOPE,
    default="",
    zh="不用表格：把这个项目或类型已归档的文件，按各自的数据重新生成。",
    en="Without a table: make the archived documents of this project or type anew, from their own data.",
)
@pairs_option
@option(
    "--workers",
    type=click.IntRange(1, 64),
    word=NUMBER,
    default=os.cpu_count() or 1,
    show_default=False,
    zh="工作进程数（默认：处理器个数）。",
    en="Worker processes (default: one a processor).",
)
@making_options
@option(
    "--overwrite-edits",
    is_flag=True,
    zh="手工修改过的文件也重新生成（默认跳过并在报告中列出）。",
    en="Make documents anew that were edited by hand (default: left alone and reported).",
)
@option(
    "--dry-run",
    is_flag=True,
    zh="只检查：列出将生成的文件和全部问题，不写任何文件。",
    en="Only check: show what would be made, and every problem; write nothing.",
)
@option("--fail-fast", is_flag=True, zh="遇到第一个失败的行就停止。", en="Stop at the first row that fails.")
@option(
    "--report",
    word=FILE,
    type=PathType(path_type=Path, dir_okay=False),
    zh="报告写到这个文件（.csv 或 .json；默认写在草稿目录里，两种都有）。",
    en="Write the report to this file (.csv or .json; default: both, beside the drafts).",
)
@json_option
@click.pass_obj
def command(
    run: Run,
    table: Path | None,
    type_name: str,
    sheet: str,
    tables: tuple[str, ...],
    scope: str,
    pairs: tuple[str, ...],
    workers: int,
    pdf: bool,
    filing: bool,
    script: str,
    major: bool,
    overwrite_edits: bool,
    dry_run: bool,
    fail_fast: bool,
    report: Path | None,
    as_json: bool,
) -> int:
    """Generate many documents."""
    from docgen.batch.states import State
    from docgen.workflow.batch import run_batch
    from docgen.workflow.batches.wanted import Wanted

    wanted = Wanted(
        changes=read_pairs(pairs),
        pdf=pdf,
        file=filing,
        major=major,
        traditional=script == "hant",
        overwrite_edits=overwrite_edits,
        fail_fast=fail_fast,
        dry_run=dry_run,
        workers=workers,
        report=_checked(report),
        lang=run.lang,
    )
    batch = _batch(run, table, type_name, sheet, read_files(tables), scope, wanted)
    for said in batch.said:
        note(said, run.lang)
    with _stopping(run.lang) as stop, progress(run.lang) as watch:
        summary = run_batch(run.session, batch, wanted, watch=watch, stop=stop.is_set)
    if as_json:
        print_json(_json(summary, run.lang))
    else:
        _tell(summary, dry_run, run.lang)
        if not dry_run:
            place = run.session.workspace.archive if filing else summary.folder
            say(Message(f"文件在：{place}", f"documents in: {place}"), run.lang)
    if stop.is_set() and summary.stopped:
        raise Interrupted(
            Message("已中断；处理完的行都已保存", "interrupted; the rows that were done are kept"),
            hint=Message("重新运行同一条命令即可继续", "run the same command again to go on"),
        )
    return InvalidData.exit_code if summary.counts.get(State.FAILED) else 0


def _batch(
    run: Run,
    table: Path | None,
    type_name: str,
    sheet: str,
    tables: Mapping[str, Path],
    scope: str,
    wanted: Wanted,
) -> Batch:
    from docgen.workflow.batches.archived import archived
    from docgen.workflow.batches.tabular import Source, of_table

    if bool(table) == bool(scope):
        raise UsageFault(
            Message("请给出一个表格，或用 --all 项目|类型", "give a table, or --all PROJECT|TYPE"),
            hint=Message("docgen batch --help", "docgen batch --help"),
        )
    type_id = run.session.type_named(type_name).id if type_name else ""
    if table is None:
        _refuse_with_all(("--sheet", sheet), ("--table", tables))
        return archived(run.session, scope, wanted, type_id=type_id)
    return of_table(run.session, Source(table, sheet, type_id, tables), wanted)


def _refuse_with_all(*options: tuple[str, object]) -> None:
    """Refuse options that say something about a table where there is none."""
    for name, value in options:
        if value:
            raise UsageFault(
                Message(f"{name} 说明的是表格，不能与 --all 同用", f"{name} is about a table; not with --all")
            )


def _checked(report: Path | None) -> Path | None:
    """Return where the report is to be written, if it is named for what is written."""
    if report and report.suffix.lower() not in (".csv", ".json"):
        raise UsageFault(
            Message(f"报告只能写成 .csv 或 .json，不能写成 {report.name}", "a report is a .csv or a .json"),
            hint=Message("改 --report 的扩展名；.csv 可用 Excel 打开", "change its extension"),
        )
    return report


@contextmanager
def _stopping(lang: str) -> Iterator[threading.Event]:
    """Give an event that the first Ctrl-C sets; a second one ends the program at once."""
    stop = threading.Event()

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        note(
            Message(
                "正在停止：先完成已经分给各进程的行（再按一次 Ctrl-C 立即结束）…",
                "stopping when the rows in hand are done (Ctrl-C again ends at once) …",
            ),
            lang,
        )

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _tell(summary: Summary, dry_run: bool, lang: str) -> None:
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
        note(Message(f"第 {row.line} 行：{row.reason}", f"row {row.line}: {row.reason_en}"), lang)
    for row in summary.edited:
        zh, en = f"第 {row.line} 行已手工修改（{row.path}）", f"row {row.line}, edited by hand ({row.path})"
        note(Message(f"{zh}：{row.reason}", f"{en}: {row.reason_en}"), lang)
    for row in summary.remarked:
        note(Message(f"第 {row.line} 行，提醒：{row.reason}", f"row {row.line}, note: {row.reason_en}"), lang)
    if (more := summary.remarks - len(summary.remarked)) > 0:
        note(Message(f"还有 {more} 行有提醒，见报告的“说明”一栏", f"{more} more rows have notes"), lang)


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


def _json(summary: Summary, lang: str) -> dict[str, object]:
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
