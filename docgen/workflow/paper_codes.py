"""What `verify` finds in the papers themselves, as data; what harms the archive is in `archive/checks`."""

from __future__ import annotations

from functools import partial

from docgen.archive.checks.finding_codes import NOTE, WARNING, Rule, found
from docgen.base.messages import Message

_NEXT = Message("核对后归档改正的新版本", "look at it, then file a corrected version")

RULES: dict[str, Rule] = {
    "AV40": Rule(
        WARNING,
        Message(
            "文件名中的{zh}是“{named}”，文件的数据写的是“{found}”",
            "{en}: {named} in its name, {found} in its data",
        ),
        Message(
            "归错的用 docgen refile 改归；数据写错的归档改正的新版本",
            "refile it if it was misfiled; else file a corrected version",
        ),
    ),
    "AV41": Rule(
        WARNING,
        Message(
            "状态为{status}，却没有签署数据，也没有扫描件",
            "it is {status}, but nothing shows that",
        ),
        Message(
            "用 docgen file 扫描件 --signed 文档 归档签字盖章件",
            "file the signed paper: docgen file SCAN --signed DOC",
        ),
    ),
    "AV42": Rule(
        WARNING,
        Message(
            "日期 {date} 早于{before}的日期 {other}", "its date {date} is before {other}, that of {before}"
        ),
        _NEXT,
    ),
    "AV43": Rule(
        NOTE,
        Message("已到的阶段尚缺：{names}", "of the phases reached these are missing: {names}"),
        Message("补齐并归档；确实不需要的可以不理", "file them; leave it where they are not needed"),
    ),
    "AV44": Rule(
        WARNING,
        Message("留有未填写的占位内容“{text}”", "the placeholder “{text}” was left in"),
        _NEXT,
    ),
    "AV45": Rule(
        WARNING,
        Message("读不出内容：{reason}", "it cannot be read: {why}"),
        Message(
            "用 docgen get 取出打开看看；打不开的，请提交人重新提供",
            "take it out with docgen get and open it; ask for another copy if it is broken",
        ),
    ),
    "AV46": Rule(
        WARNING,
        Message(
            "扫描件有 {found} 页，docgen 生成的 PDF 有 {expected} 页（{printed}）",
            "the scan has {found} pages, the PDF that docgen made has {expected} ({printed})",
        ),
        Message(
            "核对有无漏扫、多扫；确有附页的可以不理",
            "look for pages left out or doubled; leave it where something was attached",
        ),
    ),
}

finding = partial(found, RULES)
