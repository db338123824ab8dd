"""A4 需求确认单: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("sheet_no", "inquiry_channel", "inquiry_date", "customer_name", "customer_contact", "customer_phone"),
    *("demand_detail", "in_scope", "service_goal", "tech_requirements", "time_nodes", "period_start"),
    *("period_end", "fee", "customer_sign", "tech_sign", "confirm_date", "provider_name", "prepared_by"),
)
UNSIGNED = {"status": "草稿", "customer_sign": None, "tech_sign": None, "confirm_date": None}


@pytest.fixture(scope="module")
def sheet(shipped):
    return shipped("demand_confirmation_sheet")


@pytest.fixture(scope="module")
def printed(sheet):
    return sheet.printed()


def test_sample_is_complete_and_without_warning(sheet):
    outcome = sheet.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(sheet, field):
    sheet.assert_refused({field: None}, field, "必填")


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("service_content.0.content", "service_content.content"),
        ("service_content.0.description", "service_content.description"),
        ("time_nodes.0.node", "time_nodes.node"),
        ("time_nodes.0.planned_date", "time_nodes.planned_date"),
        ("time_nodes.0.deliverable", "time_nodes.deliverable"),
        ("differences.0.issue", "differences.issue"),
        ("differences.0.customer_view", "differences.customer_view"),
        ("differences.0.provider_view", "differences.provider_view"),
        ("differences.0.outcome", "differences.outcome"),
        ("differences.0.state", "differences.state"),
    ],
)
def test_cell_left_out(sheet, path, field):
    sheet.assert_refused({path: None}, field, "必填")


@pytest.mark.parametrize("field", ["inquiry_channel", "fee_basis", "status"])
def test_unknown_choice(sheet, field):
    sheet.assert_refused({field: "没有的选项"}, field, "没有的选项")


BAD = [
    ("out of scope but signed", {"in_scope": "否"}, "in_scope", "不能签署"),
    ("period reversed", {"period_end": "2026-02-28"}, "period_end", "早于服务周期起"),
    ("open difference but signed", {"differences.0.state": "未决"}, "differences", "尚未全部解决"),
    ("fee to be discussed", {"fee": "面议"}, "fee", "面议"),
    ("node before the period", {"time_nodes.0.planned_date": "2026-02-28"}, "time_nodes", "早于服务周期起"),
    ("node after the period", {"time_nodes.3.planned_date": "2027-03-01"}, "time_nodes", "晚于服务周期止"),
    ("one person signs for both", {"tech_sign": "示例庚 2026-01-13"}, "customer_sign", "同一人"),
    ("typed consensus differs", {"consensus": "否"}, "consensus", "计算结果"),
    ("confirmed before the inquiry", {"inquiry_date": "2026-01-13"}, "confirm_date", "早于咨询日期"),
    ("signed before the sheet", {"tech_sign": "示例己 2026-01-11"}, "tech_sign", "早于文件日期"),
    ("unknown state", {"differences.0.state": "讨论中"}, "differences.state", "讨论中"),
    ("negative fee", {"fee": "-1"}, "fee", "-1"),
    (
        "no such node date",
        {"time_nodes.1.planned_date": "2026-02-29"},
        "time_nodes.planned_date",
        "没有这一天",
    ),
    ("words differ", {"fee_words": "壹元整"}, "fee_words", "计算结果"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(sheet, changes, field, reason):
    sheet.assert_refused(changes, field, reason)


GOOD = [
    ("out of scope, not signed", {**UNSIGNED, "in_scope": "否"}),
    ("open difference, not signed", {**UNSIGNED, "differences.0.state": "未决"}),
    ("nodes on the borders", {"time_nodes.0.planned_date": "2026-03-01"}),
    (
        "one day",
        {
            "period_end": "2026-03-01",
            "time_nodes": [{"node": "完成", "planned_date": "2026-03-01", "deliverable": "报告"}],
        },
    ),
    ("no differences", {"differences": None}),
    (
        "an open difference needs no outcome",
        {**UNSIGNED, "differences.0.state": "未决", "differences.0.outcome": None},
    ),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(sheet, changes):
    assert sheet.build(changes).problems == ()


@pytest.mark.parametrize(
    ("changes", "consensus"),
    [({}, True), ({"differences": None}, True), ({**UNSIGNED, "differences.0.state": "未决"}, False)],
)
def test_consensus_is_reached_when_every_difference_is_settled(sheet, changes, consensus):
    assert sheet.value("consensus", changes) is consensus


def test_default_rows_of_service_content(sheet):
    rows = sheet.value("service_content", {"service_content": None})
    assert [row["content"] for row in rows] == ["项目管理", "技术支持", "培训与指导", "维护与升级"]
    assert all(row["description"] for row in rows)


def test_heads_and_rows(printed):
    assert [row[1] for row in printed.rows_under("序号", "服务内容", "描述")[:4]] == [
        *("项目管理", "技术支持", "培训与指导", "维护与升级")
    ]
    assert printed.rows_under("节点", "计划日期", "交付物")[0] == ["实施方案确认", "2026-03-15", "实施方案"]
    assert printed.rows_under("分歧事项", "客户意见", "我方意见", "协商结果", "状态")[0][-1] == "已解决"


@pytest.mark.parametrize(
    "said",
    [
        "XQ-2026-001",
        "示例客户有限公司",
        "示例科技有限公司",
        "示例庚",
        "010-00000001",
        "☑电话",
        "☐邮件",
        "平台月度可用性不低于 99.9%",
        "满足网络安全等级保护三级要求。",
        "2026-03-01 至 2027-02-28",
        "￥610,560.00",
        "陆拾壹万零伍佰陆拾元整",
        "☑单价×数量",
        "客户签字",
        "技术人员签字",
        "示例己",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_optional_parts_leave_no_trace(sheet):
    optional = (
        *("project_site", "project_scale", "project_budget", "special_requirements", "quality_requirement"),
        *("response_requirement", "fee_basis", "differences", "inquiry_ref"),
    )
    text = sheet.printed(dict.fromkeys(optional)).text
    for word in (
        "项目地点",
        "项目规模",
        "项目预算",
        "特殊要求",
        "验收准则",
        "费用依据",
        "分歧",
        "咨询记录",
        "备注",
        "None",
    ):
        assert word not in text
