"""`docgen delete` and `docgen list --expired`: refused before the day, a tombstone afterwards."""

from __future__ import annotations

import json
import subprocess

import pytest

from docgen.base.workspace import Workspace

LETTER = "YX-2026-001"  # dated 2026-01-20


def rules(workspace: Workspace, *lines: str) -> None:
    with (workspace.root / "docgen.toml").open("a", encoding="utf-8") as file:
        file.write("\n[retention]\n" + "\n".join(lines) + "\n")


def let_go(docgen, workspace: Workspace) -> None:
    """Correct the letter's retention to a day that has passed."""
    said = ["--retention", "2026-02-01", "--reason", "经批准"]
    assert docgen(workspace, "correct", LETTER, *said).code == 0


def test_without_a_rule_everything_is_kept(docgen, filed) -> None:
    ran = docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")

    assert ran.code == 5
    assert "没有它的规则，长期保存" in ran.err
    assert docgen(filed, "list", "--expired", "--json").json == []


@pytest.mark.parametrize(
    ("line", "day", "source"),
    [
        ('"服务意向书" = "100年"', "2126-01-20", "服务意向书 = 100年"),
        ('"service_intent_letter" = "100年"', "2126-01-20", "service_intent_letter = 100年"),
        ('"合同协议" = "90年"', "2116-01-20", "合同协议 = 90年"),
        ('"默认" = "2090-01-01"', "2090-01-01", "默认 = 2090-01-01"),
    ],
)
def test_before_the_day_it_is_refused_with_day_and_source(docgen, filed, line, day, source) -> None:
    rules(filed, line)
    before = sorted(filed.archive.rglob("*"))
    ran = docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")

    assert ran.code == 5
    assert day in ran.err
    assert f"[retention] {source}" in ran.err
    assert sorted(filed.archive.rglob("*")) == before


def test_the_nearest_rule_goes_first(docgen, filed) -> None:
    rules(filed, '"默认" = "2026-02-01"', '"合同协议" = "2026-02-01"', '"服务意向书" = "永久"')

    numbers = [one["doc_id"] for one in docgen(filed, "list", "--expired", "--json").json]

    assert len(numbers) == 8
    assert LETTER not in numbers


def test_afterwards_the_files_go_and_a_tombstone_stays(docgen, filed) -> None:
    let_go(docgen, filed)
    (due,) = docgen(filed, "list", "--expired", "--json").json
    assert due["kept"] == {"until": "2026-02-01", "source": "该文件的更正：2026-02-01"}
    paths = [filed.archive / file["path"] for file in due["files"]]

    done = docgen(filed, "delete", LETTER, "--reason", "会议决定", "--yes", "--json").json

    assert done["doc_id"] == LETTER
    assert not any(path.exists() for path in paths)
    event = docgen(filed, "history", LETTER, "--json").json["events"][-1]
    assert event["event"] == "tombstone"
    assert event["notes"] == ["保管期限至 2026-02-01（该文件的更正：2026-02-01）；移除原因：会议决定"]
    assert [file["sha256"] for file in event["files"]] == [file["sha256"] for file in due["files"]]
    assert len(docgen(filed, "list", "--json").json) == 8
    assert len(docgen(filed, "list", "--removed", "--json").json) == 9
    findings = docgen(filed, "verify", "--json").json["findings"]
    assert "错误" not in {one["severity"] for one in findings}
    assert "error" not in {one["severity"] for one in findings}


def test_it_is_found_no_more_also_after_a_rebuild(docgen, filed) -> None:
    found = docgen(filed, "search", "编号:YX-2026-001", "--json").json
    assert found["total"] == 1
    let_go(docgen, filed)
    docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")

    assert docgen(filed, "search", "编号:YX-2026-001", "--all-versions", "--json").json["total"] == 0
    assert docgen(filed, "rebuild").code == 0
    assert docgen(filed, "search", "编号:YX-2026-001", "--all-versions", "--json").json["total"] == 0
    assert docgen(filed, "show", LETTER, "--json").json["removed"] is True


@pytest.mark.parametrize(
    "words", ["get", "open", "delete --yes --reason 再删", "correct --module x --reason y"]
)
def test_what_needs_its_files_says_that_they_are_gone(docgen, filed, tmp_path, words) -> None:
    let_go(docgen, filed)
    docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")
    command, *rest = words.split()
    ran = docgen(filed, command, LETTER, *rest)

    assert ran.code == 5
    assert "该文档已到期移除" in ran.err


def test_a_removed_document_is_handed_over_taken_in_and_backed_up(docgen, filed, tmp_path) -> None:
    let_go(docgen, filed)
    (one,) = docgen(filed, "list", "--expired", "--json").json
    docgen(filed, "export", one["project"], tmp_path / "before")
    docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")
    assert docgen(filed, "export", one["project"], tmp_path / "after").code == 0
    docgen(None, "init", tmp_path / "other")
    other = Workspace(tmp_path / "other")
    assert docgen(other, "import", tmp_path / "before").code == 0
    there = other.archive / one["path"]
    assert there.exists()

    assert docgen(other, "import", tmp_path / "after").code == 0

    assert not there.exists()
    assert docgen(other, "verify").code == 0
    check = ["sha256sum", "-c", "--quiet", "manifest-sha256.txt"]
    assert subprocess.run(check, cwd=other.archive / one["project"], check=False).returncode == 0
    assert docgen(filed, "backup", tmp_path / "backup", "--test").code == 0


def test_a_correction_from_before_the_rule_shortens_nothing(docgen, filed) -> None:
    let_go(docgen, filed)
    rules(filed, '"服务意向书" = "100年"')
    ran = docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")

    assert ran.code == 5
    assert "2126-01-20" in ran.err
    assert "correct" not in ran.err
    assert docgen(filed, "list", "--expired", "--json").json == []


def test_an_import_removes_nothing_that_must_be_kept_here(docgen, filed, tmp_path) -> None:
    let_go(docgen, filed)
    (one,) = docgen(filed, "list", "--expired", "--json").json
    docgen(filed, "export", one["project"], tmp_path / "before")
    docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")
    docgen(filed, "export", one["project"], tmp_path / "after")
    docgen(None, "init", tmp_path / "other")
    other = Workspace(tmp_path / "other")
    rules(other, '"服务意向书" = "100年"')
    docgen(other, "import", tmp_path / "before")
    before = sorted(path for path in other.archive.rglob("*") if ".tmp" not in path.parts)

    ran = docgen(other, "import", tmp_path / "after")

    assert ran.code == 5
    assert LETTER not in ran.out
    assert "2126-01-20" in ran.err
    assert sorted(path for path in other.archive.rglob("*") if ".tmp" not in path.parts) == before


def test_it_must_be_confirmed_and_needs_a_reason(docgen, filed) -> None:
    let_go(docgen, filed)

    ran = docgen(filed, "delete", LETTER, "--reason", "到期")
    assert (ran.code, "--yes" in ran.err) == (2, True)
    assert docgen(filed, "delete", LETTER, "--yes").code == 2
    assert docgen(filed, "delete", LETTER, "--yes", "--reason", "  ").code == 2
    assert docgen(filed, "show", LETTER, "--json").json["removed"] is False


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"服务合同" = "十年"', "retention.服务合同 应为"),
        ('"没有的类型" = "10年"', "retention.没有的类型：没有名为"),
    ],
)
def test_a_wrong_rule_is_told(docgen, filed, line, reason) -> None:
    rules(filed, line)
    ran = docgen(filed, "list", "--expired")

    assert ran.code == 7
    assert reason in ran.err


def test_expired_stands_alone(docgen, filed) -> None:
    assert docgen(filed, "list", "--expired", "--by", "month").code == 2


def test_the_tombstone_is_readable_without_docgen(docgen, filed) -> None:
    let_go(docgen, filed)
    docgen(filed, "delete", LETTER, "--reason", "到期", "--yes")
    last = max(filed.archive.glob("*/journal/*.json"))
    (item,) = json.loads(last.read_bytes())["items"]

    assert (item["event"], item["identity"]["doc_id"]) == ("tombstone", LETTER)
