"""`docgen get`: a copy out of the archive; nothing that is there is replaced."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from docx import Document

from docgen.render.provenance import read

CONTRACT = "示例市政务云运维项目_服务合同_2026-02-10_V1.0"


def test_all_files_of_the_newest_version_are_copied(docgen, demonstrated, tmp_path) -> None:
    ran = docgen(demonstrated, "get", "HT-2026-001", "--out", tmp_path / "取出", "--json")

    copied = [Path(path) for path in ran.json]
    assert [path.name for path in copied] == [f"{CONTRACT}.docx", f"{CONTRACT}.record.json"]
    (filed,) = demonstrated.archive.rglob(f"{CONTRACT}.docx")
    assert copied[0].read_bytes() == filed.read_bytes()


def test_a_clean_copy_knows_nothing_of_its_making(docgen, demonstrated, tmp_path) -> None:
    ran = docgen(demonstrated, "get", "HT-2026-001", "V1.0", "--out", tmp_path, "--clean", "--json")

    (path,) = map(Path, ran.json)
    (filed,) = demonstrated.archive.rglob(f"{CONTRACT}.docx")
    assert read(filed) is not None
    assert read(path) is None
    with zipfile.ZipFile(path) as package:
        assert not [name for name in package.namelist() if name.startswith("customXml")]
    assert [one.text for one in Document(str(path)).paragraphs] == [
        one.text for one in Document(str(filed)).paragraphs
    ]


def test_what_is_there_is_never_replaced(docgen, demonstrated, tmp_path) -> None:
    (tmp_path / f"{CONTRACT}.docx").write_text("mine")

    ran = docgen(demonstrated, "get", "HT-2026-001", "--out", tmp_path)

    assert ran.code == 5
    assert "没有覆盖" in ran.err
    assert (tmp_path / f"{CONTRACT}.docx").read_text() == "mine"


def test_a_version_that_is_not_there_names_those_that_are(docgen, demonstrated, tmp_path) -> None:
    ran = docgen(demonstrated, "get", "HT-2026-001", "V9.0", "--out", tmp_path)

    assert ran.code == 2
    assert "没有版本 V9.0；现有：V1.0" in ran.err


def test_a_word_that_is_no_version_is_refused(docgen, demonstrated, tmp_path) -> None:
    ran = docgen(demonstrated, "get", "HT-2026-001", "最新", "--out", tmp_path)

    assert ran.code in (2, 5)
    assert "最新" in ran.err


def test_the_archive_itself_is_not_changed(docgen, demonstrated, tmp_path) -> None:
    def digests() -> dict[str, str]:
        paths = [path for path in demonstrated.archive.rglob("*") if path.is_file()]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    before = digests()

    docgen(demonstrated, "get", "HT-2026-001", "--clean", "--out", tmp_path)

    assert digests() == before


def test_what_is_damaged_or_missing_is_not_handed_out(docgen, filed, tmp_path) -> None:
    (contract,) = filed.archive.rglob("*_服务合同_*.docx")
    contract.chmod(0o644)
    contract.write_bytes(contract.read_bytes() + b"x")
    for command in (("get", "HT-2026-001", "--out", tmp_path / "取出"), ("open", "HT-2026-001")):
        ran = docgen(filed, *command)
        assert (ran.code, "内容与归档时不符" in ran.err, "docgen restore" in ran.err) == (5, True, True)
    contract.unlink()
    ran = docgen(filed, "get", "HT-2026-001", "--out", tmp_path / "取出")
    assert (ran.code, "不见了" in ran.err, "docgen restore" in ran.err) == (5, True, True)
    assert not (tmp_path / "取出").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("get", "HT-2026-001", "--out", "archive"),
        ("register", "--out", "archive/a.xlsx"),
        ("new", "service_contract", "--data", "samples/service_contract.yaml", "--out", "archive/项目C"),
        ("init", "archive/foo"),
        ("init", "state/foo"),
    ],
)
def test_nothing_is_written_into_the_workspaces_own_folders(docgen, filed, words) -> None:
    before = sorted(filed.root.rglob("*"))
    places = [filed.root / word if "/" in word or word == "archive" else word for word in words]
    in_here = () if words[0] == "init" else (filed,)

    ran = docgen(*(in_here or (None,)), *places)

    assert (ran.code, "自用的文件夹" in ran.err) == (2, True), ran.err
    assert (
        sorted(path for path in filed.root.rglob("*") if path in before or "index" not in path.parts)
        == before
    )
