"""The command `docgen`: where errors become sentences and exit codes."""

from __future__ import annotations

import logging
import shlex
import sys
from datetime import UTC, datetime
from io import StringIO
from os import environ
from pathlib import Path

import click

from docgen import __version__
from docgen.base.errors import DocgenError, EnvironmentFault, Interrupted
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.workspace import SETTINGS_FILE, find_workspace
from docgen.cli.elements import FOLDER, Group, Option, PathType, Run
from docgen.cli.language import LANGUAGES, choose_language, given, punctuate, speaking

_AT = "docgen.cli.commands."

COMMANDS = {
    "init": (_AT + "init", Message("新建工作区，并写入一套示例数据", "make a workspace with sample data")),
    "project": (
        _AT + "project",
        Message("项目卡片：新增、修改、查看", "project cards: add, set, show, list"),
    ),
    "types": (_AT + "types", Message("列出文件类型", "list the document types")),
    "form": (
        _AT + "form",
        Message("查看某类文件的填写项，或导出空白表", "show a type's fields, or an empty sheet"),
    ),
    "new": (_AT + "new", Message("填写表单，生成文件", "fill in a form, get the document")),
    "batch": (_AT + "batch", Message("按表格批量生成", "many documents from a table")),
    "file": (_AT + "file", Message("把文件归档", "file documents for good")),
    "watch": (_AT + "watch", Message("监视收件夹，自动归档", "watch the inboxes and file what lands there")),
    "refile": (_AT + "refile", Message("更正归错的文件", "move a misfiled document to its right identity")),
    "correct": (
        _AT + "correct",
        Message("更正类别、密级、归类等", "correct what is known of a document"),
    ),
    "delete": (
        _AT + "delete",
        Message("移除保管期限已满的文件", "remove what need not be kept any longer"),
    ),
    "search": (_AT + "search", Message("全文检索", "search the archive")),
    "list": (_AT + "list", Message("列出已归档的文件", "list what is filed")),
    "show": (_AT + "show", Message("查看一份文件的归档信息", "show one document")),
    "history": (_AT + "history", Message("查看一份文件的全部经过", "everything that happened to a document")),
    "diff": (_AT + "diff", Message("比较一份文件的两个版本", "compare two versions of a document")),
    "open": (_AT + "open", Message("打开一份归档文件（只读）", "open a filed document, read-only")),
    "get": (_AT + "get", Message("取出一份文件的副本", "copy a document out of the archive")),
    "verify": (_AT + "verify", Message("核验档案的完整性", "check the archive's integrity")),
    "rebuild": (_AT + "rebuild", Message("重建目录和索引", "rebuild catalogue and index")),
    "register": (_AT + "register", Message("文档资料整理表", "the register of documents")),
    "status": (_AT + "status", Message("查看项目的归档状态", "how far a project is archived")),
    "waive": (_AT + "waive", Message("说明不需要归档的资料", "tell what need not be archived")),
    "export": (_AT + "export", Message("移交一个项目的全部档案", "hand a whole project over")),
    "import": (_AT + "import_", Message("接收移交来的项目", "take in a project that was handed over")),
    "backup": (_AT + "backup", Message("备份工作区，查看备份记录", "back the workspace up; show the log")),
    "restore": (_AT + "restore", Message("从备份恢复工作区", "bring a workspace back from a backup")),
    "ocr": (_AT + "ocr", Message("识别扫描件中的文字", "recognise the text of scans")),
    "template": (_AT + "template", Message("模板：新建、检查", "templates: draw, check")),
    "doctor": (_AT + "doctor", Message("检查运行环境和工作区", "check machine and workspace")),
}


def _show_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        click.echo(f"docgen {__version__}")
        context.exit()


@click.group(
    "docgen",
    cls=Group,
    lazy=COMMANDS,
    message=Message(
        "填写表单生成合同类文件，归档，并用中文全文检索找回。",
        "Fill in a form, get the finished document, file it for good, and find it again in Chinese.",
    ),
)
@click.option(
    "-w",
    "--workspace",
    cls=Option,
    type=PathType(path_type=Path, file_okay=False),
    word=FOLDER,
    message=Message(
        "工作区目录（默认：环境变量 DOCGEN_WORKSPACE，或向上查找 docgen.toml）。",
        "Workspace folder (default: DOCGEN_WORKSPACE, else the nearest parent with docgen.toml).",
    ),
)
@click.option(
    "--lang",
    cls=Option,
    type=click.Choice(LANGUAGES),
    message=Message("界面语言：zh 中文，en 英文。", "Language of messages: zh or en."),
)
@click.option(
    "--version",
    cls=Option,
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    message=Message("显示版本号。", "Show the version."),
)
@click.pass_context
def docgen(context: click.Context, workspace: Path | None, lang: str | None) -> None:
    """Hold what all commands share."""
    run = context.ensure_object(Run)
    run.workspace_option = workspace
    run.lang = lang or run.lang


def run() -> None:
    """Run the program and leave with the documented exit code."""
    _use_utf8()
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run one command line; return its exit code. No exception leaves here."""
    lang = choose_language(arguments, environ, _settings_file(arguments))
    with speaking(lang):
        return _run(arguments, Run(lang))


def _run(arguments: list[str], call: Run) -> int:
    try:
        result = docgen.main(args=arguments, prog_name="docgen", standalone_mode=False, obj=call)
    except click.ClickException as error:
        return _misused(error, call.lang)
    except (click.Abort, KeyboardInterrupt):
        return _tell(_INTERRUPTED, call.lang)
    except DocgenError as error:
        return _tell(error, call.lang)
    except OSError as error:
        return _tell(_refused_by_system(error), call.lang)
    except Exception:
        return _our_bug(call, arguments)
    return result if isinstance(result, int) else 0


_INTERRUPTED = Interrupted(
    Message("已中断；已经归档的文件不受影响", "interrupted; what is filed is filed"),
    hint=Message("重新运行同一条命令即可继续", "run the same command again to go on"),
)


def _misused(error: click.ClickException, lang: str) -> int:
    """Say what click did not understand and how to get help."""
    shown = StringIO()
    error.show(shown)
    click.echo(punctuate(shown.getvalue(), lang), nl=False, err=True)
    return error.exit_code


def _tell(error: DocgenError, lang: str) -> int:
    click.echo(error.text(lang), err=True)
    return error.exit_code


def _refused_by_system(error: OSError) -> EnvironmentFault:
    try:
        with told(str(error.filename or "")):
            raise error
    except EnvironmentFault as fault:
        return fault


def _our_bug(call: Run, arguments: list[str]) -> int:
    """Write the traceback to a log file, name it, return 70."""
    path = _log_folder(call) / f"error-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.log"
    handler = logging.FileHandler(path, encoding="utf-8", delay=True, errors="backslashreplace")
    logger = logging.getLogger("docgen.bug")
    logger.addHandler(handler)
    logger.propagate = False
    said = shlex.join(arguments).encode(errors="backslashreplace").decode()
    logger.exception("docgen %s: %s", __version__, said)
    logger.removeHandler(handler)
    handler.close()
    message = Message(
        f"程序内部错误，请把日志文件交给维护人员：{path}",
        f"internal error; please pass this log file on to the maintainers: {path}",
    )
    click.echo(message.text(call.lang), err=True)
    return 70


def _log_folder(call: Run) -> Path:
    from tempfile import gettempdir

    try:
        folder = call.workspace.state / "log"
        folder.mkdir(parents=True, exist_ok=True)
    except (DocgenError, OSError):
        return Path(gettempdir())
    return folder


def _settings_file(arguments: list[str]) -> Path | None:
    named = given(arguments, "--workspace", "-w")
    try:
        return find_workspace(Path(named) if named else None).root / SETTINGS_FILE
    except DocgenError:
        return None


def _use_utf8() -> None:
    """Print UTF-8 wherever the output is not a terminal with a code page of its own."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    run()
