"""The register of types: counts and rulings of the catalogue, names in every spelling, clashes."""

from collections import Counter
from pathlib import Path

import pytest

from docgen.base.errors import TemplateFault
from docgen.base.workspace import shipped_templates
from docgen.forms.definition import CATEGORIES, PHASES, Form
from docgen.forms.folding import fold
from docgen.forms.types import AmbiguousType, DocType, TypeRegistry, UnknownType, load_types


@pytest.fixture(scope="module")
def types() -> TypeRegistry:
    return load_types(shipped_templates() / "types.yaml")


def test_all_types_of_the_catalogue_are_there(types: TypeRegistry) -> None:
    assert Counter(one.no[0] for one in types) == {"A": 9, "B": 168, "C": 74}
    assert len({one.no for one in types}) == 251
    assert len({one.id for one in types}) == 251
    assert len({fold(one.token) for one in types}) == 251


def test_every_type_has_words_of_the_catalogue(types: TypeRegistry) -> None:
    assert {one.category for one in types} == set(CATEGORIES)
    assert {one.phase for one in types} == set(PHASES)
    assert {one.scope for one in types} == {"项目", "公司"}


@pytest.mark.parametrize(
    ("no", "type_id", "name", "phase", "category", "scope"),
    [
        ("A3", "service_contract", "服务合同", "contract", "合同协议", "项目"),
        ("A4", "demand_confirmation_sheet", "需求确认单", "intake", "项目执行", "项目"),
        ("A5b", "project_progress_sheet", "项目进度表", "delivery", "项目执行", "项目"),
        ("A7", "fee_settlement_application", "费用结算申请表", "settlement", "商务文档", "项目"),
        ("B019", "team_formation_process_table", "服务团队组建流程表", "intake", "项目执行", "公司"),
        ("B029", "sla", "服务等级协议(SLA)", "contract", "合同协议", "项目"),
        ("B168", "honor_certificate", "荣誉证书", "management", "项目执行", "公司"),
        ("C035", "spare_parts_dispatch", "备件领用/发运单", "aftersales", "商务文档", "项目"),
        ("C061", "termination_settlement", "终止结算单", "closing", "商务文档", "项目"),
        ("C074", "supply_quality_control_record", "设备进货质量控制记录", "delivery", "商务文档", "项目"),
    ],
)
def test_entries(
    types: TypeRegistry, no: str, type_id: str, name: str, phase: str, category: str, scope: str
) -> None:
    one = types[type_id]
    assert (one.no, one.name, one.phase, one.category, one.scope) == (no, name, phase, category, scope)


def test_what_does_not_recur(types: TypeRegistry) -> None:
    assert {one.id for one in types if not one.recurring} == {
        "service_commitment_letter",
        "service_intent_letter",
        "service_contract",
        "demand_confirmation_sheet",
    }


def test_where_the_date_comes_from(types: TypeRegistry) -> None:
    assert types["service_contract"].date_from == ("sign_date", "draft_date")
    assert types["progress_report"].date_from == ("period_end",)
    assert types["acceptance_report"].date_from == ("conclusion_date",)


@pytest.mark.parametrize(
    ("text", "type_id"),
    [
        ("service_contract", "service_contract"),
        ("服務合同", "service_contract"),
        (" 服务 合同 ", "service_contract"),
        ("项目进度报告", "progress_report"),
        ("項目進度報告", "progress_report"),
        ("系统验收报告", "acceptance_report"),
        ("一站式技术服务验收申请单", "acceptance_application"),
        ("售后服务承诺书", "service_commitment_letter"),
        ("服务方案", "technical_service_plan"),
        ("常见问题解答（ＦＡＱ）", "faq_document"),
        ("sla", "sla"),
        ("服务等级协议", "sla"),
        ("变更请求(rfc)", "change_request"),
        ("备件领用/发运单", "spare_parts_dispatch"),
        ("备件领用发运单", "spare_parts_dispatch"),
    ],
)
def test_a_type_is_found_in_every_spelling(types: TypeRegistry, text: str, type_id: str) -> None:
    found = types.by_name(text)
    assert found is not None
    assert found.id == type_id


def test_the_token_of_a_file_name_has_no_slash(types: TypeRegistry) -> None:
    assert types["spare_parts_dispatch"].token == "备件领用发运单"
    assert all("/" not in one.token and "_" not in one.token for one in types)


@pytest.mark.parametrize("text", ["风险控制预案", "風險控制預案"])
def test_an_alias_of_two_types_is_refused_with_both_named(types: TypeRegistry, text: str) -> None:
    with pytest.raises(AmbiguousType) as caught:
        types.by_name(text)
    assert {one.id for one in caught.value.types} == {"contingency_plan", "risk_management_plan"}
    assert "应急预案" in caught.value.text()
    assert "风险管理计划" in caught.value.text()


def test_an_unknown_name_suggests_the_nearest(types: TypeRegistry) -> None:
    assert types.by_name("服务合") is None
    with pytest.raises(UnknownType, match="服务合") as caught:
        types.find("服务合")
    assert "服务合同" in caught.value.text()


def test_a_form_overlays_the_register(types: TypeRegistry) -> None:
    form = Form("service_contract", "运维合同", "商务文档", "settlement", aliases=("维保合同",))
    both = types.overlaid([form, Form("own_type", "自有单据", "项目执行", "delivery")])
    assert both["service_contract"] == DocType(
        "service_contract",
        "运维合同",
        "A3",
        "商务文档",
        "settlement",
        aliases=("维保合同", "服务合同", "技术服务合同", "服務合同", "技術服務合同"),
    )
    assert both.find("服务合同").id == "service_contract"
    assert both.find("自有单据").no == "own_type"
    assert len(types) == 251


@pytest.mark.parametrize(
    "text", ["types: 5", "- a", "types: [{id: a, unknown: b}]", "types: [{id: a", "types: [x]", ""]
)
def test_a_broken_register_is_a_template_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "types.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateFault, match=r"登记表|YAML|括号没有写完"):
        load_types(path)
