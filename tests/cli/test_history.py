"""`docgen history`, `docgen diff`, `docgen open`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document

from docgen.workflow import opening

CONTRACT = "HT-2026-001"


@pytest.fixture
def changed(docgen, filed):
    """The contract in a second version, at another tax rate and for a longer list of services."""
    sample = filed.samples / "service_contract.yaml"
    done = docgen(filed, "new", "service_contract", "--data", sample, "--set", "税率=9%", "--file", "--json")
    assert done.json["identity"]["version"] == "V1.1"
    return filed


def test_history_tells_every_version_from_the_journal(docgen, changed, tmp_path) -> None:
    docgen(changed, "export", "示例市政务云运维项目", tmp_path / "移交")

    told = docgen(changed, "history", CONTRACT, "--json").json

    assert [(one["event"], one["version"]) for one in told["events"]] == [
        ("filed", "V1.0"),
        ("filed", "V1.1"),
        ("exported", "V1.1"),
        ("exported", "V1.0"),
    ]
    first, second = told["events"][:2]
    assert first["time"].endswith("+08:00")
    assert first["actor"].startswith("cli:")
    assert [len(first[key]) for key in ("record_digest", "template_digest", "form_digest")] == [64, 64, 64]
    assert first["record_digest"] != second["record_digest"]
    assert first["template_digest"] == second["template_digest"]
    assert second["change_note"] == "数据更新"
    assert second["files"][0]["path"].endswith("_V1.1.docx")


def test_history_on_lines(docgen, changed) -> None:
    lines = docgen(changed, "history", CONTRACT).out.splitlines()

    assert [line.split("\t")[1:3] for line in lines] == [["V1.0", "归档"], ["V1.1", "归档"]]


def test_diff_goes_field_by_field_with_chinese_labels(docgen, changed) -> None:
    told = docgen(changed, "diff", CONTRACT, "--json").json

    assert (told["old"], told["new"], told["by"]) == ("V1.0", "V1.1", "record")
    by_label = {(one["label"], one["row_after"]): (one["before"], one["after"]) for one in told["changes"]}
    assert by_label["服务内容与标准·税率", 1] == ("6%", "9%")
    assert by_label["服务内容与标准·金额(元)", 1] == ("254,400.00", "261,600.00")
    assert by_label["服务费用总额", None] == ("610,560.00", "627,840.00")
    assert not [label for label, _ in by_label if "序号" in label]


def test_a_row_that_came_is_one_change(docgen, filed) -> None:
    sample = filed.samples / "project_progress_sheet.yaml"
    text = sample.read_text(encoding="utf-8")
    rows = re.findall(r"  - \{no: \d.*\n", text)
    added = rows[-1].replace("no: 8", "no: 9").replace("上线试运行", "培训")
    sample.write_text(text.replace(rows[-1], rows[-1] + added), encoding="utf-8")
    made = docgen(filed, "new", "project_progress_sheet", "--data", sample, "--file")
    assert made.code == 0

    told = docgen(filed, "diff", "项目进度表", "--json")

    (came,) = [one for one in told.json["changes"] if one["field"] == "items"]
    assert (came["row_before"], came["row_after"], came["before"]) == (None, 9, "")
    assert came["after"].startswith("培训；示例己；2026-06-08")


def test_received_files_are_compared_by_text(docgen, workspace, tmp_path) -> None:
    for version, text in (("V1.0", "第一条\n价款十元\n"), ("V1.1", "第一条\n价款二十元\n")):
        path = tmp_path / f"项目A_会议纪要_2026-01-05_{version}.txt"
        path.write_text(text, encoding="utf-8")
        docgen(workspace, "file", path)

    told = docgen(workspace, "diff", "会议纪要", "V1.0", "V1.1", "--json").json

    assert (told["by"], told["changes"]) == ("text", [])
    assert told["lines"][-2:] == ["-价款十元", "+价款二十元"]


def test_one_version_has_nothing_to_be_compared_with(docgen, filed) -> None:
    ran = docgen(filed, "diff", CONTRACT)

    assert (ran.code, "没有可以比较的另一个版本" in ran.err) == (2, True)
    assert docgen(filed, "diff", CONTRACT, "V1.0", "V9.0").code == 2


def test_open_prints_the_path_without_a_desktop(docgen, changed, monkeypatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    ran = docgen(changed, "open", CONTRACT, "V1.0")

    path = Path(ran.out.strip())
    assert path.name.endswith("_V1.0.docx")
    assert path.stat().st_mode & 0o222 == 0


def test_open_hands_a_read_only_file_to_the_system(docgen, changed, monkeypatch) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(opening, "show", lambda path: shown.append(path) or True)
    contract = next(changed.archive.rglob("*_服务合同_*_V1.1.docx"))
    contract.chmod(0o644)

    assert docgen(changed, "open", CONTRACT).out.startswith("已打开（只读）")
    assert shown == [contract]
    assert contract.stat().st_mode & 0o222 == 0


def test_an_older_version_becomes_a_new_one(docgen, changed, tmp_path) -> None:
    """As docs/handover.md says: get it, save it again under the next version, file it."""
    got = docgen(changed, "get", CONTRACT, "V1.0", "--out", tmp_path, "--json").json
    docx = next(Path(path) for path in got if path.endswith(".docx"))
    saved = docx.with_name(docx.name.replace("V1.0", "V1.2"))
    Document(str(docx)).save(str(saved))

    ran = docgen(changed, "file", saved)

    assert ran.code == 0
    assert docgen(changed, "show", CONTRACT, "--json").json["versions"] == ["V1.2", "V1.1", "V1.0"]


def test_a_number_finds_what_was_withdrawn_where_it_was(docgen, filed) -> None:
    docgen(filed, "refile", "HT-2026-001", "--project", "示例二期项目")

    there = docgen(filed, "history", "HT-2026-001", "--json").json
    here = docgen(filed, "history", "HT-2026-001", "--project", "示例市政务云运维项目")

    assert there
    assert (here.code, "撤回" in here.out) == (0, True)
