"""Changes as the system tells them; nothing of that on the terminal."""

from __future__ import annotations

import subprocess
import sys

SAYS = """
import logging
from docgen.ingest import observing
logging.getLogger("watchdog.observers.inotify").error("called when the thread is inactive")
"""


def test_watchdog_says_nothing_to_who_runs_the_watcher() -> None:
    ran = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("", "")
