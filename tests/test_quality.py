"""Style, types and import directions hold: the same tools that developers run by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = {
    "ruff": [sys.executable, "-m", "ruff", "check", "docgen", "tests"],
    "ruff format": [sys.executable, "-m", "ruff", "format", "--check", "docgen", "tests"],
    "mypy": [sys.executable, "-m", "mypy"],
    "import-linter": [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_tool_finds_nothing(tool: str) -> None:
    done = subprocess.run(TOOLS[tool], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def modules() -> list[str]:
    files = sorted((ROOT / "docgen").rglob("*.py"))
    names = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files)
    return [name.removesuffix(".__init__") for name in names]


def test_every_module_can_be_imported_alone() -> None:
    """Each in a fresh interpreter with warnings as errors: no hidden order of imports.

    The libraries that take longest are loaded once, before the interpreter is copied for each module.
    """
    script = (
        "import importlib, os, sys\n"
        "import click, docx, docxtpl, jinja2, lxml.etree, openpyxl, pypdf, sqlalchemy, yaml\n"
        "import sqlalchemy.dialects.sqlite, sqlite3, zipfile, multiprocessing, asyncio\n"
        "for name in sys.argv[1:]:\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        try:\n"
        "            importlib.import_module(name)\n"
        "        except BaseException as error:\n"
        "            print(name, repr(error), flush=True)\n"
        "            os._exit(1)\n"
        "        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *modules()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout + done.stderr == ""
