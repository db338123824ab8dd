"""服务数据归档表: the computed rule of AR-41, by phases of catalogue 5.2."""

from __future__ import annotations

from docgen.base.workspace import shipped_templates
from docgen.forms.types import load_types
from docgen.workflow.handover.completeness import CLASSES, ClassState, completeness, phases_reached
from docgen.workflow.handover.required import REQUIRED

TYPES = load_types(shipped_templates() / "types.yaml")


def states(*filed: str) -> dict[str, ClassState]:
    return {one.data_class.name: one for one in completeness(TYPES, filed, {})}


def test_every_required_type_is_in_the_register_and_of_its_phase() -> None:
    names = {name for due in REQUIRED.values() for one in due for name in one}

    assert [name for name in names if name not in TYPES] == []


def test_the_types_of_the_data_classes_are_in_the_register() -> None:
    named = {name for one in CLASSES for name in one.types}

    assert named <= {one.id for one in TYPES}


def test_phases_count_up_to_the_last_one_reached() -> None:
    assert phases_reached([]) == ()
    assert phases_reached([TYPES["service_contract"]]) == ("intake", "contract")
    assert phases_reached([TYPES["risk_management_plan"]]) == ()  # management goes on all the time


def test_nothing_due_is_said_so() -> None:
    one = states()["技术文档"]

    assert (one.state, one.remark) == ("未归档", "无应归档文件")


def test_nothing_there_is_to_be_filed_soon() -> None:
    one = states("demand_confirmation_sheet")["技术文档"]

    assert (one.required, one.state) == (3, "未归档")
    assert one.remark == "请尽快整理归档：需求分析表、技术服务方案、方案评审意见表"


def test_a_part_names_what_is_missing() -> None:
    one = states("demand_confirmation_sheet", "requirement_analysis_table")["技术文档"]

    assert (one.state, one.remark) == ("部分归档", "待补：技术服务方案、方案评审意见表")


def test_all_there_needs_no_remark() -> None:
    one = states("requirement_analysis_table", "technical_service_plan", "plan_review_opinion")["技术文档"]

    assert (one.state, one.remark) == ("已归档", "")


def test_one_of_several_does() -> None:
    by_letter = states("demand_confirmation_sheet", "out_of_scope_reply")["项目执行"]
    by_record = states("demand_confirmation_sheet", "requirement_assessment_record")["项目执行"]

    assert "需求评估记录" not in by_record.remark
    assert by_record.required - by_record.present == 0
    assert by_letter.required - by_letter.present == 0


def test_what_is_not_due_yet_does_not_count() -> None:
    assert states("service_contract", "maintenance_record")["合同协议"].required == 8
    assert states("demand_confirmation_sheet")["合同协议"].required == 0
