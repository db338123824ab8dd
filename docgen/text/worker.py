"""A child process that reads many files, watched by the clock and replaced when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docgen
from docgen.base.errors import EnvironmentFault
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.text.extracted import Extracted, unreadable
from docgen.text.legacy_text import LEGACY, SECONDS

#: Seconds that a child may take to start on a busy machine.
_START = 60
#: Files after which a child is replaced: memory that libraries do not give back must not add up.
_RENEW = 1000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    seconds: float = 10
    megabytes: int = 1024


USUAL = Limits()


class Worker:
    """Extracts text in a child process; use it as a context manager. Threads take turns.

    Args:
        limits: What one file (one request) may cost.
        module: What the child runs: it reads files, unless another module answers other requests.
    """

    def __init__(self, limits: Limits = USUAL, module: str = "docgen.text.child") -> None:
        self._limits = limits
        self._module = module
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def extract(self, path: Path) -> Extracted:
        """Return the text of ``path``; whatever is wrong with the file is one of its problems.

        Raises:
            EnvironmentFault: The child process cannot be started.
        """
        seconds = SECONDS + self._limits.seconds if path.suffix.lower() in LEGACY else self._limits.seconds
        answer = self.ask({"path": str(path.absolute())}, seconds)
        return (
            Extracted(problems=(unreadable(answer),)) if isinstance(answer, Message) else _extracted(answer)
        )

    def ask(self, request: dict[str, object], seconds: float = 0) -> dict[str, Any] | Message:
        """Return what the child answers, or why it cannot; then the next request gets a new child.

        ``seconds``: how long it may take, where that is not what the limits say.

        Raises:
            EnvironmentFault: The child process cannot be started.
        """
        with self._turn:
            child = self._ready_child()
            answer = child.ask(request, seconds or self._limits.seconds)
            if isinstance(answer, Message):
                self._stop()
            return answer

    def close(self) -> None:
        """End the child; the next extraction starts another."""
        with self._turn:
            self._stop()

    def _ready_child(self) -> _Child:
        if self._child and (self._child.asked >= _RENEW or self._child.is_dead()):
            self._stop()
        if self._child is None:
            self._child = _Child(self._limits, self._module)
        return self._child

    def _stop(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


class _Child:
    """One running process and the thread that collects its answers."""

    def __init__(self, limits: Limits, module: str) -> None:
        self.asked = 0
        seconds = str(max(1, round(limits.seconds)))
        root = str(Path(docgen.__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, seconds, str(limits.megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        if not self._next(_START):
            self.end()
            raise EnvironmentFault(
                Message("读取正文的子进程无法启动", "the process that reads files cannot be started"),
                where=sys.executable,
                hint=Message("检查可用内存和进程数后再试", "check free memory and processes, then try again"),
            )

    def ask(self, request: dict[str, object], seconds: float) -> dict[str, Any] | Message:
        """Return the answer, or why there is none; after that this child is of no more use."""
        self.asked += 1
        with contextlib.suppress(OSError):  # it died: there will be no answer
            assert self._process.stdin
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        try:
            line = self._next(seconds)
        except TimeoutError:
            return Message(
                f"读取正文超过 {seconds:g} 秒，已放弃", f"reading its text took over {seconds:g} seconds"
            )
        if not line:
            return Message("读取正文的程序崩溃", "the program that reads its text crashed")
        answer: dict[str, Any] = json.loads(line.decode("utf-8", "surrogatepass"))
        return answer

    def is_dead(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def end(self) -> None:
        """End the process and wait until nothing of it is left."""
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):  # what was not written any more
                stream.close()  # type: ignore[union-attr]

    def _next(self, seconds: float) -> bytes:
        """Return the next line; empty when the process has ended."""
        try:
            return self._answers.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(b"")


def _extracted(answer: dict[str, Any]) -> Extracted:
    problems = tuple(
        Finding(
            problem["code"],
            Severity(problem["severity"]),
            Message(**problem["message"]),
            Message(**problem["hint"]),
            problem["project"],
            problem["path"],
        )
        for problem in answer["problems"]
    )
    return Extracted(answer["text"], answer["title"], problems, answer["scanned"], answer["pages"])
