"""The watcher fails, or dies, at every single step in turn: the next run settles every file exactly once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from docgen.workflow.finding import search
from tests.crashes import FULL

FIRST = "项目A_服务合同_2023-04-01_V1.0"
#: name -> name and content of what is dropped, where it ends up, and how many documents are found then.
CASES = {
    "filed": ("项目A_发票_2023-04-03_V1.0.pdf", "新", "archive/*/*", 2),
    "completed": (f"{FIRST}.pdf", "扫描", "archive/*/*", 1),
    "duplicate": ("项目A_发票_2023-04-03_V1.0.pdf", "第一份", "duplicates/*/*", 1),
    "rejected": ("扫描0001.pdf", "新", "rejected/*/*", 1),
}


@pytest.mark.slow
@pytest.mark.cuts("death half", "ENOSPC half")
@pytest.mark.parametrize("case", CASES)
def test_whatever_is_cut_the_next_run_settles_the_file_once(
    new_place: Callable[..., Any],
    docx: Callable[..., bytes],
    pdf: Callable[..., bytes],
    cut_off: Callable[..., bool],
    tmp_path: Path,
    case: str,
    how: str,
) -> None:
    name, text, end, found = CASES[case]
    first = new_place("first")
    first.drop(f"{FIRST}.docx", docx())
    first.drop("项目A_会议纪要_2023-04-01_V1.0.pdf", pdf("第一份"))
    assert first.once() == 0
    settled = first.filed()
    for at in count(1, 1 if FULL else 3):
        shutil.copytree(first.workspace.root, tmp_path / str(at))
        place = new_place(str(at))
        place.drop(name, pdf(text))
        going = cut_off(place.once, at, how)

        assert place.once() == 0
        assert place.waiting() == []
        kept = [path for path in place.workspace.root.glob(f"{end}/{name}") if path.read_bytes() == pdf(text)]
        assert len(kept) == 1
        assert len(place.filed()) == len(settled) + (end == "archive/*/*")
        assert list((place.workspace.archive / ".tmp").iterdir()) == []
        assert place.codes() == []
        assert search(place.session, "项目:项目A -类型:会议纪要").results.total == found
        place.session.catalogue.close()
        shutil.rmtree(place.workspace.root)
        if not going:
            break
    assert at > 10
