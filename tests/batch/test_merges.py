"""Merged cells, row after row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from docgen.batch.merges import Merges

_AREA = st.tuples(st.integers(0, 30), st.integers(1, 20), st.integers(0, 10))


@given(st.lists(_AREA, max_size=20, unique_by=lambda one: one[0]))
def test_every_row_knows_the_cells_that_are_merged_there(areas: list[tuple[int, int, int]]) -> None:
    merged = [(column, first, first + more) for column, first, more in areas]
    held = Merges(merged)
    for number in range(1, 40):
        said = {
            column: f"第 {first} 至 {last} 行" for column, first, last in merged if first <= number <= last
        }
        found = held.at(number)
        assert found.keys() == said.keys()
        assert all(found[column].zh.startswith(text) for column, text in said.items())
