"""One broken archive for every code, which must give exactly that code; a whole one gives none."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.checks.finding_codes import RULES
from docgen.archive.checks.verify import verify
from docgen.archive.entries import Head
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
        lambda folder: (entry(folder, 4).unlink(), entry(folder, 5).unlink()),
    ],
    "AV09": [lambda folder: swap(entry(folder, 4), entry(folder, 5))],
    "AV10": [
        lambda folder: write(entry(folder, 5), entry(folder, 5).read_bytes()[:-40]),
        lambda folder: write(entry(folder, 5), b""),
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


def test_a_file_that_the_journal_lists_under_a_wrong_name(whole: Any) -> None:
    def rename(data: dict[str, Any]) -> None:
        data["items"][0]["identity"]["date"] = "2023-04-04"

    rewrite_entry(whole, 2, rename)
    assert whole.codes() == ["AV06"]


def test_a_file_of_another_project(whole: Any) -> None:
    def rename(data: dict[str, Any]) -> None:
        data["items"][0]["identity"]["project"] = "项目Z"

    rewrite_entry(whole, 5, rename)
    assert whole.codes() == []  # nothing is stored by a duplicate
    rewrite_entry(whole, 2, rename)
    assert "AV06" in whole.codes()


def test_a_version_that_exists_twice(whole: Any) -> None:
    """The same version of one contract under two dates: filed by hand into the journal."""

    def double(data: dict[str, Any]) -> None:
        identity = data["items"][0]["identity"]
        identity["version"] = "V1.0"
        name = data["items"][0]["files"][0]["path"]
        new = name.replace("V1.1", "V1.0")
        (whole.folder / PROJECT / name).rename(whole.folder / PROJECT / new)
        data["items"][0]["files"][0]["path"] = new

    rewrite_entry(whole, 3, double)
    assert whole.codes() == ["AV15"]


def test_a_gap_is_a_warning(whole: Any) -> None:
    whole.file("项目A 服务合同 2023-07-01 V1.3")
    assert whole.codes() == ["AV16"]


def test_a_missing_reference_is_a_warning_until_its_target_is_filed(whole: Any) -> None:
    whole.file("项目A 补充协议 2023-08-01 V1.0", refs=(Ref("HT-7"),))
    assert whole.codes() == ["AV17"]
    whole.file("项目A 中标通知书 2023-03-01 V1.0", doc_id="HT-7")
    assert whole.codes() == []


def test_references_by_name_are_found(whole: Any) -> None:
    whole.file("项目A 补充协议 2023-08-01 V1.0", refs=(Ref("项目A_服务合同_2023-04-01_V1.0.docx"),))
    assert whole.codes() == []


def test_numbers_that_are_used_twice(whole: Any) -> None:
    whole.file("项目B 服务合同 2023-04-01 V1.0", doc_id="HT-1")
    assert whole.codes() == ["AV19"]

    def renumber(data: dict[str, Any]) -> None:
        data["items"][0]["identity"]["doc_id"] = "HT-1"

    rewrite_entry(whole, 2, renumber)
    assert set(whole.codes()) == {"AV18", "AV19"}


def test_projects_that_differ_in_case_only(desk: Any) -> None:
    desk.file("Alpha 服务合同 2023-04-01 V1.0", doc_id="1")
    (desk.folder / "alpha").mkdir()
    assert desk.codes() == ["AV21"]


def test_what_cannot_be_read_is_reported(whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal of the system is put in."""
    real = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == CONTRACT.name:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert whole.codes() == ["AV22"]


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


def test_subsets_together_read_every_file(whole: Any) -> None:
    for path in list(whole.tree()):
        content = whole.tree()[path]
        write(whole.folder / path, bytes(byte ^ 1 for byte in content))
    found = [
        finding.path for part in range(1, 4) for finding in verify(whole.folder, subset=(part, 3)).findings
    ]
    assert sorted(f"项目A/{path}" for path in found) == sorted(whole.tree())


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


def test_only_integrity_is_an_error() -> None:
    milder = {code for code, rule in RULES.items() if rule.severity is not Severity.ERROR}
    assert milder == {"AV16", "AV17", "AV18", "AV19", "AV20", "AV21"}


def test_every_code_is_in_the_manual() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs/finding-codes.md").read_text(encoding="utf-8")
    for code, rule in RULES.items():
        row = next((line for line in manual.splitlines() if line.startswith(f"| {code} ")), "")
        assert rule.severity.label.zh in row, code
        assert rule.message.zh in row, code
        assert rule.hint.zh in row, code
