"""Places and numbers that are given out, for however many projects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from docgen.workflow import register as module
from docgen.workflow.register import Register

DAY = date(2026, 11, 2)


@pytest.fixture
def register(desk: Any) -> Register:
    return Register(desk.session.catalogue)


def test_memory_does_not_grow_with_projects_and_no_place_is_given_out_twice(
    desk: Any, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 5)
    doc_type = desk.session.types["visit_note"]

    def serials(number: str) -> set[str]:
        return {register.place(doc_type, f"示例项目{n}", DAY, number)[0] for n in range(30)}

    assert [serials(f"JY-{n}") for n in range(3)] == [{""}, {"02"}, {"03"}]
    assert len(register._taken) <= 5
    assert len(register._promised) <= 5


def test_numbers_go_on_behind_those_given_out(desk: Any, register: Register) -> None:
    register.keep(desk.session.types["visit_note"], "示例项目", DAY, "02", "JY-2026-0007")

    proposed = ["JY-2026-0003", "JY-2026-0012", "JY-2026-0001", "JY-2025-0001", "07", "07"]
    given = [register.new_doc_id("示例项目", one) for one in proposed]
    assert given == ["JY-2026-0008", "JY-2026-0012", "JY-2026-0013", "JY-2025-0001", "07", "08"]
    assert register.new_doc_id("另一项目", "JY-2026-0001") == "JY-2026-0001"


@pytest.mark.parametrize("number", ["主题一", "JY-甲", "JY-", "JY-" + "9" * 30, "２０２６", "a\0b"])
def test_a_number_that_cannot_be_counted_on_from_is_taken_as_it_is(register: Register, number: str) -> None:
    assert [register.new_doc_id("示例项目", number) for _ in range(2)] == [number, number]
