"""`docgen new`: from a filled form to a finished document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from docgen.base.errors import InvalidData
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.cli.elements import FILE, FOLDER, TYPE, PathType, Run, argument, declare, json_option, option
from docgen.cli.making import making_options
from docgen.cli.output import note, print_json, print_problems, problem_json, say
from docgen.cli.pairs import pairs_option, read_pairs

if TYPE_CHECKING:
    from docgen.workflow.generated import Generated


@declare(
    "new",
    "填写表单，生成文件。数据来自 --data 文件、--set 或 --ask 逐项提问；有错时一次全部指出，不写任何文件。",
    "Fill in a form and generate the document. Data come from --data, --set or --ask; every mistake is named "
    "at once and nothing is written.",
)
@argument("type_name", TYPE)
@option(
    "--data",
    word=FILE,
    type=PathType(path_type=Path, exists=True, dir_okay=False),
    zh="数据文件：YAML、JSON、CSV、XLSX、XLS 或 ODS；归档文件的 .record.json，或 docgen 生成的 docx"
    "（取其中的数据，不取手工修改）。",
    en="Data file: YAML, JSON, CSV, XLSX, XLS, ODS; the .record.json of a filed document, or a docx that "
    "docgen made (its data, without what was edited by hand).",
)
@pairs_option
@option(
    "--ask", is_flag=True, zh="逐项提问，回车采用默认值。", en="Ask field by field; Enter takes the default."
)
@option(
    "--out",
    word=FOLDER,
    type=PathType(path_type=Path, file_okay=False),
    zh="写到这个目录（默认：工作区的 drafts/）。",
    en="Write to this folder (default: the workspace's drafts/).",
)
@making_options
@json_option
@click.pass_obj
def command(
    run: Run,
    type_name: str,
    data: Path | None,
    pairs: tuple[str, ...],
    ask: bool,
    out: Path | None,
    pdf: bool,
    filing: bool,
    script: str,
    major: bool,
    as_json: bool,
) -> None:
    """Generate a document."""
    from docgen.workflow.generate import generate, read_answers
    from docgen.workflow.generated import Wishes
    from docgen.workflow.records import override

    session = run.session
    form = session.form(session.type_named(type_name).id)
    answers = override(form, read_answers(form, data), read_pairs(pairs))
    if ask:
        from docgen.cli.asking import ask_all

        answers = ask_all(session, form, answers, run.lang)
    wishes = Wishes(out=out, pdf=pdf, file=filing, traditional=script == "hant", major=major)
    try:
        made = generate(session, form, answers, wishes)
    except InvalidData as error:
        if as_json:
            print_json(_json(None, error.problems, run.lang))
        raise
    if as_json:
        print_json(_json(made, made.problems, run.lang))
        return
    print_problems(made.problems, run.lang)
    if filing and not made.fresh:
        note(Message("内容未变化，没有新增版本。", "Nothing changed; no new version was filed."), run.lang)
    done = Message("已归档", "filed") if filing else Message("已生成", "made")
    say(Message(f"{done.zh}：{made.path}", f"{done.en}: {made.path}"), run.lang)
    if made.pdf:
        say(Message(f"PDF：{made.pdf}", f"PDF: {made.pdf}"), run.lang)


def _json(made: Generated | None, problems: Sequence[Problem], lang: str) -> dict[str, object]:
    return {
        "path": str(made.path) if made else None,
        "pdf": str(made.pdf) if made and made.pdf else None,
        "identity": made.identity_json() if made else None,
        "problems": [problem_json(problem, lang) for problem in problems],
    }
