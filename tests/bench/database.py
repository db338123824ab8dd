"""A PostgreSQL server of one's own, for as long as a test run or a benchmark lasts."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path


def programs() -> Path | None:
    """Return the folder with the programs of the newest PostgreSQL server on this machine."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    paths = [*debian, *([Path(found).resolve()] if found else [])]
    return paths[-1].parent if paths else None


@contextmanager
def server(*settings: str) -> Iterator[str | None]:
    """Run a server with these ``settings``; yield how it is reached, or `None`: there is none here."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        yield None
        return
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # the path of a socket must be short
    if user:
        shutil.chown(folder, user)
    run = partial(subprocess.run, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    initdb = [folder_of_programs / "initdb", "-D", folder / "data", "-E", "UTF8", "--locale=C.UTF-8"]
    run([*initdb, "-A", "trust", "-U", "docgen"])
    options = " ".join([f"-k {folder}", "-c listen_addresses=''", *(f"-c {one}" for one in settings)])
    control = [folder_of_programs / "pg_ctl", "-D", folder / "data", "-w", "-l", folder / "log"]
    run([*control, "-o", options, "start"])
    try:
        yield f"host={folder} user=docgen"
    finally:
        run([*control, "-m", "immediate", "stop"])
        shutil.rmtree(folder)
