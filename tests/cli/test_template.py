"""`docgen template`: a type of one's own from five lines; mistakes found before anybody fills in a form."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

FIVE_LINES = """\
id: visit_note
name: 拜访纪要
fields:
  - {id: topic, label: 主题, kind: text, required: true}
  - {id: fee, label: 费用, kind: money, required: true}
"""


TYPED = ("--set", "项目名称=项目甲", "--set", "主题=青铜葵花", "--set", "费用=1")


def drop(workspace, text: str = FIVE_LINES, name: str = "visit_note") -> Path:
    folder = workspace.templates / name
    folder.mkdir(parents=True)
    (folder / "form.yaml").write_text(text, encoding="utf-8")
    return folder


def test_five_lines_make_a_type_that_is_generated_filed_and_found(docgen, workspace) -> None:
    drop(workspace)

    assert docgen(workspace, "template", "new", "visit_note").code == 0
    linted = docgen(workspace, "template", "lint", "visit_note", "--json").json
    assert docgen(workspace, "new", "拜访纪要", *TYPED, "--file").code == 0
    hits = docgen(workspace, "search", "青铜", "--json").json["hits"]

    assert [one for one in linted if one["severity"] != "note"] == []
    assert [(hit["type_name"], hit["project"]) for hit in hits] == [("拜访纪要", "项目甲")]
    assert ["visit_note", "拜访纪要"] in [
        [one["id"], one["name"]] for one in docgen(workspace, "types", "--json").json
    ]


def test_a_template_is_replaced_only_by_force(docgen, workspace) -> None:
    template = drop(workspace) / "template.docx"
    template.write_bytes(b"mine")

    refused = docgen(workspace, "template", "new", "visit_note")
    assert (refused.code, template.read_bytes()) == (2, b"mine")
    assert "--force" in refused.err

    assert docgen(workspace, "template", "new", "visit_note", "--force").code == 0
    Document(str(template))


def test_without_a_form_it_says_what_to_do(docgen, workspace) -> None:
    ran = docgen(workspace, "template", "new", "visit_note")

    assert ran.code == 2
    assert "form.yaml" in ran.err
    assert "--from" in ran.err


def test_mistakes_of_a_form_are_told_all_at_once_by_line(docgen, workspace) -> None:
    fields = "  - {id: a, label: 甲, kind: txt}\n  - {id: b, lable: 乙}\n"
    drop(workspace, f"id: visit_note\nname: 纪要\nfields:\n{fields}")

    ran = docgen(workspace, "template", "new", "visit_note")

    assert ran.code == 4
    for told in ("form.yaml:4", "form.yaml:5", "txt", "lable"):
        assert told in ran.err


def test_a_broken_form_stops_only_its_own_type(docgen, workspace) -> None:
    drop(workspace, "id: visit_note\nname: 拜访纪要\nfields: 1\n")
    data = workspace.samples / "demand_confirmation_sheet.yaml"

    assert docgen(workspace, "new", "demand_confirmation_sheet", "--data", data).code == 0
    own, linted, examined = (
        docgen(workspace, *words) for words in (["new", "visit_note"], ["template", "lint"], ["doctor"])
    )

    assert own.code == 4
    assert "form.yaml:3" in own.err
    assert linted.code == 4
    assert "visit_note/form.yaml:3" in linted.out
    assert examined.code == 7
    assert "visit_note/form.yaml:3" in examined.out


def test_from_copies_a_type_under_a_new_name(docgen, workspace) -> None:
    assert docgen(workspace, "template", "new", "my_contract", "--from", "服务合同").code == 0

    names = {one["id"]: one["name"] for one in docgen(workspace, "types", "--json").json}
    lint = docgen(workspace, "template", "lint", "my_contract")
    data = workspace.samples / "service_contract.yaml"
    made = docgen(workspace, "new", "my_contract", "--data", data, "--json")

    assert (names["service_contract"], names["my_contract"]) == ("服务合同", "服务合同副本")
    assert lint.code == 0
    assert made.code == 0, made.err


def test_from_under_the_same_name_overlays_the_shipped_type(docgen, workspace) -> None:
    assert docgen(workspace, "template", "new", "service_contract", "--from", "service_contract").code == 0
    form = workspace.templates / "service_contract" / "form.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("name: 服务合同", "name: 本公司服务合同", 1), encoding="utf-8")

    data = workspace.samples / "service_contract.yaml"
    made = docgen(workspace, "new", "本公司服务合同", "--data", data, "--json")

    assert "_本公司服务合同_" in made.json["path"]
    assert len(docgen(workspace, "types", "--all", "--json").json) == 251
    assert docgen(workspace, "new", "服务合同", "--data", data).code == 0


def test_from_never_replaces_a_folder(docgen, workspace) -> None:
    drop(workspace)

    ran = docgen(workspace, "template", "new", "visit_note", "--from", "服务合同")

    assert ran.code == 2
    assert "没有覆盖" in ran.err


MISTAKES = {
    "unclosed": ("{{ topic }", "TP03"),
    "misspelt": ("{{ topik }}", "是不是 topic"),
    "loop not closed": ("{%p for one in items %}", "endfor"),
    "closed without open": ("{%p endfor %}", "endfor"),
    "full-width braces": ("｛｛ topic ｝｝", "TP05"),
    "unknown filter": ("{{ fee|moneyy }}", "money"),
    "attribute of a stranger": ("{{ topic.__class__ }}", "__class__"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_lint_finds_each_mistake_and_its_place(docgen, workspace, mistake: str) -> None:
    """The mistakes that engines keep silent about."""
    text, told = MISTAKES[mistake]
    document = Document()
    for line in (
        "拜访纪要",
        "{{ topic }}，{{ fee }}，{{ project_name }}，{{ doc_date }}，{{ doc_id }}",
        text,
    ):
        document.add_paragraph(line)
    document.save(str(drop(workspace) / "template.docx"))

    ran = docgen(workspace, "template", "lint", "visit_note")

    assert ran.code == 4
    assert told in ran.out
    assert "第 3 段" in ran.out


def test_lint_warns_of_a_required_field_that_is_never_printed(docgen, workspace) -> None:
    document = Document()
    document.add_paragraph("{{ topic }}")
    document.save(str(drop(workspace) / "template.docx"))

    ran = docgen(workspace, "template", "lint", "visit_note")

    assert ran.code == 0
    assert "警告 TP16" in ran.out
    assert "费用（fee）" in ran.out


def test_lint_checks_another_file_of_the_type(docgen, workspace, tmp_path) -> None:
    document = Document()
    document.add_paragraph("{{ topik }}")
    document.save(str(tmp_path / "新稿.docx"))
    drop(workspace)
    docgen(workspace, "template", "new", "visit_note")

    assert docgen(workspace, "template", "lint", "visit_note", "--template", tmp_path / "新稿.docx").code == 4
    assert docgen(workspace, "template", "lint", "--template", tmp_path / "新稿.docx").code == 2


def test_a_template_with_mistakes_makes_no_document(docgen, workspace) -> None:
    document = Document()
    document.add_paragraph("{{ topik }}")
    document.save(str(drop(workspace) / "template.docx"))

    ran = docgen(workspace, "new", "visit_note", *TYPED)

    assert ran.code == 4
    assert "topik" in ran.err
    assert list(workspace.drafts.iterdir()) == []


def test_a_type_without_its_template_says_so(docgen, workspace) -> None:
    drop(workspace)

    ran = docgen(workspace, "new", "visit_note", *TYPED)

    assert ran.code == 4
    assert "template.docx" in ran.err


def test_shipped_templates_have_no_mistakes(docgen, workspace) -> None:
    ran = docgen(workspace, "template", "lint", "--json")

    assert ran.code == 0
    assert [one for one in ran.json if one["severity"] != "note"] == []


def test_english(docgen, workspace) -> None:
    document = Document()
    document.add_paragraph("{{ topik }}")
    document.save(str(drop(workspace) / "template.docx"))

    ran = docgen(workspace, "--lang", "en", "template", "lint", "visit_note")

    assert ran.out.startswith("error TP")
    assert "do: " in ran.out
    assert "处理" not in ran.out
