"""The catalogue answers from the journals alone, and is made anew when it cannot be used."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from docgen.archive.catalogue import Catalogue
from docgen.archive.entries import Entry, Event, FileFact, Head, Item
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts
from docgen.archive.queries import FiledVersion, Filter
from docgen.archive.recovery import rebuild
from docgen.base.errors import EnvironmentFault
from docgen.forms.values import Ref

CONTRACT = "项目A_服务合同_2023-05-01_V1.1"
SECOND = "项目A_服务合同-02_2023-05-01_V1.0"
EVERYTHING = Filter(all_versions=True, withdrawn=True)


@pytest.fixture
def filled(desk: Any) -> Any:
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("docx", b"a"), doc_id="HT-1", status="草稿")
    desk.file("项目A 服务合同 2023-05-01 V1.1", ("docx", b"b"), ("pdf", b"c"), change_note="改期限")
    desk.file(
        "项目A 服务合同-02 2023-05-01 V1.0",
        doc_id="HT-2",
        refs=(Ref("HT-1", "service_contract", "HT-1", "V1.1"),),
    )
    desk.file("项目A 发票 2023-06-01 V1.0")
    desk.file("项目B 发票 2023-06-01 V1.0", edited=True)
    return desk


def stems(versions: Iterable[FiledVersion]) -> list[str]:
    return [version.stem for version in versions]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(), f"{CONTRACT} {SECOND} 项目A_发票_2023-06-01_V1.0 项目B_发票_2023-06-01_V1.0"),
        (Filter(project="项目a", type_id="service_contract"), f"{CONTRACT} {SECOND}"),
        (Filter(category="商务文档"), "项目A_发票_2023-06-01_V1.0 项目B_发票_2023-06-01_V1.0"),
        (Filter(since=date(2023, 5, 2), project="项目A"), "项目A_发票_2023-06-01_V1.0"),
        (Filter(until=date(2023, 4, 30), all_versions=True), "项目A_服务合同_2023-04-01_V1.0"),
        (Filter(type_id="none"), ""),
    ],
)
def test_listings_show_what_is_asked_for(filled: Any, wanted: Filter, expected: str) -> None:
    assert stems(filled.catalogue.versions(wanted)) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HT-1", "项目A_服务合同_2023-05-01_V1.1"),
        (" ht-2 ", "项目A_服务合同-02_2023-05-01_V1.0"),
        ("项目A_服务合同_2023-04-01_V1.0", "项目A_服务合同_2023-04-01_V1.0"),
        ("项目A_服务合同_2023-04-01_V1.0.docx", "项目A_服务合同_2023-04-01_V1.0"),
        ("archive/项目A/合同协议/项目A_服务合同_2023-04-01_V1.0.docx", "项目A_服务合同_2023-04-01_V1.0"),
        ("合同-02", "项目A_服务合同-02_2023-05-01_V1.0"),
        ("发票", "项目A_发票_2023-06-01_V1.0 项目B_发票_2023-06-01_V1.0"),
        ("ht-", "项目A_服务合同_2023-05-01_V1.1 项目A_服务合同-02_2023-05-01_V1.0"),
        ("100%", ""),
        ("", ""),
    ],
)
def test_a_document_is_found_by_number_name_path_or_part(filled: Any, text: str, expected: str) -> None:
    assert sorted(stems(filled.catalogue.find(text))) == sorted(expected.split())


def test_finding_can_be_kept_to_a_project(filled: Any) -> None:
    assert stems(filled.catalogue.find("发票", project="项目B")) == ["项目B_发票_2023-06-01_V1.0"]


def test_a_version_tells_all_that_is_known(filled: Any) -> None:
    newest, first = filled.catalogue.versions_of(filled.catalogue.find("HT-1")[0].document_id)
    assert (newest.current, first.current) == (True, False)
    assert (first.status, newest.change_note, newest.doc_id) == ("草稿", "改期限", "HT-1")
    assert [file.path.rpartition("/")[2] for file in newest.files] == [
        f"{newest.stem}.docx",
        f"{newest.stem}.pdf",
    ]
    assert newest.file("pdf").size == 1
    assert newest.file("txt") is None
    (second,) = filled.catalogue.find("HT-2")
    assert second.refs == (Ref("HT-1", "service_contract", "HT-1", "V1.1"),)
    assert second.facts == Facts(refs=second.refs)


def test_the_queue_holds_what_the_index_must_see(filled: Any) -> None:
    catalogue = filled.catalogue
    waiting = catalogue.to_index()
    assert len(waiting.versions) == len(catalogue) == 5
    assert len(catalogue.to_index(1).versions) == 1
    catalogue.indexed(waiting)
    assert not catalogue.to_index()
    filled.file("项目A 发票 2023-06-01 V1.1", ("pdf", b"z"))
    waiting = catalogue.to_index()
    assert stems(waiting.versions) == ["项目A_发票_2023-06-01_V1.0", "项目A_发票_2023-06-01_V1.1"]
    catalogue.indexed(waiting)
    filled.archive.withdraw(catalogue.find("项目A_发票_2023-06-01_V1.1")[0], actor="cli:test")
    waiting = catalogue.to_index()
    assert [(one.withdrawn, one.current) for one in waiting.versions] == [(False, True), (True, False)]


def test_what_is_queued_while_it_is_indexed_stays_queued(filled: Any) -> None:
    catalogue = filled.catalogue
    first = catalogue.to_index()
    filled.archive.withdraw(catalogue.find("HT-2")[0], actor="cli:test")  # waits already
    catalogue.indexed(first)

    assert [one.doc_id for one in catalogue.to_index().versions if one.withdrawn] == ["HT-2"]


def test_what_was_read_before_it_changed_is_queued_again(filled: Any) -> None:
    catalogue = filled.catalogue
    older = catalogue.to_index()
    filled.archive.withdraw(catalogue.find("HT-2")[0], actor="cli:test")
    assert not catalogue.indexed(catalogue.to_index())  # another process has indexed the newer standing

    assert catalogue.indexed(older)

    assert [(one.doc_id, one.withdrawn) for one in catalogue.to_index().versions] == [("HT-2", True)]
    assert not catalogue.indexed(catalogue.to_index())


def test_a_rebuild_keeps_the_queue_of_an_index_that_is_left_as_it_is(filled: Any) -> None:
    catalogue, archive = filled.catalogue, filled.archive.folder
    catalogue.indexed(catalogue.to_index())
    filled.file("项目A 发票 2023-06-01 V1.1", ("pdf", b"z"))
    waiting, stale = catalogue.to_index(), stems(catalogue.to_index().versions)
    rebuild(archive, catalogue, indexed=True)
    catalogue.indexed(waiting)  # places of the catalogue as it was before: they mean nothing now

    assert stems(catalogue.to_index().versions) == stale
    rebuild(archive, catalogue)
    assert len(catalogue.to_index().versions) == len(catalogue)


def test_a_rebuild_gives_the_same_catalogue(filled: Any) -> None:
    filled.archive.withdraw(filled.catalogue.find("HT-2")[0], actor="cli:test")
    before = [filled.catalogue.versions(EVERYTHING), filled.catalogue.heads()]
    filled.catalogue.close()
    for path in (filled.root / "index").iterdir():
        path.unlink()
    filled.open()
    assert filled.catalogue.stale
    assert filled.archive.recover(actor="cli:test") == ()
    assert not filled.catalogue.stale
    after = [filled.catalogue.versions(EVERYTHING), filled.catalogue.heads()]
    assert [plain(one) for one in after[0]] == [plain(one) for one in before[0]]
    assert after[1] == before[1]


def plain(version: FiledVersion) -> str:
    return repr(
        [getattr(version, name) for name in FiledVersion.__slots__ if name not in ("id", "document_id")]
    )


@pytest.mark.parametrize("damage", ["not a database at all, but text " * 100, "", None])
def test_a_file_that_is_no_catalogue_is_replaced(filled: Any, damage: str | None) -> None:
    filled.catalogue.close()
    path = filled.root / "index/catalogue.sqlite"
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if damage is None:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
    else:
        path.write_text(damage)
    filled.open()
    assert filled.archive.recover(actor="cli:test") == ()
    assert len(filled.catalogue) == 5


def test_a_locked_or_broken_catalogue_is_told_in_words(filled: Any) -> None:
    path = filled.root / "index/catalogue.sqlite"
    filled.catalogue.close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'versions'").fetchone()
    data = bytearray(path.read_bytes())
    data[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(bytes(data))
    filled.open()
    with pytest.raises(EnvironmentFault, match="数据库无法使用") as caught:
        filled.catalogue.versions()
    assert "docgen rebuild" in caught.value.text("zh")
    assert filled.archive.rebuild(actor="cli:test") == ()
    assert len(filled.catalogue) == 5


def test_corrections_and_removals_are_replayed(filled: Any) -> None:
    """Events that later editions of the format write are understood."""
    (version,) = filled.catalogue.find("HT-2")
    identity = Identity(version.project, version.type_name, version.serial, version.date, version.version)
    common = (identity, version.type_id, version.recurring, version.category, version.doc_id)

    def replay(item: Item) -> FiledVersion:
        head = filled.catalogue.known("项目A").head
        entry = Entry("id", head.seq + 1, head.digest, "2026-11-02T04:00:00.000Z", "cli:test", (item,))
        assert filled.catalogue.apply("项目A", [entry], Head(head.seq + 1, f"{head.seq:064}"), 0)
        return filled.catalogue.find("HT-2")[0]

    corrected = replay(Item(Event.CORRECTED, *common, facts=Facts(confidentiality="机密")))
    assert corrected.confidentiality == "机密"
    assert replay(Item(Event.EXPORTED, *common)) == corrected
    gone = FileFact(version.files[0].path.partition("/")[2], 0, "")
    assert replay(Item(Event.TOMBSTONE, *common, files=(gone,))).files == ()


def test_an_index_folder_that_cannot_be_written_is_told(tmp_path: Any) -> None:
    (tmp_path / "index").write_text("a file, not a folder")
    with pytest.raises(EnvironmentFault):
        Catalogue(tmp_path / "index")
