"""`docgen doctor`: machine and workspace."""

from __future__ import annotations

import click

from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.cli.elements import Run, declare, json_option
from docgen.cli.output import finding_json, print_finding, print_json, say


@declare(
    "doctor",
    "检查运行环境和工作区：Python、LibreOffice、字体、设置、表单、目录、索引、磁盘。",
    "Check machine and workspace: Python, LibreOffice, fonts, settings, forms, catalogue, index, disk.",
)
@json_option
@click.pass_obj
def command(run: Run, as_json: bool) -> int:
    """Check machine and workspace."""
    from docgen.workflow.doctor import examine

    findings = examine(run.session)
    if as_json:
        print_json([finding_json(finding, run.lang) for finding in findings])
    else:
        for finding in findings:
            print_finding(finding, run.lang)
        if not any(finding.severity is not Severity.NOTE for finding in findings):
            say(Message("没有发现问题。", "Nothing is wrong."), run.lang)
    return 7 if any(finding.severity is Severity.ERROR for finding in findings) else 0
