"""Files built to do harm, or damaged, or very large: each is settled with a reason and hinders no other."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from docgen.base import files
from docgen.render.provenance import embed, read
from docgen.workflow.session import Session


def test_files_that_are_no_files_are_set_aside_unopened(place, tmp_path, pdf) -> None:
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


NAME = "项目A_服务合同_2023-04-01_V1.0"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (f"{NAME}.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100, "打开密码"),
        (f"{NAME}.docx", b"%PDF-1.4\n", "扩展名不符"),
        (f"{NAME}.docm", b"PK", "docm"),
        (f"{NAME}.jpg.exe", b"MZ", "exe"),
        (f"{NAME}.pdf", b"", "文件是空的"),
        (f"{NAME}.pdf", b"%PDF-1.4\n1 0 obj\n", "内容不完整"),
        (f"{NAME}.record.json", b'{"a": ', "内容不完整"),
    ],
)
def test_what_is_not_filed_is_rejected_and_hinders_nothing(place, name, content, told) -> None:
    place.drop(name, content)
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert told in place.rejected()[name]
    assert place.waiting() == []


def test_a_zip_bomb_is_rejected_and_hinders_nothing(place) -> None:
    place.drop(f"{NAME}.docx", bomb())
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "压缩炸弹" in place.rejected()[f"{NAME}.docx"]


def test_a_name_of_255_bytes_is_rejected_also_when_it_comes_again(place, pdf) -> None:
    name = "长" * 83 + "xy.pdf"
    assert len(name.encode()) == 255
    for _ in range(2):
        place.drop(name, pdf())
        assert place.once() == 0

    assert place.waiting() == []
    kept = list(place.workspace.rejected.glob("*/*/长*.pdf"))
    assert [path.read_bytes() for path in kept] == [pdf()]
    assert "文件名" in place.rejected()[name]


def test_a_file_that_may_not_be_read_is_rejected_unread(place, pdf) -> None:
    """For root there is no file that may not be read, unless root gives that up."""
    secret = place.drop(f"{NAME}.pdf", pdf("秘密"))
    place.drop("项目B_发票_2023-04-03_V1.0.pdf")
    secret.chmod(0)
    command = [sys.executable, "-m", "docgen", "-w", str(place.workspace.root), "watch", "--once"]
    if os.geteuid() == 0:
        less = "-dac_override,-dac_read_search"
        command = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}", *command]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "没有读取权限" in place.rejected()[secret.name]
    (kept,) = place.workspace.rejected.glob(f"*/*/{secret.name}")
    kept.chmod(0o600)
    assert kept.read_bytes() == pdf("秘密")


def test_names_of_an_old_windows_are_read(place, pdf) -> None:
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


def test_a_file_that_is_replaced_while_it_is_read_settles_anew(place, monkeypatch, pdf) -> None:
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


@pytest.fixture
def fail_for(monkeypatch) -> Callable[[Exception], None]:
    """Let the reading of files of 3 April fail, also when a name is to be proposed for them."""
    from docgen.workflow import receiving

    monkeypatch.setattr("docgen.ingest.settling.FIRST_PAUSE", 0.05)
    read = receiving.read_clues

    def let(error: Exception) -> None:
        def fail(session: Session, paths: Any) -> Any:
            if "04-03" in paths[0].name:
                raise error
            return read(session, paths)

        monkeypatch.setattr(receiving, "read_clues", fail)

        def propose(*_: object) -> str:
            raise error

        monkeypatch.setattr("docgen.workflow.watch_rejecting.suggested_name", propose)

    return let


def drop_three(place: Any) -> None:
    for day in (3, 4, 5):
        place.drop(f"项目A_发票_2023-04-0{day}_V1.0.pdf")


def test_a_mistake_of_ours_costs_its_file_alone_and_after_three_it_is_rejected(place, fail_for) -> None:
    fail_for(KeyError("unforeseen"))
    drop_three(place)

    assert place.once() == 0
    assert len(place.filed()) == 2
    assert place.waiting() == []
    assert "无法处理" in place.rejected()["项目A_发票_2023-04-03_V1.0.pdf"]
    log = (place.workspace.state / "log/watch.log").read_text(encoding="utf-8")
    assert log.count("\nKeyError: 'unforeseen'") >= 3
    assert [one.outcome.fate for one in place.settled if "04-03" in one.outcome.names] == [
        *["failed"] * 3,
        "rejected",
    ]


@pytest.mark.parametrize("error", [MemoryError(), DatabaseError("", None, Exception()), OSError(5, "EIO")])
def test_what_is_not_the_fault_of_a_file_keeps_it_in_the_inbox(place, fail_for, error) -> None:
    fail_for(error)
    drop_three(place)

    assert place.once() == 7
    assert len(place.filed()) == 2
    assert place.waiting() == ["项目A_发票_2023-04-03_V1.0.pdf"]


def test_a_document_with_half_a_sign_in_what_it_says_of_itself_is_settled(place, filed) -> None:
    contract = next(filed.archive.rglob("*服务合同*.docx")).read_bytes()
    made = read(contract)
    forged = {"doc_id": "\ud800", "status": "\udfff", "version": "V3.0"}
    place.drop("最终版.docx", embed(contract, replace(made, fields={**made.fields, **forged})))
    place.drop(
        "另一份.docx", embed(contract, replace(made, fields={**made.fields, "doc_id": "长" * 300_000}))
    )

    assert place.once() == 0
    assert sorted(place.fates().values()) == ["filed", "filed"]
    assert all(len(one.doc_id) < 100 for one in place.session.catalogue.versions())
