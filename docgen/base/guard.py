"""Run one program and end it when whoever started us is gone; `programs.py` starts it as a script."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    """Run ``command``; return its exit code, 128 + signal, or 127 when it cannot be started."""
    try:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201  what programs.py passes on
        return 127
    threading.Thread(target=_end_with_parent, args=(program,), daemon=True).start()
    code = program.wait()
    return 128 - code if code < 0 else code


def _end_with_parent(program: subprocess.Popen[bytes]) -> None:
    """Wait for the pipe from our parent to close, then end the whole group."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    if sys.platform == "win32":
        tree = ["taskkill", "/T", "/F", "/PID", str(program.pid)]
        subprocess.run(tree, capture_output=True, check=False)
    else:
        os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
