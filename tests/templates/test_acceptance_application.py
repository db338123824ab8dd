"""A6b 验收申请单: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("app_no", "project_name", "service_content", "implementation_status", "self_assessment"),
    *("self_assessment_note", "contract_ref", "completion_date", "proposed_date", "applicant_sign"),
    *("provider_name", "customer_name", "prepared_by"),
)
ENUMS = ("self_assessment", "status", "confidentiality", "provider_label")
#: Artifact catalogue, A6b: default rows of the table attachments.
FILES = (
    *("需求规格说明书", "技术方案/设计文档", "测试报告", "用户手册", "维护手册", "交付清单"),
    "进度报告(最后一期)",
)
HEADS = ("序号", "文件类型", "文件名称", "版本号", "是否齐备")


@pytest.fixture(scope="module")
def application(shipped):
    return shipped("acceptance_application")


@pytest.fixture(scope="module")
def printed(application):
    return application.printed()


def test_sample_is_complete_and_without_warning(application):
    outcome = application.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(application, field):
    # contract_ref falls back on the number of the project card, which is left out too.
    changes = {field: None} | ({"contract_no": None} if field == "contract_ref" else {})
    application.assert_refused(changes, field, "必填")


@pytest.mark.parametrize("column", ["file_type", "file_name", "file_version"])
def test_required_cell_left_out(application, column):
    application.assert_refused({f"attachments.0.{column}": None}, f"attachments.{column}", "必填")


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(application, field):
    application.assert_refused({field: "没有的选项"}, field, "没有的选项")


def test_defaults(application):
    assert application.value("round", {"round": None}) == 1
    assert application.value("contract_ref", {"contract_ref": None}).text == "HT-2026-001"
    later = {"proposed_date": "2026-11-22", "received_date": None, "status": "草稿"}
    later |= {"apply_date": None, "applicant_sign": None, "customer_received": None}
    assert application.value("apply_date", later).isoformat() == "2026-11-22"
    rows = application.form.field("attachments").rows
    assert tuple(row["file_type"] for row in rows) == FILES


def test_no_attachments_means_the_default_rows_none_of_them_ready(application):
    application.assert_refused({"attachments": None}, "attachments", "没有一项齐备")
    application.assert_refused({"attachments": []}, "attachments", "没有一项齐备")


BAD = [
    ("not ready", {"self_assessment": "不具备"}, "self_assessment", "不能申请验收"),
    ("completed after applying", {"completion_date": "2026-06-19"}, "completion_date", "晚于申请日期"),
    ("proposed before applying", {"proposed_date": "2026-06-17"}, "proposed_date", "早于申请日期"),
    ("received before applying", {"received_date": "2026-06-17"}, "received_date", "早于申请日期"),
    ("second round without record", {"round": "2"}, "rectification_ref", "必填"),
    ("round zero", {"round": "0"}, "round", "不能小于 1"),
    ("half a round", {"round": "1.5"}, "round", "整数"),
    ("no day", {"completion_date": "2026-02-29"}, "completion_date", "没有这一天"),
    ("ready in other words", {"attachments.0.ready": "也许"}, "attachments.ready", "是或否"),
    ("signed before applying", {"applicant_sign.date": "2026-06-17"}, "applicant_sign", "2026-06-18"),
    ("placeholder", {"self_assessment_note": "[X]"}, "self_assessment_note", "[X]"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(application, changes, field, reason):
    application.assert_refused(changes, field, reason)


GOOD = [
    ("nearly ready", {"self_assessment": "基本具备"}),
    ("completed and proposed on the day", {"completion_date": "2026-06-18", "proposed_date": "2026-06-18"}),
    ("second round with record", {"round": "2", "rectification_ref": "ZG-2026-001"}),
    ("received on the day", {"received_date": "2026-06-18"}),
    ("not received yet", {"customer_received": None, "received_date": None}),
    ("unsigned draft", {"status": "草稿", "applicant_sign": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(application, changes):
    assert application.build(changes).problems == ()


def test_missing_attachments_are_warned_about(application):
    row = {"file_type": "维护手册", "ready": "否"}
    outcome = application.build({"attachments.4": row})
    assert outcome.problems == ()
    assert any("未齐备" in one.sentence() for one in outcome.warnings)


def test_document_date_is_the_application(application):
    assert application.value("doc_date").isoformat() == "2026-06-18"


def test_table_of_attachments(printed):
    rows = printed.rows_under(*HEADS)
    assert tuple(row[1] for row in rows[:7]) == FILES
    assert rows[1] == ["2", "技术方案/设计文档", "政务云平台部署与双活设计方案", "V2.0", "是"]


@pytest.mark.parametrize(
    "said",
    [
        "YSSQ-2026-001",
        "示例市政务云运维项目",
        "HT-2026-001",
        "服务内容",
        "86 台云主机",
        "项目实施情况",
        "12 套业务系统全部迁移上线",
        "自评估结论",
        "☑具备验收条件",
        "☐不具备",
        "对照合同和需求确认单逐项自查",
        "2026-06-15",
        "2026-06-24",
        "项目负责人签字",
        "客户签收",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_later_round_names_the_rectification(application):
    text = application.printed({"round": "2", "rectification_ref": "ZG-2026-001"}).text
    assert "整改记录编号" in text
    assert "ZG-2026-001" in text


def test_optional_parts_leave_no_trace(application):
    lean = {"status": "草稿", "applicant_sign": None, "customer_received": None, "received_date": None}
    text = application.printed(lean).text
    for word in ("整改记录", "备注", "密级", "None"):
        assert word not in text
    assert "　年" in text
