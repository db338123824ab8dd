"""A6 验收报告: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("report_no", "application_ref", "contract_ref", "accept_date_from", "accept_date_to", "methods"),
    *("criteria", "group_members", "item_results", "conclusion", "conclusion_date", "customer_sign"),
    *("project_name", "provider_name", "customer_name", "prepared_by"),
)
CELLS = (
    *("group_members.0.name", "group_members.0.unit"),
    *("item_results.0.item", "item_results.0.standard", "item_results.0.method", "item_results.0.result"),
    *("test_summary.0.cases", "test_summary.0.passed", "test_summary.0.verdict"),
    *("found_problems.0.problem", "found_problems.0.severity", "found_problems.0.rectify"),
    *("found_problems.0.owner", "found_problems.0.deadline"),
)
ENUMS = (
    *("variant", "methods", "conclusion", "status", "confidentiality", "provider_label"),
    *("group_members.0.role", "item_results.0.result", "item_results.0.method"),
    *("found_problems.0.severity", "found_problems.0.state"),
)
#: Artifact catalogue, A6: the tables.
HEADS = (
    ("姓名", "单位", "职务", "角色", "签字"),
    ("序号", "验收项目", "验收标准", "验收方式", "结果", "说明"),
    ("测试类型", "用例数", "通过数", "未通过数", "通过率", "结论"),
    ("序号", "问题", "严重程度", "整改要求", "责任人", "整改期限", "状态"),
)
TESTS = ("功能测试", "性能测试", "安全测试", "用户体验测试", "验收测试")
#: The written summary of tests by the provider.
SUMMARY = {
    "variant": "测试总结型验收报告",
    "group_members": None,
    "item_results": None,
    "customer_sign": None,
}
#: What a failed acceptance must say.
FAILED = {
    "conclusion": "不合格",
    "rectify_requirements": "重新完成主备切换测试。",
    "rectify_deadline": "2026-07-15",
    "item_results.1.result": "不合格",
    "found_problems.0.severity": "高",
    "found_problems.0.state": "待整改",
}


@pytest.fixture(scope="module")
def report(shipped):
    return shipped("acceptance_report")


@pytest.fixture(scope="module")
def printed(report):
    return report.printed()


def test_sample_is_complete_and_without_warning(report):
    outcome = report.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(report, field):
    # contract_ref falls back on the number of the project card, which is left out too.
    changes = {field: None} | ({"contract_no": None} if field == "contract_ref" else {})
    report.assert_refused(changes, field, "必填")


@pytest.mark.parametrize("cell", CELLS)
def test_required_cell_left_out(report, cell):
    table, _, column = cell.split(".")
    report.assert_refused({cell: None}, f"{table}.{column}", "必填")


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(report, field):
    report.assert_refused({field: "没有的选项"}, field.replace(".0", ""), "没有的选项")


def test_defaults(report):
    assert report.value("variant", {"variant": None}) == "验收小组验收报告"
    assert report.value("round", {"round": None}) == 1
    assert report.value("contract_ref", {"contract_ref": None}).text == "HT-2026-001"


BAD = [
    ("dates reversed", {"accept_date_to": "2026-06-23"}, "accept_date_to", "早于验收开始日期"),
    ("before the application", {"accept_date_from": "2026-06-17"}, "accept_date_from", "早于验收申请日期"),
    ("concluded too early", {"conclusion_date": "2026-06-28"}, "conclusion_date", "早于验收结束日期"),
    ("failed item", {"item_results.0.result": "不合格"}, "conclusion", "验收项目不合格"),
    (
        "open grave problem",
        {"found_problems.0.severity": "高", "found_problems.0.state": "待验证"},
        "conclusion",
        "高严重程度",
    ),
    ("failed without problem", FAILED | {"found_problems": None} | {}, "found_problems", "必填"),
    ("failed without demand", FAILED | {"rectify_requirements": None}, "rectify_requirements", "必填"),
    ("failed without deadline", FAILED | {"rectify_deadline": None}, "rectify_deadline", "必填"),
    ("deadline on the day", FAILED | {"rectify_deadline": "2026-06-30"}, "rectify_deadline", "晚于结论日期"),
    ("failed item unexplained", FAILED | {"item_results.1.note": None}, "item_results.note", "必填"),
    ("conditional is off", {"conclusion": "有条件合格"}, "conclusion", "未启用"),
    ("more passed than cases", {"test_summary.0.passed": "169"}, "test_summary.passed", "大于用例数"),
    ("no cases", {"test_summary.0.cases": "0"}, "test_summary.cases", "不能小于 1"),
    ("negative passed", {"test_summary.0.passed": "-1"}, "test_summary.passed", "不能小于 0"),
    ("typed failed differs", {"test_summary.3.failed": "2"}, "test_summary.failed", "计算结果 1"),
    ("typed rate differs", {"test_summary.3.rate": "97%"}, "test_summary.rate", "96.67%"),
    ("fixed row missing", {"test_summary.4": None}, "test_summary", "验收测试"),
    ("fixed row twice", {"test_summary.4.test": "功能测试"}, "test_summary", "功能测试"),
    (
        "fixed rows reordered",
        {"test_summary.0.test": "性能测试", "test_summary.1.test": "功能测试"},
        "test_summary",
        "次序",
    ),
    ("round zero", {"round": "0"}, "round", "不能小于 1"),
    ("round in words", {"round": "首轮"}, "round", "首轮"),
    ("no way of acceptance", {"methods": []}, "methods", "必填"),
    ("member twice", {"group_members.1.name": "示例丁"}, "group_members.name", "与第 1 行重复"),
    ("summary without tests", SUMMARY | {"test_summary": None}, "test_summary.cases", "必填"),
    ("summary unsigned", SUMMARY | {"provider_sign": None}, "provider_sign", "必填"),
    ("signed before the conclusion", {"customer_sign.date": "2026-06-29"}, "customer_sign", "2026-06-30"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(report, changes, field, reason):
    if changes.get("found_problems", 0) is None:
        changes = {key: value for key, value in changes.items() if not key.startswith("found_problems.")}
    report.assert_refused(changes, field, reason)


GOOD = [
    ("failed, with all that it needs", FAILED),
    ("deadline the day after", FAILED | {"rectify_deadline": "2026-07-01"}),
    ("on the day of the application", {"accept_date_from": "2026-06-18"}),
    ("within one day", {"accept_date_to": "2026-06-24", "conclusion_date": "2026-06-24"}),
    ("no tests", {"test_summary": None}),
    ("nothing found", {"found_problems": None}),
    ("provider does not sign", {"provider_sign": None, "customer_seal": None}),
    ("summary of the provider", SUMMARY),
    (
        "conditional, allowed",
        {
            "conclusion": "有条件合格",
            "conditional_allowed": "是",
            "rectify_requirements": "补交培训记录。",
            "rectify_deadline": "2026-07-15",
        },
    ),
    ("unsigned draft", {"status": "草稿", "customer_sign": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(report, changes):
    assert report.build(changes).problems == ()


def test_passed_with_an_open_problem_is_warned_about(report):
    assert any("未关闭" in one for one in report.warnings({"found_problems.0.state": "待整改"}))
    assert report.warnings({"found_problems.0.state": "已关闭"}) == []


@pytest.mark.parametrize(("role", "warned"), [("组员", True), ("组长", False)])
def test_group_has_one_head(report, role, warned):
    assert any("组长" in one for one in report.warnings({"group_members.0.role": role})) is warned


def test_pass_rate_is_passed_of_cases(report):
    """29 of 30 is 0.96666…, half-up 96.67 %."""
    row = report.value("test_summary")[3]
    assert (row["failed"], str(row["rate"])) == (1, "0.9667")


def test_document_date_is_the_conclusion(report):
    assert report.value("doc_date").isoformat() == "2026-06-30"


@pytest.mark.parametrize("heads", HEADS, ids=lambda heads: heads[1])
def test_heads_of_the_tables(printed, heads):
    assert len(printed.rows_under(*heads)) > 0


def test_rows_of_the_tables(printed):
    assert [row[0] for row in printed.rows_under(*HEADS[2])[:5]] == list(TESTS)
    assert printed.rows_under(*HEADS[2])[3][:5] == ["用户体验测试", "30", "29", "1", "96.67%"]
    assert printed.rows_under(*HEADS[1])[2][3:5] == ["系统测试、用户试用", "合格"]
    assert printed.rows_under(*HEADS[0])[0][:4] == ["示例丁", "示例客户有限公司", "信息中心主任", "组长"]


@pytest.mark.parametrize(
    "said",
    [
        "YS-2026-001",
        "YSSQ-2026-001",
        "HT-2026-001",
        "2026-06-24 至 2026-06-29",
        "☑验收小组验收报告",
        "☐测试总结型验收报告",
        "☐功能演示",
        "改进建议",
        "每季度开展一次主备切换演练",
        "☑合格",
        "☐不合格",
        "2026-06-30",
        "客户签字",
        "服务方签字",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_failed_report_prints_what_is_to_be_done(report):
    text = report.printed(FAILED).text
    for said in ("☑不合格", "整改要求", "重新完成主备切换测试", "整改期限", "2026-07-15"):
        assert said in text


def test_summary_of_the_provider_leaves_out_the_group(report):
    text = report.printed(SUMMARY).text
    assert "☑测试总结型验收报告" in text
    assert "验收测试" in text
    assert "验收小组成员" not in text
    assert "组长" not in text


def test_optional_parts_leave_no_trace(report):
    lean = dict.fromkeys(("test_summary", "found_problems", "suggestions", "provider_sign", "customer_seal"))
    text = report.printed(lean | {"status": "草稿", "customer_sign": None}).text
    for word in ("测试结果汇总", "问题清单", "改进建议", "整改期限", "客户盖章", "备注", "附件", "None"):
        assert word not in text
    assert "　年" in text
