"""What is written to a journal reads back, whatever was filed; what is torn is noticed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.archive.entries import Entry, Event, FileFact, Item, decode, encode
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Source
from docgen.archive.versions import Version
from docgen.base.clock import rfc3339
from docgen.base.messages import Message
from docgen.forms.values import Ref

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DIGEST = st.text("0123456789abcdef", min_size=64, max_size=64)
MESSAGES = st.lists(st.builds(Message, TEXT, TEXT), max_size=2).map(tuple)
SOURCES = st.builds(
    Source,
    TEXT.map(lambda text: Path("/inbox") / text.replace("/", "").replace("\0", "")),
    st.integers(0, 1 << 50),
    st.integers(0, 1 << 62),
    st.sampled_from([None, Path("/inbox")]),
    st.booleans(),
)
FILES = st.builds(FileFact, TEXT, st.integers(0, 1 << 50), DIGEST, TEXT, st.none() | SOURCES)
FACTS = st.builds(
    Facts,
    generated=st.booleans(),
    edited=st.booleans(),
    status=TEXT,
    retention=TEXT,
    change_note=TEXT,
    refs=st.lists(st.builds(Ref, TEXT, TEXT, TEXT, TEXT), max_size=2).map(tuple),
)
IDENTITIES = st.builds(
    Identity,
    st.sampled_from(["项目A", "华东_二期", "Alpha (2)"]),
    st.sampled_from(["服务合同", "服务等级协议(SLA)"]),
    st.sampled_from(["", "02"]),
    st.dates(date(1900, 1, 1)),
    st.builds(Version, st.integers(1, 9999), st.integers(0, 9999)),
)
ITEMS = st.builds(
    Item,
    st.sampled_from(Event),
    IDENTITIES,
    TEXT,
    st.booleans(),
    TEXT,
    TEXT,
    st.lists(FILES, max_size=3).map(tuple),
    FACTS,
    st.lists(TEXT, max_size=2).map(tuple),
    TEXT,
    MESSAGES,
    MESSAGES,
)
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC)).map(rfc3339)
ENTRIES = st.builds(
    Entry, TEXT, st.integers(1), DIGEST, TIMES, TEXT, st.lists(ITEMS, min_size=1, max_size=3).map(tuple)
)


@settings(max_examples=60)
@given(ENTRIES)
def test_entries_read_back(entry: Entry) -> None:
    assert decode(encode(entry)) == entry


@settings(max_examples=40)
@given(ENTRIES, st.data())
def test_a_torn_entry_is_noticed(entry: Entry, data: st.DataObject) -> None:
    whole = encode(entry)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError, match="not an entry"):
        decode(whole[:cut])
    with pytest.raises(ValueError, match="not an entry"):
        decode(whole[:cut] + b"\0" * (len(whole) - cut))


@pytest.mark.parametrize("data", [b"", b"[]\n", b"{}\n", b"null\n", b'{"format": 2}\n', b"\xff}\n"])
def test_what_is_not_an_entry_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not an entry"):
        decode(data)


def test_an_entry_is_readable_text() -> None:
    identity = Identity("项目A", "服务合同", "", date(2023, 4, 1), Version(1, 0))
    item = Item(Event.FILED, identity, "service_contract", False, "合同协议", "HT-1")
    data = encode(Entry("id", 1, "0" * 64, "2026-11-02T04:00:00.123Z", "cli:甲", (item,)))
    assert "服务合同" in data.decode()
    assert data.endswith(b"}\n")
    assert b"\r" not in data
    assert json.loads(data)["format"] == 1


def test_names_that_are_not_text_can_be_recorded() -> None:
    """Linux allows any bytes in a file name; the journal stays valid UTF-8."""
    identity = Identity("项目A", "服务合同", "", date(2023, 4, 1), Version(1, 0))
    file = FileFact("合同协议/x.pdf", 1, "0" * 64, b"\xbajunk.pdf".decode("utf-8", "surrogateescape"))
    item = Item(Event.FILED, identity, "service_contract", False, "合同协议", "HT-1", (file,))
    data = encode(Entry("id", 1, "0" * 64, "2026-11-02T04:00:00.123Z", "cli:甲", (item,)))
    assert decode(data).items[0].files[0].original_name == "\\udcbajunk.pdf"


@pytest.mark.parametrize("time", ["1969-12-31T23:59:59.999Z", "3000-01-01T00:00:00.000Z", "yesterday", ""])
def test_an_entry_of_no_time_that_can_be_is_none(time: str) -> None:
    """From what lies at the ends of the calendar no retention can be counted, and no zone taken."""
    identity = Identity("项目A", "服务合同", "", date(2023, 4, 1), Version(1, 0))
    item = Item(Event.FILED, identity, "service_contract", False, "合同协议", "HT-1")
    with pytest.raises(ValueError, match="not an entry"):
        decode(encode(Entry("id", 1, "0" * 64, time, "cli:甲", (item,))))
