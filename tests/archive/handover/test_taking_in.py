"""A project taken in is the same project; what is not whole, or another's, is refused with every reason."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.handover.bag import write_bag
from docgen.archive.handover.building import unwatched
from docgen.archive.handover.contents import contents_of
from docgen.archive.handover.incoming import read_incoming
from docgen.archive.handover.lists import write_list
from docgen.archive.handover.plain import write_folder
from docgen.archive.handover.refusals import Unsound
from docgen.archive.handover.taking_in import Change, TakenIn, take_in
from docgen.base.errors import ArchiveRefused

PROJECT = "项目A"
ENTRIES = 6
CONTRACT = f"合同协议/{PROJECT}_服务合同_2023-04-01_V1.0.docx"
Tree = Callable[[Path], dict[str, bytes]]


def export(desk: Any, final: Path, kind: str = "bag") -> Path:
    contents = contents_of(desk.folder, PROJECT)
    if kind == "bag":
        write_bag(contents, final, date(2026, 11, 25))
    else:
        write_folder(contents, {"移交清单.docx": b"paper"}, final)
    return final


def bring(desk: Any, source: Path) -> TakenIn:
    return take_in(desk.archive, read_incoming(source, unwatched))


@pytest.mark.parametrize("kind", ["bag", "folder"])
def test_it_comes_back_as_it_was(
    full: Any, other: Callable[[str], Any], tmp_path: Path, project_tree: Tree, kind: str
) -> None:
    source, there = export(full, tmp_path / "out", kind), other("there")

    done = bring(there, source)

    assert (done.change, done.before.seq, done.head.seq) == (Change.NEW, 0, ENTRIES)
    assert project_tree(there.folder / PROJECT) == project_tree(full.folder / PROJECT)
    assert there.codes() == []
    assert there.catalogue.heads() == full.catalogue.heads()
    assert [one.stem for one in there.catalogue.versions()] == [one.stem for one in full.catalogue.versions()]
    assert list((there.folder / ".tmp").iterdir()) == []


def test_sources_of_imported_entries_are_never_removed(
    desk: Any, other: Callable[[str], Any], tmp_path: Path
) -> None:
    """The journal names paths of another machine; what lies there on this one is somebody else's."""
    parcel = desk.parcel("项目A 服务合同 2023-04-01 V1.0", finish=True)
    desk.archive.file(parcel, actor="cli:test")
    there = other("there")

    bring(there, export(desk, tmp_path / "out"))

    assert there.catalogue.pending_sources() == []
    there.archive.rebuild(actor="cli:test")
    assert parcel.files[0].content.path.exists()


def test_twice_changes_nothing(full: Any, other: Callable[[str], Any], tmp_path: Path) -> None:
    source, there = export(full, tmp_path / "out"), other("there")
    bring(there, source)

    assert bring(there, source).change is Change.UNCHANGED


def test_a_project_that_lags_behind_is_brought_forward(
    full: Any, other: Callable[[str], Any], tmp_path: Path, project_tree: Tree
) -> None:
    there = other("there")
    bring(there, export(full, tmp_path / "first"))
    full.file(f"{PROJECT} 服务合同 2023-06-01 V2.0", ("pdf", b"signed"))
    full.file(f"{PROJECT} 验收报告 2023-07-01 V1.0", ("pdf", b"accepted"))

    done = bring(there, export(full, tmp_path / "second"))

    assert (done.change, done.before.seq, done.head.seq) == (Change.FORWARD, ENTRIES, ENTRIES + 2)
    assert project_tree(there.folder / PROJECT) == project_tree(full.folder / PROJECT)
    assert there.codes() == []


def test_an_older_export_does_not_set_a_project_back(full: Any, tmp_path: Path, project_tree: Tree) -> None:
    source = export(full, tmp_path / "out")
    full.file(f"{PROJECT} 服务合同 2023-06-01 V2.0", ("pdf", b"signed"))
    before = project_tree(full.folder / PROJECT)

    assert bring(full, source).change is Change.UNCHANGED
    assert project_tree(full.folder / PROJECT) == before


def test_another_journal_is_refused(
    full: Any, other: Callable[[str], Any], tmp_path: Path, project_tree: Tree
) -> None:
    there = other("there")
    there.file(f"{PROJECT} 服务合同 2023-04-01 V1.0", ("docx", b"of our own"))
    before = project_tree(there.folder / PROJECT)

    with pytest.raises(ArchiveRefused, match="日志不同（自第 1 条日志起不同）"):
        bring(there, export(full, tmp_path / "out"))

    assert project_tree(there.folder / PROJECT) == before


def test_journals_that_part_later_are_refused(full: Any, other: Callable[[str], Any], tmp_path: Path) -> None:
    there = other("there")
    bring(there, export(full, tmp_path / "out"))
    for desk, content in ((full, b"one"), (there, b"other")):
        desk.file(f"{PROJECT} 服务合同 2023-06-01 V2.0", ("pdf", content))

    with pytest.raises(ArchiveRefused, match=f"自第 {ENTRIES + 1} 条日志起不同"):
        bring(there, export(full, tmp_path / "second"))


def test_an_unlisted_file_in_the_way_is_not_replaced(
    full: Any, other: Callable[[str], Any], tmp_path: Path
) -> None:
    there = other("there")
    mine = there.folder / PROJECT / CONTRACT
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")

    with pytest.raises(ArchiveRefused, match="未登记的同名文件"):
        bring(there, export(full, tmp_path / "out"))

    assert mine.read_bytes() == b"mine"
    assert [path.name for path in (there.folder / PROJECT).rglob("*") if path.is_file()] == [mine.name]


# Hostile and broken sources, with lists that fit them


def relist(source: Path) -> None:
    """Write the list of digests anew, as a forger does."""
    digests = {
        path.relative_to(source).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(source.rglob("*"))
        if path.is_file() and not path.is_symlink() and path != source / "manifest-sha256.txt"
    }
    (source / "manifest-sha256.txt").write_bytes(write_list(digests))


def entry_of(source: Path, number: int) -> Path:
    return source / PROJECT / f"journal/{number:06d}.json"


def rewrite(source: Path, number: int, change: Callable[[Any], object]) -> None:
    """Change an entry, and the manifest of the project with it."""
    path = entry_of(source, number)
    old = hashlib.sha256(path.read_bytes()).hexdigest()
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    manifest = source / PROJECT / "manifest-sha256.txt"
    new = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def elsewhere(data: Any) -> None:
    data["items"][0]["category"] = "../../../x"
    data["items"][0]["files"][0]["path"] = f"../../../x/{PROJECT}_发票_2023-04-09_V1.0.jpg"


def deep(source: Path) -> None:
    entry_of(source, ENTRIES).write_text("[" * 200_000 + "]" * 200_000 + "\n")


def moved(source: Path) -> None:
    (source / PROJECT / CONTRACT).rename(source / PROJECT / "合同协议/最终版.docx")


FORGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "content that is not that of the journal": (
        lambda source: (source / PROJECT / CONTRACT).write_bytes(b"WORD " * 900),
        f"{CONTRACT}：内容与归档时不符",
    ),
    "a file of another size": (lambda source: (source / PROJECT / CONTRACT).write_bytes(b"x"), "AV02"),
    "a file too few": (lambda source: (source / PROJECT / CONTRACT).unlink(), "AV01"),
    "a file too many": (
        lambda source: (source / PROJECT / f"合同协议/{PROJECT}_服务合同_2023-04-01_V9.0.pdf").write_bytes(
            b"x"
        ),
        "AV04",
    ),
    "a file under another name": (moved, "AV06"),
    "an entry changed": (
        lambda source: rewrite(source, 2, lambda data: data.update(actor="cli:mallory")),
        "AV07",
    ),
    "an entry missing": (lambda source: entry_of(source, 3).unlink(), "AV08"),
    "the journal missing": (lambda source: shutil.rmtree(source / PROJECT / "journal"), "没有日志"),
    "a torn entry": (lambda source: entry_of(source, ENTRIES).write_text('{"format": 1'), "不是日志条目"),
    "an entry as deep as a well": (deep, "不是日志条目"),
    "an entry without items": (
        lambda source: rewrite(source, ENTRIES, lambda data: data.update(items=[])),
        "不是日志条目（items）",
    ),
    "a number for a path": (
        lambda source: rewrite(source, 1, lambda data: data["items"][0]["files"][0].update(path=5)),
        "不是日志条目（items[0].files[0].path）",
    ),
    "half a character": (
        lambda source: rewrite_raw(source, ENTRIES, '"cli:test"', r'"\ud800"'),
        "不是日志条目（actor）",
    ),
    "a moment that is none": (
        lambda source: rewrite(source, ENTRIES, lambda data: data.update(time="yesterday")),
        "不是日志条目（time）",
    ),
    "a moment after which nothing can be counted": (
        lambda source: rewrite(source, ENTRIES, lambda data: data.update(time="9999-12-31T23:59:59.999Z")),
        "不是日志条目（time）",
    ),
    "a number that cannot be shown": (
        lambda source: rewrite(
            source, ENTRIES, lambda data: data["items"][0]["identity"].update(doc_id="a\x1b[31mb\nc")
        ),
        "不可显示的字符",
    ),
    "a confidentiality that there is not": (
        lambda source: rewrite(
            source, ENTRIES, lambda data: data["items"][0]["facts"].update(confidentiality="hm")
        ),
        "密级不存在",
    ),
    "a retention that cannot be read": (
        lambda source: rewrite(
            source, ENTRIES, lambda data: data["items"][0]["facts"].update(retention="never")
        ),
        "保管期限无法识别",
    ),
    "a category that leads outside": (lambda source: rewrite(source, ENTRIES, elsewhere), "类别不存在"),
    "a duplicate of a file outside": (lambda source: rewrite(source, ENTRIES, elsewhere), "从未归档的文件"),
    "a version that is none": (
        lambda source: rewrite(
            source, ENTRIES, lambda data: data["items"][0]["identity"].update(version="V0.0")
        ),
        "AV10",
    ),
    "an unknown event": (
        lambda source: rewrite(source, ENTRIES, lambda data: data["items"][0].update(event="exploded")),
        "不是日志条目（items[0].event）",
    ),
    "another project's item": (
        lambda source: rewrite(
            source, ENTRIES, lambda data: data["items"][0]["identity"].update(project="项目B")
        ),
        "属于另一个项目",
    ),
    "a manifest that says something else": (
        lambda source: (source / PROJECT / "manifest-sha256.txt").write_text(""),
        "AV11",
    ),
    "a folder that is no category": (
        lambda source: shutil.copytree(source / PROJECT / "商务文档", source / PROJECT / "杂项"),
        "不属于项目档案",
    ),
    "a second project": (
        lambda source: shutil.copytree(source / PROJECT, source / "项目B"),
        "恰好有一个项目文件夹",
    ),
    "a hidden project folder": (
        lambda source: (source / PROJECT).rename(source / ".tmp"),
        "不能以点或 ~ 开头",
    ),
    "a project spelled in wide letters": (
        lambda source: (source / PROJECT).rename(source / "项目Ａ"),
        "项目名称不规范",
    ),
    "a link": (lambda source: (source / PROJECT / "合同协议/etc").symlink_to("/etc"), "是链接或特殊文件"),
}


def rewrite_raw(source: Path, number: int, old: str, new: str) -> None:
    path = entry_of(source, number)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("case", FORGED)
def test_a_forged_source_is_refused(
    full: Any, other: Callable[[str], Any], tmp_path: Path, case: str
) -> None:
    source, there = export(full, tmp_path / "out", "folder"), other("there")
    harm, reason = FORGED[case]
    harm(source)
    relist(source)

    with pytest.raises(Unsound) as refused:
        bring(there, source)

    assert any(reason in one.zh for one in refused.value.reasons), refused.value.reasons
    assert not (there.folder / PROJECT).exists()


def test_what_forms_take_is_taken(full: Any, other: Callable[[str], Any], tmp_path: Path) -> None:
    """Wide spaces and joined pictures stand in names of customers."""
    source = export(full, tmp_path / "out", "folder")
    last = json.loads(entry_of(source, ENTRIES).read_bytes())
    status = "已签署\u3000\N{FAMILY}\u200d\N{GIRL}"
    rewrite(source, ENTRIES, lambda data: data["items"][0]["facts"].update(status=status))
    relist(source)

    assert last["items"][0]["facts"]["status"] != status
    assert bring(other("there"), source).head.seq == ENTRIES


def forge_bag(bag: Path, change: Callable[[Path], object]) -> None:
    """Change a bag, and its lists with it; those of its tags may be missing."""
    change(bag)
    payload = sorted(path for path in (bag / "data").rglob("*") if path.is_file())
    for name in ("sha256", "sha512"):
        digests = {
            path.relative_to(bag).as_posix(): hashlib.new(name, path.read_bytes()).hexdigest()
            for path in payload
        }
        (bag / f"manifest-{name}.txt").write_bytes(write_list(digests))
        (bag / f"tagmanifest-{name}.txt").unlink()


def shorten(bag: Path) -> None:
    """Leave out the last entry, which filed nothing, as if it had never been."""
    project = bag / "data" / PROJECT
    last = project / f"journal/{ENTRIES:06d}.json"
    manifest = project / "manifest-sha256.txt"
    lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if last.name not in line), "utf-8")
    last.unlink()
    info = bag / "bag-info.txt"
    kept = [line for line in info.read_text("utf-8").splitlines(keepends=True) if "Oxum" not in line]
    info.write_text("".join(kept), "utf-8")


def test_a_journal_that_ends_elsewhere_than_the_bag_says_is_refused(
    full: Any, other: Callable[[str], Any], tmp_path: Path
) -> None:
    bag, there = export(full, tmp_path / "out"), other("there")
    forge_bag(bag, shorten)

    with pytest.raises(Unsound) as refused:
        bring(there, bag)

    (reason,) = refused.value.reasons
    assert "日志末端应为" in reason.zh


def test_every_reason_is_told(full: Any, tmp_path: Path) -> None:
    source = export(full, tmp_path / "out", "folder")
    (source / PROJECT / CONTRACT).unlink()
    (source / "more.txt").write_text("x")

    with pytest.raises(Unsound, match="共 2 处问题") as refused:
        read_incoming(source, unwatched)

    told = refused.value.text()
    assert [name for name in ("more.txt", CONTRACT) if name not in told] == []


def test_a_source_that_changes_while_it_is_read_is_refused(
    full: Any, other: Callable[[str], Any], tmp_path: Path
) -> None:
    source, there = export(full, tmp_path / "out", "folder"), other("there")
    incoming = read_incoming(source, unwatched)
    (source / PROJECT / CONTRACT).write_bytes(b"WORD " * 900)

    with pytest.raises(ArchiveRefused, match="摘要不符"):
        take_in(there.archive, incoming)

    assert there.codes() == []
    assert there.catalogue.heads() == {}


def test_a_folder_that_is_neither_bag_nor_handover(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()

    with pytest.raises(ArchiveRefused, match="既不是归档包"):
        read_incoming(tmp_path / "x", unwatched)


# Cut at every step


def small(desk: Any) -> None:
    """Two entries with three files."""
    desk.file(f"{PROJECT} 服务合同 2023-06-01 V1.0", ("pdf", b"signed " * 50), ("docx", b"text"))
    desk.file(f"{PROJECT} 验收报告 2023-07-01 V1.0", ("pdf", b"accepted"))


@pytest.mark.cuts("death before", "ENOSPC half")
@pytest.mark.parametrize("begun", [False, True], ids=["new", "begun"])
def test_every_step_of_an_import_may_fail(
    desk: Any,
    other: Callable[[str], Any],
    tmp_path: Path,
    project_tree: Tree,
    cut_off: Callable[..., bool],
    how: str,
    begun: bool,
) -> None:
    """The project then ends at one of the entries, `verify` is silent, and a second run completes it."""
    start, before = other("start"), 0
    start.folder.mkdir()
    if begun:
        desk.file(f"{PROJECT} 需求确认单 2023-01-01 V1.0")
        before = bring(start, export(desk, tmp_path / "first")).head.seq
    start.catalogue.close()
    small(desk)
    incoming = read_incoming(export(desk, tmp_path / "out"), unwatched)
    whole, lengths = project_tree(desk.folder / PROJECT), set()
    for at in range(1, 1000):
        shutil.copytree(start.root, tmp_path / f"desk{at}")
        there = other(f"desk{at}")
        ended = not cut_off(partial(take_in, there.archive, incoming), at, how)
        there.catalogue.close()
        there.open()
        assert there.archive.recover(actor="cli:test") == ()
        assert there.codes() == []
        assert list((there.folder / ".tmp").glob("*")) == []
        lengths.add(there.catalogue.heads()[PROJECT].seq if there.catalogue.heads() else 0)
        take_in(there.archive, incoming)
        assert project_tree(there.folder / PROJECT) == whole
        there.catalogue.close()
        shutil.rmtree(there.root)
        if ended:
            break
    assert at > 40
    assert lengths == set(range(before, before + 3))
