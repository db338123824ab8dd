"""One broken archive for every code, which must give exactly that code; a whole one gives none."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from docgen.archive.checks import shapes
from docgen.archive.checks.finding_codes import RULES
from docgen.archive.checks.verify import verify
from docgen.archive.entries import Event, Head, decode
from docgen.archive.groups import Groups
from docgen.archive.parcel import Facts
from docgen.base.errors import ArchiveRefused
from docgen.base.findings import Severity
from docgen.forms.values import Ref

PROJECT = Path("项目A")
CONTRACT = PROJECT / "合同协议/项目A_服务合同_2023-04-01_V1.0.docx"
MANIFEST = PROJECT / "manifest-sha256.txt"


@pytest.fixture
def whole(desk: Any) -> Any:
    """An archive in which everything is right: five entries, the last two without files."""
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("docx", b"word"), ("pdf", b"print"), doc_id="HT-1")
    desk.file("项目A 发票 2023-04-03 V1.0", ("pdf", b"bill"), refs=(Ref("HT-1", "service_contract", "HT-1"),))
    desk.file("项目A 服务合同 2023-05-01 V1.1", ("docx", b"draw"))
    desk.file("项目A 发票 2023-04-09 V1.0", ("pdf", b"bill"))
    desk.file("项目A 发票 2023-04-10 V1.0", ("pdf", b"bill"))
    return desk


def entry(folder: Path, number: int) -> Path:
    return folder / PROJECT / f"journal/{number:06d}.json"


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.chmod(0o644)
    path.write_bytes(data)


def edit(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    write(path, data.replace(old, new))


def move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    write(one, second)
    write(other, first)


def lines(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    path = folder / MANIFEST
    write(path, b"".join(change(path.read_bytes().splitlines(keepends=True))))


def flipped(line: bytes) -> bytes:
    return (b"1" if line[:1] == b"0" else b"0") + line[1:]


#: code -> ways to break an archive so that this code, and no other, is found
BREAKS: dict[str, list[Callable[[Path], object]]] = {
    "AV01": [lambda folder: (folder / CONTRACT).unlink()],
    "AV02": [
        lambda folder: write(folder / CONTRACT, b"wor"),
        lambda folder: write(folder / CONTRACT, b""),
        lambda folder: write(folder / CONTRACT, b"word and more"),
    ],
    "AV03": [lambda folder: write(folder / CONTRACT, b"worD")],
    "AV04": [
        lambda folder: write(folder / PROJECT / "合同协议/项目A_服务合同_2023-04-01_V9.0.pdf", b"x"),
        lambda folder: write(folder / "项目C/合同协议/项目C_服务合同_2023-04-01_V1.0.pdf", b"x"),
        lambda folder: write(folder / "项目C_服务合同_2023-04-01_V1.0.pdf", b"x"),
    ],
    "AV05": [
        lambda folder: write(folder / PROJECT / "合同协议/最终版(2).docx", b"x"),
        lambda folder: write(folder / PROJECT / "合同协议/项目A_服务合同_2023-02-29_V1.0.pdf", b"x"),
        lambda folder: write(folder / PROJECT / "journal/notes.txt", b"x"),
        lambda folder: write(folder / "最终版.docx", b"x"),
        lambda folder: write(folder / ".hidden/项目A_服务合同_2023-04-01_V9.0.pdf", b"x"),
        lambda folder: write(folder / ".locks/notes.txt", b"x"),
    ],
    "AV06": [
        lambda folder: move(folder / CONTRACT, folder / PROJECT / "技术文档" / CONTRACT.name),
        lambda folder: move(folder / CONTRACT, folder / CONTRACT.with_name("合同.docx")),
    ],
    "AV07": [
        lambda folder: edit(entry(folder, 2), b"cli:test", b"cli:liar"),
        lambda folder: edit(entry(folder, 1), b"0" * 64, b"1" * 64),
    ],
    "AV08": [
        lambda folder: entry(folder, 5).unlink(),
        lambda folder: entry(folder, 4).unlink(),
        lambda folder: entry(folder, 3).unlink(),
        lambda folder: (entry(folder, 4).unlink(), entry(folder, 5).unlink()),
    ],
    "AV09": [lambda folder: swap(entry(folder, 4), entry(folder, 5))],
    "AV10": [
        lambda folder: write(entry(folder, 5), entry(folder, 5).read_bytes()[:-40]),
        lambda folder: write(entry(folder, 5), b""),
        lambda folder: write(entry(folder, 2), entry(folder, 2).read_bytes()[:-40]),
        lambda folder: write(entry(folder, 4), b"\xff\xfe not JSON"),
        lambda folder: write(entry(folder, 4), b"[]\n"),
    ],
    "AV11": [
        lambda folder: (folder / MANIFEST).unlink(),
        lambda folder: lines(folder, lambda all_lines: all_lines[1:]),
        lambda folder: lines(folder, lambda all_lines: all_lines[:-1]),
        lambda folder: write(folder / MANIFEST, b""),
    ],
    "AV12": [
        lambda folder: lines(folder, lambda all_lines: [flipped(all_lines[0]), *all_lines[1:]]),
        lambda folder: edit(entry(folder, 5), b"cli:test", b"cli:liar"),
    ],
    "AV13": [
        lambda folder: lines(folder, lambda all_lines: [*all_lines, b"0" * 64 + b"  more.pdf\n"]),
        lambda folder: lines(folder, lambda all_lines: [*all_lines, all_lines[0]]),
    ],
    "AV14": [
        lambda folder: write(folder / MANIFEST, b"\xef\xbb\xbf" + (folder / MANIFEST).read_bytes()),
        lambda folder: lines(folder, lambda all_lines: [line.replace(b"\n", b"\r\n") for line in all_lines]),
        lambda folder: write(folder / MANIFEST, (folder / MANIFEST).read_bytes()[:-3]),
    ],
    "AV31": [lambda folder: lines(folder, lambda all_lines: [*all_lines[1:], all_lines[0]])],
    "AV20": [lambda folder: write(folder / ".tmp/0123-4567/89ab", b"x")],
}


@pytest.mark.parametrize(
    ("code", "number"), [(code, number) for code, ways in BREAKS.items() for number in range(len(ways))]
)
def test_every_fault_gives_its_code_and_no_other(whole: Any, code: str, number: int) -> None:
    assert whole.codes() == []
    BREAKS[code][number](whole.folder)
    assert set(whole.codes()) == {code}


def rewrite_entry(desk: Any, number: int, change: Callable[[dict[str, Any]], object]) -> None:
    """Change an entry and make journal and manifest fit again: a fault of the content, not of the chain."""
    data = json.loads(entry(desk.folder, number).read_bytes())
    change(data)
    write(entry(desk.folder, number), (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
    relink(desk)


def relink(desk: Any) -> None:
    prev = "0" * 64
    for path in sorted((desk.folder / PROJECT / "journal").iterdir()):
        data = json.loads(path.read_bytes())
        data["prev"] = prev
        write(path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())
        prev = hashlib.sha256(path.read_bytes()).hexdigest()
    desk.archive.rebuild(actor="cli:test")


def item(number: int, **changes: Any) -> Callable[..., None]:
    """Return what changes the item of an entry: its identity, or what stands beside it."""

    def flaw(whole: Any, _patch: pytest.MonkeyPatch) -> None:
        def change(data: dict[str, Any]) -> None:
            for key, value in changes.items():
                for part in (data["items"][0]["identity"], data["items"][0]["facts"], data["items"][0]):
                    if key in part:
                        part[key] = value
                        break

        rewrite_entry(whole, number, change)

    return flaw


def second_v1(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    """The same version of one contract under two dates: filed by hand into the journal."""

    def double(data: dict[str, Any]) -> None:
        identity = data["items"][0]["identity"]
        identity["version"] = "V1.0"
        name = data["items"][0]["files"][0]["path"]
        new = name.replace("V1.1", "V1.0")
        (whole.folder / PROJECT / name).rename(whole.folder / PROJECT / new)
        data["items"][0]["files"][0]["path"] = new

    rewrite_entry(whole, 3, double)


def filed(name: str, *contents: tuple[str, bytes], **more: Any) -> Callable[..., None]:
    """Return what files one more parcel."""

    def flaw(whole: Any, _patch: pytest.MonkeyPatch) -> None:
        whole.file(name, *contents, **more)

    return flaw


def other_spelling(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    (whole.folder / "项目ａ").mkdir()


def unreadable(how: str, where: Path) -> Callable[..., None]:
    """Return what makes the system refuse a place; root may read everything, so the refusal is put in."""

    def flaw(whole: Any, patch: pytest.MonkeyPatch) -> None:
        owner: Any = Path if how == "open" else os
        real = getattr(owner, how)

        def refuse(path: Any, *args: Any, **kwargs: Any) -> Any:
            if Path(path) == whole.folder / where:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *args, **kwargs)

        patch.setattr(owner, how, refuse)

    return flaw


def unknown_head(_whole: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"heads": ["f" * 64]}


def forgotten_project(_whole: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"known": {"项目C": "f" * 64}}


def other_journal(_whole: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    return {"known": {"项目a": "f" * 64}}


def a_link(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    path = whole.folder / CONTRACT
    path.rename(whole.root / "kept.docx")
    path.symlink_to(whole.root / "kept.docx")


def a_linked_project(whole: Any, _patch: Any) -> None:
    shutil.copytree(whole.folder / PROJECT, whole.root / "elsewhere")
    (whole.folder / "项目B").symlink_to(whole.root / "elsewhere")


def a_folder(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    (whole.folder / PROJECT / "journal/000006.json").mkdir()


def a_pipe(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    os.mkfifo(whole.folder / PROJECT / "journal/000006.json")


def expired(whole: Any, _patch: pytest.MonkeyPatch) -> dict[str, Any]:
    whole.file("项目A 补充协议 2023-08-01 V1.0", retention="2033-08-01")
    return {"today": date(2033, 8, 1)}


def back_again(whole: Any, _patch: pytest.MonkeyPatch) -> None:
    """A file that was deleted after its retention is put back, as from an old backup."""
    whole.bury("项目A", 1)
    write(whole.folder / CONTRACT, b"word")


#: code -> flaws of content: journal and manifest fit, or what is found depends on more than the archive
FLAWS: dict[str, list[Callable[..., Any]]] = {
    "AV06": [
        item(3, date="2023-05-04"),
        item(3, project="项目Z"),
        item(3, project="项目ａ"),
    ],
    "AV15": [second_v1],
    "AV16": [filed("项目A 服务合同 2023-07-01 V1.3")],
    "AV17": [filed("项目A 补充协议 2023-08-01 V1.0", refs=(Ref("HT-7"),))],
    "AV18": [item(2, doc_id="HT-1")],
    "AV19": [filed("项目B 服务合同 2023-04-01 V1.0", doc_id="HT-1")],
    "AV21": [other_spelling],
    "AV22": [
        unreadable("open", CONTRACT),
        unreadable("open", MANIFEST),
        unreadable("open", PROJECT / "journal/000002.json"),
        unreadable("open", PROJECT / "journal/000005.json"),
        unreadable("scandir", PROJECT / "journal"),
        unreadable("scandir", CONTRACT.parent),
        unreadable("scandir", PROJECT),
    ],
    "AV23": [unknown_head, other_journal],
    "AV30": [forgotten_project],
    "AV24": [a_link, a_pipe, a_folder, a_linked_project],
    "AV25": [
        filed("项目A 补充协议 2023-08-01 V1.0", ("docx", b"%PDF-1.7 ...")),
        filed("项目A 补充协议 2023-08-01 V1.0", ("pdf", b"PK\x03\x04 ...")),
        filed("项目A 补充协议 2023-08-01 V1.0", ("jpg", b"\x89PNG\r\n\x1a\n ...")),
        filed("项目A 补充协议 2023-08-01 V1.0", ("txt", b"\x7fELF ...")),
    ],
    "AV26": [filed("项目A 补充协议 2023-08-01 V1.0", confidentiality="")],
    "AV27": [expired],
    "AV28": [back_again],
    "AV29": [item(4, date="2023-04-04"), item(5, type="meeting_minutes")],
}


@pytest.mark.parametrize(
    ("code", "number"), [(code, number) for code, flaws in FLAWS.items() for number in range(len(flaws))]
)
def test_every_flaw_gives_its_code_and_no_other(
    whole: Any, code: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = FLAWS[code][number](whole, monkeypatch) or {}
    assert set(whole.codes(**how)) == {code}


def test_a_linked_project_is_neither_followed_nor_filed_into(whole: Any) -> None:
    a_linked_project(whole, None)
    before = sorted((whole.root / "elsewhere").rglob("*"))
    assert verify(whole.folder, known={"项目B": "0" * 64}).heads.keys() == {"项目A"}
    with pytest.raises(ArchiveRefused, match="链接"):
        whole.file("项目B 发票 2023-04-09 V1.0")
    assert sorted((whole.root / "elsewhere").rglob("*")) == before


def test_every_code_has_an_archive_that_shows_it() -> None:
    assert {*BREAKS, *FLAWS} == set(RULES)


def test_a_duplicate_may_name_another_project_for_nothing_is_stored(whole: Any) -> None:
    assert "项目A" in entry(whole.folder, 5).read_text(encoding="utf-8")
    item(5, project="项目Z")(whole, None)
    assert whole.codes() == []


def test_a_missing_reference_is_a_warning_until_its_target_is_filed(whole: Any) -> None:
    whole.file("项目A 补充协议 2023-08-01 V1.0", refs=(Ref("HT-7"),))
    assert whole.codes() == ["AV17"]
    whole.file("项目A 中标通知书 2023-03-01 V1.0", doc_id="HT-7")
    assert whole.codes() == []


def test_references_by_name_are_found(whole: Any) -> None:
    whole.file("项目A 补充协议 2023-08-01 V1.0", refs=(Ref("项目A_服务合同_2023-04-01_V1.0.docx"),))
    assert whole.codes() == []


@pytest.mark.parametrize("day", [date(2033, 7, 31), None])
def test_retention_is_noted_on_its_day_and_only_where_a_day_is_given(whole: Any, day: date | None) -> None:
    whole.file("项目A 补充协议 2023-08-01 V1.0", retention="2033-08-01")
    whole.file("项目A 补充协议-02 2023-08-01 V1.0", retention="永久")
    whole.file("项目A 补充协议-03 2023-08-01 V1.0", retention="10年")
    assert whole.codes(today=day) == []


def test_a_file_that_was_deleted_is_not_missing(whole: Any) -> None:
    whole.bury("项目A", 1)
    assert whole.codes() == []


def test_another_file_in_the_place_of_a_deleted_one_was_never_filed(whole: Any) -> None:
    whole.bury("项目A", 1)
    write(whole.folder / CONTRACT, b"else")
    assert whole.codes() == ["AV04"]


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"format": 1, "items": {"a": 1}}\n', b'{"format": 1, "seq": true}\n']
)
def test_an_entry_that_was_written_to_do_harm_is_only_unreadable(whole: Any, content: bytes) -> None:
    write(entry(whole.folder, 5), content)
    assert whole.codes() == ["AV10"]


def test_names_that_nobody_can_print_are_shown_by_their_codes(whole: Any) -> None:
    Path(os.fsdecode(os.fsencode(whole.folder) + b"/\xff\x1b[2J")).mkdir()
    (whole.folder / PROJECT / "一\n二\x1b.docx").write_bytes(b"x")
    item(2, doc_id="HT\x1b-1")(whole, None)
    whole.file("项目B 服务合同 2023-04-01 V1.0", doc_id="HT\x1b-1")
    shown = json.dumps([asdict(one) for one in verify(whole.folder).findings], ensure_ascii=False)
    assert b"<U+001B>" in shown.encode()
    assert "\\u001b" not in shown


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything inside a JSON value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (key,)
        yield from ((key, *way) for way in places(one))


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)


@given(number=st.integers(1, 8), chance=st.randoms(use_true_random=False), value=ODD)
@settings(max_examples=100)
def test_whatever_stands_in_an_entry_is_told_and_never_a_crash(
    settled: Any, number: int, chance: random.Random, value: Any
) -> None:
    folder = settled.root / "odd"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(settled.folder, folder)
    path = entry(folder, number)
    data = json.loads(path.read_bytes())
    *way, last = chance.choice([*places(data)])
    holder = data
    for key in way:
        holder = holder[key]
    assume(holder[last] != value)
    holder[last] = value
    write(path, (json.dumps(data, indent=1) + "\n").encode())

    findings = verify(folder, today=date(2026, 11, 25)).findings

    assert any(one.severity is Severity.ERROR for one in findings)
    assert json.dumps([asdict(one) for one in findings], ensure_ascii=False).encode()
    with contextlib.suppress(ValueError):
        decode(path.read_bytes())


@pytest.mark.parametrize("old", [b'"size": 4', b'"version": "V1.0"', b'"text": "HT-1"', b'"time": "2026'])
def test_values_of_a_wrong_kind_are_no_entry(whole: Any, old: bytes) -> None:
    edit(entry(whole.folder, 2), old, old.partition(b":")[0] + b': {}, "x": "')
    assert "AV10" in whole.codes()


def change(path: Path, *way: Any, to: Any) -> None:
    """Give a place in an entry another value; ``...``: take its key away."""
    data = json.loads(path.read_bytes())
    holder = data
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = to
    if to is ...:
        del holder[way[-1]]
    write(path, (json.dumps(data, indent=1) + "\n").encode())


@pytest.mark.parametrize(
    ("way", "to"),
    [
        (("id",), ...),
        (("actor",), ...),
        (("actor",), 7),
        (("time",), "yesterday"),
        (("time",), "2026-11-02"),
        (("items",), []),
        (("items", 0, "event"), "forgotten"),
        (("items", 0, "notes"), ...),
        (("items", 0, "same_bytes_as"), ...),
        (("items", 0, "files", 0, "source"), ...),
        (("items", 0, "facts", "change_note"), ...),
        (("items", 0, "facts", "unheard_of"), "x"),
    ],
)
def test_an_entry_that_no_reader_can_read_is_not_called_sound(whole: Any, way: Any, to: Any) -> None:
    """The writer's reader and the checks agree on what an entry is, though they share no code."""
    change(entry(whole.folder, 5), *way, to=to)
    assert "AV10" in whole.codes()


def test_the_words_of_an_entry_are_those_of_the_archive() -> None:
    assert {event.value for event in Event} == shapes._EVENTS
    assert {one.name for one in fields(Groups)} == {*shapes._GROUPS}
    assert {one.name for one in fields(Facts)} == {*shapes._FACTS}


def test_the_manifest_stands_for_files_whose_entry_is_lost(whole: Any) -> None:
    entry(whole.folder, 1).unlink()
    write(whole.folder / CONTRACT, b"worD")
    (whole.folder / CONTRACT).with_suffix(".pdf").unlink()
    assert sorted(whole.codes()) == ["AV01", "AV03", "AV08"]


def test_heads_that_were_noted_are_looked_for(whole: Any) -> None:
    (head,) = verify(whole.folder).heads.values()
    assert whole.catalogue.heads() == {"项目A": Head(*head)}
    assert whole.codes(heads=[head[1]]) == []
    assert whole.codes(heads=["f" * 64]) == ["AV23"]
    shutil.copytree(whole.folder / PROJECT, whole.root / "old")
    whole.file("项目A 服务合同 2023-06-01 V1.2")
    later = whole.catalogue.heads()["项目A"].digest
    assert whole.codes(heads=[head[1], later]) == []
    shutil.rmtree(whole.folder / PROJECT)
    (whole.root / "old").rename(
        whole.folder / PROJECT
    )  # journal and manifest cut together: only the head tells
    assert whole.codes() == []
    assert whole.codes(heads=[head[1], later]) == ["AV23"]


@pytest.mark.parametrize("number", [2, 5])
def test_a_journal_that_is_not_whole_has_no_head_to_be_noted(whole: Any, number: int) -> None:
    known = {"项目A": whole.catalogue.heads()["项目A"].digest}
    write(entry(whole.folder, number), b"{")
    report = verify(whole.folder, known=known)
    assert {one.code for one in report.findings} == {"AV10"}
    assert report.heads == {}


def test_subsets_together_read_every_file(whole: Any) -> None:
    for path in list(whole.tree()):
        content = whole.tree()[path]
        write(whole.folder / path, bytes(byte ^ 1 for byte in content))
    found = [
        finding.path for part in range(1, 4) for finding in verify(whole.folder, subset=(part, 3)).findings
    ]
    assert sorted(f"项目A/{path}" for path in found) == sorted(whole.tree())


def test_who_watches_is_told_of_every_file(whole: Any) -> None:
    told: list[tuple[int, int]] = []
    verify(whole.folder, watch=lambda *far: told.append(far))
    number = len(whole.tree())
    assert told == [(done, number) for done in range(1, number + 1)]


def test_one_project_can_be_checked_alone(whole: Any) -> None:
    whole.file("项目B 服务合同 2023-04-01 V1.0", ("pdf", b"b"), doc_id="HT-2")
    write(whole.folder / CONTRACT, b"worD")
    assert whole.codes(projects=["项目B"]) == []
    assert whole.codes(projects=["项目a"]) == ["AV03"]


def test_swapped_files_are_found(whole: Any) -> None:
    swap(whole.folder / CONTRACT, whole.folder / PROJECT / "合同协议/项目A_服务合同_2023-05-01_V1.1.docx")
    assert whole.codes() == ["AV03", "AV03"]


def test_an_empty_or_missing_archive_has_no_findings(desk: Any) -> None:
    assert desk.codes() == []
    desk.folder.mkdir()
    assert desk.codes() == []


def test_nothing_that_writes_is_loaded_with_the_checks() -> None:
    """Import-linter forbids the modules that it lists; this holds for those that come later, too."""
    script = "import sys, docgen.archive.checks.verify; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    own = {
        name for name in loaded.stdout.split() if re.fullmatch(r"docgen\.(archive\.\w+|base\.files)", name)
    }
    shared = {f"docgen.archive.{name}" for name in ("digests", "identity", "layout", "legal", "versions")}
    assert own == {"docgen.archive.checks"} | shared


def test_only_integrity_is_an_error() -> None:
    milder = {code for code, rule in RULES.items() if rule.severity is not Severity.ERROR}
    assert milder == {"AV16", "AV17", "AV18", "AV19", "AV20", "AV21", "AV25", "AV26", "AV27", "AV28"}


def test_the_manual_has_these_codes_and_no_others_below_av40() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs/finding-codes.md").read_text(encoding="utf-8")
    rows = {row[2:6]: row for row in manual.splitlines() if row.startswith("| AV")}
    assert {code: row for code, row in rows.items() if code < "AV40"} == {
        code: f"| {code} | {rule.severity.label.zh} | {rule.message.zh} | {rule.hint.zh} |"
        for code, rule in RULES.items()
    }
