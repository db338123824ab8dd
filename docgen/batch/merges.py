"""Cells that are merged over several rows of a sheet: whose value they hold cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from docgen.base.messages import Message


class Merges:
    """Which cells of a row are merged with those of other rows; asked for row after row.

    Args:
        merged: Column (from 0), first and last row (from 1) of each.
    """

    def __init__(self, merged: Iterable[tuple[int, int, int]]) -> None:
        self._coming = sorted(merged, key=lambda one: -one[1])
        self._open: dict[int, tuple[int, int]] = {}

    def at(self, number: int) -> Mapping[int, Message]:
        """Return column -> what to say of its cell."""
        while self._coming and self._coming[-1][1] <= number:
            column, first, last = self._coming.pop()
            self._open[column] = (first, last)
        self._open = {column: rows for column, rows in self._open.items() if rows[1] >= number}
        return {column: _fault(*rows) for column, rows in self._open.items()}


def _fault(first: int, last: int) -> Message:
    return Message(
        f"第 {first} 至 {last} 行 是合并的单元格，分不清属于哪一行；请取消合并，每格都填",
        f"the cells of rows {first} to {last} are merged; unmerge them and fill in every cell",
    )
