"""A5 进度报告: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

#: Catalogue: required fields without a default.
REQUIRED = (
    *("report_no", "contract_no", "period_start", "period_end", "phases", "done_tasks", "pending_tasks"),
    *("next_plan", "recipients", "prepared_by", "pm_sign", "project_name", "provider_name", "customer_name"),
)
CELLS = (
    *("phases.0.stage", "phases.0.percent", "phases.0.planned", "phases.0.key_task", "phases.0.problem"),
    *("done_tasks.0.task", "done_tasks.0.owner", "done_tasks.0.done_date"),
    *("pending_tasks.0.task", "pending_tasks.0.owner", "pending_tasks.0.due_date"),
    *("milestones.0.milestone", "milestones.0.planned_date", "milestones.0.state"),
)
ENUMS = ("period_type", "recipients", "adjust_kind", "status", "confidentiality", "provider_label")
#: Artifact catalogue 0.8: the seed's headings, in the seed's order.
SEED_COLUMNS = (
    *("项目阶段", "完成百分比", "预计完成时间", "实际完成时间", "关键任务", "存在问题", "解决措施"),
)
#: Artifact catalogue, A5, table phases: the rows of the seed.
SEED_ROWS = [
    dict(zip(SEED_COLUMNS, row.split(), strict=True))
    for row in (
        "需求分析 80% 2周 1.5周 是 否 -",
        "设计阶段 60% 4周 2.5周 是 是 -",
        "开发阶段 30% 6周 4.5周 是 是 -",
        "测试阶段 10% 8周 9周 是 是 -",
        "上线阶段 0% 12周 13周 是 是 -",
    )
]
#: The same with the measures that the seed lacks.
SEED_WITH_MEASURES = [row | {"解决措施": "增加人手"} for row in SEED_ROWS]


@pytest.fixture(scope="module")
def report(shipped):
    return shipped("progress_report")


@pytest.fixture(scope="module")
def printed(report):
    return report.printed()


def test_sample_is_complete_and_without_warning(report):
    outcome = report.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(report, field):
    report.assert_refused({field: None}, field, "必填")


@pytest.mark.parametrize("cell", CELLS)
def test_required_cell_left_out(report, cell):
    table, _, column = cell.split(".")
    report.assert_refused({cell: None}, f"{table}.{column}", "必填")


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(report, field):
    report.assert_refused({field: "没有的选项"}, field, "没有的选项")


def test_defaults(report):
    # 30 days are not a week, so only the value is asked for.
    assert report.value("period_type", {"period_type": None}) == "每周"
    assert report.value("report_date", {"report_date": None}).isoformat() == "2026-11-22"


BAD = [
    ("percent below zero", {"phases.2.percent": "-5"}, "phases.percent", "-5"),
    ("percent above a hundred", {"phases.2.percent": "101%"}, "phases.percent", "101%"),
    ("bare 101", {"phases.2.percent": "101"}, "phases.percent", "101"),
    ("percent without sign", {"phases.2.percent": "80"}, "phases.percent", "百分号"),
    ("percent in words", {"phases.2.percent": "八成"}, "phases.percent", "八成"),
    ("done without actual time", {"phases.0.actual": None}, "phases.actual", "必填"),
    ("end before start", {"period_end": "2026-03-31"}, "period_end", "早于周期起"),
    ("no phases", {"phases": []}, "phases", "必填"),
    ("phase without name", {"phases.1.stage": "　"}, "phases.stage", "必填"),
    ("phase twice", {"phases.1.stage": "需求分析"}, "phases.stage", "与第 1 行重复"),
    ("duration without unit", {"phases.2.planned": "5"}, "phases.planned", "单位"),
    ("no planned time", {"phases.2.planned": "0周"}, "phases.planned", "大于 0"),
    ("weeks and days in a row", {"phases.1.actual": "25天"}, "phases.late", "单位不一致"),
    ("weeks and days in the table", {"phases.2.planned": "35天"}, "overall_percent", "单位不一致"),
    ("problem without measure", {"phases.1.measure": None}, "phases.measure", "必填"),
    ("problem with a dash", {"phases.1.measure": "-"}, "phases.measure", "解决措施"),
    ("problem with 无", {"phases.1.measure": "无"}, "phases.measure", "解决措施"),
    ("late without analysis", {"deviation": None}, "deviation", "必填"),
    ("late without correction", {"corrective": None}, "corrective", "必填"),
    ("typed overall differs", {"overall_percent": "60%"}, "overall_percent", "59%"),
    ("typed deviation differs", {"phases.1.deviation": "+1周"}, "phases.deviation", "+0.5周"),
    ("milestone done without date", {"milestones.0.actual_date": None}, "milestones.actual_date", "必填"),
    ("signed without date", {"pm_sign": "示例甲"}, "pm_sign", "签字日期"),
    ("signed before the period ends", {"pm_sign.date": "2026-04-29"}, "pm_sign", "2026-04-30"),
    ("typed next report differs", {"next_due": "2026-06-01"}, "next_due", "2026-05-31"),
    ("placeholder", {"next_plan": "待填"}, "next_plan", "待填"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(report, changes, field, reason):
    report.assert_refused(changes, field, reason)


def phase(planned, actual):
    """A report of one phase."""
    row = dict(zip(SEED_COLUMNS, ("实施", "100%", planned, actual, "是", "否", "-"), strict=True))
    return {"phases": [row], "deviation": None, "corrective": None}


GOOD = [
    ("period of one day", {"period_start": "2026-04-30"}),
    ("typed overall agrees", {"overall_percent": "59%"}),
    ("days throughout", phase("10天", "9天")),
    ("months", phase("1个月", "0.5个月")),
    ("on time to the day", {"phases.1.actual": "3周", "deviation": None, "corrective": None}),
    ("nothing done, nothing left", {"done_tasks": [{"task": "无"}], "pending_tasks": [{"task": "无"}]}),
    ("unsigned draft", {"status": "草稿", "pm_sign": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(report, changes):
    assert report.build(changes).problems == ()


def test_seed_rows_contradict_the_rule(report):
    """K10: a problem without a measure is an error, actual time of an unfinished phase a warning."""
    outcome = report.build({"phases": SEED_ROWS})
    assert [(one.field, one.row) for one in outcome.problems] == [
        ("phases.measure", 2),
        ("phases.measure", 3),
        ("phases.measure", 4),
        ("phases.measure", 5),
    ]
    warned = [(one.field, one.row) for one in outcome.warnings]
    assert warned == [("phases.actual", row) for row in range(1, 6)]


def test_overall_percentage_of_the_seed_rows(report):
    """(2·80 + 4·60 + 6·30 + 8·10 + 12·0) / 32 = 20.625, shown as 20.6 %."""
    changes = {"phases": SEED_WITH_MEASURES}
    assert str(report.value("overall_percent", changes)) == "0.206"
    assert "总体完成 20.6%" in report.printed(changes).text


def test_deviations_of_the_seed_rows(report):
    rows = report.value("phases", {"phases": SEED_WITH_MEASURES})
    assert [row["deviation"] for row in rows] == ["-0.5周", "-1.5周", "-1.5周", "+1周", "+1周"]
    assert [row["late"] for row in rows] == [False, False, False, True, True]
    assert report.value("late_phases", {"phases": SEED_WITH_MEASURES}) == 2


@pytest.mark.parametrize(
    ("period", "end", "due"),
    [
        ("每周", "2026-04-30", "2026-05-07"),
        ("每两周", "2026-04-30", "2026-05-14"),
        ("每月", "2026-04-30", "2026-05-31"),
        ("每月", "2026-04-15", "2026-05-15"),
        ("里程碑", "2026-04-30", None),
    ],
)
def test_next_report_is_due_one_period_later(report, period, end, due):
    day = report.value("next_due", {"period_type": period, "period_end": end})
    assert (day and day.isoformat()) == due


@pytest.mark.parametrize(
    ("period", "start", "warned"),
    [
        ("每周", "2026-04-24", False),
        ("每周", "2026-04-23", True),
        ("每两周", "2026-04-17", False),
        ("每两周", "2026-04-16", True),
        ("每月", "2026-03-31", False),
        ("每月", "2026-03-30", True),
        ("里程碑", "2026-01-01", False),
    ],
)
def test_period_longer_than_its_kind_is_warned_about(report, period, start, warned):
    warnings = report.warnings({"period_type": period, "period_start": start})
    assert any("超过" in warning for warning in warnings) is warned


@pytest.mark.parametrize(("day", "warned"), [("2026-04-29", True), ("2026-04-30", False)])
def test_report_before_the_end_of_its_period_is_warned_about(report, day, warned):
    assert bool(report.warnings({"report_date": day})) is warned


def test_document_date_is_the_end_of_the_period(report):
    assert report.value("doc_date").isoformat() == "2026-04-30"


def test_heads_of_the_tables(printed):
    rows = printed.rows_under(*SEED_COLUMNS)
    measure = "增派一名网络工程师，补充双活网络专项评审"
    assert rows[1] == ["方案设计", "100%", "3周", "3.5周", "是", "是", measure]
    assert rows[3] == ["迁移与测试", "15%", "4周", "", "是", "否", "-"]
    assert printed.rows_under("任务", "责任人", "完成日期", "成果")[0][2] == "2026-04-08"
    assert printed.rows_under("任务", "责任人", "计划完成", "当前进度", "跟进措施")[1][3] == "80%"
    assert printed.rows_under("里程碑", "计划日期", "实际或预测日期", "状态")[2][3] == "未开始"


@pytest.mark.parametrize(
    "said",
    [
        "JD-2026-002",
        "HT-2026-001",
        "2026-04-01 至 2026-04-30",
        "总体完成 59%",
        "1 个阶段的用时超过计划",
        "方案设计：预计3周，实际3.5周，偏差+0.5周，延期",
        "潜在障碍和挑战",
        "两台防火墙的授权文件",
        "增派一名网络工程师参加平台部署",
        "☑资源重新分配",
        "☐任务延期",
        "完成第一批 4 套业务系统迁移",
        "下期报告应于2026年5月31日前提交",
        "客户认可部署进度",
        "公司管理层、客户",
        "项目负责人签字",
        "客户签收",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


OPTIONAL = ("obstacles", "deviation", "corrective", "adjust_kind", "milestones", "customer_feedback")


def test_optional_parts_leave_no_trace(report):
    lean = dict.fromkeys(OPTIONAL) | {"phases.1.actual": "3周", "period_type": "里程碑"}
    lean |= {"status": "草稿", "pm_sign": None, "customer_ack": None, "management_ack": None}
    text = report.printed(lean).text
    for word in ("障碍", "偏差", "调整措施", "里程碑表", "反馈", "下期报告应于", "备注", "附件", "None"):
        assert word not in text
    assert "　年" in text
