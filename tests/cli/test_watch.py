"""`docgen watch`: what is printed, and how it ends."""

from __future__ import annotations

import os
import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from docgen.base.workspace import Workspace

SETTINGS = "[watch]\nsettle_seconds = 0.05\nincomplete_seconds = 0.3\n"


def pdf(text: str = "x") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + text.encode() + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


@pytest.fixture
def quick(workspace: Workspace) -> Workspace:
    """The fresh workspace with quick settings."""
    (workspace.root / "docgen.toml").write_text(SETTINGS, encoding="utf-8")
    return Workspace(workspace.root)


def test_once_prints_a_line_for_every_file_and_ends_with_0(docgen, quick) -> None:
    (quick.inbox / "项目A_发票_20230403_V1.0.pdf").write_bytes(pdf())
    (quick.inbox / "扫描0001.pdf").write_bytes(pdf("2"))

    ran = docgen(quick, "watch", "--once")

    assert ran.code == 0
    lines = sorted(re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in ran.out.splitlines())
    assert (
        "已归档 inbox/项目A_发票_20230403_V1.0.pdf → archive/项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"
        in lines
    )
    assert any(line.startswith("已拒收 inbox/扫描0001.pdf → rejected/") for line in lines)
    assert any("20230403 已更正为 2023-04-03" in line for line in lines)
    assert "\x1b" not in ran.out


def test_what_is_told_names_the_folder(docgen, quick) -> None:
    (quick.inbox / "项目A/发票").mkdir(parents=True)
    (quick.inbox / "项目A/发票/2023-04-03.pdf").write_bytes(pdf())

    assert "已归档 inbox/项目A/发票/2023-04-03.pdf → " in docgen(quick, "watch", "--once").out
    assert "已归档 inbox/项目A/发票/2023-04-03.pdf → " in docgen(quick, "watch", "--status").out


def test_once_in_english(docgen, quick) -> None:
    (quick.inbox / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())

    ran = docgen(quick, "--lang", "en", "watch", "--once")

    assert re.search(r"^\d\d:\d\d:\d\d filed inbox/项目A_发票_2023-04-03_V1.0.pdf → ", ran.out)


def test_once_with_an_empty_inbox(docgen, quick) -> None:
    ran = docgen(quick, "watch", "--once")

    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_once_without_its_inbox_is_an_error(docgen, quick) -> None:
    quick.inbox.rmdir()

    ran = docgen(quick, "watch", "--once")

    assert ran.code == 7
    assert "inbox" in ran.err


def test_status_without_a_watcher_shows_what_lies_there(docgen, quick) -> None:
    (quick.inbox / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())

    ran = docgen(quick, "watch", "--status")

    assert ran.code == 0
    assert "没有运行" in ran.out
    assert "项目A_发票_2023-04-03_V1.0.pdf" in ran.out


def test_status_names_the_folders_that_are_left_out(docgen, quick) -> None:
    (quick.inbox / "20230401").mkdir()
    (quick.inbox / "资料.download").mkdir()

    ran = docgen(quick, "watch", "--status")

    assert "  - 资料.download/：" in ran.out
    assert "20230401" not in ran.out


def test_status_shows_the_latest_results(docgen, quick) -> None:
    (quick.inbox / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())
    docgen(quick, "watch", "--once")

    ran = docgen(quick, "watch", "--status")

    assert "等待 0 个文件" in ran.out
    assert "已归档 inbox/项目A_发票_2023-04-03_V1.0.pdf" in ran.out


def test_status_tells_why_something_was_rejected_and_the_workspaces_time(docgen, quick, monkeypatch) -> None:
    (quick.inbox / "扫描0001.pdf").write_bytes(b"")
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    docgen(quick, "watch", "--once")
    line = docgen(quick, "watch", "--status").out.splitlines()[-1]
    monkeypatch.undo()
    time.tzset()

    assert "扫描0001.pdf" in line
    assert "空" in line
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)
    said = datetime.strptime(f"{now.year}-{line.partition(' 已拒收')[0].strip()}", "%Y-%m-%d %H:%M:%S")
    assert abs((now - said).total_seconds()) < 600


def test_status_as_json_is_in_one_language(docgen, quick) -> None:
    (quick.inbox / "扫描0001.pdf").write_bytes(pdf())
    docgen(quick, "watch", "--once")
    (quick.inbox / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())

    told = docgen(quick, "watch", "--status", "--json").json

    assert told["running"] is None
    assert told["inboxes"][0]["path"] == str(quick.inbox)
    assert told["inboxes"][0]["waiting"][0]["why"] == "changing"
    assert told["recent"][0]["fate"] == "rejected"
    assert told["recent"][0]["said"] == "文件名缺少文件类型、日期、版本号"


def test_json_goes_with_status(docgen, quick) -> None:
    assert docgen(quick, "watch", "--json").code == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[watch]\nsettle = 3\n", "watch.settle"),
        ("[watch]\nsettle_seconds = 0\n", "大于 0"),
        ("[watch]\nsettle_seconds = true\n", "大于 0"),
        ("[watch]\ninboxes = []\n", "至少一个"),
        ('[watch]\ninboxes = ["archive"]\n', "互相包含"),
        ('unknown_project = "maybe"\n', "accept"),
    ],
)
def test_settings_that_cannot_be(docgen, workspace, text, told) -> None:
    (workspace.root / "docgen.toml").write_text(text, encoding="utf-8")

    ran = docgen(Workspace(workspace.root), "watch", "--once")

    assert ran.code == 7
    assert told in ran.err


def test_what_stays_in_the_inbox_makes_7(docgen, quick, monkeypatch) -> None:
    from docgen.base import files

    (quick.inbox / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())

    def full(*_: object) -> str:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(files, "copy_new", full)
    ran = docgen(quick, "watch", "--once")

    assert ran.code == 7
    assert "暂未归档 inbox/项目A_发票_2023-04-03_V1.0.pdf：磁盘空间不足" in ran.out
