"""`docgen template`: draw templates, check templates."""

from __future__ import annotations

from pathlib import Path

import click

from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.cli.elements import FILE, TYPE, Group, PathType, Run, argument, declare, json_option, option
from docgen.cli.output import finding_json, print_finding, print_json, say


@click.group(
    "template",
    cls=Group,
    message=Message(
        "模板：按表单画出新模板，检查模板中的错误。",
        "Templates: draw one from a form, check one for mistakes.",
    ),
)
def command() -> None:
    """Hold the sub-commands."""


@declare(
    "new",
    "在工作区 templates/ 下为一个类型新建模板：按 form.yaml（和 outline.md，如有）画出 template.docx，"
    "之后可用 Word 修改。--from 以某个已有类型为蓝本复制一份。",
    "Make a template under templates/ of the workspace: template.docx is drawn from form.yaml "
    "(and outline.md, if any), to be finished in Word. --from copies an existing type to start from.",
)
@argument("type_id", Message("类型标识", "TYPE_ID"))
@option("--from", "source", word=TYPE, default="", zh="以这个类型为蓝本。", en="Start from this type.")
@option("--force", is_flag=True, zh="覆盖已有的 template.docx。", en="Replace an existing template.docx.")
@click.pass_obj
def new(run: Run, type_id: str, source: str, force: bool) -> None:
    """Draw a template."""
    from docgen.workflow.templates import new_template

    path = new_template(run.session, type_id, source=source, force=force)
    say(Message(f"模板：{path}", f"template: {path}"), run.lang)


@declare(
    "lint",
    "检查表单和模板：拼错的字段、未闭合的标记、全角花括号、从未打印的字段等，逐处指出。",
    "Check form and template: misspelt fields, unclosed tags, full-width braces, fields never printed.",
)
@argument("type_name", TYPE, required=False)
@option(
    "--template",
    "path",
    word=FILE,
    type=PathType(path_type=Path, dir_okay=False),
    zh="检查这个文件，而不是该类型现有的模板。",
    en="Check this file instead of the type's own template.",
)
@json_option
@click.pass_obj
def lint(run: Run, type_name: str | None, path: Path | None, as_json: bool) -> int:
    """Check one template, or all."""
    from docgen.workflow.templates import lint_templates

    findings = lint_templates(run.session, type_name or "", path)
    if as_json:
        print_json([finding_json(finding, run.lang) for finding in findings])
    else:
        for finding in findings:
            print_finding(finding, run.lang)
        if not findings:
            say(Message("没有发现问题。", "No mistakes found."), run.lang)
    return 4 if any(finding.severity is Severity.ERROR for finding in findings) else 0


for _each in (new, lint):
    command.add_command(_each)
