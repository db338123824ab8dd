"""`docgen watch`: what is dropped into the inboxes is filed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from docgen.base.errors import Interrupted, UsageFault
from docgen.base.messages import Message, same
from docgen.cli.elements import Run, declare, json_option, option
from docgen.cli.output import note, print_json

if TYPE_CHECKING:
    from docgen.workflow.watch import Settled
    from docgen.workflow.watch_signals import Signals


@declare(
    "watch",
    "监视收件夹：放入的文件保存完毕后自动归档；不能归档的移到 rejected/ 并说明原因。Ctrl-C 结束。",
    "Watch the inboxes: files are filed once they are complete; what cannot be filed goes to rejected/, with "
    "the reason. Ctrl-C ends.",
)
@option(
    "--once",
    is_flag=True,
    zh="处理完收件夹里现有的文件就结束。",
    en="End when the files that lie there now are settled.",
)
@option(
    "--status",
    "ask",
    is_flag=True,
    zh="查看正在等待的文件及原因、各收件夹的监视方式和最近的结果。",
    en="Show what waits and why, how each inbox is watched, and the latest results.",
)
@json_option
@click.pass_obj
def command(run: Run, once: bool, ask: bool, as_json: bool) -> int:
    """Watch the inboxes, settle them once, or tell what a watcher does."""
    from docgen.workflow.watch import watch_status

    if as_json and not ask:
        raise UsageFault(Message("--json 与 --status 一起使用", "--json goes with --status"))
    if not ask:
        return _watch(run, once)
    status = watch_status(run.session)
    if as_json:
        print_json(_in_language(status, run.lang))
    else:
        _print(status, run.lang, run.session.settings.zone)
    return 0


def _watch(run: Run, once: bool) -> int:
    from docgen.workflow.watch import watch, watch_once
    from docgen.workflow.watch_signals import Signals

    def tell(said: Settled | Message) -> None:
        _tell(said, run.lang, run.session.settings.zone)

    code = 0
    with _stopping(Signals(), run.lang) as (signals, interrupted):
        if once:
            code = watch_once(run.session, tell, signals)
        else:
            watch(run.session, tell, signals)
    if interrupted or (once and signals.stopped):
        raise Interrupted(
            Message(
                "已停止监视；未处理的文件都还在收件夹", "stopped; what is not settled is still in the inbox"
            ),
            hint=Message("重新运行 docgen watch 即可继续", "run docgen watch again to go on"),
        )
    return code


@contextmanager
def _stopping(signals: Signals, lang: str) -> Iterator[tuple[Signals, list[int]]]:
    """Let Ctrl-C and SIGTERM stop after the group in hand; a second Ctrl-C ends at once."""
    interrupted: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        if signals.stopped and number == signal.SIGINT:
            raise KeyboardInterrupt
        if number == signal.SIGINT:
            interrupted.append(number)
        signals.stop()
        note(
            Message("正在停止：先完成手头的文件…", "stopping when the files in hand are done …"),
            lang,
        )

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield signals, interrupted
    finally:
        for number, old in before.items():
            signal.signal(number, old)


_MARKS = {
    "filed": (Message("已归档", "filed"), "green"),
    "added": (Message("已补充", "added"), "green"),
    "duplicate": (Message("重复", "duplicate"), "yellow"),
    "rejected": (Message("已拒收", "rejected"), "red"),
    "failed": (Message("暂未归档", "waits"), "red"),
}


def _tell(said: Settled | Message, lang: str, zone: tzinfo) -> None:
    """Print one line: what became of which file; then its notes."""
    time = f"{datetime.now(zone):%H:%M:%S}"
    if isinstance(said, Message):
        click.echo(f"{time} {said.text(lang)}")
        return
    outcome = said.outcome
    word, colour = _MARKS[outcome.fate]
    place = f" → {outcome.place}" if outcome.place else ""
    reason = "" if outcome.fate in ("filed", "added") else _colon(outcome.said.text(lang), lang)
    line = (
        f"{click.style(word.text(lang), fg=colour)} {said.inbox}/{said.folder}{outcome.names}{place}{reason}"
    )
    click.echo(f"{time} {line}")
    for remark in outcome.notes:
        click.echo(f"         {remark.text(lang)}")


def _colon(text: str, lang: str) -> str:
    return f"：{text}" if lang != "en" else f": {text}"


_MODES = {
    "native": Message("系统通知", "system events"),
    "polling": Message("定时查看", "polling"),
    "vanished": Message("目录不在（断开或已移走），恢复后自动继续", "away; goes on when it is back"),
    "": Message("未监视", "not watched"),
}
_WAITS = {
    "changing": Message("仍在变化，或刚停止变化", "still changing, or only just not"),
    "incomplete": Message("等待", "waits"),
    "partner": Message("等待同名文件", "waits for its partner"),
    "failed": Message("出错，稍后再试", "failed, is tried again"),
    "in_hand": Message("正在处理", "in hand"),
}


def _print(status: dict[str, Any], lang: str, zone: tzinfo) -> None:
    running = status["running"]
    head = (
        Message(f"docgen watch 正在运行（进程 {running}）", f"docgen watch runs (process {running})")
        if running is not None
        else Message("docgen watch 没有运行；收件夹现状：", "docgen watch does not run; in the inboxes:")
    )
    click.echo(head.text(lang))
    for inbox in status["inboxes"]:
        _print_inbox(inbox, status["in_hand_bytes"], lang)
    if status["recent"]:
        click.echo(Message("最近的结果：", "latest results:").text(lang))
    for one in status["recent"]:
        word, _ = _MARKS[one["fate"]]
        place = f" → {one['place']}" if one["place"] else ""
        names = one.get("folder", "") + "、".join(one["files"])
        time = datetime.fromisoformat(one["time"]).astimezone(zone)
        reason = _colon(one["said"][lang], lang) if one["fate"] == "rejected" and one.get("said") else ""
        click.echo(f"  {time:%m-%d %H:%M:%S} {word.text(lang)} {one['inbox']}/{names}{place}{reason}")


def _print_inbox(inbox: dict[str, Any], copied: int, lang: str) -> None:
    waiting = inbox["waiting"]
    count = Message(f"等待 {len(waiting)} 个文件", f"{len(waiting)} files wait").text(lang)
    click.echo(f"{inbox['name']}  {_MODES[inbox['mode']].text(lang)}  {count}")
    for problem in inbox["problems"]:
        click.echo(f"  ! {problem[lang]}")
    for folder in inbox.get("left_out", ()):  # a watcher of an older docgen may still run
        said = Message(
            "名称像临时文件夹，其中的文件不处理", "looks temporary by its name; what is in it is left"
        )
        click.echo(f"  - {folder}/{_colon(said.text(lang), lang)}")
    for one in waiting:
        reason = _colon(one["reason"][lang], lang) if one["reason"] else ""
        click.echo(f"  {one['path']}  {_WAITS[one['why']].text(lang)}{reason}{_since(one, copied, lang)}")


def _since(one: dict[str, Any], copied: int, lang: str) -> str:
    seconds = round(one["seconds"])
    if one["next_try"] is not None:
        left = round(one["next_try"])
        return Message(f"（{left} 秒后再试）", f" (next try in {left} s)").text(lang)
    if one["why"] == "in_hand":
        size = one["size"] / (1 << 20)
        far = Message(f"，已复制 {copied >> 20} MB", f", {copied >> 20} MB copied") if copied else same("")
        return Message(f"（{size:.0f} MB{far.zh}）", f" ({size:.0f} MB{far.en})").text(lang)
    return Message(f"（{seconds} 秒未变化）", f" (unchanged for {seconds} s)").text(lang)


def _in_language(value: Any, lang: str) -> Any:
    """Return JSON data with the sentences in one language."""
    if isinstance(value, dict):
        if value.keys() == {"zh", "en"}:
            return value[lang]
        return {key: _in_language(one, lang) for key, one in value.items()}
    return [_in_language(one, lang) for one in value] if isinstance(value, list) else value
