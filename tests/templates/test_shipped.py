"""What holds for every shipped type: drawn from its outline, in step with the register, without mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.base.findings import Severity
from docgen.base.workspace import Workspace, shipped_templates
from docgen.render.drawing.draw import draw
from docgen.render.lint import lint
from docgen.workflow.session import Session

SESSION = Session(Workspace(Path(__file__).resolve().parents[2]))
TYPES = list(SESSION.form_folders)


def test_the_nine_types_of_group_a_are_shipped() -> None:
    assert {SESSION.types[type_id].no for type_id in TYPES} == {
        *("A1", "A2", "A3", "A4", "A5", "A5b", "A6", "A6b", "A7")
    }


@pytest.mark.parametrize("type_id", TYPES)
def test_the_template_is_what_its_outline_draws(type_id: str) -> None:
    """After a change of outline, form or drawer: `docgen template new TYPE --force`.

    A template that was finished by hand in Word has no outline any more.
    """
    folder = SESSION.folder(type_id)
    outline = (folder / "outline.md").read_text(encoding="utf-8")

    drawn = draw(SESSION.form(type_id), outline, SESSION.house)

    assert drawn == (folder / "template.docx").read_bytes()


@pytest.mark.parametrize("type_id", TYPES)
def test_form_and_register_say_the_same(type_id: str) -> None:
    form, listed = SESSION.form(type_id), SESSION.shipped_types[type_id]

    assert (form.name, form.category, form.phase, form.recurring, form.date_from) == (
        *(listed.name, listed.category, listed.phase, listed.recurring, listed.date_from),
    )


@pytest.mark.parametrize("type_id", TYPES)
def test_nothing_is_to_be_mended_in_the_template(type_id: str) -> None:
    folder = SESSION.folder(type_id)

    found = lint(folder / "template.docx", SESSION.form(type_id), SESSION.houses)

    assert [one for one in found if one.severity is not Severity.NOTE] == []


def test_every_type_has_a_sample_and_there_is_a_card() -> None:
    samples = {path.stem for path in (shipped_templates() / "samples").glob("*.yaml")}

    assert samples == {*TYPES, "project"}
