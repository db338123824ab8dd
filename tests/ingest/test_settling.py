"""Timelines of writers, told to the settling with a clock of our own."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docgen.base.messages import same
from docgen.ingest.content.verdict import ENDLESS, WHOLE, incomplete, unfit
from docgen.ingest.scanning import Sighting
from docgen.ingest.settling import FIRST_PAUSE, LONGEST_PAUSE, MOST_MISTAKES, Mistake, Settling, Waits

A, B, C = Path("/收/合同.docx"), Path("/收/合同.pdf"), Path("/收/别的.pdf")
PARTLY = incomplete("缺尾", "cut")


def seen(size: int, mtime: int = 0, ctime: int | None = None) -> Sighting:
    return Sighting(True, 1, 1, size, mtime, size if ctime is None else ctime)


def look(settling: Settling, files: dict[Path, int], now: float, whole: int = 100) -> list[tuple[Path, ...]]:
    """See files of these sizes, look into those that held still; return what is taken."""
    settling.see({path: seen(size) for path, size in files.items()}, now)
    for path, sighting in settling.to_examine(now):
        settling.examined(path, sighting, WHOLE if sighting.size == whole else PARTLY)
    return [parcel.paths for parcel in settling.ready(now)]


def test_a_file_is_taken_once_it_has_held_still() -> None:
    settling = Settling(2, 30)

    assert [look(settling, {A: 100}, now) for now in (0, 1, 1.9)] == [[], [], []]
    assert look(settling, {A: 100}, 2) == [(A,)]


def test_one_that_was_there_before_the_start_has_to_hold_still_too() -> None:
    settling = Settling(2, 30)

    assert look(settling, {A: 60}, 1000) == []
    assert look(settling, {A: 80}, 1001.9) == []
    assert look(settling, {A: 100}, 1003.8) == []
    assert look(settling, {A: 100}, 1005.8) == [(A,)]


@given(
    st.lists(st.tuples(st.integers(1, 99), st.floats(0.1, 29.9)), max_size=12),
    st.floats(0.05, 3),
)
def test_nothing_incomplete_is_ever_taken_however_the_writer_stalls(
    chunks: list[tuple[int, float]], interval: float
) -> None:
    """Growing chunk by chunk with stalls of up to 30 s, the old time kept (a copy that preserves it)."""
    settling, now = Settling(2, 30), 0.0
    sizes = sorted({size for size, _ in chunks})
    for size, (_, stall) in zip(sizes, chunks, strict=False):
        end = now + stall
        while now < end:
            assert look(settling, {A: size}, now) == []
            now += interval
    first = now
    while not (taken := look(settling, {A: 100}, now)):
        now += interval
    assert taken == [(A,)]
    assert 2 <= now - first + 1e-6 <= 2 + 2 * interval + 1e-6


def test_what_has_no_end_mark_is_taken_after_the_long_stillness_whatever_the_writer_stalls() -> None:
    settling, text = Settling(2, 30), Path("/收/记录.txt")

    def taken(size: int, now: float) -> bool:
        settling.see({text: seen(size)}, now)
        for path, sighting in settling.to_examine(now):
            settling.examined(path, sighting, ENDLESS)
        return bool(settling.ready(now))

    assert [taken(10, now) for now in (0, 2, 29.9)] == [False] * 3
    assert settling.waiting(29.9)[0].why is Waits.INCOMPLETE
    assert [taken(20, now) for now in (29.95, 32, 59.9)] == [False] * 3
    assert taken(20, 59.95)
    assert settling.waiting(59.95)[0].why is Waits.IN_HAND


def test_a_change_that_only_the_system_dates_is_a_change() -> None:
    settling = Settling(2, 30)
    for now, ctime in ((0, 1), (1.5, 2), (3, 3)):
        settling.see({A: seen(100, mtime=5, ctime=ctime)}, now)
        assert settling.to_examine(now) == []


def test_an_incomplete_file_is_refused_after_long_stillness_and_waits_visibly_until_then() -> None:
    settling = Settling(2, 30)
    assert look(settling, {A: 50}, 0) == []
    assert look(settling, {A: 50}, 29.9) == []
    (waiting,) = settling.waiting(29.9)
    assert (waiting.why, round(waiting.seconds, 1)) == (Waits.INCOMPLETE, 29.9)
    assert "缺尾" in str(waiting.reason)

    settling.see({A: seen(50)}, 30)
    (parcel,) = settling.ready(30)

    assert "内容不完整" in str(parcel.refusal)
    assert "30 秒" in str(parcel.refusal)


def test_a_writer_that_goes_on_starts_the_wait_anew() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 50}, 0)
    look(settling, {A: 50}, 25)
    look(settling, {A: 60}, 26)

    assert look(settling, {A: 60}, 55) == []
    assert settling.ready(56.1)[0].refusal is not None


def test_what_is_unfit_is_refused_as_soon_as_it_holds_still() -> None:
    settling = Settling(2, 30)
    settling.see({A: seen(5)}, 0)
    settling.see({A: seen(5)}, 2)
    settling.examined(A, seen(5), unfit("不是", "not"))

    assert str(settling.ready(2)[0].refusal) == "不是"


def test_a_saver_that_renames_is_a_new_file() -> None:
    settling, temporary = Settling(2, 30), Path("/收/x.docx.new.pdf")
    look(settling, {temporary: 100}, 0)

    assert look(settling, {A: 100}, 2) == []
    assert look(settling, {A: 100}, 4) == [(A,)]
    assert len(settling) == 1


def test_what_belongs_together_waits_for_each_other() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 100, C: 100}, 0)
    assert look(settling, {A: 100, B: 40, C: 100}, 2) == [(C,)]
    assert {one.path: one.why for one in settling.waiting(2)}[A] is Waits.PARTNER
    assert look(settling, {A: 100, B: 100}, 3) == []
    assert look(settling, {A: 100, B: 100}, 5) == [(A, B)]


def test_a_partner_that_never_is_whole_is_refused_alone() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 100, B: 40}, 0)
    look(settling, {A: 100, B: 40}, 2)

    parcels = settling.ready(31)

    assert [(parcel.paths, parcel.refusal is None) for parcel in parcels] == [((B,), False), ((A,), True)]


def test_the_same_extension_twice_makes_two_parcels() -> None:
    settling, other = Settling(2, 30), Path("/收/合同.PDF")
    look(settling, {B: 100, other: 100}, 0)

    assert look(settling, {B: 100, other: 100}, 2) == [(B,), (other,)]


def test_pauses_after_failures_grow_and_end_with_a_change() -> None:
    settling, now, pauses = Settling(2, 30), 2.0, []
    look(settling, {A: 100}, 0)
    assert look(settling, {A: 100}, now) == [(A,)]
    for _ in range(9):
        settling.failed([A], same("磁盘已满"), now)
        (waiting,) = settling.waiting(now)
        assert waiting.next_try is not None
        pauses.append(waiting.next_try)
        assert look(settling, {A: 100}, now + waiting.next_try - 0.1) == []
        now += waiting.next_try
        assert look(settling, {A: 100}, now) == [(A,)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[1], pauses[-1]) == (FIRST_PAUSE, 2 * FIRST_PAUSE, LONGEST_PAUSE)

    settling.failed([A], same("磁盘已满"), now)
    look(settling, {A: 101}, now + 1)
    assert look(settling, {A: 101}, now + 3, whole=101) == [(A,)]


def test_what_is_in_hand_is_not_given_out_twice() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 100}, 0)
    assert look(settling, {A: 100}, 2) == [(A,)]
    settling.hold([A])
    assert look(settling, {A: 100}, 50) == []
    settling.release([A])
    assert look(settling, {A: 100}, 51) == [(A,)]


def test_what_is_gone_is_forgotten_and_settles_anew_when_it_returns() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 100}, 0)
    look(settling, {}, 1)
    assert look(settling, {A: 100}, 2.5) == []
    assert look(settling, {A: 100}, 4.5) == [(A,)]


def test_a_verdict_on_what_has_changed_meanwhile_does_not_count() -> None:
    settling = Settling(2, 30)
    settling.see({A: seen(50)}, 0)
    settling.see({A: seen(60)}, 3)
    settling.examined(A, seen(50), WHOLE)

    assert settling.ready(10) == []


@pytest.mark.parametrize("number", [1, 7, 300])
def test_everything_is_taken_exactly_once(number: int) -> None:
    settling, taken = Settling(2, 30), []
    files = {Path(f"/收/{one}.pdf"): 100 for one in range(number)}
    for now in count():
        ready = look(settling, files, now)
        for paths in ready:
            taken += paths
            settling.forget(paths)
            for path in paths:
                del files[path]
        if not files:
            break
    assert len(taken) == len(set(taken)) == number


def test_a_file_over_which_we_make_mistakes_is_given_up_and_one_that_the_disk_refuses_is_not() -> None:
    settling = Settling(2, 30)
    look(settling, {A: 100, C: 100}, 0)
    assert look(settling, {A: 100, C: 100}, 2) == [(A,), (C,)]
    now = 2.0
    for _ in range(MOST_MISTAKES):
        settling.failed([A], Mistake("错", "wrong"), now)
        settling.failed([C], same("满"), now)
        now += LONGEST_PAUSE

    refusals = {parcel.paths[0]: parcel.refusal for parcel in settling.ready(now)}
    assert "错" in refusals[A].zh
    assert refusals[C] is None
