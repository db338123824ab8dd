"""`docgen batch`: a table in, documents out, and what is said on the way."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import docx
import pytest

from docgen.cli.commands.batch import command
from docgen.cli.progress import _ROWS, _Lines, progress
from docgen.workflow.batches.wanted import Progress

HEADINGS = "项目名称,主题,费用,事项.1.内容,事项.1.占比"
GOOD = ["示例项目,第一次拜访,￥1200.00,介绍产品,40%", "示例项目二,第二次拜访,,回访,0.6"]


def table(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "拜访.csv"
    path.write_bytes("\n".join([HEADINGS, *rows]).encode(encoding))
    return path


def drafts(workspace) -> list[str]:
    return sorted(path.name for path in workspace.drafts.rglob("*.docx"))


def test_every_row_becomes_a_document(docgen, noted, tmp_path: Path) -> None:
    ran = docgen(noted, "batch", table(tmp_path, *GOOD, encoding="gb18030"), "--type", "拜访纪要")

    assert ran.code == 0
    assert "GB18030" in ran.err
    assert "2 行" in ran.err
    assert "完成：生成 2" in ran.out
    assert [name.split("_")[0] for name in drafts(noted)] == ["示例项目", "示例项目二"]


def test_a_broken_row_is_named_and_the_exit_code_says_so(docgen, noted, tmp_path: Path) -> None:
    path = table(tmp_path, GOOD[0], "示例项目,,很多,介绍产品,6")
    ran = docgen(noted, "batch", path, "--type", "visit_note")

    assert ran.code == 3
    assert "第 3 行" in ran.err
    for word in ("主题", "费用", "占比"):
        assert word in ran.err
    assert len(drafts(noted)) == 1


def test_a_trial_lists_names_and_writes_nothing(docgen, noted, tmp_path: Path) -> None:
    before = {path for path in noted.root.rglob("*") if path.is_file() and "index" not in path.parts}
    ran = docgen(noted, "batch", table(tmp_path, *GOOD), "--type", "visit_note", "--dry-run")

    after = {path for path in noted.root.rglob("*") if path.is_file() and "index" not in path.parts}
    assert ran.code == 0
    assert "示例项目_拜访纪要_" in ran.out
    assert "_V1.0" in ran.out
    assert "没有写任何文件" in ran.out
    assert after - before <= {path for path in after if "archive" in path.parts and path.suffix == ".lock"}


def test_filing_then_nothing_changed_then_all_anew(docgen, noted, tmp_path: Path) -> None:
    words = ["batch", table(tmp_path, *GOOD), "--type", "visit_note", "--file"]
    first, second = docgen(noted, *words), docgen(noted, *words)
    third = docgen(noted, "batch", "--all", "visit_note", "--set", "费用=50", "--file")

    assert [ran.code for ran in (first, second, third)] == [0, 0, 0]
    assert "生成 2" in first.out
    assert "未变化 2" in second.out
    assert "生成 2" in third.out
    found = docgen(noted, "list", "--type", "visit_note", "--json").json
    assert {one["version"] for one in found} == {"V1.1"}


def test_json_and_report(docgen, noted, tmp_path: Path) -> None:
    report = tmp_path / "结果" / "报告.csv"
    bad = "示例项目,=HYPERLINK(1),x,介绍产品,40%"
    ran = docgen(
        noted, "batch", table(tmp_path, GOOD[0], bad), "--type", "visit_note", "--report", report, "--json"
    )
    with report.open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))

    assert ran.code == 3
    assert ran.json["counts"] == {"made": 1, "failed": 1}
    assert ran.json["slow"] == {}
    assert [row["行号"] for row in rows] == ["2", "3"]
    assert [row["状态"] for row in rows] == ["生成", "失败"]
    assert rows[1]["错误项"] == "费用"
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "请给出一个表格"),
        (("--all", "没有这个项目"), 2, "没有这个项目"),
        (("--all", "visit_note"), 2, "没有可以重新生成的文件"),
        (("没有.csv", "--type", "visit_note"), 2, "没有.csv"),
        (("{table}",), 2, "没有说明文件类型"),
        (("{table}", "--type", "visit_note", "--workers", "0"), 2, "workers"),
        (("{table}", "--type", "visit_note", "--sheet", "第二张"), 3, "第二张"),
        (("{table}", "--type", "visit_note", "--table", "事项"), 2, "表格名=文件"),
        (("{table}", "--type", "visit_note", "--report", "报告.xlsx"), 2, "报告.xlsx"),
        (("{table}", "--type", "visit_note", "--set", "费率=1"), 2, "是否指“费用”"),
        (("--all", "visit_note", "--sheet", "第二张"), 2, "不能与 --all 同用"),
        (("--all", "visit_note", "--table", "事项={table}"), 2, "不能与 --all 同用"),
        (("--all", "visit_note", "--type", "service_contract"), 2, "去掉 --type"),
    ],
)
def test_wrong_calls(docgen, noted, tmp_path: Path, words: tuple[str, ...], code: int, said: str) -> None:
    path = str(table(tmp_path, *GOOD))
    ran = docgen(noted, "batch", *(word.replace("{table}", path) for word in words))
    assert ran.code == code
    assert said in ran.err
    assert drafts(noted) == []


def test_a_machine_of_many_processors_has_as_many_workers_as_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docgen.base.pool.processors", lambda: 128)

    assert command.make_context("batch", [str(table(tmp_path))]).params["workers"] == 64


def test_a_trial_names_every_problem(docgen, noted, tmp_path: Path) -> None:
    rows = [f"示例项目{number},主题,很多,介绍产品,40%" for number in range(30)]
    ran = docgen(noted, "batch", table(tmp_path, *rows), "--type", "visit_note", "--dry-run")

    assert ran.code == 3
    assert [line.split("：")[0] for line in ran.err.splitlines() if line.startswith("第 ")] == [
        f"第 {number} 行（示例项目{number - 2}）" for number in range(2, 32)
    ]


def test_a_table_without_rows_is_no_mistake(docgen, noted, tmp_path: Path) -> None:
    ran = docgen(noted, "batch", table(tmp_path), "--type", "visit_note")

    assert ran.code == 0
    assert "没有数据行" in ran.out


def test_rows_that_cannot_be_filed_end_with_the_code_for_failed_rows(docgen, noted, tmp_path: Path) -> None:
    row = GOOD[0].replace("示例项目", "a" * 300)
    ran = docgen(noted, "batch", table(tmp_path, row), "--type", "visit_note", "--file")

    assert ran.code == 3
    assert "失败 1" in ran.out


def test_the_report_speaks_the_language_of_the_call(docgen, noted, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    words = ["--lang", "en", "batch", table(tmp_path, GOOD[0]), "--type", "visit_note", "--report", report]
    assert docgen(noted, *words).code == 0
    with report.open(encoding="utf-8-sig") as stream:
        assert [row["state"] for row in csv.DictReader(stream)] == ["made"]


def test_english(docgen, noted, tmp_path: Path) -> None:
    ran = docgen(noted, "--lang", "en", "batch", table(tmp_path, GOOD[0]), "--type", "visit_note")
    assert ran.code == 0
    assert "done: made 1" in ran.out


def test_a_template_that_needs_docxtpls_own_steps_is_named(docgen, noted, tmp_path: Path) -> None:
    template = noted.templates / "visit_note" / "template.docx"
    document = docx.Document(str(template))
    row = document.add_table(
        rows=1, cols=3, style=document.tables[0].style if document.tables else None
    ).rows[0]
    for cell, text in zip(
        row.cells, ("{%tc for i in items %}", "{{ i.what }}", "{%tc endfor %}"), strict=True
    ):
        cell.text = text
    document.save(str(template))
    ran = docgen(noted, "batch", table(tmp_path, *GOOD), "--type", "visit_note")

    assert ran.code == 0
    assert "2 份文件逐份按 docxtpl 的方式调整过" in ran.err


@pytest.mark.office
def test_pdfs_lie_beside_their_documents(docgen, noted, tmp_path: Path) -> None:
    ran = docgen(noted, "batch", table(tmp_path, *GOOD), "--type", "visit_note", "--pdf", "--file", "--json")
    assert ran.code == 0
    made = sorted(path.suffix for path in noted.archive.glob("*/*/*_V1.0.*") if path.suffix != ".json")
    assert made == [".docx", ".docx", ".pdf", ".pdf"]


def test_a_bar_is_drawn_on_a_terminal(noted, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "docgen.cli.main", "-w", str(noted.root), "batch"]
    command += [str(table(tmp_path, *(f"项目{n},拜访,,回访,40%" for n in range(60)))), "--type", "visit_note"]
    environment = {**os.environ, "TERM": "xterm"}
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment)
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # the other end is closed, and everything is read
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert run.wait(60) == 0
    assert "/60" in shown.decode(errors="replace")
    assert "份/秒" in shown.decode(errors="replace")


def test_lines_tell_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    times = iter([0.0, 1.0, 10.0])
    monkeypatch.setattr("docgen.cli.progress.time.monotonic", lambda: next(times))
    lines = _Lines("zh", _ROWS)
    lines(Progress(done=5, total=100, now=5, failed=0))
    lines(Progress(done=20, total=100, now=20, failed=1))
    assert capfd.readouterr().err == "已处理 20/100 行，2 份/秒，约剩 0:40，失败 1 行\n"


def test_indexing_is_told_too(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 10.0])
    monkeypatch.setattr("docgen.cli.progress.time.monotonic", lambda: next(times))
    _Lines("zh", _ROWS)(Progress(done=1000, total=3000, now=1000, failed=0, indexing=True))
    assert capfd.readouterr().err == "正在建索引 1000/3000\n"


def test_progress_goes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("zh") as tell:
        tell(Progress(1, 1, 1, 0))
    assert json.dumps(capfd.readouterr().out) == '""'
