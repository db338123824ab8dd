"""Filing: versions, completing, duplicates, numbers, refusals; and what stands on the disk afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.decide import LostRace
from docgen.archive.entries import Event
from docgen.archive.parcel import ParcelFile
from docgen.archive.queries import Filter
from docgen.base.errors import ArchiveRefused, EnvironmentFault
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.forms.values import Ref

CONTRACT = "项目A 服务合同 2023-04-01 V1.0"
INVOICE = "项目A 发票 2023-04-03 V1.0"
FACTS: dict[str, Any] = {
    "generated": True,
    "edited": True,
    "status": "草稿",
    "confidentiality": "机密",
    "retention": "10年",
    "change_note": "首版",
    "record_digest": "r",
    "template_digest": "t",
    "form_digest": "f",
}


def test_a_parcel_is_filed_whole(desk: Any) -> None:
    filed = desk.file(CONTRACT, ("docx", b"word"), ("pdf", b"print"), ("record.json", b"{}"), doc_id="HT-1")
    folder = "项目A/合同协议/项目A_服务合同_2023-04-01_V1.0"
    assert filed.event is Event.FILED
    assert desk.tree() == {
        f"{folder}.docx": b"word",
        f"{folder}.pdf": b"print",
        f"{folder}.record.json": b"{}",
    }
    assert set(filed.paths) == set(desk.tree())
    assert all(not stat.S_IMODE((desk.folder / path).stat().st_mode) & 0o222 for path in filed.paths)
    assert list((desk.folder / ".tmp").iterdir()) == []
    assert desk.codes() == []


def test_the_journal_says_what_the_design_asks(desk: Any) -> None:
    refs = (Ref("HT-9"), Ref("HT-1", "service_contract", "HT-1", "V1.0"))
    desk.file(
        INVOICE,
        ("pdf", b"scan"),
        **(FACTS | {"refs": refs}),
        notes=(Message("注", "note"),),
    )
    path = desk.folder / "项目A/journal/000001.json"
    entry = json.loads(path.read_bytes())
    item = entry["items"][0]
    source = desk.root / "desk/项目A_发票_2023-04-03_V1.0.pdf"
    assert (entry["seq"], entry["prev"], entry["actor"]) == (1, "0" * 64, "cli:test")
    assert entry["time"] == "2026-11-02T04:00:00.123Z"
    assert len(entry["id"]) == 32
    assert item["event"] == "filed"
    assert item["identity"] == {
        "project": "项目A", "type": "invoice_record", "type_name": "发票", "serial": "", "date": "2023-04-03",
        "version": "V1.0", "recurring": True, "doc_id": "项目A-B069-0001",
    }  # fmt: skip
    assert item["category"] == "商务文档"
    assert item["files"] == [
        {
            "path": "商务文档/项目A_发票_2023-04-03_V1.0.pdf",
            "size": 4,
            "sha256": hashlib.sha256(b"scan").hexdigest(),
            "original_name": source.name,
            "source": {
                "path": str(source),
                "size": 4,
                "mtime_ns": source.stat().st_mtime_ns,
                "inbox": "",
                "finish": False,
            },
        }
    ]
    assert item["facts"] == FACTS | {
        "refs": [
            {"text": "HT-9", "type_id": "", "doc_id": "", "version": ""},
            {"text": "HT-1", "type_id": "service_contract", "doc_id": "HT-1", "version": "V1.0"},
        ]
    }
    assert [message["zh"] for message in item["warnings"]] == ["引用的文档“HT-9”没有找到"]
    assert item["notes"] == [{"zh": "注", "en": "note"}]


def test_entries_are_chained_by_the_digest_of_their_bytes(desk: Any) -> None:
    for day in range(1, 4):
        desk.file(f"项目A 发票 2023-04-0{day} V1.0")
    paths = sorted((desk.folder / "项目A/journal").iterdir())
    assert [path.name for path in paths] == ["000001.json", "000002.json", "000003.json"]
    for before, after in pairwise(paths):
        assert json.loads(after.read_bytes())["prev"] == hashlib.sha256(before.read_bytes()).hexdigest()


def test_sha256sum_passes_inside_the_project_folder(desk: Any) -> None:
    desk.file(
        "华东_二期 机房 服务合同 2023-04-01 V1.0".replace(" 机房", "机房"), ("docx", b"a"), ("pdf", b"b")
    )
    desk.file("华东_二期机房 服务等级协议(SLA) 2023-04-01 V1.0")
    command = ["sha256sum", "-c", "--strict", "manifest-sha256.txt"]
    done = subprocess.run(
        command,
        cwd=desk.folder / "华东_二期机房",
        env=os.environ | {"LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(": OK") == 5


# Versions


def test_received_files_keep_their_version_and_a_gap_is_a_warning(desk: Any) -> None:
    assert desk.file(CONTRACT).warnings == ()
    filed = desk.file("项目A 服务合同 2023-06-01 V1.2")
    assert [str(one.identity.version) for one in [filed]] == ["V1.2"]
    assert "不连续" in filed.warnings[0].zh
    assert desk.file("项目A 服务合同 2023-05-01 V1.1").warnings == ()


def test_a_version_taken_with_other_bytes_is_refused_with_the_next_free_one(desk: Any) -> None:
    desk.file(CONTRACT)
    desk.file("项目A 服务合同 2023-05-01 V1.1")
    before = desk.tree()
    with pytest.raises(ArchiveRefused, match=r"内容不同.*V1\.2"):
        desk.file(CONTRACT, ("pdf", b"other"))
    with pytest.raises(ArchiveRefused, match="登记为 项目A_服务合同_2023-04-01"):
        desk.file("项目A 服务合同 2023-07-01 V1.0", ("docx", b"other"))
    assert desk.tree() == before
    assert desk.codes() == []


def test_documents_of_recurring_types_are_told_apart_by_date_and_serial(desk: Any) -> None:
    for name in (INVOICE, "项目A 发票 2023-04-04 V1.0", "项目A 发票-02 2023-04-03 V1.0"):
        assert desk.file(name).event is Event.FILED
    numbers = {one.doc_id for one in desk.catalogue.versions()}
    assert numbers == {"项目A-B069-0001", "项目A-B069-0002", "项目A-B069-0003"}


def test_the_first_spelling_of_project_and_serial_wins(desk: Any) -> None:
    desk.file("Alpha 发票-ab 2023-04-03 V1.0")
    filed = desk.file("ALPHA 发票-AB 2023-04-03 V1.1")
    assert filed.paths == ("Alpha/商务文档/Alpha_发票-ab_2023-04-03_V1.1.pdf",)
    assert desk.file("ＡＬＰＨＡ 发票-AB 2023-04-03 V1.2").identity.project == "Alpha"


def test_a_version_is_completed_by_a_new_extension(desk: Any) -> None:
    desk.file(CONTRACT, ("docx", b"word"), doc_id="HT-1", status="草稿")
    filed = desk.file(CONTRACT, ("pdf", b"scan"), status="已签署")
    assert filed.event is Event.ADDED
    (version,) = desk.catalogue.versions()
    assert ([file.ext for file in version.files], version.status, version.doc_id) == (
        ["docx", "pdf"],
        "已签署",
        "HT-1",
    )
    assert desk.codes() == []


def test_completing_skips_what_is_there_already(desk: Any) -> None:
    desk.file(CONTRACT, ("docx", b"word"))
    filed = desk.file(CONTRACT, ("docx", b"word"), ("pdf", b"scan"))
    assert filed.event is Event.ADDED
    assert [path.rpartition(".")[2] for path in filed.paths] == ["pdf"]


def test_generated_documents_have_no_gaps(desk: Any) -> None:
    assert desk.file(CONTRACT, ("docx", b"1"), generated=True).warnings == ()
    with pytest.raises(LostRace):
        desk.file(CONTRACT, ("docx", b"2"), generated=True)
    with pytest.raises(LostRace):
        desk.file("项目A 服务合同 2023-04-01 V1.2", ("docx", b"2"), generated=True)
    desk.file("项目A 服务合同 2023-04-01 V2.0", ("docx", b"2"), generated=True)
    contract = desk.parcel(CONTRACT).doc_type
    day = desk.parcel(CONTRACT).identity.date
    assert str(desk.catalogue.next_version(contract, "项目a", day)) == "V2.1"
    assert str(desk.catalogue.next_version(contract, "项目A", day, major=True)) == "V3.0"
    assert str(desk.catalogue.next_version(contract, "项目A", day, "02")) == "V1.0"


# Duplicates


def test_the_same_bytes_in_the_same_project_are_reported_and_not_stored(desk: Any) -> None:
    first = desk.file(CONTRACT, ("pdf", b"same"))
    again = desk.file("项目A 发票 2023-04-09 V1.0", ("pdf", b"same"))
    assert (again.event, again.paths, again.identity) == (Event.DUPLICATE, first.paths, first.identity)
    assert list(desk.tree()) == list(first.paths)
    item = json.loads((desk.folder / "项目A/journal/000002.json").read_bytes())["items"][0]
    assert item["files"][0]["original_name"] == "项目A_发票_2023-04-09_V1.0.pdf"
    assert f"项目A/{item['files'][0]['path']}" == first.paths[0]
    assert desk.codes() == []


def test_the_same_bytes_in_another_project_are_filed_and_noted(desk: Any) -> None:
    first = desk.file(CONTRACT, ("pdf", b"same"))
    assert desk.file("项目B 服务合同 2023-04-01 V1.0", ("pdf", b"same")).event is Event.FILED
    item = json.loads((desk.folder / "项目B/journal/000001.json").read_bytes())["items"][0]
    assert item["same_bytes_as"] == list(first.paths)


# Numbers


def test_a_number_is_unique_in_its_project(desk: Any) -> None:
    desk.file(CONTRACT, doc_id="HT-1")
    with pytest.raises(ArchiveRefused, match="ht-1 已被 项目A_服务合同_2023-04-01"):
        desk.file("项目A 服务合同-02 2023-04-01 V1.0", doc_id="ht-1")
    other = desk.file("项目B 服务合同 2023-04-01 V1.0", doc_id="HT-1")
    assert "项目 项目A" in other.warnings[0].zh


def test_later_versions_inherit_the_number(desk: Any) -> None:
    desk.file(CONTRACT, doc_id="HT-1")
    assert desk.file("项目A 服务合同 2023-05-01 V1.1").doc_id == "HT-1"
    with pytest.raises(ArchiveRefused, match="编号是 HT-1，与 HT-2 不符"):
        desk.file("项目A 服务合同 2023-06-01 V1.2", doc_id="HT-2")


def test_a_proposed_number_that_was_taken_meanwhile_is_a_lost_race(desk: Any) -> None:
    doc_type = desk.parcel(INVOICE).doc_type
    proposed = desk.catalogue.next_doc_id(doc_type, "项目A", "XA")
    assert proposed == "XA-B069-0001"
    desk.file(INVOICE, doc_id=proposed, project_code="XA")
    with pytest.raises(LostRace):
        desk.file("项目A 发票 2023-04-04 V1.0", doc_id=proposed, project_code="XA", generated=True)
    assert desk.catalogue.next_doc_id(doc_type, "项目A", "XA") == "XA-B069-0002"


def test_numbers_go_on_after_9999(desk: Any) -> None:
    doc_type = desk.parcel(INVOICE).doc_type
    for number, expected in (("9998", "9999"), ("9999", "10000"), ("10000", "10001"), ("10001A", "10001")):
        desk.file(f"项目A 发票-{number} 2023-04-03 V1.0", doc_id=f"X-B069-{number}")
        assert desk.catalogue.next_doc_id(doc_type, "项目A", "X") == f"X-B069-{expected}"


# Refusals leave everything as it was


@pytest.mark.parametrize("kind", ["empty", "folder", "link", "missing", "changing"])
def test_sources_that_cannot_be_filed_are_refused(desk: Any, kind: str) -> None:
    path = desk.source("file.pdf", b"" if kind == "empty" else b"content")
    if kind in ("folder", "missing", "link"):
        path.unlink()
    if kind == "folder":
        path.mkdir()
    if kind == "link":
        path.symlink_to("/etc/hostname")

    def file() -> None:
        parcel = replace(desk.parcel(INVOICE), files=(ParcelFile.of(path, "pdf"),))
        path.write_bytes(b"content, and more")  # it goes on being written
        desk.archive.file(parcel, actor="cli:test")

    with pytest.raises(EnvironmentFault if kind == "missing" else ArchiveRefused):
        file()
    assert desk.tree() == {}


def test_a_parcel_needs_files_with_different_extensions(desk: Any) -> None:
    parcel = desk.parcel(INVOICE)
    for files in ((), parcel.files * 2, (ParcelFile("exe", b"x"),)):
        with pytest.raises(ArchiveRefused):
            replace(parcel, files=files)


def test_an_unlisted_file_under_the_final_name_is_not_touched(desk: Any) -> None:
    place = desk.folder / "项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"somebody put it here")
    with pytest.raises(ArchiveRefused, match="未登记"):
        desk.file(INVOICE)
    assert place.read_bytes() == b"somebody put it here"
    assert list((desk.folder / ".tmp").iterdir()) == []


def test_a_locked_project_is_told_and_others_go_on(desk: Any) -> None:
    desk.file(INVOICE)
    (path,) = (desk.folder / ".locks").iterdir()
    with lock(path):
        with pytest.raises(EnvironmentFault, match="正被另一个程序使用"):
            desk.file("项目A 发票 2023-04-04 V1.0")
        desk.file("项目B 发票 2023-04-04 V1.0")
    desk.file("项目A 发票 2023-04-04 V1.0")


# Sources


def test_sources_stay_or_go_as_asked(desk: Any) -> None:
    kept = desk.file(INVOICE)
    moved = desk.file("项目A 发票 2023-04-04 V1.0", finish=True)
    assert desk.archive.finish([kept, moved]) == ()
    assert [path.name for path in (desk.root / "desk").iterdir()] == ["项目A_发票_2023-04-03_V1.0.pdf"]


def test_a_duplicate_that_was_to_be_moved_is_removed(desk: Any) -> None:
    desk.file(INVOICE, ("pdf", b"same"))
    desk.archive.finish([desk.file("项目A 发票 2023-04-04 V1.0", ("pdf", b"same"), finish=True)])
    assert [path.name for path in (desk.root / "desk").iterdir()] == ["项目A_发票_2023-04-03_V1.0.pdf"]


def test_a_source_that_was_replaced_meanwhile_stays(desk: Any) -> None:
    filed = desk.file(INVOICE, ("pdf", b"first"), finish=True)
    path = desk.source("项目A_发票_2023-04-03_V1.0.pdf", b"a new one")
    assert desk.archive.finish([filed]) == ()
    assert path.read_bytes() == b"a new one"


def test_a_source_in_a_folder_of_the_inbox_is_finished_by_the_inbox(desk: Any) -> None:
    inbox = desk.root / "inbox"
    path = desk.source("../inbox/项目A/scan.pdf", b"scan").resolve()
    parcel = replace(desk.parcel(INVOICE), files=(ParcelFile.of(path, "pdf", inbox=inbox, finish=True),))
    filed = desk.archive.file(parcel, actor="watch:inbox")
    (inbox / ".docgen-done").write_bytes(b"in the way")
    assert "未能移走" in desk.archive.finish([filed])[0].zh
    assert path.exists()
    (inbox / ".docgen-done").unlink()
    assert desk.archive.recover(actor="cli:test") == ()
    assert [entry.name for entry in inbox.rglob("*")] == ["项目A"]


def test_a_replacement_of_equal_size_and_time_is_put_back(desk: Any) -> None:
    filed = desk.file(INVOICE, ("pdf", b"first"), finish=True)
    path = desk.root / "desk/项目A_发票_2023-04-03_V1.0.pdf"
    times = path.stat()
    path.write_bytes(b"other")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert desk.archive.finish([filed]) == ()
    assert path.read_bytes() == b"other"
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_source_stays_when_the_filed_copy_does_not_match(desk: Any) -> None:
    filed = desk.file(INVOICE, finish=True)
    kept = desk.folder / filed.paths[0]
    kept.chmod(0o644)
    kept.write_bytes(b"damaged")
    assert "核对不符" in desk.archive.finish([filed])[0].zh
    assert (desk.root / "desk/项目A_发票_2023-04-03_V1.0.pdf").exists()


def test_a_source_on_a_share_that_is_away_waits_for_it(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    filed = desk.file(INVOICE, finish=True)
    with monkeypatch.context() as away:
        away.setattr("docgen.archive.sources.answers", lambda _: False)
        assert "没有响应" in desk.archive.finish([filed])[0].zh
        assert "没有响应" in desk.archive.recover(actor="cli:test")[0].zh
    assert desk.archive.recover(actor="cli:test") == ()
    assert list((desk.root / "desk").iterdir()) == []


def test_withdrawn_versions_are_kept_and_hidden(desk: Any) -> None:
    desk.file(CONTRACT)
    desk.file("项目A 服务合同 2023-05-01 V1.1")
    (newest,) = desk.catalogue.versions()
    desk.archive.withdraw(newest, actor="cli:test")
    assert [str(one.version) for one in desk.catalogue.versions()] == ["V1.0"]
    assert len(desk.catalogue.versions(Filter(all_versions=True, withdrawn=True))) == 2
    with pytest.raises(ArchiveRefused, match="已撤回"):
        desk.file("项目A 服务合同 2023-05-01 V1.1", ("docx", b"x"))
    assert str(desk.file("项目A 服务合同 2023-06-01 V1.2").identity.version) == "V1.2"
    assert desk.codes() == []


# Many at once


def test_parcels_of_a_project_share_an_entry_unless_one_depends_on_another(desk: Any) -> None:
    parcels = [
        desk.parcel("项目A 服务合同 2023-04-01 V1.0", doc_id="HT-1"),
        desk.parcel("项目B 服务合同 2023-04-01 V1.0", doc_id="HT-9"),
        desk.parcel("项目A 补充协议 2023-04-02 V1.0", ("pdf", b"same"), doc_id="HT-2"),
        desk.parcel("项目A 服务合同 2023-04-01 V1.1", doc_id="HT-1"),
        desk.parcel("项目A 补充协议 2023-04-03 V1.0", ("pdf", b"same"), doc_id="HT-3"),
        desk.parcel("项目A 补充协议 2023-04-04 V1.0", doc_id="HT-1"),
        desk.parcel("项目A 补充协议 2023-04-05 V1.0"),
        desk.parcel("项目A 补充协议 2023-04-06 V1.0"),
    ]
    results = desk.archive.file_many(parcels, actor="cli:test")

    refused = [one for one in results if isinstance(one, ArchiveRefused)]
    assert [results.index(one) for one in refused] == [5]
    filed = [one for one in results if not isinstance(one, ArchiveRefused)]
    assert [(one.event, one.seq) for one in filed] == [
        (Event.FILED, 1),
        (Event.FILED, 1),
        (Event.FILED, 1),
        (Event.FILED, 2),
        (Event.DUPLICATE, 2),
        (Event.FILED, 3),  # the one refused before it might have been of the number filed just then
        (Event.FILED, 3),
    ]
    numbers = [one.doc_id for one in filed[-2:]]
    assert len({*numbers, "HT-1", "HT-2", "HT-3"}) == 5
    assert desk.codes() == []


def test_a_group_is_filed_as_its_parcels_one_by_one(desk: Any, tmp_path: Path) -> None:
    names = [f"项目{'AB'[n % 2]} 服务合同-{n:03d} 2023-04-01 V1.0" for n in range(10)]
    other = type(desk)(tmp_path / "other")
    for name in names:
        other.archive.file(other.parcel(name, doc_id=name[3:12]), actor="cli:test")
    desk.archive.file_many([desk.parcel(name, doc_id=name[3:12]) for name in names], actor="cli:test")
    assert desk.tree() == other.tree()
    assert [(one.stem, one.doc_id, one.files) for one in desk.catalogue.versions()] == [
        (one.stem, one.doc_id, one.files) for one in other.catalogue.versions()
    ]
    other.catalogue.close()


def test_numbers_that_are_given_avoid_those_that_others_of_the_group_have(desk: Any) -> None:
    parcels = [
        desk.parcel("项目A 补充协议 2023-04-01 V1.0"),
        desk.parcel("项目A 补充协议 2023-04-02 V1.0", doc_id="-"),
        desk.parcel("项目A 补充协议 2023-04-03 V1.0"),
    ]
    no = parcels[0].doc_type.no
    parcels[1] = replace(parcels[1], doc_id=f"项目A-{no}-0001")

    filed = desk.archive.file_many(parcels, actor="cli:test")

    assert [one.doc_id for one in filed] == [f"项目A-{no}-000{n}" for n in (2, 1, 3)]
    assert {one.seq for one in filed} == {1}
