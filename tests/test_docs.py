"""The manual says what the program does: commands, options, settings, codes, exit codes."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docgen.archive.checks.finding_codes import RULES
from docgen.base.errors import DocgenError
from docgen.base.settings import Settings
from docgen.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
HEAVY = ("lxml", "docx", "docxtpl", "jinja2", "sqlalchemy", "whoosh", "openpyxl", "pypdf", "opencc", "rich")


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_every_command_is_in_the_readme(page: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert [name for name in COMMANDS if not re.search(rf"`(docgen )?{name}\b", text)] == []


def test_the_page_of_commands_is_that_of_the_program() -> None:
    """`python -m docgen.cli.manual > docs/commands.md` was run after the last change."""
    script = [sys.executable, "-m", "docgen.cli.manual"]
    written = subprocess.run(script, capture_output=True, check=True, env={**os.environ, "PYTHONUTF8": "1"})

    assert (ROOT / "docs/commands.md").read_text(encoding="utf-8") == written.stdout.decode()


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    names = {field.name for field in dataclasses.fields(Settings)}

    assert set(re.findall(r"^\| `\[?(\w+)\]?` \|", page, re.MULTILINE)) == names


def test_every_finding_code_of_the_archive_is_documented() -> None:
    page = (ROOT / "docs/finding-codes.md").read_text(encoding="utf-8")

    assert [code for code in RULES if f"{code}" not in page] == []


def test_every_finding_code_of_doctor_is_documented() -> None:
    source = (ROOT / "docgen/workflow/doctor.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/finding-codes.md").read_text(encoding="utf-8")
    codes = set(re.findall(r"\bDR\d\d\b", source))

    assert codes
    assert sorted(code for code in codes if code not in page) == []


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_exit_codes_are_those_of_the_errors(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    listed = re.search(r"(?:Exit codes: |退出码：)0 [\s\S]*?130", text)
    assert listed

    used = {error.exit_code for error in everything_below(DocgenError)} | {0, 1, 70}

    assert {int(code) for code in re.findall(r"(?:^|[·：:] ?\n?)(\d+) ", listed[0] + " ")} == used


def everything_below(error: type[DocgenError]) -> Iterator[type[DocgenError]]:
    for child in error.__subclasses__():
        yield child
        yield from everything_below(child)


def test_help_imports_no_heavy_library() -> None:
    script = (
        "import sys; from docgen.cli.main import main; main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "page", [*READMES, *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]

    assert [target for target in local if not (page.parent / target).exists()] == []
