"""Records with other values in a few fields: the same as if they had been built anew, or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from docgen.base.workspace import shipped_templates
from docgen.forms.amending import amended
from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.forms.lookup import NoLookup
from docgen.forms.records import Record, build_record
from docgen.forms.workdays import PUBLISHED

TODAY = date(2026, 11, 22)
GIVEN = {"version": "V1.3", "doc_id": "BH-9", "change_note": "数据更新"}
SAMPLES = sorted(path.stem for path in (shipped_templates() / "samples").glob("*_*.yaml"))
Make = Callable[[str], Form]


def record(form: Form, answers: dict[str, Any]) -> Record:
    return build_record(form, answers, today=TODAY, lookup=NoLookup()).checked()


def shipped(type_id: str) -> tuple[Form, dict[str, Any]]:
    root = shipped_templates()
    sample: Path = root / "samples" / f"{type_id}.yaml"
    answers = yaml.load(sample.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return load_form(root / type_id, [root / "groups"]), answers


@pytest.mark.parametrize("type_id", SAMPLES)
@pytest.mark.parametrize("given", [GIVEN, {"version": "V1.0", "doc_id": "BH-9"}], ids=["later", "first"])
def test_it_is_the_record_that_building_makes(type_id: str, given: dict[str, str]) -> None:
    form, answers = shipped(type_id)
    first = record(form, answers)
    built = record(form, {**answers, **given})
    found = amended(first, given, PUBLISHED)
    assert found is not None
    assert found.json() == built.json()
    assert found.digest == built.digest
    assert (found.from_today, found.warnings) == (built.from_today, built.warnings)


def test_what_follows_from_the_day_stays_out_of_the_digest(make: Make) -> None:
    form = make("fields: [{id: day, label: 日, kind: date, default: '=today()'}]")
    first = record(form, {"project_name": "项目A"})
    found = amended(first, {"version": "V1.1"}, PUBLISHED)
    assert found is not None
    assert found.digest == first.digest == record(form, {"project_name": "项目A", "version": "V1.1"}).digest


@pytest.mark.parametrize(
    "text",
    [
        "fields: [{id: a, label: 甲, compute: version}]",
        "fields: [{id: a, label: 甲, required_if: 'version == \"V1.1\"'}]",
        "fields: [{id: a, label: 甲}]\nchecks: [{rule: 'version != \"V1.1\"', message: 不可, fields: [a]}]",
        "fields: [{id: t, label: 表, kind: table, columns: [{id: c, label: 列, default: '=version'}]}]",
        "fields: [{id: t, label: 表, kind: table, columns: [{id: c, label: 列, required_if: version}]}]",
    ],
)
def test_what_depends_on_it_is_not_passed_over(make: Make, text: str) -> None:
    form = make(text)
    assert amended(record(form, {"project_name": "项目A"}), {"version": "V1.1"}, PUBLISHED) is None


@pytest.mark.parametrize(
    "given", [{"version": ""}, {"version": "x" * 2000}, {"project_name": "项目B"}, {"no_such": "x"}]
)
def test_what_does_not_fit_is_left_to_building(make: Make, given: dict[str, str]) -> None:
    form = make("fields: [{id: a, label: 甲}]")
    assert amended(record(form, {"project_name": "项目A"}), given, PUBLISHED) is None


def test_a_note_that_is_needed_must_be_there(make: Make) -> None:
    form = make(
        "fields: [{id: change_note, label: 修订说明, kind: longtext, required_if: 'version != \"V1.0\"'}]"
    )
    first = record(form, {"project_name": "项目A"})
    note = {"version": "V1.1", "change_note": "改了金额"}
    assert amended(first, note, PUBLISHED) is not None
