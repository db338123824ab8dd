"""The forms that ship: all of them load, and every sample is a record without a problem."""

from datetime import date
from pathlib import Path

import pytest

from docgen.base.workspace import shipped_templates
from docgen.forms.definition import Form
from docgen.forms.loading.loader import FORM_FILE, load_form
from docgen.forms.lookup import NoLookup
from docgen.forms.records import Record, build_record
from docgen.forms.types import TypeRegistry, load_types
from docgen.forms.yaml_nodes import Raw, read_yaml

TEMPLATES = shipped_templates()
SAMPLES = TEMPLATES / "samples"
FORMS = sorted(path.parent.name for path in TEMPLATES.glob(f"*/{FORM_FILE}"))
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def types() -> TypeRegistry:
    return load_types(TEMPLATES / "types.yaml")


def _load(type_id: str, types: TypeRegistry) -> Form:
    return load_form(TEMPLATES / type_id, [TEMPLATES / "groups"], types)


def _mapping(path: Path) -> dict[str, Raw]:
    plain = read_yaml(path.read_bytes(), path.name).plain()
    assert isinstance(plain, dict)
    return plain


def test_the_nine_types_of_group_a_have_forms(types: TypeRegistry) -> None:
    assert {one.id for one in types if one.no.startswith("A")} <= set(FORMS)


@pytest.mark.parametrize("type_id", FORMS)
def test_a_shipped_form_agrees_with_the_register(type_id: str, types: TypeRegistry) -> None:
    form, entry = _load(type_id, types), types[type_id]
    assert (form.name, form.category, form.phase) == (entry.name, entry.category, entry.phase)
    assert (form.recurring, form.date_from) == (entry.recurring, entry.date_from)


@pytest.mark.parametrize("type_id", FORMS)
def test_a_sample_is_a_record_and_comes_back(type_id: str, types: TypeRegistry) -> None:
    form = _load(type_id, types)
    answers, card = _mapping(SAMPLES / f"{type_id}.yaml"), _mapping(SAMPLES / "project.yaml")
    outcome = build_record(form, answers, today=TODAY, card=card, lookup=NoLookup())
    assert [problem.sentence() for problem in outcome.problems] == []
    record = outcome.checked()
    back = Record.from_json(form, record.json()).checked()
    assert (back.values, back.digest, back.json()) == (record.values, record.digest, record.json())
