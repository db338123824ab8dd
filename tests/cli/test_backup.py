"""`docgen backup` and `docgen restore`, and what `doctor` says about the last one."""

from __future__ import annotations

import json
from pathlib import Path

from docgen.base.workspace import Workspace

PROJECT = "示例市政务云运维项目"


def log(docgen, workspace) -> list[dict[str, object]]:
    return docgen(workspace, "backup", "--log", "--json").json


def test_a_workspace_comes_back_whole(docgen, filed, tmp_path) -> None:
    saved = docgen(filed, "backup", tmp_path / "备份", "--test", "--json")

    assert (saved.code, saved.json["problems"], saved.json["tested"]) == (0, [], True)
    ran = docgen(None, "restore", tmp_path / "备份", "--to", tmp_path / "新", "--json")
    assert (ran.code, ran.json["findings"]) == (0, [])
    assert ran.json["heads"] == saved.json["heads"]
    back = Workspace(tmp_path / "新")
    assert docgen(back, "search", "违约责任", "--json").json["total"] > 0
    listed = [docgen(one, "list", "--json").json for one in (filed, back)]
    assert listed[0] == listed[1]


def test_the_log_tells_backup_test_and_restore(docgen, filed, tmp_path) -> None:
    docgen(filed, "backup", tmp_path / "备份", "--test")
    docgen(None, "restore", tmp_path / "备份", "--to", tmp_path / "新")

    done = log(docgen, filed)
    assert [one["action"] for one in done] == ["backup", "test"]
    assert done[1]["passed"] is True
    assert done[0]["heads"][PROJECT]["seq"] == 9
    assert {"time", "scope", "place", "snapshot", "actor", "files"} <= done[0].keys()
    assert [one["action"] for one in log(docgen, Workspace(tmp_path / "新"))] == ["restore"]
    shown = docgen(filed, "backup", "--log").out
    assert "恢复测试" in shown
    assert "已核对" in shown


def test_a_line_that_cannot_be_read_is_told(docgen, filed, tmp_path) -> None:
    (filed.state / "backup-log.jsonl").write_text('{"time": "2026-1')
    docgen(filed, "backup", tmp_path / "备份")

    ran = docgen(filed, "backup", "--log", "--json")

    assert [one["action"] for one in ran.json] == ["backup"]
    assert "1 行无法读取" in ran.err


def test_a_failed_restore_test_is_told_and_noted(docgen, filed, tmp_path) -> None:
    contract = next(filed.archive.rglob("*_服务合同_*.docx"))
    contract.chmod(0o644)
    contract.write_bytes(b"another")

    ran = docgen(filed, "backup", tmp_path / "备份", "--test")

    assert (ran.code, "恢复测试未通过" in ran.err) == (5, True)
    assert [one.get("passed") for one in log(docgen, filed)] == [None, False]


def test_a_damaged_archive_is_backed_up_with_a_warning(docgen, filed, tmp_path) -> None:
    next(filed.archive.rglob("*_服务合同_*.docx")).unlink()

    ran = docgen(filed, "backup", tmp_path / "备份")

    assert (ran.code, "文件不见了" in ran.err) == (1, True)
    assert len(list((tmp_path / "备份").glob("2*Z"))) == 1


def test_places_that_are_refused(docgen, filed, tmp_path) -> None:
    docgen(filed, "backup", tmp_path / "备份")

    assert docgen(filed, "backup").code == 2
    assert docgen(filed, "backup", filed.root / "备份").code == 2
    assert docgen(None, "restore", tmp_path / "备份", "--to", filed.root).code == 5
    assert docgen(None, "restore", tmp_path / "备份", "--to", filed.archive / "x").code == 2
    assert not (filed.archive / "x").exists()
    assert docgen(None, "restore", filed.root, "--to", tmp_path / "x").code == 5


def backup_findings(docgen, workspace) -> list[str]:
    found = docgen(workspace, "doctor", "--json").json
    return [one["message"] for one in found if one["code"] == "DR20"]


def test_doctor_asks_for_a_backup_when_the_last_is_old(docgen, filed, tmp_path) -> None:
    assert backup_findings(docgen, filed) == []  # few documents, never backed up
    docgen(filed, "backup", tmp_path / "备份")
    assert backup_findings(docgen, filed) == []
    path: Path = filed.state / "backup-log.jsonl"
    entry = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(entry | {"time": "2020-01-02T03:04:05.000Z"}) + "\n", encoding="utf-8")

    assert backup_findings(docgen, filed) == ["上次备份是 2020-01-02，已超过 7 天"]


def test_doctor_asks_for_a_first_backup_of_a_larger_archive(docgen, filed, monkeypatch) -> None:
    from docgen.workflow import doctor

    monkeypatch.setattr(doctor, "_WORTH_A_BACKUP", 8)

    assert backup_findings(docgen, filed) == ["已归档 9 个版本，从未备份"]
