"""`docgen project`: what all papers of a project share is typed once."""

from __future__ import annotations

import pytest

P = "示例二期项目"
TYPED = ("--set", "topic=回访")
CUSTOMER_NOTE = """\
id: visit_note
name: 拜访纪要
extends: [parties]
fields:
  - {id: topic, label: 主题, kind: text, required: true}
"""


@pytest.fixture
def visits(docgen, workspace):
    """A workspace with a type that has two parties."""
    folder = workspace.templates / "visit_note"
    folder.mkdir()
    (folder / "form.yaml").write_text(CUSTOMER_NOTE, encoding="utf-8")
    assert docgen(workspace, "template", "new", "visit_note").code == 0
    return workspace


def test_a_card_is_added_changed_shown_and_listed(docgen, workspace) -> None:
    assert docgen(workspace, "project", "add", P, "--set", "customer_name=示例客户有限公司").code == 0
    assert docgen(workspace, "project", "set", P, "--set", "contract_no=HT-2026-009").code == 0
    shown = docgen(workspace, "project", "show", P, "--json").json
    listed = docgen(workspace, "project", "list").out

    assert list(shown) == ["project", "path", "values"]
    assert shown["values"] == {
        "project_name": P,
        "customer_name": "示例客户有限公司",
        "contract_no": "HT-2026-009",
    }
    assert listed == f"{P}\t示例客户有限公司\n"


def test_an_empty_value_removes_the_key(docgen, workspace) -> None:
    docgen(workspace, "project", "add", P, "--set", "contract_no=HT-9")

    docgen(workspace, "project", "set", P, "--set", "contract_no=")

    assert docgen(workspace, "project", "show", P, "--json").json["values"] == {"project_name": P}


def test_a_card_feeds_every_form_of_the_project(docgen, visits) -> None:
    (visits.root / "docgen.toml").write_text(
        '[company]\nprovider_name = "示例科技有限公司"\n', encoding="utf-8"
    )
    docgen(visits, "project", "add", P, "--set", "customer_name=示例客户有限公司")

    made = docgen(visits, "new", "visit_note", "--set", f"项目名称={P}", *TYPED, "--json")
    other = docgen(visits, "new", "visit_note", "--set", "项目名称=别的项目", *TYPED)

    record = next(visits.drafts.glob("*.record.json")).read_text(encoding="utf-8")
    assert made.code == 0, made.err
    assert "示例客户有限公司" in record
    assert "示例科技有限公司" in record
    assert other.code == 3
    assert "服务接受方：必填" in other.err


def test_an_answer_goes_before_the_card_and_the_card_before_the_company(docgen, visits) -> None:
    (visits.root / "docgen.toml").write_text(
        '[company]\nprovider_name = "公司甲"\ncustomer_name = "客户甲"\n', encoding="utf-8"
    )
    docgen(visits, "project", "add", P, "--set", "provider_name=公司乙", "--set", "customer_name=客户乙")

    words = ("--set", f"项目名称={P}", "--set", "customer_name=客户丙", *TYPED)
    assert docgen(visits, "new", "visit_note", *words).code == 0

    record = next(visits.drafts.glob("*.record.json")).read_text(encoding="utf-8")
    assert "公司乙" in record
    assert "客户丙" in record
    assert "甲" not in record.replace("甲方", "")


def test_a_bad_value_of_a_card_says_whence_it_comes(docgen, workspace) -> None:
    docgen(workspace, "project", "add", P, "--set", "provider_label=丙方")

    ran = docgen(workspace, "new", "服务合同", "--set", f"项目名称={P}")

    assert ran.code == 3
    assert "取自项目或公司卡片" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["add", P, "--set", "custmer_name=甲"], 3, "customer_name"),
        (["add", "CON"], 5, "CON"),
        (["add", "甲/乙"], 5, "甲/乙"),
        (["set", "无", "--set", "contract_no=1"], 2, "没有项目“无”的卡片"),
        (["show", "无"], 2, "没有项目“无”的卡片"),
        (["add"], 2, "缺少参数"),
    ],
)
def test_what_cannot_be_is_refused(docgen, workspace, words: list[str], code: int, told: str) -> None:
    ran = docgen(workspace, "project", *words)

    assert ran.code == code
    assert told in ran.err
    assert list(workspace.projects.iterdir()) == []


def test_a_second_card_of_one_project_is_refused_in_any_spelling(docgen, workspace) -> None:
    docgen(workspace, "project", "add", "Project A")

    ran = docgen(workspace, "project", "add", "PROJECT Ａ")

    assert ran.code == 2
    assert "已有卡片" in ran.err


def test_a_card_that_is_not_valid_is_named(docgen, workspace) -> None:
    (workspace.projects / "坏.yaml").write_text("a: b: c\n", encoding="utf-8")

    ran = docgen(workspace, "project", "list")

    assert ran.code == 3
    assert "坏.yaml:1" in ran.err


def test_fields_are_named_as_the_forms_call_them(docgen, workspace) -> None:
    """合同编号 is called so in nearly every form; a letter of another name has it for another field."""
    words = (
        "--set",
        "合同编号=HT-2026-001",
        "--set",
        "服务接受方=示例客户有限公司",
        "--set",
        "project_code=SZY",
    )
    assert docgen(workspace, "project", "add", "示例项目", *words).code == 0

    values = docgen(workspace, "project", "show", "示例项目", "--json").json["values"]
    assert (values["contract_no"], values["project_code"]) == ("HT-2026-001", "SZY")
    assert "示例客户有限公司" in values.values()
    assert "合同编号" not in values
