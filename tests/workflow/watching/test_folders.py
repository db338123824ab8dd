"""What the folders of an inbox tell of a file without a full name."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from typing import Any

import pytest

from docgen.ingest.aliases import Aliases
from docgen.workflow.filing import file_paths
from docgen.workflow.projects import add_card


def test_project_and_type_by_folder(place) -> None:
    path = place.drop("项目A/发票/发票扫描 (1).pdf")
    noon = datetime(2023, 4, 2, 17, tzinfo=UTC).timestamp()  # the third, in Shanghai
    os.utime(path, (noon, noon))

    assert place.once() == 0
    assert place.filed() == ["项目A_发票_2023-04-03_V1.0.pdf"]
    notes = " ".join(str(note) for note in place.settled[0].outcome.notes)
    assert "修改日期 2023-04-03" in notes
    assert "项目 项目A" in notes


def test_several_on_a_day_take_serials_and_equal_bytes_none(place, pdf) -> None:
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


def test_a_number_that_another_program_took_meanwhile_is_chosen_anew(place, monkeypatch, pdf) -> None:
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


def test_a_generated_document_that_cannot_be_numbered_is_rejected_not_tried_for_ever(
    place, filed, pdf
) -> None:
    contract = next(filed.archive.rglob("*服务合同*.docx"))
    scan = place.workspace.root / contract.with_suffix(".pdf").name.replace("2026-02-10", "2026-02-11")
    scan.write_bytes(pdf())
    (outcome,) = file_paths(place.session, [scan])
    assert not isinstance(outcome.result, Exception)
    place.drop("最终版.docx", contract.read_bytes())

    assert place.once() == 0
    assert "最终版.docx" in place.rejected()


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_settled(place, monkeypatch) -> None:
    place.drop("项目A/发票/2023-04-03.pdf")
    closed = place.drop("项目B/发票/2023-04-03.pdf").parent
    look = os.scandir

    def refuse(path: Any) -> Any:
        if str(path) == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied")
        return look(path)

    monkeypatch.setattr("docgen.ingest.scanning.os.scandir", refuse)

    assert place.once() == 7
    assert len(place.filed()) == 1
    assert str(closed) in place.said[-1]


@pytest.mark.parametrize("name", ["项目A/发票/扫描.pdf", "项目A_发票_2023-04-03_V1.0.pdf"])
def test_a_time_outside_the_calendar_is_a_reason_to_reject(place, name) -> None:
    path = place.drop(name)
    os.utime(
        path, (2**33 + 2**32, 2**33 + 2**32)
    )  # 2378: file systems keep it, 64 bits of nanoseconds do not

    assert place.once() == 0
    assert "修改时间无效" in place.rejected()[path.name]


@pytest.mark.parametrize("folder", ["项目A/技术服务方案", "项目A/发票"])
def test_what_follows_under_the_same_name_completes_what_came_first(place, docx, folder) -> None:
    place.drop(f"{folder}/云平台部署 终稿.docx", docx("一"))
    place.once()
    later = place.drop(f"{folder}/云平台部署 终稿.pdf")
    os.utime(later, (1e9, 1e9))

    assert place.once() == 0
    assert place.fates() == {"云平台部署 终稿.docx": "filed", "云平台部署 终稿.pdf": "added"}
    assert len({name.rpartition(".")[0] for name in place.filed()}) == 1
    assert "补充" in " ".join(map(str, place.settled[-1].outcome.notes))


@pytest.mark.parametrize(
    "name", ["扫描 01.pdf", "2023-04-05.pdf", "云平台部署.docx", "云平台.pdf", "发票.pdf"]
)
def test_another_name_or_one_that_says_nothing_or_another_edition_completes_nothing(
    place, docx, name
) -> None:
    for first in ("扫描 01.docx", "2023-04-05.docx", "云平台部署.docx", "发票.docx"):
        place.drop(f"项目A/发票/{first}", docx(first))
    place.once()
    place.drop(f"项目A/发票/{name}", docx("另一份") if name.endswith("docx") else None)

    assert place.once() == 0
    assert place.fates()[name] == "filed"
    assert len({stem.rpartition(".")[0] for stem in place.filed()}) == 5
