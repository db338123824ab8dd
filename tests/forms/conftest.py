"""Small forms, written out in tests."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.forms.lookup import NoLookup
from docgen.forms.records import Outcome, build_record

TODAY = date(2026, 11, 22)
Make = Callable[[str], Form]
Build = Callable[..., Outcome]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a form `own_type` from the text of its keys after `name` (usually `fields:`)."""

    def making(text: str) -> Form:
        folder = tmp_path / "own_type"
        folder.mkdir(exist_ok=True)
        head = "id: own_type\nname: 自有单据\n"
        (folder / "form.yaml").write_text(head + dedent(text), encoding="utf-8")
        return load_form(folder, [])

    return making


@pytest.fixture
def build(make: Make) -> Build:
    """Build a record of a form given as text, on a fixed day, for project 项目A."""

    def building(text: str, /, **answers: object) -> Outcome:
        return build_record(make(text), {"project_name": "项目A", **answers}, today=TODAY, lookup=NoLookup())

    return building
