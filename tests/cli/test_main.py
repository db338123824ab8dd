"""The program as a whole: help, languages, where errors become sentences and exit codes."""

from __future__ import annotations

import errno
import re
import subprocess
import sys

import pytest

from docgen.base.workspace import Workspace
from docgen.cli.main import COMMANDS, main

HAN = re.compile(r"[\u3400-\u9fff]")
SUBCOMMANDS = ["project add", "project set", "project show", "project list", "template new", "template lint"]
#: Names of things, which are Chinese in any language.
DATA = re.compile(r"合同协议|技术文档|商务文档|项目执行|已签署|合同\*|日期:\S+|字段:值")
CALLS = [*COMMANDS, *SUBCOMMANDS]


@pytest.mark.parametrize("words", ["", *CALLS])
def test_help_is_chinese(docgen, words: str) -> None:
    ran = docgen(None, *words.split(), "--help")

    assert ran.code == 0
    assert "用法：" in ran.out
    assert "选项" in ran.out
    for english in ("Usage", "Options", "OPTIONS", "Show", "DIRECTORY", "FILE", "DATE"):
        assert english not in ran.out


@pytest.mark.parametrize("words", ["", *CALLS])
def test_help_is_english_on_request(docgen, words: str) -> None:
    ran = docgen(None, "--lang", "en", *words.split(), "--help")

    assert ran.code == 0
    assert "Usage:" in ran.out
    assert not HAN.search(DATA.sub("", ran.out))


@pytest.mark.parametrize(
    "place", ["search", "new", "file", "list", "verify", "doctor", "types", "template lint"]
)
def test_without_a_workspace_nothing_works_and_it_says_how_to_go_on(
    docgen, tmp_path, monkeypatch, place
) -> None:
    monkeypatch.chdir(tmp_path)
    words = {"search": ["违约"], "new": ["service_contract"], "file": ["a.pdf"]}.get(place, [])

    ran = docgen(None, *place.split(), *words)

    assert ran.code == 7
    assert "没有找到工作区" in ran.err
    assert "docgen init" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_workspace_is_named(docgen, tmp_path) -> None:
    ran = docgen(Workspace(tmp_path / "无"), "list")

    assert ran.code == 7
    assert str(tmp_path / "无") in ran.err


def test_the_workspace_is_found_from_a_folder_inside_it(docgen, workspace, monkeypatch) -> None:
    monkeypatch.chdir(workspace.drafts)

    assert docgen(None, "list").code == 0


def test_the_workspace_may_come_from_the_environment(docgen, workspace, monkeypatch, tmp_path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCGEN_WORKSPACE", str(workspace.root))

    assert docgen(None, "list").code == 0


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["nosuch"], "没有 nosuch 这个命令。", "No such command"),
        (["list", "--nosuch"], "没有 --nosuch 这个选项。", "No such option"),
        (["new"], "缺少参数 “文件类型”。", "Missing argument 'TYPE'"),
        (["types", "--phase", "11"], "11 不在可选值之内", "is not one of"),
        (["list", "--since", "2026-02-30"], "没有这一天", "there is no such day"),
        (["search", "x", "--limit", "-1"], "不在范围", "not in the range"),
        (["list", "--type"], "选项 --type 需要一个值。", "requires an argument"),
        (["types", "x"], "多余的参数（x）", "unexpected extra argument"),
        (["new", "service_contract", "--data", "无.yaml"], "文件 无.yaml 不存在。", "does not exist"),
        (["new", "service_contract", "--data", "."], "是目录。", "is a directory"),
    ],
)
def test_a_wrong_call_is_explained_in_both_languages(docgen, workspace, words, zh: str, en: str) -> None:
    chinese, english = docgen(workspace, *words), docgen(workspace, "--lang", "en", *words)

    assert (chinese.code, english.code) == (2, 2)
    assert zh in chinese.err
    assert en in english.err
    assert "Usage" not in chinese.err
    assert not re.search(r"[a-z]\.$", chinese.err, re.MULTILINE)


def test_settings_choose_the_language(docgen, workspace, monkeypatch) -> None:
    monkeypatch.delenv("DOCGEN_LANG")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (workspace.root / "docgen.toml").write_text('lang = "en"\n')

    assert "Nothing is filed" in docgen(workspace, "list").err
    assert "Nothing is filed" in subprocess_output(f"--workspace={workspace.root}", "list")


def subprocess_output(*words: str) -> str:
    command = [sys.executable, "-m", "docgen", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("strictrefs = true", ("strictrefs", "strict_refs")),
        ('timezone = "Mars/Olympus"', ("时区", "Mars/Olympus")),
        ('strict_refs = "yes"', ("strict_refs",)),
        ("lang = 'fr'", ("lang",)),
        ("pdf_timeout = 0", ("pdf_timeout",)),
        ("timezone = ", ("TOML",)),
    ],
)
def test_a_mistake_in_the_settings_names_file_and_key(docgen, workspace, toml: str, words) -> None:
    path = workspace.root / "docgen.toml"
    path.write_text(toml, encoding="utf-8")

    ran = docgen(workspace, "new", "服务合同")

    assert ran.code == 7
    for word in (str(path), *words):
        assert word in ran.err


@pytest.mark.parametrize("word", ["违约", "违约\udcff"], ids=["text", "a byte that is not UTF-8"])
def test_an_internal_error_leaves_a_log_and_no_traceback(docgen, workspace, monkeypatch, word: str) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("kaputt")

    monkeypatch.setattr("docgen.workflow.finding.parse_query", broken)

    ran = docgen(workspace, "search", word)

    (log,) = (workspace.state / "log").iterdir()
    assert ran.code == 70
    assert str(log) in ran.err
    assert "Traceback" not in ran.out + ran.err
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError: kaputt" in text
    assert f"search '{word}'".encode(errors="backslashreplace").decode() in text


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘空间不足"), (errno.EACCES, "没有权限"), (errno.EIO, "读写失败")],
)
def test_errors_of_the_system_become_sentences(
    docgen, workspace, monkeypatch, number: int, words: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, "refused", "/some/where")

    monkeypatch.setattr("docgen.workflow.finding.parse_query", refused)

    ran = docgen(workspace, "search", "违约")

    assert ran.code == 7
    assert words in ran.err
    assert "/some/where" in ran.err


def test_ctrl_c_says_how_to_go_on(docgen, workspace, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("docgen.workflow.finding.parse_query", interrupted)

    ran = docgen(workspace, "search", "违约")

    assert ran.code == 130
    assert "重新运行同一条命令" in ran.err


def test_the_environment_is_left_as_it_was(docgen, workspace, monkeypatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")

    docgen(workspace, "list")

    assert __import__("os").environ["LANGUAGE"] == "de"


def test_output_into_a_closed_pipe_is_no_error(demonstrated) -> None:
    script = f"{sys.executable} -m docgen -w '{demonstrated.root}' list --json | head -c 10"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert len(done.stdout) == 10


def test_the_version_is_told(capfd) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"docgen \d+\.\d+\.\d+\S*\n", capfd.readouterr().out)


def test_help_imports_no_heavy_library() -> None:
    """`docgen --help` answers at once: what takes long to import is imported where it is used."""
    heavy = (
        "lxml",
        "docx",
        "docxtpl",
        "jinja2",
        "sqlalchemy",
        "whoosh",
        "yaml",
        "openpyxl",
        "python_calamine",
    )
    heavy += ("opencc", "pypdfium2", "rich", "chinese_calendar")
    script = "import sys; from docgen.cli.main import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    loaded = done.stdout.rpartition("[")[2]
    assert [name for name in heavy if f"'{name}'" in loaded] == []
