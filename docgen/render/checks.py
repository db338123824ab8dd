"""The codes of template mistakes: how grave, what it means, what to do (docs/template-checks.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.render.ooxml import has_tracked_changes
from docgen.render.package import CONTENT_TYPES, Package
from docgen.render.tags import Fault


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of mistake; ``{what}`` in the message stands for what it is about."""

    severity: Severity
    message: Message
    hint: Message


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CHECKS: Mapping[str, Check] = {
    "TP01": Check(
        _E,
        Message("模板打不开：{what}", "the template cannot be opened: {what}"),
        Message("用 Word 打开并另存为 .docx", "open it in Word and save it as .docx"),
    ),
    "TP02": Check(
        _E,
        Message("模板含有宏（{what}）", "the template holds macros ({what})"),
        Message("另存为不含宏的 .docx", "save it as .docx, which holds no macros"),
    ),
    "TP03": Check(
        _E,
        Message("标记没有写完：{what}", "a tag is not finished: {what}"),
        Message("补上 }} 或 %}，且一个标记不要跨段落", "add }} or %}; a tag cannot reach over paragraphs"),
    ),
    "TP04": Check(
        _E,
        Message("多出结束括号 {what}", "a closing bracket too many: {what}"),
        Message("补上前面的 {{ 或 {%，或删去它", "add the {{ or {% before it, or take it out"),
    ),
    "TP05": Check(
        _E,
        Message("括号是全角的：{what}", "the brackets are full-width: {what}"),
        Message("切换到英文输入法，写成 {{ }} 或 {% %}", "type half-width {{ }} or {% %}"),
    ),
    "TP06": Check(
        _E,
        Message("标记写法不通：{what}", "the tag cannot be understood: {what}"),
        Message(
            "检查引号、括号、逗号是否半角且成对；整段、整行标记里不能有 % 和 }",
            "check that quotes, brackets and commas are half-width and in pairs; "
            "tags for a paragraph or row cannot hold % or }",
        ),
    ),
    "TP07": Check(
        _E,
        Message("循环或条件没有结束：{what}", "a loop or condition is not closed: {what}"),
        Message("在它之后加 endfor 或 endif", "add endfor or endif after it"),
    ),
    "TP08": Check(
        _E,
        Message("有结束没有开头：{what}", "it closes what was not opened: {what}"),
        Message("补上对应的 for 或 if，或删去它", "add the for or if that belongs to it, or take it out"),
    ),
    "TP09": Check(
        _E,
        Message("开头和结束不在同一层：{what}", "opening and end are not on the same level: {what}"),
        Message(
            "两端用同一种标记（都用 {%p、都用 {%tr 或都不带），并放在同一正文、单元格或表格里",
            "use the same kind at both ends ({%p, {%tr or none), in the same text, cell or table",
        ),
    ),
    "TP10": Check(
        _E,
        Message("标记旁边的文字会丢失：{what}", "the text beside the tag would be lost: {what}"),
        Message(
            "{%p 单独占一段，{%tr 单独占一行，{%tc 单独占一格",
            "give {%p a paragraph, {%tr a row, {%tc a cell of its own",
        ),
    ),
    "TP11": Check(
        _E,
        Message("没有这个字段：{what}", "there is no such field: {what}"),
        Message("核对表单 form.yaml 里的字段名", "compare with the fields in form.yaml"),
    ),
    "TP12": Check(
        _E,
        Message("表格没有这一列：{what}", "the table has no such column: {what}"),
        Message("核对表单 form.yaml 里表格的列名", "compare with the columns in form.yaml"),
    ),
    "TP13": Check(
        _E,
        Message("没有这个过滤器或判断：{what}", "there is no such filter or test: {what}"),
        Message(
            "可用的过滤器见 docs/template-checks.md", "the filters are listed in docs/template-checks.md"
        ),
    ),
    "TP14": Check(
        _E,
        Message("模板里不允许这样写：{what}", "a template may not do this: {what}"),
        Message(
            "只用字段、循环、条件和列出的过滤器", "use fields, loops, conditions and the listed filters only"
        ),
    ),
    "TP15": Check(
        _E,
        Message("没有可以这样打印的字段：{what}", "there is no field to print like this: {what}"),
        Message("写成 {{ 字段 }}，去掉 p、tr、tc、r", "write {{ field }} without p, tr, tc or r"),
    ),
    "TP16": Check(
        _W,
        Message("必填字段没有出现在模板里：{what}", "a required field is not in the template: {what}"),
        Message("在合适的位置加上它，或在表单里设为 internal", "put it in, or make it internal in the form"),
    ),
    "TP17": Check(
        _N,
        Message(
            "没有出现在模板里的选填或自动字段：{what}",
            "optional or computed fields that are not printed: {what}",
        ),
        Message("确认不需要打印它们", "make sure that they need not be printed"),
    ),
    "TP18": Check(
        _W,
        Message("没有指定中文字体：{what}", "no Chinese font is set: {what}"),
        Message("在 Word 里给该样式选定中文字体（不用主题字体）", "set an East Asian font, not a theme font"),
    ),
    "TP19": Check(
        _E,
        Message("模板里有修订痕迹", "the template holds tracked changes"),
        Message("在 Word 里接受或拒绝全部修订后保存", "accept or reject all changes in Word and save"),
    ),
    "TP20": Check(
        _E,
        Message("版块引用有误：{what}", "a block cannot be put in: {what}"),
        Message(
            '单独一段写 {%p include "版块名" %}，版块放在 house/blocks 下',
            'write {%p include "NAME" %} alone in a paragraph; blocks are in house/blocks',
        ),
    ),
    "TP21": Check(
        _E,
        Message(
            "表格字段要用循环逐行打印，其他字段不能循环：{what}",
            "only tables and lists are looped over: {what}",
        ),
        Message(
            "写成 {%tr for row in 字段 %} … {%tr endfor %}", "write {%tr for row in field %} … {%tr endfor %}"
        ),
    ),
    "TP22": Check(
        _N,
        Message("文字方法在受限环境中运行：{what}", "a text method runs in the sandbox: {what}"),
        Message("有同样作用的过滤器时请改用过滤器", "use a filter where one does the same"),
    ),
    "TP23": Check(
        _E,
        Message("标记算不出结果：{what}", "a tag cannot be worked out: {what}"),
        Message(
            "检查标记里的计算和过滤器是否适合该字段", "check that its calculation and filters fit the field"
        ),
    ),
    "TP24": Check(
        _E,
        Message("内部字段不得打印：{what}", "an internal field must not be printed: {what}"),
        Message(
            "从模板里删去它，或在表单里去掉 internal", "take it out, or make it not internal in the form"
        ),
    ),
}


def finding(
    code: str, what: str = "", *, place: Message | None = None, path: str = "", hint: Message | None = None
) -> Finding:
    """Return the finding ``code`` about ``what``; the message begins with the place."""
    check = CHECKS[code]
    zh, en = (text.replace("{what}", what) for text in (check.message.zh, check.message.en))
    message = Message(f"{place.zh}：{zh}", f"{place.en}: {en}") if place else Message(zh, en)
    return Finding(code, check.severity, message, hint or check.hint, path=path)


def findings(faults: Iterable[Fault], path: str) -> list[Finding]:
    """Return findings for mistakes in tags, each once."""
    found = (finding(fault.code, fault.what, place=fault.spot.place, path=path) for fault in faults)
    return list(dict.fromkeys(found))


def file_findings(package: Package, path: str) -> Iterator[Finding]:
    """Yield what a template must not hold, whatever its tags: macros, tracked changes."""
    programs = [part for part in package.parts if part.casefold().endswith("vbaproject.bin")]
    if programs or b"macroEnabled" in package.parts.get(CONTENT_TYPES, b""):
        yield finding("TP02", programs[0] if programs else ".docm", path=path)
    if any(has_tracked_changes(package.xml(part)) for _, part in package.stories()):
        yield finding("TP19", path=path)
