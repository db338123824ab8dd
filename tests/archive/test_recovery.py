"""Catalogue and manifest follow the journals, whatever happened to them; two processes file side by side."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.catalogue import Catalogue
from docgen.archive.entries import Head
from docgen.archive.identity import project_key
from docgen.archive.journal import Journal
from docgen.archive.queries import Filter
from docgen.archive.recovery import rebuild
from docgen.archive.store import Archive
from docgen.archive.versions import leaves_gap
from docgen.base.errors import ArchiveRefused

CONTRACT = "项目A 服务合同 2023-04-01 V1.0"
EVERYTHING = Filter(all_versions=True, withdrawn=True)


@pytest.mark.parametrize("damage", ["torn", "gone", "longer"])
def test_a_damaged_manifest_is_rewritten_by_the_next_filing(desk: Any, damage: str) -> None:
    desk.file(CONTRACT)
    manifest = desk.folder / "项目A/manifest-sha256.txt"
    data = manifest.read_bytes()
    if damage == "gone":
        manifest.unlink()
    else:
        manifest.write_bytes(data[:-20] if damage == "torn" else data + b"0000")
    desk.file("项目A 发票 2023-04-01 V1.0")
    assert desk.codes() == []


def test_an_older_catalogue_catches_up(desk: Any) -> None:
    desk.file(CONTRACT)
    desk.catalogue.close()
    shutil.copytree(desk.root / "index", desk.root / "old")
    desk.open()
    desk.file("项目A 服务合同 2023-05-01 V1.1")
    desk.catalogue.close()
    shutil.rmtree(desk.root / "index")
    (desk.root / "old").rename(desk.root / "index")
    desk.open()
    with pytest.raises(ArchiveRefused, match="内容不同"):
        desk.file("项目A 服务合同 2023-05-01 V1.1", ("pdf", b"other"))
    assert len(desk.catalogue) == 2


def test_a_journal_that_was_cut_is_not_gone_on_with(desk: Any) -> None:
    desk.file(CONTRACT)
    desk.file("项目A 服务合同 2023-05-01 V1.1")
    (desk.folder / "项目A/journal/000002.json").unlink()
    with pytest.raises(ArchiveRefused, match="日志比目录中记录的短"):
        desk.file("项目A 发票 2023-04-01 V1.0")
    desk.file("项目B 发票 2023-04-01 V1.0")


def test_a_damaged_journal_is_read_as_far_as_it_goes_and_told(desk: Any) -> None:
    for day in range(1, 4):
        desk.file(f"项目A 发票 2023-04-0{day} V1.0")
    path = desk.folder / "项目A/journal/000002.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"cli:test", b"cli:liar"))
    desk.file("项目B 发票 2023-04-01 V1.0")
    problems = desk.archive.rebuild(actor="cli:test")
    assert len(problems) == 1
    assert "000003.json" in problems[0].zh
    assert "不衔接" in problems[0].zh
    assert len(desk.catalogue) == 3
    with pytest.raises(ArchiveRefused, match="不衔接"):
        desk.file("项目A 发票 2023-04-04 V1.0")


def test_recovery_has_nothing_to_do_in_a_whole_archive(desk: Any) -> None:
    assert desk.archive.recover(actor="cli:test") == ()
    desk.file(CONTRACT)
    before = {path: path.stat().st_mtime_ns for path in desk.folder.rglob("*")}
    assert desk.archive.recover(actor="cli:test") == ()
    assert {path: path.stat().st_mtime_ns for path in desk.folder.rglob("*")} == before


def test_nobody_waits_for_a_project_that_is_at_work(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import may copy for minutes; whoever only wants to list or search is not held up by it."""
    desk.file("项目A 发票 2023-04-01 V1.0")
    desk.file("项目B 发票 2023-04-01 V1.0")
    for project in ("项目A", "项目B"):
        (desk.folder / project / "manifest-sha256.txt").unlink()

    def no_sleep(_seconds: float) -> None:
        raise AssertionError("waited")

    monkeypatch.setattr("docgen.base.locks.time.sleep", no_sleep)
    archive = Archive(desk.folder, desk.catalogue)
    with archive.commits.locked(project_key("项目A"), patience=0):
        assert archive.recover(actor="cli:test") == ()
    there = [
        project for project in ("项目A", "项目B") if (desk.folder / project / "manifest-sha256.txt").exists()
    ]
    assert there == ["项目B"]


def filed_meanwhile(desk: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """File something when all journals are read, before the catalogue is filled."""
    fill = Catalogue.fill

    def file_first(catalogue: Catalogue, *args: Any, **more: Any) -> None:
        monkeypatch.setattr(Catalogue, "fill", fill)
        desk.file(name)
        fill(catalogue, *args, **more)

    monkeypatch.setattr(Catalogue, "fill", file_first)


@pytest.mark.parametrize("stale", [False, True])
def test_what_is_filed_while_the_catalogue_is_filled_is_not_lost(
    desk: Any, monkeypatch: pytest.MonkeyPatch, stale: bool
) -> None:
    desk.file(CONTRACT)
    desk.catalogue.indexed(desk.catalogue.to_index())
    if stale:
        desk.catalogue.discard()
    filed_meanwhile(desk, monkeypatch, "项目A 服务合同 2023-05-01 V1.1")
    rebuild(desk.folder, desk.catalogue, indexed=True)

    assert [str(one.version) for one in desk.catalogue.versions(EVERYTHING)] == ["V1.0", "V1.1"]
    assert "项目A_服务合同_2023-05-01_V1.1" in [one.stem for one in desk.catalogue.to_index().versions]
    with pytest.raises(ArchiveRefused, match="内容不同"):
        desk.file("项目A 服务合同 2023-05-01 V1.1", ("pdf", b"other"))


def test_an_entry_that_does_not_follow_is_not_applied_but_caught_up_with(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalogue is filled from journals that were read before, in the middle of a filing."""
    desk.file(CONTRACT)
    entries = [(entry, head) for entry, head in Journal(desk.folder / "项目A").after(Head())]
    desk.file("项目A 服务合同 2023-05-01 V1.1")
    apply = Catalogue.apply

    def fill_first(catalogue: Catalogue, *args: Any, **more: Any) -> bool:
        monkeypatch.setattr(Catalogue, "apply", apply)
        catalogue.fill([("项目A", [entry for entry, _ in entries], entries[-1][1], -2)])
        return apply(catalogue, *args, **more)

    monkeypatch.setattr(Catalogue, "apply", fill_first)
    assert desk.file("项目A 服务合同 2023-06-01 V1.2").warnings == ()

    found = desk.catalogue.versions(EVERYTHING)
    assert [str(one.version) for one in found] == ["V1.0", "V1.1", "V1.2"]
    assert desk.codes() == []


def test_a_source_is_removed_though_the_catalogue_is_filled_anew_in_the_middle(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.file("项目B 发票 2023-04-01 V1.0")
    apply = Catalogue.apply

    def fill_first(catalogue: Catalogue, *args: Any, **more: Any) -> bool:
        monkeypatch.setattr(Catalogue, "apply", apply)
        rebuild(desk.folder, catalogue, indexed=True)
        return apply(catalogue, *args, **more)

    monkeypatch.setattr(Catalogue, "apply", fill_first)
    assert desk.archive.finish([desk.file(CONTRACT, finish=True)]) == ()
    assert list((desk.root / "desk").glob("项目A*")) == []
    assert desk.codes() == []


@pytest.mark.parametrize("own", [True, False])
def test_after_a_rebuild_only_sources_in_our_own_folders_are_finished(desk: Any, own: bool) -> None:
    """What a journal tells of years ago, or of another machine, is nobody's wish today."""
    parcel = desk.parcel(CONTRACT, finish=True)
    desk.archive.file(parcel, actor="cli:test")
    folders = [desk.root / "desk"] if own else [desk.root / "inbox"]
    archive = Archive(desk.folder, desk.catalogue, own=folders)
    archive.rebuild(actor="cli:test")
    assert parcel.files[0].content.path.exists() is not own
    assert desk.catalogue.pending_sources() == []


FILER = """
import sys
from datetime import date
from pathlib import Path
from docgen.archive.catalogue import Catalogue
from docgen.archive.decide import LostRace
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.store import Archive
from docgen.forms.types import DocType

root, name = Path(sys.argv[1]), sys.argv[2]
archive = Archive(root / "archive", Catalogue(root / "index"))
contract = DocType("service_contract", "服务合同", "A3", "合同协议", "contract", recurring=False)
day, filed = date(2023, 4, 1), 0
while filed < 8:
    version = archive.catalogue.next_version(contract, "项目A", day)
    content = f"{name} {filed} {version}".encode()
    parcel = Parcel(contract, Identity("项目A", "服务合同", "", day, version),
                    (ParcelFile("docx", content),), facts=Facts(generated=True))
    try:
        archive.file(parcel, actor=f"cli:{name}")
        filed += 1
    except LostRace:
        pass
"""


def test_two_processes_give_one_chain_of_versions(desk: Any, tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILER, str(tmp_path)]
    runs = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in ("甲", "乙")]
    errors = [run.communicate()[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], errors
    desk.archive.recover(actor="cli:test")
    (newest,) = desk.catalogue.versions()
    taken = [one.version for one in desk.catalogue.versions_of(newest.document_id)]
    assert len(taken) == 16
    assert not any(leaves_gap(version, taken) for version in taken)
    assert {content.split()[-1].decode() for content in desk.tree().values()} == {str(one) for one in taken}
    assert desk.codes() == []
