"""A workspace whose inbox is watched, quickly; files that are whole; a watcher in a thread of the test."""

from __future__ import annotations

import io
import json
import os
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.checks.verify import verify
from docgen.base.messages import Message
from docgen.base.workspace import Workspace
from docgen.workflow.session import Session
from docgen.workflow.start import initialise
from docgen.workflow.watch import Settled, watch, watch_once
from docgen.workflow.watch_signals import Signals


def pdf(text: str = "x") -> bytes:
    body = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n% " + text.encode() + b"\n"
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R >>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def docx(text: str = "x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", f"<t>{text}</t>")
    return buffer.getvalue()


class Place:
    """A workspace with quick settings, and what the watcher said."""

    def __init__(self, root: Path, more: str = "") -> None:
        self.workspace = initialise(root)
        self.settings(more)
        self.said: list[str] = []
        self.settled: list[Settled] = []

    def settings(self, more: str = "", **watch: Any) -> None:
        """Write settings; those of the watcher by name."""
        given = {"settle_seconds": 0.05, "incomplete_seconds": 0.3, "reconcile_seconds": 0.5, **watch}
        lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items())
        (self.workspace.root / "docgen.toml").write_text(
            more + "\n".join(["[watch]", *lines]) + "\n", encoding="utf-8"
        )
        self.workspace = Workspace(self.workspace.root)

    @property
    def session(self) -> Session:
        return Session(self.workspace)

    def drop(self, name: str | bytes, content: bytes | None = None) -> Path:
        path = self.workspace.inbox / (os.fsdecode(name) if isinstance(name, bytes) else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf(str(name)) if content is None else content)
        return path

    def tell(self, said: Settled | Message) -> None:
        if isinstance(said, Settled):
            self.settled.append(said)
            self.said.append(f"{said.outcome.fate} {said.outcome.names} {said.outcome.said}")
        else:
            self.said.append(str(said))

    def once(self) -> int:
        return watch_once(self.session, self.tell, Signals())

    def fates(self) -> dict[str, str]:
        return {one.outcome.names: str(one.outcome.fate) for one in self.settled}

    def filed(self) -> list[str]:
        found = self.workspace.archive.glob("[!.]*/*/*")  # not through our own folders, which come and go
        return sorted(path.name for path in found if path.parent.name != "journal")

    def waiting(self) -> list[str]:
        return sorted(path.name for path in self.workspace.inbox.rglob("*") if not path.is_dir())

    def rejected(self) -> dict[str, str]:
        """Return the rejected files with the reasons beside them."""
        return {
            path.name: (path.parent / "reason.txt").read_text(encoding="utf-8")
            for path in self.workspace.rejected.glob("*/*/*")
            if path.name != "reason.txt"
        }

    def events(self, project: str) -> list[tuple[str, str, list[str]]]:
        """Return actor, event and source names of every item of a journal."""
        found = []
        for path in sorted((self.workspace.archive / project / "journal").iterdir()):
            entry = json.loads(path.read_bytes())
            for item in entry["items"]:
                names = [Path(file["source"]["path"]).name for file in item["files"]]
                found.append((entry["actor"], item["event"], names))
        return found

    def codes(self) -> list[str]:
        return [one.code for one in verify(self.workspace.archive).findings]


class Running:
    """A watcher in a thread of the test."""

    def __init__(self, place: Place, observe: Callable[..., Any] | None = None) -> None:
        self.place, self.signals = place, Signals()
        self._errors: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(observe or Silent,))

    def _run(self, observe: Callable[..., Any]) -> None:
        try:
            watch(self.place.session, self.place.tell, self.signals, observe)
        except BaseException as error:
            self._errors.append(error)

    def __enter__(self) -> Running:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.signals.stop()
        self._thread.join()
        assert self._errors == []

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something to happen; a minute is far too long."""
        for _ in range(600):
            if what():
                return
            time.sleep(0.1)
        raise AssertionError(self.place.said)


class Silent:
    """An observer that never tells anything."""

    def __init__(self, *_: object) -> None:
        pass

    def is_alive(self) -> bool:
        return True

    def stop(self) -> None:
        pass


@pytest.fixture
def new_place(tmp_path: Path) -> Callable[..., Place]:
    """Make workspaces in folders of this name (relative to the test's, or absolute), with more settings."""
    return lambda name, more="": Place(tmp_path / name, more)


@pytest.fixture
def place(new_place: Callable[..., Place]) -> Place:
    return new_place("资料室")


@pytest.fixture(name="pdf")
def pdf_fixture() -> Callable[..., bytes]:
    """Make small whole PDF files."""
    return pdf


@pytest.fixture(name="docx")
def docx_fixture() -> Callable[..., bytes]:
    """Make small whole Word files."""
    return docx


@pytest.fixture
def running() -> Callable[..., Running]:
    """Run a watcher beside the test; unless another observer is given, the system tells it nothing."""
    return Running
