"""Whether machine and workspace are fit for work."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta

from docgen.base.clock import system_clock
from docgen.base.errors import DocgenError
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message, same
from docgen.base.publishing import probe
from docgen.base.workspace import shipped_templates
from docgen.render.fontconfig import PACKAGES
from docgen.render.pdf import find_office
from docgen.search.engine import Health
from docgen.text.recogniser import INSTALL
from docgen.workflow.backup import last_backup
from docgen.workflow.engine_advice import outgrown
from docgen.workflow.recognising import standing
from docgen.workflow.session import Session
from docgen.workflow.templates import lint_templates

_NOTHING = same("")
#: Less free space than this is worth a warning (bytes).
_LITTLE_SPACE = 1 << 30
#: More filed versions than this ought to be backed up.
_WORTH_A_BACKUP = 100


def examine(session: Session) -> list[Finding]:
    """Return what is wrong, and what is worth knowing, about this machine and this workspace."""
    checks: tuple[Callable[[Session], Iterator[Finding]], ...] = (
        _python,
        _office,
        _settings,
        _space,
        _publishing,
        _templates,
        _overlays,
        _index,
        outgrown,
        _backup,
        _scans,
    )
    return [finding for check in checks for finding in _safely(check, session)]


def _safely(check: Callable[[Session], Iterator[Finding]], session: Session) -> list[Finding]:
    try:
        return list(check(session))
    except DocgenError as error:
        told = Message(
            *("\n".join([error.message.text(lang), *error.details(lang)]) for lang in ("zh", "en"))
        )
        return [Finding("DR01", Severity.ERROR, told, error.hint or _NOTHING, path=error.where)]


def _python(_: Session) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("DR10", Severity.NOTE, same(f"Python {version}"), _NOTHING)


def _office(_: Session) -> Iterator[Finding]:
    office = find_office()
    if office is not None:
        yield Finding("DR11", Severity.NOTE, same(f"LibreOffice: {office.program}"), _NOTHING)
        return
    yield Finding(
        "DR11",
        Severity.WARNING,
        Message(
            "没有找到 LibreOffice，不能输出 PDF，也读不出 doc、wps、ppt 的正文",
            "LibreOffice was not found; no PDF can be made, and no doc, wps or ppt file read",
        ),
        same(f"apt-get install {PACKAGES}"),
    )


def _settings(session: Session) -> Iterator[Finding]:
    zone = session.settings.timezone
    yield Finding(
        "DR12",
        Severity.NOTE,
        Message(f"时区 {zone}，今天 {session.today}", f"zone {zone}, today {session.today}"),
        _NOTHING,
    )


def _space(session: Session) -> Iterator[Finding]:
    free = shutil.disk_usage(session.workspace.root).free
    if free < _LITTLE_SPACE:
        megabytes = free // (1 << 20)
        yield Finding(
            "DR13",
            Severity.WARNING,
            Message(f"磁盘只剩 {megabytes} MB", f"only {megabytes} MB of disk space are left"),
            Message(
                "清理磁盘，或把工作区移到更大的磁盘", "free some, or move the workspace to a larger disk"
            ),
        )


def _publishing(session: Session) -> Iterator[Finding]:
    way = probe(session.workspace.archive)
    severity = Severity.WARNING if way == "copy" else Severity.NOTE
    hint = (
        Message(
            "这个目录不支持硬链接和不覆盖改名，归档较慢；建议把档案放在本机磁盘", "a local disk files faster"
        )
        if way == "copy"
        else _NOTHING
    )
    yield Finding(
        "DR14",
        severity,
        Message(f"归档写入方式：{way}", f"way of publishing files: {way}"),
        hint,
        path="archive",
    )


def _templates(session: Session) -> Iterator[Finding]:
    yield from (one for one in lint_templates(session) if one.severity is Severity.ERROR)


def _overlays(session: Session) -> Iterator[Finding]:
    """Types of the workspace that stand before a shipped one which has changed since."""
    shipped = shipped_templates()
    for type_id, folder in session.form_folders.items():
        original = shipped / type_id
        if folder.parent.resolve() == shipped.resolve() or not original.is_dir():
            continue
        newest = max(path.stat().st_mtime for path in folder.iterdir())
        if any(path.stat().st_mtime > newest for path in original.iterdir()):
            yield Finding(
                "DR15",
                Severity.WARNING,
                Message("随软件提供的这一类型比本工作区的副本新", "the shipped type is newer than this copy"),
                Message(
                    "比较两者，合并后保存；不再需要时删除本目录",
                    "compare, merge and save; or remove this copy",
                ),
                path=f"templates/{type_id}",
            )


def _index(session: Session) -> Iterator[Finding]:
    health = session.engine.health()
    if health in (Health.STALE, Health.BROKEN):
        yield Finding(
            "DR16",
            Severity.WARNING if health is Health.STALE else Severity.ERROR,
            Message(f"检索索引需要重建（{health}）", f"the search index must be rebuilt ({health})"),
            Message("运行 docgen rebuild", "run docgen rebuild"),
            path="index",
        )


def _backup(session: Session) -> Iterator[Finding]:
    last, limit = last_backup(session.workspace), session.settings.backup_days
    if last is not None and system_clock() - last <= timedelta(days=limit):
        return
    filed = len(session.catalogue)
    if last is None and filed <= _WORTH_A_BACKUP:
        return
    told = (
        Message(f"已归档 {filed} 个版本，从未备份", f"{filed} versions are filed and were never backed up")
        if last is None
        else Message(
            f"上次备份是 {last.astimezone(session.settings.zone):%Y-%m-%d}，已超过 {limit} 天",
            f"the last backup is of {last.astimezone(session.settings.zone):%Y-%m-%d}, over {limit} days ago",
        )
    )
    hint = Message("运行 docgen backup 备份文件夹", "run docgen backup DIR")
    yield Finding("DR20", Severity.WARNING, told, hint)


def _scans(session: Session) -> Iterator[Finding]:
    """Whether the text of scans can be recognised, and how many wait for it."""
    now = standing(session)
    able = Message("可用", "available") if now.available else Message("没有安装", "not installed")
    waits = now.waiting and not now.available
    yield Finding(
        "DR30",
        Severity.WARNING if waits else Severity.NOTE,
        Message(
            f"扫描件文字识别：{able.zh}，等待识别 {now.waiting} 份",
            f"recognition of scans: {able.en}, {now.waiting} waiting",
        ),
        _NOTHING if now.available else Message(f"运行 {INSTALL}", f"run {INSTALL}"),
    )
    if now.troubles:
        yield Finding(
            "DR31",
            Severity.WARNING,
            Message(
                f"有 {len(now.troubles)} 个文件或页面无法识别，见 docgen ocr --status",
                f"{len(now.troubles)} files or pages cannot be recognised; docgen ocr --status names them",
            ),
            Message(
                "补充清晰的扫描件，或运行 docgen ocr --again", "add clear scans, or run docgen ocr --again"
            ),
        )
