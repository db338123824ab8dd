"""Running outside programs: with a time limit, as a group that ends with us, what they say kept.

A program is started by a small guard (`guard.py`) in a session of its own. The guard holds the reading end
of a pipe: when we end, however abruptly, the pipe closes and the guard ends the program and all that it
started.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from docgen.base.errors import ProgramFault
from docgen.base.messages import Message

#: Bytes that are kept of what a program writes, the last ones.
KEPT = 1 << 20
_GUARD = Path(__file__).with_name("guard.py")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended.

    Attributes:
        code: Its exit code; 128 + signal where a signal ended it.
        output: What it wrote to standard output.
        errors: What it wrote to standard error.
    """

    code: int
    output: bytes
    errors: str


def run(
    command: Sequence[str | Path],
    *,
    timeout: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    kept: int = KEPT,
) -> Finished:
    """Run a program to its end.

    Args:
        command: The program (a path, or a name on PATH) and its arguments.
        timeout: Seconds after which it and all that it started are ended.
        env: Its whole environment; ``None`` for ours.
        cwd: Its working folder.
        kept: Bytes that are kept of output and of errors each.

    Raises:
        ProgramFault: It cannot be started, or took too long. A bad exit code is the caller's to judge.
    """
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        guard = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_GUARD), *words],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            env=env,
            cwd=cwd,
            start_new_session=True,
        )
        try:
            code = guard.wait(timeout)
        except subprocess.TimeoutExpired as error:
            _end(guard)
            raise _too_long(words[0], timeout, _tail(errors, kept)) from error
        finally:
            _end(guard)
        if code == CANNOT_START:
            raise _cannot_start(words[0], _tail(errors, kept))
        return Finished(code, _tail(output, kept), _text(_tail(errors, kept)))


#: Exit code of the guard when there is no such program, or it may not be run (as shells do).
CANNOT_START = 127


def _end(guard: subprocess.Popen[bytes]) -> None:
    """End the guard and all that is left of its group."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(guard.pid, signal.SIGKILL)
    if guard.stdin:
        guard.stdin.close()
    guard.wait()


def _tail(stream: IO[bytes], kept: int) -> bytes:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - kept))
    return stream.read()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace").strip()


def _too_long(program: str, timeout: float, errors: bytes) -> ProgramFault:
    said = _said(errors)
    return ProgramFault(
        Message(
            f"运行超过 {timeout:g} 秒，已终止{said.zh}",
            f"took longer than {timeout:g} s and was ended{said.en}",
        ),
        where=program,
    )


def _cannot_start(program: str, errors: bytes) -> ProgramFault:
    said = _said(errors)
    return ProgramFault(Message(f"无法启动{said.zh}", f"cannot be started{said.en}"), where=program)


def _said(errors: bytes) -> Message:
    last = _text(errors).splitlines()[-1:]
    return Message(f"：{last[0]}", f": {last[0]}") if last else Message("", "")
