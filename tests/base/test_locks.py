"""A lock holds between processes and ends with its holder."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.base.locks import is_held, lock

HOLD = """
import sys
from pathlib import Path
from docgen.base.locks import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Start another process that holds the lock, and wait until it does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_another_process_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with hold(path) as holder:
        with pytest.raises(EnvironmentFault) as refusal, lock(path, timeout=0):
            pass
        holder.kill()
    assert str(holder.pid) in refusal.value.message.zh
    assert refusal.value.exit_code == 7


def test_a_killed_holder_leaves_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with hold(path) as holder:
        holder.kill()
        holder.wait()
        with lock(path, timeout=0):
            assert path.read_text() == str(os.getpid())


def test_it_can_be_asked_whether_somebody_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    assert not is_held(path)
    assert not path.exists()
    with lock(path):
        assert is_held(path)
        assert not is_held(path / "below a file")
    assert not is_held(path)


def test_a_lock_that_cannot_be_asked_is_held_by_nobody_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No right to look, or a share without locks: who looks for leftovers goes on, and fails at clearing."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    path = tmp_path / "a.lock"
    with lock(path):
        with monkeypatch.context() as patch:
            patch.setattr("fcntl.flock", refuse)
            assert not is_held(path)
        with monkeypatch.context() as patch:
            patch.setattr("docgen.base.locks.os.open", refuse)
            assert not is_held(path)
        assert is_held(path)


def test_who_asks_hinders_nobody_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.lock"
    path.touch()
    answers = []
    close = os.close

    def ask_meanwhile(handle: int) -> None:
        monkeypatch.setattr("docgen.base.locks.os.close", close)
        answers.append(is_held(path))
        close(handle)

    monkeypatch.setattr("docgen.base.locks.os.close", ask_meanwhile)
    assert not is_held(path)
    assert answers == [False]


def test_the_lock_is_free_again_after_use_and_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(ZeroDivisionError), lock(path, timeout=0):
        _ = 1 // 0
    with lock(path, timeout=0), pytest.raises(EnvironmentFault), lock(path, timeout=0):
        pass
    with lock(path, timeout=0):
        pass


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="不存在"), lock(tmp_path / "none" / "a.lock"):
        pass
