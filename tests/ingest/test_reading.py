"""Dates and versions anywhere in a name."""

from __future__ import annotations

from datetime import date

import pytest

from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.ingest.reading import read_stem

DAY = date(2023, 4, 1)


@pytest.mark.parametrize(
    ("stem", "day", "version", "words"),
    [
        ("发票扫描", None, None, ("发票扫描",)),
        ("2023-04-01 发票", DAY, None, ("发票",)),
        ("发票（2023年4月1日）张三", DAY, None, ("发票", "张三")),
        ("IMG_20230401_123456", DAY, None, ("IMG", "123456")),
        ("2023.4.1发票V1.2", DAY, Version(1, 2), ("发票",)),
        ("服务合同_V2", None, Version(2, 0), ("服务合同",)),
        ("服务合同＿Ｖ１．０", None, Version(1, 0), ("服务合同",)),
        ("扫描20230401001", None, None, ("扫描20230401001",)),
        ("编号12345678", None, None, ("编号12345678",)),
        ("DV5.1摄像机", None, None, ("DV5", "1摄像机")),
    ],
)
def test_read(stem, day, version, words) -> None:
    reading = read_stem(stem)

    assert (reading.day, reading.version, reading.words) == (day, version, words)


@pytest.mark.parametrize(
    "stem",
    [
        "发票_2023-02-29",
        "发票 2023年13月1日",
        "2023-04-01 2023-04-02 发票",
        "合同V0.9",
        "合同V1.0.1",
        "V1.0V2.0 V3.0",
    ],
)
def test_refused(stem) -> None:
    with pytest.raises(ArchiveRefused):
        read_stem(stem)


def test_what_stands_before_a_word_may_be_a_project() -> None:
    reading = read_stem("华东_二期_发票_2023-04-01")

    assert reading.before[reading.words.index("发票")] == "华东_二期"
