"""The findings of `verify`, as data: code, severity, sentence, what to do (docs/finding-codes.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from docgen.archive.legal import printable
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding; the sentences hold `{names}` that are filled in."""

    severity: Severity
    message: Message
    hint: Message


_RESTORE = Message(
    "用 docgen restore 把备份恢复到新文件夹，再把该文件复制回原处",
    "docgen restore a backup into a new folder, then copy this file back",
)
_DERIVED = Message(
    "清单可由日志重建：运行 docgen rebuild；若清单曾被人改动，请查明原因",
    "the manifest is derived: run docgen rebuild; if somebody changed it, find out why",
)
_JOURNAL = Message(
    "从备份取回缺少或损坏的条目文件（其余条目不动），再运行 docgen rebuild",
    "bring back the missing or damaged entries from a backup (only those), then run docgen rebuild",
)

RULES: dict[str, Rule] = {
    "AV01": Rule(ERROR, Message("已归档的文件不见了", "a filed file is missing"), _RESTORE),
    "AV02": Rule(
        ERROR,
        Message(
            "大小不符：应为 {expected} 字节，实为 {found} 字节",
            "size differs: {expected} bytes, found {found}",
        ),
        _RESTORE,
    ),
    "AV03": Rule(ERROR, Message("内容与归档时不符", "the content is not what was filed"), _RESTORE),
    "AV04": Rule(
        ERROR,
        Message("文件没有归档记录", "the file has no journal entry"),
        Message(
            "先处理日志的错误；若仍有此结果，把它移出归档文件夹，再用 docgen file 归档",
            "mend the journal first; if it is still told then, move it out and file it with docgen file",
        ),
    ),
    "AV05": Rule(
        ERROR,
        Message(
            "文件名不符合命名规则，也没有归档记录", "the name follows no rule, and there is no journal entry"
        ),
        Message(
            "把它移出归档文件夹；需要归档的，改好文件名后再用 docgen file 归档",
            "move it out of the archive folder; to keep it, give it its name and file it with docgen file",
        ),
    ),
    "AV06": Rule(
        ERROR,
        Message("文件位置或名称不对，应为 {expected}", "wrong place or name; it belongs at {expected}"),
        Message("把文件移回原位", "move the file back"),
    ),
    "AV07": Rule(
        ERROR,
        Message(
            "日志条目被改动过：与后一条记录的摘要不符",
            "a journal entry was changed: the next one has another digest",
        ),
        _JOURNAL,
    ),
    "AV08": Rule(
        ERROR,
        Message("自此起缺少 {count} 条日志条目", "from here on {count} journal entries are missing"),
        _JOURNAL,
    ),
    "AV09": Rule(
        ERROR,
        Message(
            "日志条目的序号是 {found}，与文件名不符", "the entry says number {found}, not that of its name"
        ),
        _JOURNAL,
    ),
    "AV10": Rule(
        ERROR, Message("日志条目不完整或无法读取", "the journal entry is torn or cannot be read"), _JOURNAL
    ),
    "AV11": Rule(ERROR, Message("校验清单中缺少此文件", "the manifest lacks this file"), _DERIVED),
    "AV12": Rule(
        ERROR,
        Message("校验清单中的摘要与日志不符", "the manifest has another digest than the journal"),
        _DERIVED,
    ),
    "AV13": Rule(
        ERROR, Message("校验清单中多出此行", "the manifest lists what was never filed, or twice"), _DERIVED
    ),
    "AV14": Rule(
        ERROR,
        Message("校验清单第 {line} 行格式不对", "line {line} of the manifest is not of its format"),
        _DERIVED,
    ),
    "AV15": Rule(
        ERROR,
        Message("同一文档的版本 {version} 有两份", "version {version} of this document exists twice"),
        Message(
            "核对两份文件，用 docgen refile 把归错的一份改归", "compare the two and refile the wrong one"
        ),
    ),
    "AV16": Rule(
        WARNING,
        Message("版本不连续：{version} 之前的版本未归档", "gap: the version before {version} is not filed"),
        Message("找到缺少的版本并归档", "find the missing version and file it"),
    ),
    "AV17": Rule(
        WARNING,
        Message(
            "引用的文档“{text}”不在本项目中", "the document “{text}” that it refers to is not in this project"
        ),
        Message(
            "归档被引用的文档，或在下一版中改正引用",
            "file that document, or correct the reference in the next version",
        ),
    ),
    "AV18": Rule(
        WARNING,
        Message(
            "编号 {doc_id} 在本项目中重复（另见 {other}）",
            "number {doc_id} is used twice in this project (see {other})",
        ),
        Message("改正其中一份的编号并归档新版本", "correct one of the numbers in a new version"),
    ),
    "AV19": Rule(
        WARNING,
        Message(
            "编号 {doc_id} 在其他项目中也有（{other}）",
            "number {doc_id} is used in another project too ({other})",
        ),
        Message("确认两份文档的编号", "check both numbers"),
    ),
    "AV20": Rule(
        NOTE,
        Message("归档曾被中断，留有临时文件", "a filing was interrupted and left temporary files"),
        Message("下次归档时自动清理", "the next filing clears them away"),
    ),
    "AV21": Rule(
        WARNING,
        Message(
            "与项目 {other} 只有大小写或全半角之别", "differs from project {other} in case or width only"
        ),
        Message("用 docgen refile 并入同一个项目", "bring both into one project with docgen refile"),
    ),
    "AV22": Rule(
        ERROR,
        Message("无法读取（{reason}）", "cannot be read ({reason})"),
        Message("检查权限和磁盘", "check permissions and disk"),
    ),
    "AV23": Rule(
        ERROR,
        Message("日志中没有摘要为 {digest} 的条目", "no journal entry has the digest {digest}"),
        Message(
            "日志在记下该摘要之后被截断或替换；从备份取回缺少的条目和文件，再运行 docgen rebuild",
            "the journal was cut or replaced since then; bring entries and files back from a backup",
        ),
    ),
    "AV24": Rule(
        ERROR,
        Message("不是普通文件（链接、设备或管道）", "not a file but a link, a device or a pipe"),
        Message(
            "移走它；如果这里应有归档文件，从备份恢复",
            "move it away; restore the file from a backup if one belongs here",
        ),
    ),
    "AV25": Rule(
        WARNING,
        Message(
            "内容是 {kind} 文件，与扩展名不符", "the content is {kind}, which its extension does not say"
        ),
        Message(
            "用 docgen get 取出核对，改正扩展名后归档为新版本",
            "take it out with docgen get, file it under its right extension as a new version",
        ),
    ),
    "AV26": Rule(
        WARNING,
        Message("没有注明密级", "no confidentiality is noted"),
        Message(
            "请文档负责人确定密级，用 docgen correct 更正", "ask who is in charge of it; use docgen correct"
        ),
    ),
    "AV27": Rule(
        NOTE,
        Message("保管期限 {until} 已到", "its retention ended on {until}"),
        Message(
            "确认是否继续保管；不再保管的用 docgen delete 移除（docgen list --expired 列出）",
            "decide whether it is kept on; remove it with docgen delete (docgen list --expired lists all)",
        ),
    ),
    "AV28": Rule(
        WARNING,
        Message("已登记删除的文件仍在", "a file that was deleted by its retention is still there"),
        Message(
            "核对后把它移出归档文件夹；它多半来自旧备份",
            "look at it, then move it out of the archive folder; it probably comes from an old backup",
        ),
    ),
    "AV29": Rule(
        ERROR,
        Message("日志条目所说的版本 {stem} 从未归档", "the entry speaks of {stem}, which was never filed"),
        _JOURNAL,
    ),
    "AV30": Rule(
        ERROR,
        Message("目录中有此项目，档案中却没有它的文件夹", "the catalogue knows it; its folder is gone"),
        Message("从备份恢复整个项目文件夹", "restore the whole folder of the project from a backup"),
    ),
    "AV31": Rule(
        ERROR,
        Message("校验清单各行的顺序与日志不符", "the manifest is not in the order of the journal"),
        _DERIVED,
    ),
}


def finding(code: str, project: str, path: str = "", **values: object) -> Finding:
    """Return the finding ``code`` about ``path`` (relative to the project folder)."""
    return found(RULES, code, project, path, **values)


def found(rules: Mapping[str, Rule], code: str, project: str, path: str = "", **values: object) -> Finding:
    """Return the finding ``code`` of ``rules``.

    What no terminal and no JSON can show of a name is shown as its code.
    """
    rule = rules[code]
    shown = {key: printable(str(value)) for key, value in values.items()}
    message = Message(rule.message.zh.format(**shown), rule.message.en.format(**shown))
    return Finding(code, rule.severity, message, rule.hint, project=printable(project), path=printable(path))
