"""The real program, killed at random under load: nothing is lost, nothing is doubled, everything is found.

`DOCGEN_TEST_KILLS` sets how often it is killed (25 where it is not set; 200 and more for a full run).
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from docgen.archive.checks.verify import verify
from docgen.base.workspace import Workspace
from docgen.workflow.finding import search
from docgen.workflow.session import Session
from docgen.workflow.start import initialise

KILLS = int(os.environ.get("DOCGEN_TEST_KILLS", "25"))
#: Files dropped before each start of the program.
LOAD = 12
#: What tests have started: a test that fails leaves nothing running.
STARTED: list[subprocess.Popen[bytes]] = []
SETTINGS = "[watch]\nsettle_seconds = 0.05\nincomplete_seconds = 0.5\nreconcile_seconds = 1\n"


def docx(words: str) -> bytes:
    buffer = io.BytesIO()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        package.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        )
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>'
            "</w:document>",
        )
    return buffer.getvalue()


def start(workspace: Workspace, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "docgen", "-w", str(workspace.root), "watch", *words]
    with (workspace.root / "said.txt").open("ab") as out:
        program = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    STARTED.append(program)
    return program


def said(workspace: Workspace) -> str:
    """Return what all programs have said so far."""
    return (workspace.root / "said.txt").read_text(encoding="utf-8")


def files_in(folder: Path) -> list[str]:
    """Return the digests of all documents in a folder; journals and our own files left out."""
    return [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix in (".docx", ".pdf") and ".tmp" not in path.parts
    ]


def check_archive(workspace: Workspace) -> None:
    assert [one.code for one in verify(workspace.archive).findings] == []
    for manifest in workspace.archive.glob("*/manifest-sha256.txt"):
        command = ["sha256sum", "-c", "--strict", "--quiet", manifest.name]
        subprocess.run(command, cwd=manifest.parent, check=True, capture_output=True)


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    yield
    while STARTED:
        STARTED[-1].kill()
        STARTED.pop().wait()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = initialise(tmp_path / "工作区")
    (made.root / "docgen.toml").write_text(SETTINGS, encoding="utf-8")
    return Workspace(made.root)


@pytest.mark.slow
@pytest.mark.timeout(120 + 20 * KILLS)
def test_killed_at_random_under_load(
    workspace: Workspace, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(20261102)
    dropped: dict[str, str] = {}
    doubles = interrupted = 0
    for kill in range(KILLS):
        for number in range(LOAD):
            mark = f"标记{kill:04d}次{number:02d}号"
            content = docx(mark)
            name = f"项目{'甲乙'[number % 2]}_会议纪要-{kill:04d}{number:02d}_2026-02-10_V1.0.docx"
            (workspace.inbox / name).write_bytes(content)
            dropped[hashlib.sha256(content).hexdigest()] = mark
            if number % 6 == 5:  # the same bytes under another name: a duplicate
                (workspace.inbox / name.replace("_2026", "x_2026")).write_bytes(content)
                doubles += 1
        filed = entries(workspace)
        program = start(workspace)
        if kill % 2:  # while it files: one of two groups is committed
            until(lambda before=filed: entries(workspace) > before)
            time.sleep(chance.uniform(0, 0.2))
        else:  # anywhere from its start on
            time.sleep(chance.uniform(0.3, 1.6))
        os.kill(program.pid, signal.SIGKILL)
        assert program.wait() == -signal.SIGKILL, said(workspace)
        interrupted += any((workspace.archive / ".tmp").glob("*/*"))
    record_property("kills that interrupted a filing", interrupted)
    last = start(workspace, "--once")
    assert last.wait() == 0, said(workspace)

    archived, waiting = files_in(workspace.archive), files_in(workspace.inbox)
    aside = files_in(workspace.root / "duplicates")
    assert waiting == []
    assert not workspace.rejected.exists()
    assert sorted(archived) == sorted(dropped)
    assert len(aside) == doubles
    assert set(aside) <= set(dropped)
    assert list((workspace.archive / ".tmp").iterdir()) == []
    check_archive(workspace)
    assert [event for _, event in journal(workspace)].count("filed") == len(dropped)
    assert [event for _, event in journal(workspace)].count("duplicate") == doubles
    session = Session(workspace)
    for mark in dropped.values():
        assert search(session, f'"{mark}"').results.total == 1


def journal(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the source and event of every item."""
    entries = (json.loads(path.read_bytes()) for path in sorted(workspace.archive.glob("*/journal/*.json")))
    return [
        (item["files"][0]["source"]["path"], item["event"]) for entry in entries for item in entry["items"]
    ]


@pytest.mark.slow
def test_two_watchers_and_the_command_line_at_once(workspace: Workspace) -> None:
    """The second watcher leaves; `docgen file` files the same papers meanwhile: each is filed once."""
    contents = {f"项目甲_会议纪要-{n:04d}_2026-02-10_V1.0.docx": docx(f"第{n}号") for n in range(60)}
    desk = workspace.root / "桌面"
    desk.mkdir()
    for name, content in contents.items():
        (desk / name).write_bytes(content)
    first = start(workspace)
    while not (workspace.state / "watch.json").exists():
        time.sleep(0.05)
    for name, content in contents.items():
        (workspace.inbox / name).write_bytes(content)
    second = start(workspace)
    command = [sys.executable, "-m", "docgen", "-w", str(workspace.root), "file"]
    filing = subprocess.run([*command, *desk.iterdir()], capture_output=True, check=False)
    assert second.wait() == 7
    assert f"进程 {first.pid}" in said(workspace)
    while any(workspace.inbox.glob("*.docx")):
        time.sleep(0.1)
    os.kill(first.pid, signal.SIGTERM)
    assert first.wait() == 0, said(workspace)

    assert filing.returncode in (0, 7), filing.stderr.decode()  # 7: the project was busy for half a minute
    digests = {hashlib.sha256(content).hexdigest() for content in contents.values()}
    assert sorted(files_in(workspace.archive)) == sorted(digests)
    check_archive(workspace)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_signals_finish_the_group_in_hand(workspace: Workspace, number: int, code: int) -> None:
    for one in range(100):
        name = f"项目甲_会议纪要-{one:04d}_2026-02-10_V1.0.docx"
        (workspace.inbox / name).write_bytes(docx(f"第{one}号"))
    program = start(workspace)
    while not list(workspace.archive.glob("项目甲/*/*.docx")):
        time.sleep(0.02)
    os.kill(program.pid, number)

    assert program.wait() == code
    left, filed = files_in(workspace.inbox), files_in(workspace.archive)
    assert len(left) + len(filed) == 100
    assert not set(left) & set(filed)
    until_alone(program.pid)
    check_archive(workspace)


@pytest.mark.slow
def test_children_end_with_the_watcher(workspace: Workspace) -> None:
    (workspace.inbox / "项目甲_会议纪要_2026-02-10_V1.0.docx").write_bytes(docx("一"))
    program = start(workspace)
    while not children_of(program.pid):
        time.sleep(0.05)
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    until_alone(program.pid)


def until(what: Callable[[], bool]) -> None:
    """Wait for something to happen; a minute is far too long."""
    for _ in range(3000):
        if what():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def entries(workspace: Workspace) -> int:
    """Return how many commits there are."""
    return sum(1 for _ in workspace.archive.glob("*/journal/*.json"))


def until_alone(leader: int) -> None:
    """Wait until nothing is left of what a program has started."""
    until(lambda: not children_of(leader))


def children_of(leader: int) -> list[str]:
    """Return what runs in the session that the program leads."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,sid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    fields = [line.split(None, 3) for line in listed]
    running = [(pid, args) for pid, sid, stat, args in fields if int(sid) == leader and stat[0] != "Z"]
    return [args for pid, args in running if int(pid) != leader]
