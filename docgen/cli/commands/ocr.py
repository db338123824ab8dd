"""`docgen ocr`: the text of scans."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from docgen.base.errors import ProgramFault
from docgen.base.messages import Message, same
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.output import note, print_json, say

if TYPE_CHECKING:
    from docgen.workflow.recognising import Standing


@declare(
    "ocr",
    "识别扫描件和图片中的文字，使其可以检索（docgen watch 在空闲时也会识别）。可随时中断，下次接着做。",
    "Recognise the text of scans and pictures, so that it can be searched (docgen watch does it, too, "
    "when it has time). It can be interrupted at any time, and goes on where it was.",
)
@option("--status", is_flag=True, zh="只显示进度，不识别。", en="Only tell how far it is.")
@option(
    "--again", is_flag=True, zh="以前无法识别的，再试一次。", en="Try once more what could not be recognised."
)
@json_option
@click.pass_obj
def command(run: Run, status: bool, again: bool, as_json: bool) -> int:
    """Work the queue of scans off."""
    from docgen.workflow.indexing import index_pending
    from docgen.workflow.recognising import recognise_some, standing

    index_pending(run.session)  # what was filed and not yet looked into may be scans
    if again:
        run.session.scans.again()
    pages = 0
    if not status:
        _need_extra(standing(run.session))
        pages = recognise_some(run.session, math.inf, watch=lambda *far: _far(*far, lang=run.lang))
    now = standing(run.session)
    if as_json:
        print_json(_json(now, pages))
    else:
        _tell(now, pages, run.lang)
    return 0


def _need_extra(now: Standing) -> None:
    from docgen.text.recogniser import INSTALL

    if not now.available:
        raise ProgramFault(
            Message("没有安装文字识别组件", "the recognition of text is not installed"),
            hint=Message(f"运行 {INSTALL}", f"run {INSTALL}"),
        )


def _far(path: str, done: int, total: int, *, lang: str) -> None:
    note(Message(f"{path}：第 {done}/{total} 页", f"{path}: page {done} of {total}"), lang)


def _tell(now: Standing, pages: int, lang: str) -> None:
    if pages:
        say(Message(f"本次识别 {pages} 页。", f"{pages} pages were recognised."), lang)
    say(
        Message(
            f"扫描件：已处理 {now.done} 份，等待识别 {now.waiting} 份。",
            f"scans: {now.done} done, {now.waiting} waiting.",
        ),
        lang,
    )
    for trouble in now.troubles:
        page = Message(f" 第 {trouble.page} 页", f" page {trouble.page}") if trouble.page else same("")
        note(same(f"  {trouble.path}{page.text(lang)}: {trouble.problem}"), lang)


def _json(now: Standing, pages: int) -> dict[str, object]:
    troubles = [{"path": one.path, "page": one.page, "problem": one.problem} for one in now.troubles]
    return {
        "available": now.available,
        "pages": pages,
        "done": now.done,
        "waiting": now.waiting,
        "troubles": troubles,
    }
