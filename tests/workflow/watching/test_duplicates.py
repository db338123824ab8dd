"""What was filed before is set aside, and the journal names both."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest


def test_a_duplicate_is_set_aside_and_the_journal_names_both(place, pdf) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("同"))
    place.once()
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))

    assert place.once() == 0
    (kept,) = (place.workspace.root / "duplicates").glob("*/*/*.pdf")
    assert (kept.name, kept.read_bytes()) == ("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))
    assert kept.parent.name == hashlib.sha256(pdf("同")).hexdigest()[:8]
    assert "项目A_发票_2023-04-03_V1.0.pdf" in (kept.parent / "reason.txt").read_text(encoding="utf-8")
    assert place.events("项目A")[1][1:] == ("duplicate", ["项目A_发票_2023-04-04_V1.0.pdf"])


def test_duplicates_that_come_at_the_same_moment(place, pdf) -> None:
    for number in range(5):
        place.drop(f"项目A_发票_2023-04-0{number + 1}_V1.0.pdf", pdf("同"))

    assert place.once() == 0
    assert len(place.filed()) == 1
    assert len(list((place.workspace.root / "duplicates").glob("*/*/*.pdf"))) == 4
    assert [event for _, event, _ in place.events("项目A")].count("duplicate") == 4


def test_a_duplicate_whose_moving_was_cut_is_moved_by_recovery(place, monkeypatch, pdf) -> None:
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


@pytest.mark.parametrize("damaged", [False, True])
def test_a_duplicate_of_a_lost_or_damaged_file_is_kept_and_the_loss_is_told(place, pdf, damaged) -> None:
    name = "项目A_发票_2023-04-03_V1.0.pdf"
    place.drop(name, pdf("同"))
    place.once()
    (filed,) = place.workspace.archive.rglob(name)
    filed.unlink()
    if damaged:
        filed.write_bytes(pdf("异"))
    place.drop(name, pdf("同"))
    place.drop("项目A/发票/又一份.pdf", pdf("同"))

    assert place.once() == 0
    assert place.waiting() == []
    assert not (place.workspace.root / "duplicates").exists()
    told = " ".join(place.said)
    assert "移到 duplicates/" not in told
    assert "缺失或已损坏" in told
    assert "docgen verify" in place.rejected()["又一份.pdf"]
    assert place.once() == 0


def test_a_duplicate_that_cannot_be_moved_is_not_said_to_be(place, pdf, monkeypatch) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", pdf("同"))
    place.once()
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", pdf("同"))

    def refuse(*_: object) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    with monkeypatch.context() as patch:
        patch.setattr("docgen.archive.sources.set_aside", refuse)
        assert [place.once(), place.once()] == [7, 7]
    assert "移到 duplicates/" not in " ".join(place.said)
    assert "未能移走" in place.said[-1]
    place.once()
    assert place.waiting() == []
    assert len(place.events("项目A")) == 2
