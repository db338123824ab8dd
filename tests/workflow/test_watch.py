"""What `docgen watch` makes of an inbox: filed, rejected with the reason, set aside, left for later."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.checks.verify import verify
from docgen.archive.queries import Filter
from docgen.base import files
from docgen.base.errors import EnvironmentFault
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.ingest.aliases import Aliases
from docgen.workflow import watch_large, watch_looking, watch_post
from docgen.workflow.filing import file_paths
from docgen.workflow.finding import search
from docgen.workflow.projects import add_card
from docgen.workflow.session import Session
from docgen.workflow.start import initialise
from docgen.workflow.watch import Settled, watch, watch_once, watch_status
from docgen.workflow.watch_signals import Signals

SETTINGS = "[watch]\nsettle_seconds = 0.05\nincomplete_seconds = 0.3\nreconcile_seconds = 0.5\n"


def pdf(text: str = "x") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + text.encode() + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def docx(text: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<t>{text}</t>")
    return buffer.getvalue()


class Place:
    """A workspace with quick settings, and what the watcher said."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.workspace = initialise(root)
        self.settings(more)
        self.said: list[str] = []
        self.settled: list[Settled] = []

    def settings(self, more: str) -> None:
        (self.workspace.root / "docgen.toml").write_text(more + SETTINGS, encoding="utf-8")
        self.workspace = Workspace(self.workspace.root)

    @property
    def session(self) -> Session:
        return Session(self.workspace)

    def drop(self, name: str | bytes, content: bytes | None = None) -> Path:
        path = self.workspace.inbox / (os.fsdecode(name) if isinstance(name, bytes) else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf(str(name)) if content is None else content)
        return path

    def tell(self, said: Settled | Message) -> None:
        if isinstance(said, Settled):
            self.settled.append(said)
            self.said.append(f"{said.outcome.fate} {said.outcome.names} {said.outcome.said}")
        else:
            self.said.append(str(said))

    def once(self) -> int:
        return watch_once(self.session, self.tell, Signals())

    def fates(self) -> dict[str, str]:
        return {one.outcome.names: str(one.outcome.fate) for one in self.settled}

    def filed(self) -> list[str]:
        return sorted(
            path.name
            for path in self.workspace.archive.glob("*/*/*")
            if path.parent.name != "journal" and path.parts[-3][0] != "."
        )

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.workspace.inbox.rglob("*") if not path.is_dir())

    def rejected(self) -> dict[str, str]:
        """Return the rejected files with the reasons beside them."""
        return {
            path.name: (path.parent / "reason.txt").read_text(encoding="utf-8")
            for path in self.workspace.rejected.glob("*/*/*")
            if path.name != "reason.txt"
        }

    def events(self, project: str) -> list[tuple[str, str, list[str]]]:
        """Return actor, event and source names of every item of a journal."""
        found = []
        for path in sorted((self.workspace.archive / project / "journal").iterdir()):
            entry = json.loads(path.read_bytes())
            for item in entry["items"]:
                names = [Path(file["source"]["path"]).name for file in item["files"]]
                found.append((entry["actor"], item["event"], names))
        return found

    def codes(self) -> list[str]:
        return [one.code for one in verify(self.workspace.archive).findings]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "资料室")


# Filing


def test_a_canonical_name_is_filed_and_leaves_the_inbox(place) -> None:
    content = pdf("一")
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", content)

    assert place.once() == 0
    filed = place.workspace.archive / "项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"
    assert filed.read_bytes() == content
    assert place.waiting() == []
    assert place.events("项目A") == [("watch:inbox", "filed", ["项目A_发票_2023-04-03_V1.0.pdf"])]
    assert search(place.session, "项目:项目A").results.total == 1


@pytest.mark.parametrize(
    "name",
    [
        "项目A_服务合同_20230401_V1.0.pdf",
        "项目A_服务合同_2023年4月1日_V1.0.pdf",
        "项目A_服务合同_2023-04-01_v1.0.PDF",
        "项目A＿服务合同＿2023-04-01＿Ｖ１.０.pdf",
        "项目A_服务合同_2023-04-01_V1.pdf",
    ],
)
def test_corrections_are_made_and_noted(place, name) -> None:
    place.drop(name)

    assert place.once() == 0
    assert place.filed() == ["项目A_服务合同_2023-04-01_V1.0.pdf"]
    entry = json.loads((place.workspace.archive / "项目A/journal/000001.json").read_bytes())
    assert entry["items"][0]["notes"]
    assert entry["items"][0]["files"][0]["original_name"] == name


def test_document_print_and_record_of_one_stem_are_one_parcel(place) -> None:
    for ext, content in (("docx", docx()), ("pdf", pdf()), ("record.json", b"{}")):
        place.drop(f"项目A_服务合同_2023-04-01_V1.0.{ext}", content)

    assert place.once() == 0
    ((_, event, names),) = place.events("项目A")
    assert (event, len(names)) == ("filed", 3)


def test_a_scan_that_comes_later_completes_the_version(place) -> None:
    place.drop("项目A_服务合同_2023-04-01_V1.0.docx", docx())
    place.once()
    place.drop("项目A_服务合同_2023-04-01_V1.0.pdf")
    place.once()

    assert [event for _, event, _ in place.events("项目A")] == ["filed", "added"]


def test_many_of_one_project_share_an_entry_each_with_a_number_of_its_own(place) -> None:
    for number in range(60):
        place.drop(f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert len(list((place.workspace.archive / "项目A/journal").iterdir())) == 2
    numbers = [one.doc_id for one in place.session.catalogue.versions(Filter())]
    assert len(set(numbers)) == 60
    assert place.codes() == []


# What folders tell


def test_project_and_type_by_folder(place) -> None:
    path = place.drop("项目A/发票/发票扫描 (1).pdf")
    noon = datetime(2023, 4, 2, 17, tzinfo=UTC).timestamp()  # the third, in Shanghai
    os.utime(path, (noon, noon))

    assert place.once() == 0
    assert place.filed() == ["项目A_发票_2023-04-03_V1.0.pdf"]
    notes = " ".join(str(note) for note in place.settled[0].outcome.notes)
    assert "修改日期 2023-04-03" in notes
    assert "项目 项目A" in notes


def test_several_on_a_day_take_serials_and_equal_bytes_none(place) -> None:
    for number in (1, 2, 3):
        place.drop(f"项目A/发票/2023-04-03 扫描{number}.pdf", pdf(str(number)))
    place.drop("项目A/发票/2023-04-03 又一次.pdf", pdf("1"))

    assert place.once() == 0
    assert len(place.filed()) == 3
    assert sorted(name.split("_")[1] for name in place.filed())[:2] == ["发票", "发票-02"]
    assert sorted(place.fates().values()) == ["duplicate", "filed", "filed", "filed"]


def test_a_contract_without_version_becomes_the_next_one(place) -> None:
    for number in (1, 2):
        place.drop(f"项目A/服务合同/2023-04-0{number}.pdf")
        assert place.once() == 0

    assert place.filed() == ["项目A_服务合同_2023-04-01_V1.0.pdf", "项目A_服务合同_2023-04-02_V1.1.pdf"]


def test_what_a_folder_taught_is_known_later(place) -> None:
    place.drop("项目A/发票/票据影像 01.pdf")
    place.once()
    place.drop("项目B/票据影像_2023-05-06.pdf")

    assert place.once() == 0
    assert "项目B_发票_2023-05-06_V1.0.pdf" in place.filed()
    assert Aliases(place.workspace.state).find("票据影像") == "发票"


def test_what_was_rejected_teaches_nothing(place) -> None:
    place.drop("项目A/发票/票据影像_2023-02-29.pdf")
    place.once()

    assert Aliases(place.workspace.state).find("票据影像") is None
    assert "2023-02-29 不存在" in place.rejected()["票据影像_2023-02-29.pdf"]


def test_a_type_in_the_name_is_enough_in_the_folder_of_a_project(place) -> None:
    place.drop("项目A/中标通知书.pdf")
    place.once()

    assert [name.split("_")[1] for name in place.filed()] == ["中标通知书"]


def test_a_full_name_decides_against_the_folder_and_that_is_noted(place) -> None:
    place.drop("项目A/项目B_发票_2023-04-03_V1.0.pdf")
    place.once()

    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "项目A" in " ".join(map(str, place.settled[0].outcome.notes))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("项目A/发票/服务合同.pdf", "类型 服务合同"),
        ("项目A/发票/项目B_2023-04-03.pdf", "项目 项目B"),
        ("项目A/资料.pdf", "没有说明文件类型"),
        ("项目A/杂项/资料.pdf", "“杂项”"),
        ("CON/发票/1.pdf", "设备名"),
    ],
)
def test_folders_that_contradict_or_do_not_tell(place, name, told) -> None:
    add_card(place.session, "项目B", {})
    place.drop(name)

    assert place.once() == 0
    (reason,) = place.rejected().values()
    assert told in reason


def test_a_number_that_another_program_took_meanwhile_is_chosen_anew(place, monkeypatch) -> None:
    from docgen.workflow import receiving

    place.drop("项目A/发票/2023-04-03 扫描.pdf", pdf("慢"))
    number, races = receiving.Reception._number, []

    def overtaken(self: Any, *args: Any) -> Any:
        identity = number(self, *args)
        if not races:
            races.append(identity)
            other = place.workspace.root / f"{identity.stem}.pdf"
            other.write_bytes(pdf("快"))
            list(file_paths(place.session, [other]))
        return identity

    monkeypatch.setattr(receiving.Reception, "_number", overtaken)

    assert place.once() == 0
    assert place.filed() == ["项目A_发票-02_2023-04-03_V1.0.pdf", "项目A_发票_2023-04-03_V1.0.pdf"]


def test_a_generated_document_that_cannot_be_numbered_is_rejected_not_tried_for_ever(place, filed) -> None:
    contract = next(filed.archive.rglob("*服务合同*.docx"))
    scan = place.workspace.root / contract.with_suffix(".pdf").name.replace("2026-02-10", "2026-02-11")
    scan.write_bytes(pdf())
    (outcome,) = file_paths(place.session, [scan])
    assert not isinstance(outcome.result, Exception)
    place.drop("最终版.docx", contract.read_bytes())

    assert place.once() == 0
    assert "最终版.docx" in place.rejected()


# Rejecting


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("项目A_发票_2023-04-03.pdf", "项目A_发票_2023-04-03_V1.0.pdf"),
        ("华东_二期_发票_V1.2_2023-04-03.pdf", "华东_二期_发票_2023-04-03_V1.2.pdf"),
        ("扫描0001.pdf", ""),
    ],
)
def test_the_reason_suggests_a_name_where_it_can_be_told(place, name, suggested) -> None:
    place.drop(name)

    assert place.once() == 0
    reason = place.rejected()[name]
    assert (f"建议的文件名：{suggested}" in reason) if suggested else "建议的文件名" not in reason


def test_a_taken_version_is_rejected_with_the_next_free_one(place) -> None:
    for text in ("一", "二"):
        place.drop("项目A_服务合同_2023-04-01_V1.0.pdf", pdf(text))
        place.once()

    assert (
        "建议的文件名：项目A_服务合同_2023-04-01_V1.1.pdf"
        in place.rejected()["项目A_服务合同_2023-04-01_V1.0.pdf"]
    )


def test_a_rejected_file_lies_under_date_and_digest(place) -> None:
    content = pdf("二")
    place.drop("扫描0001.pdf", content)
    place.once()

    (found,) = place.workspace.rejected.glob("*/*/扫描0001.pdf")
    assert found.read_bytes() == content
    assert found.parent.name == hashlib.sha256(content).hexdigest()[:8]
    assert found.parent.parent.name == place.session.today.isoformat()


def test_the_same_bytes_under_two_names_keep_both_reasons(place) -> None:
    for name in ("甲.pdf", "乙.pdf"):
        place.drop(name, pdf("同"))
    place.once()

    assert set(place.rejected()) == {"甲.pdf", "乙.pdf"}
    assert all("甲.pdf" in reason and "乙.pdf" in reason for reason in place.rejected().values())


def test_a_file_called_like_the_reason_is_kept_beside_it(place) -> None:
    place.drop("reason.txt", "内容".encode())
    place.once()

    (kept,) = place.workspace.rejected.glob("*/*/reason (2).txt")
    assert kept.read_text(encoding="utf-8") == "内容"


def test_an_unknown_project_is_rejected_where_the_settings_say_so(tmp_path) -> None:
    place = Place(tmp_path / "工作区", 'unknown_project = "reject"\n')
    add_card(place.session, "项目B", {})
    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    place.drop("项目Ｂ_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "没有项目“项目A”" in place.rejected()["项目A_发票_2023-04-03_V1.0.pdf"]


def test_name_and_content_that_disagree_are_rejected_naming_both(place, filed) -> None:
    contract = next(filed.archive.rglob("*服务合同*.docx"))
    place.drop("项目A_发票_2023-04-03_V1.0.docx", contract.read_bytes())
    place.drop("最终版(2).docx", contract.read_bytes())

    assert place.once() == 0
    assert place.filed() == [contract.name]
    (reason,) = place.rejected().values()
    assert "项目A" in reason
    assert "示例市政务云运维项目" in reason


# Duplicates


def test_a_duplicate_is_set_aside_and_the_journal_names_both(place) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("同"))
    place.once()
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))

    assert place.once() == 0
    (kept,) = (place.workspace.root / "duplicates").glob("*/*/*.pdf")
    assert (kept.name, kept.read_bytes()) == ("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))
    assert kept.parent.name == hashlib.sha256(pdf("同")).hexdigest()[:8]
    assert "项目A_发票_2023-04-03_V1.0.pdf" in (kept.parent / "reason.txt").read_text(encoding="utf-8")
    assert place.events("项目A")[1][1:] == ("duplicate", ["项目A_发票_2023-04-04_V1.0.pdf"])


def test_duplicates_that_come_at_the_same_moment(place) -> None:
    for number in range(5):
        place.drop(f"项目A_发票_2023-04-0{number + 1}_V1.0.pdf", pdf("同"))

    assert place.once() == 0
    assert len(place.filed()) == 1
    assert len(list((place.workspace.root / "duplicates").glob("*/*/*.pdf"))) == 4
    assert [event for _, event, _ in place.events("项目A")].count("duplicate") == 4


def test_a_duplicate_whose_moving_was_cut_is_moved_by_recovery(place, monkeypatch) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("同"))
    place.once()
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))
    with monkeypatch.context() as patch:
        patch.setattr("docgen.archive.store.finish_sources", lambda *_: {})
        place.once()
    assert place.waiting() == ["项目A_发票_2023-04-04_V1.0.pdf"]

    assert place.session.archive.folder.exists()  # opened, and so recovered

    assert place.waiting() == []
    assert len(list((place.workspace.root / "duplicates").glob("*/*/*.pdf"))) == 1
    assert len(place.events("项目A")) == 2


# Hostile files


def test_files_that_are_no_files_are_set_aside_unopened(place, tmp_path) -> None:
    secret = tmp_path / "秘密.pdf"
    secret.write_bytes(pdf("秘密"))
    place.workspace.inbox.joinpath("项目A_发票_2023-04-03_V1.0.pdf").symlink_to(secret)
    os.mkfifo(place.workspace.inbox / "项目A_发票_2023-04-04_V1.0.pdf")
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "项目A_发票_2023-04-05_V1.0.pdf").write_bytes(pdf())
    (place.workspace.inbox / "链接").symlink_to(outside)
    place.drop("项目A_发票_2023-04-06_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目A_发票_2023-04-06_V1.0.pdf"]
    assert place.waiting() == []
    assert secret.read_bytes() == pdf("秘密")
    assert len(list(outside.iterdir())) == 1
    assert len(list(place.workspace.rejected.glob("*/*/reason.txt"))) == 3


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w") as part:
            for _ in range(300):
                part.write(bytes(1 << 20))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "told"),
    [
        ("项目A_服务合同_2023-04-01_V1.0.docx", bomb, "压缩炸弹"),
        (
            "项目A_服务合同_2023-04-01_V1.0.docx",
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100,
            "打开密码",
        ),
        ("项目A_服务合同_2023-04-01_V1.0.docx", pdf, "扩展名不符"),
        ("项目A_服务合同_2023-04-01_V1.0.docm", docx, "docm"),
        ("项目A_服务合同_2023-04-01_V1.0.jpg.exe", lambda: b"MZ", "exe"),
        ("项目A_服务合同_2023-04-01_V1.0.pdf", lambda: b"", "文件是空的"),
        ("项目A_服务合同_2023-04-01_V1.0.pdf", lambda: pdf()[:-9], "内容不完整"),
        ("长" * 83 + ".pdf", pdf, "文件名"),
    ],
)
def test_what_is_not_filed_is_rejected_and_hinders_nothing(place, name, make, told) -> None:
    place.drop(name, make())
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert told in place.rejected()[name]
    assert place.waiting() == []


def test_names_of_an_old_windows_are_read(place) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf".encode("gb18030"), pdf())
    place.drop("项目A/发票/".encode() + "扫描_2023-05-03.pdf".encode("gb18030"), pdf("2"))
    place.drop("项目B".encode("gb18030") + "/发票/2023-05-04.pdf".encode(), pdf("4"))
    place.drop("项目B".encode("gb18030") + "/项目B_发票_2023-05-05_V1.0.pdf".encode(), pdf("5"))
    place.drop(b"\xff\xfe\x80.pdf", pdf("3"))

    assert place.once() == 0
    days = ("A", "04-03"), ("A", "05-03"), ("B", "05-04"), ("B", "05-05")
    assert place.filed() == [f"项目{project}_发票_2023-{day}_V1.0.pdf" for project, day in days]
    assert len(place.rejected()) == 1
    assert place.waiting() == []


def test_temporary_names_stay_where_they_are(place) -> None:
    for name in ("~$服务合同.docx", ".~lock.a.docx#", "a.pdf.crdownload", ".a.pdf.Xy12ab"):
        place.drop(name, b"x")

    assert place.once() == 0
    assert len(place.waiting()) == 4
    assert not place.workspace.rejected.exists()


def test_a_large_file_holds_up_no_other(place, monkeypatch) -> None:
    monkeypatch.setattr(watch_large, "LARGE", 1000)
    monkeypatch.setattr(watch_post, "LARGE", 1000)
    slow = threading.Event()
    examine = watch_looking.examine

    def wait(path: Path) -> Any:
        if path.stat().st_size > 1000:
            slow.wait(60)
        return examine(path)

    def tell(said: Settled | Message) -> None:
        place.tell(said)
        slow.set()

    monkeypatch.setattr(watch_looking, "examine", wait)
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("大" * 1000))
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf())

    assert watch_once(place.session, tell, Signals()) == 0
    assert [one.outcome.paths[0].name[7:17] for one in place.settled] == ["2023-04-04", "2023-04-03"]
    assert len(place.filed()) == 2


def test_stopping_waits_for_the_large_file_in_hand_and_tells_of_it(place, monkeypatch) -> None:
    monkeypatch.setattr(watch_large, "LARGE", 1000)
    monkeypatch.setattr(watch_post, "LARGE", 1000)
    begun, go_on = threading.Event(), threading.Event()
    take = watch_large.take

    def wait(*args: Any) -> Any:
        begun.set()
        go_on.wait(60)
        return take(*args)

    monkeypatch.setattr(watch_large, "take", wait)
    for day in (3, 4):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf", pdf(f"{day}" * 3000))
    with Running(place, Silent) as running:
        assert begun.wait(60)
        running.signals.stop()
        go_on.set()

    assert len(place.settled) == len(place.filed()) == 1
    assert len(place.waiting()) == 1


def test_a_huge_sparse_file_is_rejected(place) -> None:
    path = place.drop("项目A_发票_2023-04-03_V1.0.tif", b"")
    os.truncate(path, 300 << 20)
    place.drop("项目A_发票_2023-04-04_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目A_发票_2023-04-04_V1.0.pdf"]
    assert "尚未写入" in place.rejected()["项目A_发票_2023-04-03_V1.0.tif"]


def test_a_file_that_is_replaced_while_it_is_read_settles_anew(place, monkeypatch) -> None:
    path = place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("旧"))
    place.drop("项目A_发票_2023-04-04_V1.0.pdf")
    copy, replaced = files.copy_new, []

    def replace_meanwhile(source: Path, target: Path) -> str:
        digest = copy(source, target)
        if source == path and not replaced:
            replaced.append(True)
            path.write_bytes(pdf("新的内容"))
        return digest

    monkeypatch.setattr(files, "copy_new", replace_meanwhile)

    assert place.once() == 0
    assert place.fates() == dict.fromkeys(place.filed(), "filed")
    assert next(place.workspace.archive.rglob("*04-03*.pdf")).read_bytes() == pdf("新的内容")


def test_a_mistake_of_ours_costs_its_file_alone_and_is_logged(place, monkeypatch) -> None:
    from docgen.workflow import receiving

    read = receiving.read_clues

    def fail(session: Session, paths: Any) -> Any:
        if "04-03" in paths[0].name:
            raise KeyError("unforeseen")
        return read(session, paths)

    monkeypatch.setattr(receiving, "read_clues", fail)
    for day in (3, 4, 5):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf")

    assert place.once() == 7
    assert len(place.filed()) == 2
    assert place.waiting() == ["项目A_发票_2023-04-03_V1.0.pdf"]
    assert "unforeseen" in (place.workspace.state / "log/watch.log").read_text(encoding="utf-8")


# When the disk refuses


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_leaves_everything_in_the_inbox(place, monkeypatch, code) -> None:
    names = [f"项目A_发票_2023-04-0{day}_V1.0.pdf" for day in (1, 2, 3)]
    for name in names:
        place.drop(name)
    copy = files.copy_new

    def refuse(source: Path, target: Path) -> str:
        if source.name != names[1]:
            raise OSError(code, os.strerror(code))
        return copy(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(files, "copy_new", refuse)
        assert place.once() == 7
    assert place.filed() == [names[1]]
    assert place.waiting() == [names[0], names[2]]
    assert place.once() == 0
    assert place.filed() == names
    assert [event for _, event, _ in place.events("项目A")] == ["filed"] * 3
    assert place.codes() == []


def test_a_fault_after_the_commit_makes_no_second_entry(place, monkeypatch) -> None:
    """The entry of the first is written, then the disk fails: the retry must know what is filed."""
    for day in (1, 2):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf", pdf("同"))  # equal bytes: two commits
    publish, entries = files.publish, []

    def fail_at_second(tmp: Path, final: Path) -> None:
        if final.parent.name == "journal":
            entries.append(final)
            if len(entries) == 2:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        publish(tmp, final)

    with monkeypatch.context() as patch:
        patch.setattr(files, "publish", fail_at_second)
        place.once()
    place.once()

    assert sorted(event for _, event, _ in place.events("项目A")) == ["duplicate", "filed"]
    assert place.waiting() == []
    assert place.codes() == []


def test_a_source_that_cannot_be_removed_is_filed_once_only(place, monkeypatch) -> None:
    name = "项目A_发票_2023-04-03_V1.0.pdf"
    place.drop(name)

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr(files, "move_aside", refuse)
        for _ in range(3):
            place.once()
        assert place.waiting() == [name]
    assert place.once() == 0

    assert len(place.events("项目A")) == 1
    assert place.waiting() == []


def test_another_program_at_the_project_is_waited_for_later(place) -> None:
    from docgen.archive.identity import project_key

    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")
    locks = place.workspace.archive / ".locks"
    locks.mkdir(parents=True)

    class Hurried(Session):
        patience = 0.0  # type: ignore[assignment]

    with lock(locks / f"{project_key('项目A')}.lock", timeout=0):
        assert watch_once(Hurried(place.workspace), place.tell, Signals()) == 7
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "正被另一个程序使用" in " ".join(place.said)
    assert place.once() == 0
    assert len(place.filed()) == 2


def test_a_small_full_disk(tmp_path) -> None:
    import subprocess

    disk = tmp_path / "小盘"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be mounted by root only")
    try:
        place = Place(disk / "工作区")
        contents = [pdf(f"{number}" + "满" * 100_000) for number in range(12)]
        names = [f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf" for number in range(12)]
        outside = tmp_path / "收件夹"
        outside.mkdir()
        place.settings("")
        text = SETTINGS.replace("[watch]", f"[watch]\ninboxes = [{json.dumps(str(outside))}]")
        (place.workspace.root / "docgen.toml").write_text(text, encoding="utf-8")
        place.workspace = Workspace(place.workspace.root)
        for name, content in zip(names, contents, strict=True):
            (outside / name).write_bytes(content)
        code = place.once()

        waiting = {path.name for path in outside.glob("*.pdf")}
        assert code == 7
        assert waiting
        assert "磁盘空间不足" in " ".join(place.said)
        assert waiting | set(place.filed()) == set(names)
        assert place.codes() == []
        remount = ["mount", "-o", "remount,size=64m", str(disk)]
        subprocess.run(remount, check=True)
        assert place.once() == 0
        assert place.filed() == names
        assert place.codes() == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


# The watcher that stays


class Running:
    """A watcher in a thread of the test."""

    def __init__(self, place: Place, observe: Callable[..., Any]) -> None:
        self.place, self.signals = place, Signals()
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(observe,))

    def _run(self, observe: Callable[..., Any]) -> None:
        try:
            watch(self.place.session, self.place.tell, self.signals, observe)
        except BaseException as error:
            self._errors.append(error)

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.signals.stop()
        self._thread.join()
        assert self._errors == []

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something to happen; a minute is far too long."""
        for _ in range(600):
            if what():
                return
            time.sleep(0.1)
        raise AssertionError(self.place.said)


class Silent:
    """An observer that never tells anything."""

    def __init__(self, *_: object) -> None:
        pass

    def is_alive(self) -> bool:
        return True

    def stop(self) -> None:
        pass


class HalfDeaf:
    """The system's observer, but every other event is lost."""

    def __init__(self, folder: Path, tell: Callable[[Path], None]) -> None:
        from docgen.ingest.observing import observe

        self._count = 0

        def sometimes(path: Path) -> None:
            self._count += 1
            if self._count % 2:
                tell(path)

        observer = observe(folder, sometimes)
        self.is_alive, self.stop = observer.is_alive, observer.stop


@pytest.mark.parametrize("observe", [Silent, HalfDeaf])
def test_missed_events_do_not_matter(place, observe) -> None:
    with Running(place, observe) as running:
        for number in range(20):
            place.drop(f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf")
        running.until(lambda: len(place.filed()) == 20 and not place.waiting())

    assert len(place.settled) == 20


def test_an_inbox_that_vanishes_and_returns_goes_on(place) -> None:
    from docgen.ingest.observing import observe

    inbox = place.workspace.inbox
    with Running(place, observe) as running:
        running.until(lambda: watch_status(place.session)["inboxes"][0]["mode"] == "native")
        away = inbox.rename(inbox.with_name("断开"))
        running.until(lambda: watch_status(place.session)["inboxes"][0]["mode"] == "vanished")
        (away / "项目A_发票_2023-04-03_V1.0.pdf").write_bytes(pdf())
        away.rename(inbox)
        running.until(lambda: len(place.filed()) == 1)


def test_one_failing_inbox_does_not_stop_another(tmp_path) -> None:
    place = Place(tmp_path / "工作区")
    text = SETTINGS.replace("[watch]", '[watch]\ninboxes = ["不存在", "inbox", "扫描仪"]')
    (place.workspace.root / "docgen.toml").write_text(text, encoding="utf-8")
    place.workspace = Workspace(place.workspace.root)
    (place.workspace.root / "扫描仪").mkdir()
    with Running(place, Silent) as running:
        place.drop("项目A_发票_2023-04-03_V1.0.pdf")
        (place.workspace.root / "扫描仪/项目A_发票_2023-04-04_V1.0.pdf").write_bytes(pdf("2"))
        running.until(lambda: len(place.filed()) == 2)
    assert {actor for actor, _, _ in place.events("项目A")} == {"watch:inbox", "watch:扫描仪"}


def test_exactly_once_with_three_hundred_waiting_and_events_repeated(place) -> None:
    from docgen.ingest.observing import observe

    for number in range(300):
        place.drop(f"项目A_发票-{number:03d}_2023-04-03_V1.0.pdf")
    with Running(place, observe) as running:
        while len(place.filed()) < 300:
            for path in list(place.workspace.inbox.glob("*.pdf"))[:3]:
                running.signals.wake()
                with contextlib.suppress(FileNotFoundError):
                    path.chmod(0o640)  # another event, another sighting
            time.sleep(0.2)
        running.until(lambda: not place.waiting())

    assert [event for _, event, _ in place.events("项目A")] == ["filed"] * 300
    assert set(place.fates().values()) == {"filed"}
    assert place.codes() == []


def test_a_second_watcher_says_who_holds_the_workspace(place) -> None:
    with Running(place, Silent) as running:
        running.until(lambda: watch_status(place.session)["running"] is not None)
        with pytest.raises(EnvironmentFault) as caught:
            place.once()

    assert str(os.getpid()) in str(caught.value.message)


def test_the_index_follows(place) -> None:
    with Running(place, Silent) as running:
        place.drop("项目A_会议纪要_2023-04-03_V1.0.txt", "讨论了机房扩容".encode())
        running.until(lambda: len(place.filed()) == 1)
        running.until(lambda: not place.session.catalogue.to_index(1))
    assert search(place.session, "机房扩容").results.total == 1


def test_status_tells_what_waits_and_why_also_without_a_watcher(place) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    told = watch_status(place.session)
    assert told["running"] is None
    assert [one["path"] for one in told["inboxes"][0]["waiting"]] == ["项目A_发票_2023-04-03_V1.0.pdf"]

    place.settings("")
    text = SETTINGS.replace("incomplete_seconds = 0.3", "incomplete_seconds = 300")
    (place.workspace.root / "docgen.toml").write_text(text, encoding="utf-8")
    place.workspace = Workspace(place.workspace.root)
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf()[:-9])

    def waits() -> list[tuple[str, str]]:
        (inbox,) = watch_status(place.session)["inboxes"]
        return [(one["path"][7:17], one["why"]) for one in inbox["waiting"]]

    with Running(place, Silent) as running:
        running.until(lambda: waits() == [("2023-04-04", "incomplete")])
        told = watch_status(place.session)
        assert told["running"] == os.getpid()
        assert told["recent"][0]["files"] == ["项目A_发票_2023-04-03_V1.0.pdf"]


@pytest.mark.parametrize("inboxes", [["archive/收"], ["."], ["inbox", "inbox/项目A"], ["rejected"]])
def test_inboxes_that_lie_in_one_another_are_refused(place, inboxes) -> None:
    text = SETTINGS.replace("[watch]", f"[watch]\ninboxes = {json.dumps(inboxes)}")
    (place.workspace.root / "docgen.toml").write_text(text, encoding="utf-8")
    place.workspace = Workspace(place.workspace.root)

    with pytest.raises(EnvironmentFault):
        place.once()
