"""Removing after the retention: the files go, everything that is known of them stays."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from docgen.archive.entries import Event
from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.removing import remove
from docgen.base import files
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

EVERYTHING = Filter(all_versions=True, withdrawn=True, removed=True)
WHY = Message("保管期限至 2033-04-01；原因：到期", "kept until 2033-04-01; reason: over")
CONTRACT = "合同协议/项目A_服务合同_2023-04-01"


def allow(_versions: Sequence[FiledVersion]) -> Message:
    return WHY


@pytest.fixture
def removed(desk: Any) -> Any:
    """An archive of which one document of two versions was removed, another was not."""
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("docx", b"one"), doc_id="HT-1")
    desk.file("项目A 服务合同 2023-04-01 V1.1", ("docx", b"two"), ("pdf", b"print"))
    desk.file("项目A 发票 2023-04-03 V1.0", ("pdf", b"invoice"))
    remove(desk.archive.commits, desk.catalogue.find("HT-1")[0], allow, actor="cli:test")
    return desk


def test_the_files_go_and_the_journal_keeps_what_they_were(removed: Any) -> None:
    assert list(removed.tree()) == ["项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"]
    entry = json.loads((removed.folder / "项目A/journal/000004.json").read_bytes())
    assert [item["event"] for item in entry["items"]] == ["tombstone", "tombstone"]
    told = {file["path"]: file["sha256"] for item in entry["items"] for file in item["files"]}
    contents = {"_V1.0.docx": b"one", "_V1.1.docx": b"two", "_V1.1.pdf": b"print"}
    assert told == {CONTRACT + end: hashlib.sha256(data).hexdigest() for end, data in contents.items()}
    assert [item["notes"] for item in entry["items"]] == [[{"zh": WHY.zh, "en": WHY.en}]] * 2


def test_manifest_and_verify_know_it(removed: Any) -> None:
    ran = subprocess.run(
        ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"],
        cwd=removed.folder / "项目A",
        check=False,
    )
    assert ran.returncode == 0
    assert removed.codes() == []


def test_it_leaves_listings_and_is_found_by_name_and_number(removed: Any) -> None:
    assert [one.type_name for one in removed.catalogue.versions()] == ["发票"]
    (one,) = removed.catalogue.find("HT-1")
    assert (str(one.version), one.removed, one.current, one.files) == ("V1.1", True, False, ())
    assert removed.catalogue.find("项目A_服务合同_2023-04-01_V1.0")[0].removed
    assert removed.catalogue.find("服务合同") == []


def test_a_rebuild_gives_the_same(removed: Any) -> None:
    before = [(one.stem, one.removed, one.current) for one in removed.catalogue.versions(EVERYTHING)]
    assert removed.archive.rebuild(actor="cli:test") == ()
    assert [(one.stem, one.removed, one.current) for one in removed.catalogue.versions(EVERYTHING)] == before
    assert removed.catalogue.pending_removals() == []


def test_versions_and_number_stay_taken(removed: Any) -> None:
    with pytest.raises(ArchiveRefused, match=r"已到期移除.*V1\.2"):
        removed.file("项目A 服务合同 2023-04-01 V1.1", ("jpg", b"scan"))
    filed = removed.file("项目A 服务合同 2023-04-01 V1.2", ("docx", b"one"))
    assert (filed.event, filed.doc_id) == (Event.FILED, "HT-1")
    assert removed.codes() == []
    (one,) = removed.catalogue.find("HT-1")
    assert str(one.version) == "V1.2"


def test_what_is_not_allowed_changes_nothing(desk: Any) -> None:
    desk.file("项目A 服务合同 2023-04-01 V1.0", doc_id="HT-1")
    before = desk.tree()

    def refuse(_versions: Sequence[FiledVersion]) -> Message:
        raise ArchiveRefused(Message("未满", "not yet"))

    with pytest.raises(ArchiveRefused):
        remove(desk.archive.commits, desk.catalogue.find("HT-1")[0], refuse, actor="cli:test")
    assert desk.tree() == before
    assert not (desk.folder / "项目A/journal/000002.json").exists()


def test_another_file_of_that_name_is_left_alone(removed: Any) -> None:
    path = removed.folder / "项目A" / f"{CONTRACT}_V1.0.docx"
    path.write_bytes(b"somebody else's")
    assert removed.archive.rebuild(actor="cli:test") == ()
    assert path.read_bytes() == b"somebody else's"
    assert removed.codes() == ["AV04"]


def test_a_source_that_is_still_there_is_not_taken_for_filed(desk: Any, monkeypatch: Any) -> None:
    """Nothing is removed that is not kept elsewhere: the file in the archive is gone."""
    desk.file("项目A 服务合同 2023-04-01 V1.0", finish=True, doc_id="HT-1")
    (source,) = (desk.root / "desk").iterdir()
    remove(desk.archive.commits, desk.catalogue.find("HT-1")[0], allow, actor="cli:test")
    desk.archive.recover(actor="cli:test")
    assert source.exists()


def test_a_file_that_cannot_be_removed_is_removed_later(desk: Any, monkeypatch: Any) -> None:
    desk.file("项目A 服务合同 2023-04-01 V1.0", doc_id="HT-1")
    unlink = files.remove

    def refuse(path: Any) -> None:
        if path.suffix == ".pdf":
            raise PermissionError(13, "in use")
        unlink(path)

    with monkeypatch.context() as patch:
        patch.setattr(files, "remove", refuse)
        (done,) = remove(desk.archive.commits, desk.catalogue.find("HT-1")[0], allow, actor="cli:test")
    assert "下次运行时再删" in done.warnings[0].zh
    assert len(desk.tree()) == 1
    assert desk.archive.recover(actor="cli:test") == ()
    assert desk.tree() == {}
    assert desk.codes() == []
