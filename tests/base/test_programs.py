from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from docgen.base.errors import ProgramFault
from docgen.base.programs import run

PYTHON = sys.executable


def test_keeps_code_output_and_errors() -> None:
    program = "import sys; print('输出'); print('出错', file=sys.stderr); sys.exit(3)"
    finished = run([PYTHON, "-X", "utf8", "-c", program], timeout=60)
    assert finished.code == 3
    assert finished.output.decode() == "输出\n"
    assert finished.errors == "出错"


def test_keeps_only_the_end_of_much_output() -> None:
    finished = run([PYTHON, "-c", "print('x' * 100_000 + 'end')"], timeout=60, kept=10)
    assert finished.output == b"xxxxxxend\n"


def test_passes_environment_and_folder(tmp_path: Path) -> None:
    program = "import os; print(os.environ['MARK'], os.getcwd())"
    finished = run([PYTHON, "-c", program], timeout=60, env={"MARK": "here"}, cwd=tmp_path)
    assert finished.output.decode().split() == ["here", str(tmp_path.resolve())]


def test_standard_input_is_empty() -> None:
    assert run([PYTHON, "-c", "import sys; print(repr(sys.stdin.read()))"], timeout=60).output == b"''\n"


def test_missing_program_is_named() -> None:
    with pytest.raises(ProgramFault, match="无法启动") as fault:
        run(["no-such-program-here"], timeout=60)
    assert "no-such-program-here" in fault.value.text()


def test_code_of_a_signal() -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    assert run([PYTHON, "-c", program], timeout=60).code == 128 + signal.SIGSEGV


# A program that holds a pipe open, starts a second one that holds it too, and hangs: the pipe closes only
# when both are gone, so reading it to its end proves that nothing is left, without waiting for a time.
HANG = (
    "import os, subprocess, sys, threading\n"
    "fifo = os.open(sys.argv[1], os.O_WRONLY)\n"
    "os.set_inheritable(fifo, True)\n"
    "waits = 'import threading; threading.Event().wait()'\n"
    "subprocess.Popen([sys.executable, '-c', waits], close_fds=False)\n"
    "os.write(fifo, b'started')\n"
    "threading.Event().wait()\n"
)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def test_time_limit_ends_the_program_and_what_it_started(fifo: Path) -> None:
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)
    with pytest.raises(ProgramFault, match="已终止"):
        run([PYTHON, "-c", HANG, str(fifo)], timeout=1)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() in (b"", b"started")


def test_program_ends_with_a_parent_that_is_killed(fifo: Path) -> None:
    parent_program = (
        "import sys\nfrom docgen.base.programs import run\n"
        f"run([{PYTHON!r}, '-c', {HANG!r}, {str(fifo)!r}], timeout=600)"
    )
    parent = subprocess.Popen([PYTHON, "-c", parent_program])
    with fifo.open("rb") as pipe:
        assert pipe.read(7) == b"started"
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert pipe.read() == b""


def test_what_a_finished_program_left_running_is_ended(fifo: Path) -> None:
    program = HANG.removesuffix("threading.Event().wait()\n")
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(reader, True)
    assert run([PYTHON, "-c", program, str(fifo)], timeout=60).code == 0
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"started"
