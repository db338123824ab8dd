"""`docgen verify`: is everything still there, byte for byte."""

from __future__ import annotations

import re
from datetime import date

import click

from docgen.base.errors import UsageFault
from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.cli.elements import DAY, Day, Run, declare, json_option, option, project_option
from docgen.cli.output import finding_json, print_finding, print_json, say
from docgen.cli.progress import file_progress


@declare(
    "verify",
    "核验档案：文件是否齐全、字节是否一致、日志是否完整、清单是否相符。发现错误时退出码为 1。",
    "Check the archive: files present, bytes unchanged, journal whole, manifest right. "
    "Errors give exit code 1.",
)
@project_option
@option(
    "--subset",
    word=Message("K/N", "K/N"),
    default="1/1",
    zh="只读取第 K 份（共 N 份）文件的内容，分 N 次核验完。",
    en="Read only the K-th of N parts of the files; N runs cover all.",
)
@option(
    "--since",
    type=Day(),
    word=DAY,
    zh="只读取这一天以来归档的文件的内容。",
    en="Read only files that were filed on this day or later.",
)
@option(
    "--head",
    "heads",
    word=Message("校验值", "DIGEST"),
    multiple=True,
    zh="此前打印或抄录的日志校验值，必须仍在日志中。",
    en="A journal digest printed earlier; it must still be in the journal.",
)
@option(
    "--content",
    is_flag=True,
    zh="连各文档最新版本的正文一起读：读不出的、留有占位内容的（较慢）。",
    en="Read the newest versions, too: what cannot be read, what was left blank (slow).",
)
@json_option
@click.pass_obj
def command(
    run: Run,
    project: str,
    subset: str,
    since: date | None,
    heads: tuple[str, ...],
    content: bool,
    as_json: bool,
) -> int:
    """Verify the archive."""
    from docgen.workflow.upkeep import verify_archive

    with file_progress(run.lang) as watch:
        report = verify_archive(
            run.session,
            project=project,
            subset=_part(subset),
            since=since,
            heads=heads,
            content=content,
            watch=watch,
        )
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    if as_json:
        tops = {name: {"seq": seq, "digest": digest} for name, (seq, digest) in report.heads.items()}
        print_json(
            {"findings": [finding_json(finding, run.lang) for finding in report.findings], "heads": tops}
        )
        return 1 if errors else 0
    for finding in report.findings:
        print_finding(finding, run.lang)
    for name, (seq, digest) in report.heads.items():
        say(
            Message(f"日志：{name} 第 {seq} 条 {digest}", f"journal: {name}, entry {seq}, {digest}"), run.lang
        )
    others = len(report.findings) - errors
    say(
        Message(
            f"核验完毕：日志完好的项目 {len(report.heads)} 个，错误 {errors} 项，警告与提示 {others} 项。",
            f"verified: {len(report.heads)} whole journals, {errors} errors, {others} warnings and notes.",
        ),
        run.lang,
    )
    return 1 if errors else 0


def _part(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= part <= parts:
        raise UsageFault(Message("--subset 应写成 K/N，如 1/7", "--subset wants K/N, e.g. 1/7"))
    return part, parts
