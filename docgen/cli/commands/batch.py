"""`docgen batch`: many documents from a table, or made anew from the archive."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.base.errors import Interrupted, InvalidData, UsageFault
from docgen.base.messages import Message
from docgen.cli.batch_told import summary_json, tell
from docgen.cli.elements import FILE, NUMBER, TYPE, PathType, Run, argument, declare, json_option, option
from docgen.cli.making import making_options
from docgen.cli.output import note, print_json, say
from docgen.cli.pairs import pairs_option, read_files, read_pairs
from docgen.cli.progress import progress

if TYPE_CHECKING:
    from types import FrameType

    from docgen.workflow.batches.wanted import Batch, Wanted

#: Most worker processes.
_MOST = 64
_SCOPE = Message("项目|类型", "PROJECT|TYPE")


def _workers() -> int:
    from docgen.base.pool import processors

    return min(processors(), _MOST)


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
    type=click.IntRange(1, _MOST),
    word=NUMBER,
    default=_workers,
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
        print_json(summary_json(summary, run.lang))
    else:
        tell(summary, dry_run=dry_run, lang=run.lang)
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
