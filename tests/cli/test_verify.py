"""`docgen verify` and `docgen rebuild`, after someone has laid hands on the archive."""

from __future__ import annotations

import json
import re
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from docgen.archive.checks.finding_codes import RULES
from docgen.workflow.paper_codes import RULES as PAPER_RULES

PROJECT = "示例市政务云运维项目"


def contract(workspace) -> Path:
    (path,) = workspace.archive.rglob("*_服务合同_*.docx")
    path.chmod(0o644)
    return path


def errors(ran) -> list[str]:
    return [one["code"] for one in ran.json["findings"] if one["severity"] == "error"]


def test_a_whole_archive_has_no_errors_and_prints_its_heads(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "verify", "--json")

    assert (ran.code, errors(ran)) == (0, [])
    assert list(ran.json) == ["findings", "heads"]
    assert list(ran.json["findings"][0]) == ["code", "severity", "project", "path", "message", "hint"]
    assert ran.json["heads"][PROJECT]["seq"] == 9


def test_one_byte_is_noticed(docgen, filed) -> None:
    path = contract(filed)
    data = bytearray(path.read_bytes())
    data[1000] ^= 1
    path.write_bytes(data)

    ran = docgen(filed, "verify", "--json")

    assert (ran.code, errors(ran)) == (1, ["AV03"])


def test_a_missing_file_is_noticed(docgen, filed) -> None:
    contract(filed).unlink()

    ran = docgen(filed, "verify")

    assert ran.code == 1
    assert "错误 AV01" in ran.out
    assert "docgen restore" in ran.out


def test_a_changed_journal_is_noticed(docgen, filed) -> None:
    entry = filed.archive / PROJECT / "journal/000003.json"
    entry.chmod(0o644)
    data = json.loads(entry.read_bytes())
    data["actor"] = "cli:mallory"
    entry.write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")

    ran = docgen(filed, "verify", "--json")

    assert ran.code == 1
    assert "AV07" in errors(ran)


def test_a_cut_journal_is_noticed_by_a_printed_head(docgen, filed) -> None:
    head = docgen(filed, "verify", "--json").json["heads"][PROJECT]["digest"]
    assert docgen(filed, "verify", "--head", head).code == 0
    entry = filed.archive / PROJECT / "journal/000009.json"
    entry.unlink()
    shutil.rmtree(filed.index)

    ran = docgen(filed, "verify", "--head", head, "--json")

    assert ran.code == 1
    assert "AV23" in errors(ran)


def test_a_manifest_that_somebody_changed_is_told_before_it_is_mended(docgen, filed) -> None:
    manifest = filed.archive / PROJECT / "manifest-sha256.txt"
    whole = manifest.read_bytes()
    manifest.write_bytes(whole.partition(b"\n")[2])

    told = docgen(filed, "verify", "--json")
    rebuilt = docgen(filed, "rebuild")

    assert (told.code, errors(told)) == (1, ["AV11"])
    assert rebuilt.code == 0
    assert manifest.read_bytes() == whole
    assert docgen(filed, "verify").code == 0


def test_a_filing_that_was_cut_short_is_settled_first(docgen, filed) -> None:
    from docgen.archive.catalogue import Catalogue
    from docgen.archive.identity import project_key

    entry = filed.archive / PROJECT / "journal/000009.json"
    later = json.loads(entry.read_bytes()) | {"seq": 10, "prev": sha256(entry.read_bytes()).hexdigest()}
    later["items"] = [item | {"event": "exported", "files": []} for item in later["items"]]
    (entry.parent / "000010.json").write_text(json.dumps(later, ensure_ascii=False) + "\n", "utf-8")
    (filed.archive / f".tmp/{project_key(PROJECT)}-0123").mkdir(parents=True)

    ran = docgen(filed, "verify", "--json")

    assert (ran.code, errors(ran)) == (0, [])
    assert ran.json["heads"][PROJECT]["seq"] == 10
    assert Catalogue(filed.index).heads()[PROJECT].seq == 10


@pytest.mark.parametrize("options", [(), ("--project", PROJECT)])
def test_a_project_that_is_gone_is_noticed(docgen, filed, options: tuple[str, ...]) -> None:
    shutil.rmtree(filed.archive / PROJECT)
    docgen(filed, "list")

    ran = docgen(filed, "verify", *options, "--json")

    assert (ran.code, errors(ran)) == (1, ["AV30"])


def test_a_tail_that_was_cut_off_with_its_lines_is_noticed_without_a_printed_head(docgen, filed) -> None:
    manifest = filed.archive / PROJECT / "manifest-sha256.txt"
    (filed.archive / PROJECT / "journal/000009.json").unlink()
    lines = manifest.read_bytes().splitlines(keepends=True)
    cut = next(place for place, line in enumerate(lines) if b"000008.json" in line) + 1
    for line in lines[cut:-1]:
        (filed.archive / PROJECT / line[66:-1].decode()).unlink()
    manifest.write_bytes(b"".join(lines[:cut]))
    docgen(filed, "list")

    ran = docgen(filed, "verify", "--json")

    assert (ran.code, errors(ran)) == (1, ["AV23"])
    assert ran.json["findings"][0]["project"] == PROJECT


def test_only_one_project(docgen, filed, tmp_path) -> None:
    paper = tmp_path / "项目A_发票_2023-04-03_V1.0.pdf"
    paper.write_bytes(b"%PDF-1.7\n")
    docgen(filed, "file", paper)
    contract(filed).unlink()

    assert docgen(filed, "verify", "--project", "项目a").code == 0
    assert docgen(filed, "verify", "--project", PROJECT).code == 1


def test_an_unknown_project_is_not_a_clean_one(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "verify", "--project", "无")

    assert ran.code == 2
    assert "档案中没有项目“无”" in ran.err


def test_subsets_read_everything_between_them(docgen, filed) -> None:
    path = contract(filed)
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    codes = [docgen(filed, "verify", "--subset", f"{part}/3").code for part in (1, 2, 3)]

    assert sorted(codes) == [0, 0, 1]


@pytest.mark.parametrize("subset", ["0/3", "4/3", "1", "a/b", "1/0", "-1/3"])
def test_a_subset_is_written_as_a_part_of_parts(docgen, demonstrated, subset: str) -> None:
    ran = docgen(demonstrated, "verify", f"--subset={subset}")

    assert ran.code == 2
    assert "1/7" in ran.err


def test_since_reads_only_what_was_filed_since(docgen, filed) -> None:
    path = contract(filed)
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    assert docgen(filed, "verify", "--since", "2026-01-01").code == 1
    assert docgen(filed, "verify", "--since", "2099-01-01").code == 0


def test_what_to_do_can_be_done() -> None:
    """Commands and options that hints name are those of the manual."""
    manual = (Path(__file__).resolve().parents[2] / "docs/commands.md").read_text(encoding="utf-8")
    hints = [
        text for rule in [*RULES.values(), *PAPER_RULES.values()] for text in (rule.hint.zh, rule.hint.en)
    ]
    named = {found for hint in hints for found in re.findall(r"docgen [a-z]+|--[a-z]+", hint)}

    assert named >= {"docgen restore", "docgen rebuild", "docgen file", "--signed"}
    known = [(f"## {one}\n", f"`{one} ", f"`{one}`") for one in named]
    assert [spellings for spellings in known if not any(one in manual for one in spellings)] == []


def test_nothing_filed_is_whole(docgen, workspace) -> None:
    ran = docgen(workspace, "verify", "--json")

    assert (ran.code, ran.json) == (0, {"findings": [], "heads": {}})


def test_english(docgen, filed) -> None:
    contract(filed).unlink()

    ran = docgen(filed, "--lang", "en", "verify")

    assert "error AV01" in ran.out
    assert "1 errors" in ran.out
    assert "处理" not in ran.out


def test_rebuild_from_nothing(docgen, filed) -> None:
    listed = docgen(filed, "list", "--json").json
    shutil.rmtree(filed.index)

    ran = docgen(filed, "rebuild", "--json")

    assert ran.json == {"projects": 1, "versions": 9, "problems": []}
    assert docgen(filed, "list", "--json").json == listed


def test_without_an_index_the_next_command_makes_one(docgen, filed) -> None:
    shutil.rmtree(filed.index)

    assert docgen(filed, "search", "违约责任", "--json").json["total"] == 1


@pytest.mark.parametrize("name", ["catalogue.sqlite", "search"])
def test_a_damaged_index_is_made_anew_or_told(docgen, filed, name: str) -> None:
    target = filed.index / name
    paths = [target] if target.is_file() else [path for path in target.rglob("*") if path.is_file()]
    for path in paths:
        path.write_bytes(b"garbage" * 100)

    first = docgen(filed, "search", "违约责任", "--json")
    rebuilt = docgen(filed, "rebuild")
    after = docgen(filed, "search", "违约责任", "--json")

    assert first.code in (0, 7)
    assert "Traceback" not in first.err
    assert rebuilt.code == 0
    assert after.json["total"] == 1


def test_rebuild_with_another_engine(docgen, filed) -> None:
    before = docgen(filed, "search", "违约责任", "--json").json

    ran = docgen(filed, "rebuild", "--engine", "tantivy")

    assert ran.code == 0
    assert 'engine = "tantivy"' in (filed.root / "docgen.toml").read_text(encoding="utf-8")
    after = docgen(filed, "search", "违约责任", "--json").json
    assert [hit["path"] for hit in after["hits"]] == [hit["path"] for hit in before["hits"]] != []
    assert after["facets"] == before["facets"]
    assert docgen(filed, "rebuild", "--engine", "lucene").code == 2


def test_a_journal_that_cannot_be_read_is_told_by_rebuild(docgen, filed) -> None:
    entry = filed.archive / PROJECT / "journal/000003.json"
    entry.chmod(0o644)
    entry.write_text("{")

    ran = docgen(filed, "rebuild")

    assert PROJECT in ran.out + ran.err
    assert "Traceback" not in ran.err
