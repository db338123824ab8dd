"""A5b 项目进度表: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("contract_no", "items", "filler_sign", "pm_confirm", "project_name", "provider_name", "customer_name"),
)
CELLS = ("task", "owner", "plan_start", "plan_end", "percent")
#: Artifact catalogue, A5b, table items.
COLUMNS = (
    *("序号", "任务/里程碑", "责任人", "计划开始", "计划完成", "实际开始", "实际完成"),
    *("完成百分比", "进展说明", "存在问题", "状态"),
)


@pytest.fixture(scope="module")
def sheet(shipped):
    return shipped("project_progress_sheet")


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


@pytest.mark.parametrize("column", CELLS)
def test_required_cell_left_out(sheet, column):
    sheet.assert_refused({f"items.0.{column}": None}, f"items.{column}", "必填")


@pytest.mark.parametrize("field", ["status", "confidentiality", "provider_label", "items.0.state"])
def test_unknown_choice(sheet, field):
    sheet.assert_refused({field: "没有的选项"}, field.replace(".0", ""), "没有的选项")


def test_defaults(sheet):
    assert sheet.value("period", {"period": None}) == "每周"
    assert sheet.value("filler", {"filler": None}) == "示例己"


def task(start="2026-04-01", end="2026-04-20", began=None, done=None, percent="0%", **more):
    """One row: planned start and end, actual start and end, percentage."""
    plan = {"task": "割接", "owner": "示例己", "plan_start": start, "plan_end": end}
    return plan | {"actual_start": began, "actual_end": done, "percent": percent} | more


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (task(began="2026-04-01", done="2026-04-20", percent="100%"), "已完成"),
        (task(began="2026-04-01", done="2026-04-25", percent="100%"), "已完成"),
        (task(end="2026-04-29", began="2026-04-01", percent="90%"), "延期"),
        (task(end="2026-04-29"), "延期"),
        (task(end="2026-04-30", began="2026-04-01", percent="90%"), "进行中"),
        (task(end="2026-04-30", began="2026-04-01", percent="1%"), "进行中"),
        (task(end="2026-05-20", began="2026-04-30"), "进行中"),
        (task(end="2026-04-30"), "未开始"),
    ],
)
def test_state_follows_from_dates_and_percentage(sheet, row, state):
    """The sheet is of 2026-04-30: past the planned finish and below 100 % is 延期."""
    assert sheet.value("items", {"items": [row]})[0]["state"] == state


BAD = [
    ("finished before begun", {"items.0.actual_end": "2026-02-28"}, "items.actual_end", "早于实际开始"),
    ("planned end before start", {"items.0.plan_end": "2026-02-28"}, "items.plan_end", "早于计划开始"),
    ("done at 90 %", {"items.3.percent": "90%", "items.3.state": "已完成"}, "items.state", "进行中"),
    ("finish date at 90 %", {"items.0.percent": "90%"}, "items.percent", "100%"),
    ("100 % without finish date", {"items.0.actual_end": None}, "items.actual_end", "必填"),
    ("progress without start", {"items.3.actual_start": None}, "items.actual_start", "必填"),
    ("task twice", {"items.1.task": "实施方案编制与确认"}, "items.task", "与第 1 行重复"),
    ("no tasks", {"items": []}, "items", "必填"),
    ("bare percentage", {"items.3.percent": "70"}, "items.percent", "70"),
    ("above a hundred", {"items.3.percent": "101%"}, "items.percent", "101%"),
    ("no day", {"items.0.plan_start": "2026-02-30"}, "items.plan_start", "没有这一天"),
    ("typed number differs", {"items.1.no": "3"}, "items.no", "2"),
    ("signed before the sheet", {"pm_confirm.date": "2026-04-29"}, "pm_confirm", "2026-04-30"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(sheet, changes, field, reason):
    sheet.assert_refused(changes, field, reason)


GOOD = [
    ("planned for one day", {"items.7.plan_end": "2026-06-08"}),
    ("done in one day", {"items.0.actual_end": "2026-03-01"}),
    ("typed state agrees", {"items.4.state": "延期"}),
    ("unsigned draft", {"status": "草稿", "filler_sign": None, "pm_confirm": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(sheet, changes):
    assert sheet.build(changes).problems == ()


@pytest.mark.parametrize(
    ("cell", "day", "warned"),
    [
        ("items.5.actual_start", "2026-05-01", True),
        ("items.5.actual_start", "2026-04-30", False),
        ("items.2.actual_end", "2026-05-01", True),
        ("items.2.actual_end", "2026-04-30", False),
    ],
)
def test_actual_dates_after_the_sheet_are_warned_about(sheet, cell, day, warned):
    assert any("晚于表日期" in one for one in sheet.warnings({cell: day})) is warned


def test_columns_and_rows(printed):
    rows = printed.rows_under(*COLUMNS)
    assert rows[4] == [
        *("5", "安全加固", "示例辛", "2026-04-20", "2026-04-28", "2026-04-21", "", "80%"),
        *("余两台防火墙", "授权文件晚到", "延期"),
    ]
    assert rows[7][-1] == "未开始"


@pytest.mark.parametrize(
    "said",
    ["示例市政务云运维项目", "HT-2026-001", "填报周期", "下一步工作", "完成备节点部署", "项目负责人确认"],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_optional_parts_leave_no_trace(sheet):
    lean = {"next_steps": None, "status": "草稿", "filler_sign": None, "pm_confirm": None}
    text = sheet.printed(lean).text
    for word in ("下一步工作", "备注", "附件", "密级", "None"):
        assert word not in text
    assert "　年" in text


def test_three_hundred_tasks_are_all_printed(sheet):
    rows = [task(task=f"任务{number}") for number in range(1, 301)]
    printed = sheet.printed({"items": rows}).rows_under(*COLUMNS)
    assert [row[:2] for row in printed[:300]] == [[str(number), f"任务{number}"] for number in range(1, 301)]
