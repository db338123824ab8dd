"""A7 费用结算申请表: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("app_no", "contract_ref", "acceptance_ref", "settlement_type", "fee_lines", "applicant_sign"),
    *("finance_contract_ok", "finance_calc_ok", "finance_evidence_ok", "finance_sign", "finance_date"),
    *("project_name", "provider_name", "customer_name", "prepared_by"),
)
CELLS = (
    *("fee_lines.0.item", "fee_lines.0.basis", "fee_lines.0.unit", "fee_lines.0.quantity"),
    *("fee_lines.0.unit_price", "fee_lines.0.tax_rate"),
    *("evidence.0.name", "evidence.0.file_no", "evidence.0.copies"),
)
ENUMS = (
    *("settlement_type", "direction", "payment_method", "acceptance_conclusion", "fee_lines.0.basis"),
    *("finance_contract_ok", "finance_calc_ok", "finance_evidence_ok", "process_state"),
    *("status", "confidentiality", "provider_label"),
)
#: Artifact catalogue, A7: the tables.
LINES = ("序号", "费用项目", "依据", "单位", "数量", "单价(元)", "税率", "金额(元)", "备注")
EVIDENCE = ("序号", "材料名称", "文件编号", "份数", "是否齐备")


@pytest.fixture(scope="module")
def application(shipped):
    return shipped("fee_settlement_application")


@pytest.fixture(scope="module")
def printed(application):
    return application.printed()


def test_sample_is_complete_and_without_warning(application):
    outcome = application.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(application, field):
    changes = {field: None} | ({"contract_no": None} if field == "contract_ref" else {})
    # Signatures are asked for from 已签署 on.
    application.assert_refused(changes | {"status": "已签署"}, field, "必填")


@pytest.mark.parametrize("cell", CELLS)
def test_required_cell_left_out(application, cell):
    table, _, column = cell.split(".")
    application.assert_refused({cell: None}, f"{table}.{column}", "必填")


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(application, field):
    application.assert_refused({field: "没有的选项"}, field.replace(".0", ""), "没有的选项")


@pytest.mark.parametrize(
    ("field", "default"),
    [("direction", "应收客户"), ("payment_method", "银行转账"), ("process_state", "草稿")],
)
def test_defaults(application, field, default):
    assert application.value(field, {field: None}) == default


def test_evidence_defaults_to_the_usual_rows_none_of_them_ready(application):
    names = [row["name"] for row in application.form.field("evidence").rows]
    assert names == ["验收报告", "发票", "合同复印件", "工作量确认", "变更记录"]
    application.assert_refused({"evidence": None}, "evidence", "验收报告")
    application.assert_refused({"evidence": None}, "evidence", "发票")


def line(price, quantity="1", rate="0", item="服务", **more):
    """One fee line."""
    return {
        "item": item,
        "basis": "合同行",
        "unit": "项",
        "quantity": quantity,
        "unit_price": price,
        "tax_rate": rate,
    } | more


def one_line(**more):
    """A settlement of one line of 100.00, without the amounts that depend on the contract."""
    return {"fee_lines": [line("100.00", **more)], "invoice_total": None}


#: Not signed, not reviewed.
UNREVIEWED = {"status": "草稿"} | dict.fromkeys(
    (
        *("applicant_sign", "finance_contract_ok", "finance_calc_ok", "finance_evidence_ok"),
        *("finance_opinion", "finance_sign", "finance_date"),
    )
)

BAD = [
    ("no invoice", {"evidence.1": None}, "evidence", "发票"),
    (
        "invoice not there yet",
        {"evidence.1.ready": "否", "evidence.1.file_no": None, "evidence.1.copies": None},
        "evidence",
        "发票",
    ),
    ("no acceptance report", {"evidence.0": None}, "evidence", "验收报告"),
    ("acceptance failed", {"acceptance_conclusion": "不合格"}, "acceptance_conclusion", "不是合格"),
    ("conditional acceptance", {"acceptance_conclusion": "有条件合格"}, "acceptance_conclusion", "不是合格"),
    ("applied before acceptance", {"apply_date": "2026-06-29"}, "apply_date", "早于验收结论日期"),
    ("quantity 0", one_line(quantity="0"), "fee_lines.quantity", "大于 0"),
    ("negative quantity", one_line(quantity="-1"), "fee_lines.quantity", "大于 0"),
    ("bare tax rate", one_line(rate="6"), "fee_lines.tax_rate", "6"),
    ("tax rate left out", one_line(rate=None), "fee_lines.tax_rate", "必填"),
    ("invoices 0.01 short", {"invoice_total": "366335.99"}, "invoice_total", "等于结算金额"),
    ("invoices 0.01 over", {"invoice_total": "366336.01"}, "invoice_total", "等于结算金额"),
    ("typed total differs", {"settlement_amount": "366336.01"}, "settlement_amount", "366,336.00"),
    ("typed tax differs", {"total_tax": "20736.01"}, "total_tax", "20,736.00"),
    ("typed net differs", {"total_ex_tax": "345600.01"}, "total_ex_tax", "345,600.00"),
    ("typed line differs", {"fee_lines.0.amount": "152640.01"}, "fee_lines.amount", "152,640.00"),
    ("typed rest differs", {"remaining": "61056.01"}, "remaining", "61,056.00"),
    ("typed words differ", {"amount_words": "叁拾陆万元整"}, "amount_words", "计算结果"),
    ("over the contract", {"paid_before": "244224.01"}, "remaining", "超过合同金额"),
    ("line twice", {"fee_lines.1.item": "政务云平台部署与调优"}, "fee_lines.item", "与第 1 行重复"),
    ("no lines", {"fee_lines": []}, "fee_lines", "必填"),
    ("nothing to settle", {"fee_lines": [line("0")], "invoice_total": None}, "settlement_amount", "大于 0"),
    ("negative price", one_line() | {"fee_lines": [line("-1")]}, "fee_lines.unit_price", "负数"),
    ("copies 0", {"evidence.0.copies": "0"}, "evidence.copies", "不能小于 1"),
    ("reviewed before applying", {"finance_date": "2026-07-09"}, "finance_date", "早于申请日期"),
    ("approved with a check failed", {"finance_calc_ok": "不通过"}, "status", "不能批准"),
    (
        "signed with a check failed",
        {"status": "待审", "finance_calc_ok": "不通过"},
        "finance_sign",
        "全部通过",
    ),
    ("signed with a check missing", {"status": "待审", "finance_calc_ok": None}, "finance_sign", "全部通过"),
    (
        "failed without opinion",
        {"finance_evidence_ok": "不通过", "finance_opinion": None},
        "finance_opinion",
        "必填",
    ),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(application, changes, field, reason):
    application.assert_refused(changes, field, reason)


GOOD = [
    ("tax free", one_line(rate="0")),
    ("on the day of acceptance", {"apply_date": "2026-06-30"}),
    ("up to the contract", {"paid_before": "244224.00"}),
    ("over the contract with a change", {"paid_before": "244224.01", "change_ref": "BG-2026-001"}),
    ("contract amount not given", {"contract_amount": None}),
    ("several invoices", {"evidence.1.name": "增值税专用发票", "evidence.2.name": "发票清单"}),
    ("reviewed on the day", {"finance_date": "2026-07-10"}),
    (
        "returned by finance",
        {"status": "待审", "finance_calc_ok": "不通过", "finance_sign": None},
    ),
    ("not reviewed yet", UNREVIEWED),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(application, changes):
    assert application.build(changes).problems == ()


@pytest.mark.parametrize(("unit", "warned"), [("小时", True), ("人/天", False), ("人天", False)])
def test_workload_is_settled_by_person_days(application, unit, warned):
    warnings = application.warnings({"fee_lines.3.basis": "工作量标准", "fee_lines.3.unit": unit})
    assert any("人/天" in one for one in warnings) is warned


def test_lines_round_half_up_each_and_the_control_sum_does_not(application):
    """19.99 × 3 × 1.06 = 63.5682 → 63.57; 0.05 × 0.1 × 1 = 0.005 → 0.01; 0.33 × 0.5 × 1.13 = 0.18645 → 0.19.

    Without tax 59.97, 0.01 (0.005), 0.17 (0.165): 60.15, so the tax is 63.77 − 60.15 = 3.62.
    """
    lines = [
        line("19.99", "3", "6%", "甲"),
        line("0.05", "0.1", "0", "乙"),
        line("0.33", "0.5", "13%", "丙"),
    ]
    values = application.record({"fee_lines": lines, "invoice_total": None}).values
    assert [str(row["amount"]) for row in values["fee_lines"]] == ["63.57", "0.01", "0.19"]
    shown = [str(values[key]) for key in ("settlement_amount", "total_ex_tax", "total_tax", "control_sum")]
    assert shown == ["63.77", "60.15", "3.62", "63.75965"]
    assert values["amount_words"] == "陆拾叁元柒角柒分"


def test_amounts_of_the_sample(application):
    """60 % of the contract of 610560.00 are 366336.00; 30 % were paid; 10 % are left."""
    values = application.record().values
    assert str(values["settlement_amount"]) == "366336.00"
    assert str(values["remaining"]) == "61056.00"
    assert values["amount_words"] == "叁拾陆万陆仟叁佰叁拾陆元整"


def test_document_date_is_the_application(application):
    assert application.value("doc_date").isoformat() == "2026-07-10"


def test_table_of_fees(printed):
    rows = printed.rows_under(*LINES)
    assert rows[1] == [
        *("2", "云平台日常运维", "合同行", "月", "7.2", "18,000.00", "6%", "137,376.00", "按 60%"),
    ]
    assert "叁拾陆万陆仟叁佰叁拾陆元整" in rows[4][0]
    assert "366,336.00" in rows[4]


def test_table_of_evidence(printed):
    rows = printed.rows_under(*EVIDENCE)
    assert rows[0] == ["1", "验收报告", "YS-2026-001", "1", "是"]
    assert rows[1][1] == "发票"


@pytest.mark.parametrize(
    "said",
    [
        "JS-2026-002",
        "HT-2026-001",
        "YS-2026-001",
        "☑验收款",
        "☐质保金",
        "现申请向客户收取",
        "￥345,600.00",
        "￥20,736.00",
        "￥366,336.00",
        "￥183,168.00",
        "￥61,056.00",
        "未舍入合计",
        "YS-2026-001（合格）",
        "☑银行转账",
        "示例银行示例支行",
        "合同执行情况审核　☑通过　☐不通过",
        "费用计算准确性审核　☑通过　☐不通过",
        "证明材料真实完整审核　☑通过　☐不通过",
        "材料齐全，计算无误",
        "项目负责人签字",
        "财务审核签字",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


@pytest.mark.parametrize(
    ("direction", "said"),
    [("应收客户", "向客户收取"), ("应付供应商", "向供应商支付"), ("退款客户", "向客户退还")],
)
def test_text_follows_the_direction(application, direction, said):
    text = application.printed({"direction": direction}).text
    assert [word in text for word in (said, "向客户收取")] == [True, direction == "应收客户"]


def test_optional_parts_leave_no_trace(application):
    optional = ("acceptance_conclusion", "acceptance_date", "contract_amount", "bank_info", "invoice_total")
    text = application.printed(UNREVIEWED | dict.fromkeys(optional)).text
    for word in ("（合格", "合同金额", "余额", "收款账户", "发票金额", "变更", "支付记录", "草稿", "None"):
        assert word not in text
    assert "☐通过　☐不通过" in text
    assert "　年" in text
