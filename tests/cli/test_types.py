"""`docgen types`, `docgen form`, `docgen doctor`, `docgen init`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from docgen.base.workspace import Workspace

SAMPLES = 9


def test_what_can_be_generated(docgen, workspace) -> None:
    listed = docgen(workspace, "types", "--json").json

    assert len(listed) == SAMPLES
    assert all(list(one) == ["id", "name", "phase", "category"] for one in listed)


def test_all_names_of_the_catalogue(docgen, workspace) -> None:
    """Catalogue 0.7: 251 types."""
    assert len(docgen(workspace, "types", "--all", "--json").json) == 251
    assert len(docgen(workspace, "types", "--all").out.splitlines()) == 251


@pytest.mark.parametrize("phase", ["contract", "2"])
def test_one_phase_by_name_or_number(docgen, workspace, phase: str) -> None:
    listed = docgen(workspace, "types", "--phase", phase, "--json").json

    assert [one["id"] for one in listed] == [
        *("service_commitment_letter", "service_intent_letter", "service_contract")
    ]


def test_phases_together_are_all(docgen, workspace) -> None:
    numbers = [
        len(docgen(workspace, "types", "--all", "--json", "--phase", str(phase)).json)
        for phase in range(1, 10)
    ]

    assert sum(numbers) == 251
    assert all(numbers)


def test_the_fields_of_a_form(docgen, workspace) -> None:
    ran = docgen(workspace, "form", "服务合同")

    assert ran.code == 0
    assert "contract_no\t合同编号\ttext\t必填\t" in ran.out
    assert "service_items.unit_price\t" in ran.out


def test_the_form_in_english_has_english_words_for_what_is_required(docgen, workspace) -> None:
    ran = docgen(workspace, "--lang", "en", "form", "服务合同")

    assert "contract_no\t合同编号\ttext\trequired\t" in ran.out
    assert "必填" not in "".join(line.split("\t")[3] for line in ran.out.splitlines())


def test_the_form_as_json(docgen, workspace) -> None:
    form = docgen(workspace, "form", "service_contract", "--json").json

    assert list(form) == ["id", "name", "fields"]
    items = next(field for field in form["fields"] if field["id"] == "service_items")
    assert "unit_price" in [column["id"] for column in items["columns"]]


def test_a_blank_sheet_never_replaces_a_file(docgen, workspace, tmp_path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("mine")

    ran = docgen(workspace, "form", "服务合同", "--blank", "csv", "--out", path)

    assert ran.code == 2
    assert path.read_text() == "mine"


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
def test_blank_sheets_of_every_shipped_type(docgen, workspace, tmp_path, monkeypatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    for one in docgen(workspace, "types", "--json").json:
        assert docgen(workspace, "form", one["id"], "--blank", kind).code == 0
        assert Path(f"{one['id']}.{kind}").stat().st_size > 0


# doctor


def findings(docgen, workspace) -> dict[str, dict[str, str]]:
    return {one["code"]: one for one in docgen(workspace, "doctor", "--json").json}


def test_doctor_on_a_sound_machine(docgen, demonstrated) -> None:
    ran = docgen(demonstrated, "doctor")

    assert ran.code == 0
    assert "DR10" in ran.out


def test_doctor_misses_libreoffice(docgen, workspace, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    found = findings(docgen, workspace)["DR11"]

    assert found["severity"] == "warning"
    assert "libreoffice-writer-nogui" in found["hint"]


def test_doctor_names_a_mistake_in_the_settings(docgen, workspace) -> None:
    (workspace.root / "docgen.toml").write_text("zone = 1\n")

    ran = docgen(workspace, "doctor")

    assert ran.code == 7
    assert "zone" in ran.out + ran.err


def test_doctor_lists_overlays_older_than_the_shipped_type(docgen, workspace) -> None:
    docgen(workspace, "template", "new", "service_contract", "--from", "service_contract")
    for path in (workspace.templates / "service_contract").iterdir():
        os.utime(path, (time.time() - 10**9,) * 2)

    found = findings(docgen, workspace)["DR15"]

    assert found["path"] == "templates/service_contract"


def test_doctor_notices_a_broken_index(docgen, filed) -> None:
    for path in (filed.index / "search").rglob("*"):
        if path.is_file():
            path.write_bytes(b"x")

    ran = docgen(filed, "doctor")

    assert "DR16" in ran.out
    assert "docgen rebuild" in ran.out


# init


def test_init_makes_a_workspace_and_names_the_next_step(docgen, tmp_path) -> None:
    folder = tmp_path / "新 工作区"

    ran = docgen(None, "init", folder)

    assert ran.code == 0
    made = Workspace(folder)
    assert len(list(made.samples.glob("*.yaml"))) == SAMPLES
    assert (made.archive.is_dir(), made.drafts.is_dir(), made.inbox.is_dir()) == (True, True, True)
    assert "docgen -w" in ran.out


def test_init_again_changes_nothing(docgen, workspace) -> None:
    (workspace.root / "docgen.toml").write_text("pdf_timeout = 60\n")
    sample = workspace.samples / "service_contract.yaml"
    sample.write_text("mine")

    assert docgen(None, "init", workspace.root).code == 0

    assert (workspace.root / "docgen.toml").read_text() == "pdf_timeout = 60\n"
    assert sample.read_text() == "mine"


def test_the_next_step_works_as_printed(docgen, tmp_path) -> None:
    import shlex

    ran = docgen(None, "init", tmp_path / "新 工作区")
    words = shlex.split(ran.out.splitlines()[-1].partition("：")[2])

    assert words[0] == "docgen"
    assert docgen(None, *words[1:]).code == 0


def test_init_where_a_file_is_in_the_way(docgen, tmp_path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "archive").write_text("")

    ran = docgen(None, "init", tmp_path / "w")

    assert ran.code == 7
    assert "archive" in ran.err


def test_the_demonstration_can_be_run_again(docgen, filed) -> None:
    ran = docgen(None, "init", filed.root, "--demo")

    assert ran.code == 0
    assert ran.out.count("未变化") == SAMPLES
    assert "违约责任" in ran.out
