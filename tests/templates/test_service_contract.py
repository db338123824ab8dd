"""A3 服务合同: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

#: Catalogue: required fields without a default.
REQUIRED = (
    *("contract_no", "provider_name", "provider_rep", "customer_name", "customer_rep"),
    *("demand_ref", "plan_ref", "draft_date", "project_scope", "service_items", "term_start", "term_end"),
    *("acceptance_method", "payment_schedule", "dispute_method"),
    *("legal_review", "business_review", "customer_review"),
    *("sign_date", "provider_sign", "customer_sign", "prepared_by"),
)
CLAUSES = (
    *("quality_standard", "acceptance_criteria", "late_payment", "rights_provider", "rights_customer"),
    *("confidentiality_clause", "ip_ownership", "breach_liability", "force_majeure", "termination_clause"),
)
ENUMS = (
    *("provider_label", "payment_method", "warranty_start_basis", "legal_review", "business_review"),
    *("customer_review", "acceptance_method", "dispute_method", "status", "confidentiality"),
)


@pytest.fixture(scope="module")
def contract(shipped):
    return shipped("service_contract")


@pytest.fixture(scope="module")
def printed(contract):
    return contract.printed()


def test_sample_is_complete_and_without_warning(contract):
    outcome = contract.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(contract, field):
    contract.assert_refused({field: None}, field, "必填")


@pytest.mark.parametrize("column", ["item", "standard", "term", "unit", "quantity", "unit_price", "tax_rate"])
def test_every_cell_of_a_service_item_is_required(contract, column):
    contract.assert_refused({f"service_items.1.{column}": None}, f"service_items.{column}", "必填")


@pytest.mark.parametrize("column", ["condition", "ratio"])
def test_every_cell_of_an_instalment_is_required(contract, column):
    contract.assert_refused({f"payment_schedule.1.{column}": None}, f"payment_schedule.{column}", "必填")


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(contract, field):
    contract.assert_refused({field: "没有的选项"}, field, "没有的选项")


@pytest.mark.parametrize("field", CLAUSES)
def test_clauses_have_wording_of_their_own_and_can_be_replaced(contract, field):
    assert len(contract.value(field)) > 40
    assert contract.value(field, {field: "双方另行约定。"}) == "双方另行约定。"


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("warranty_years", 3),
        ("termination_notice_days", 60),
        ("original_location", "公司档案室"),
        ("provider_label", "乙方"),
        ("status", "草稿"),
        ("confidentiality", "内部"),
    ],
)
def test_defaults_of_the_catalogue(contract, field, default):
    assert contract.value(field, {field: None}) == default


def test_renewal_rate_is_five_percent_of_the_bid_total_by_default(contract):
    assert str(contract.value("renewal_fee", {"renewal_rate": None, "bid_total": "1000000"})) == "50000.00"


BAD = [
    ("shares below 100 %", {"payment_schedule.2.ratio": "9.9%"}, "payment_schedule", "100%"),
    ("shares above 100 %", {"payment_schedule.2.ratio": "10.01%"}, "payment_schedule", "100%"),
    ("signed before review", {"review_date": "2026-02-11"}, "sign_date", "早于审核完成日期"),
    ("signed before draft", {"draft_date": "2026-02-11"}, "sign_date", "早于初稿日期"),
    ("reviewed before draft", {"review_date": "2026-02-01"}, "review_date", "早于初稿日期"),
    ("arbitration and court", {"dispute_method": ["仲裁", "诉讼"]}, "dispute_method", "只能选择一种"),
    ("end before start", {"term_end": "2026-02-28"}, "term_end", "晚于"),
    ("end on start", {"term_end": "2026-03-01"}, "term_end", "晚于"),
    ("negative quantity", {"service_items.0.quantity": "-1"}, "service_items.quantity", "-1"),
    ("no quantity", {"service_items.0.quantity": "0"}, "service_items", "大于 0"),
    ("bare tax rate", {"service_items.0.tax_rate": "13"}, "service_items.tax_rate", "13"),
    ("negative price", {"service_items.0.unit_price": "-0.01"}, "service_items.unit_price", "-0.01"),
    (
        "price with three decimals",
        {"service_items.0.unit_price": "1.005"},
        "service_items.unit_price",
        "小数",
    ),
    ("typed total differs", {"contract_amount": "610560.01"}, "contract_amount", "610,560.00"),
    ("typed words differ", {"amount_words": "陆拾壹万元整"}, "amount_words", "计算结果"),
    ("typed line differs", {"service_items.0.amount": "254400.01"}, "service_items.amount", "计算结果"),
    ("no court named", {"jurisdiction": None}, "jurisdiction", "必填"),
    ("no arbitral body", {"dispute_method": ["仲裁"], "jurisdiction": None}, "jurisdiction", "必填"),
    ("legal review failed", {"legal_review": "不通过"}, "legal_review", "不能签署"),
    ("business review failed", {"business_review": "不通过"}, "business_review", "不能签署"),
    ("customer objects", {"customer_review": "有异议未决"}, "customer_review", "不能签署"),
    ("one original", {"originals": "1"}, "originals", "不能小于 2"),
    ("no warranty", {"warranty_years": "0"}, "warranty_years", "大于 0"),
    ("warranty in words", {"warranty_years": "三年"}, "warranty_years", "三年"),
    ("no day", {"sign_date": "2026-02-30"}, "sign_date", "没有这一天"),
    ("one party", {"customer_name": "示例科技有限公司"}, "provider_name", "同一单位"),
    ("no service items", {"service_items": []}, "service_items", "必填"),
    ("placeholder", {"provider_rep": "[X]"}, "provider_rep", "[X]"),
    ("unknown field", {"contract_title": "合同"}, "contract_title", "没有这一项"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(contract, changes, field, reason):
    contract.assert_refused(changes, field, reason)


GOOD = [
    ("day after start", {"term_end": "2026-03-02"}),
    ("signed on the day of review", {"review_date": "2026-02-10"}),
    ("tax free", {"service_items.0.tax_rate": "0", "contract_amount": "596160.00"}),
    ("agreement only", {"dispute_method": ["协商"], "jurisdiction": None}),
    ("rejected but not signed", {"status": "草稿", "legal_review": "不通过"}),
    ("draft without reviews and signatures", {"status": "草稿", "legal_review": None, "sign_date": None}),
    ("words in the other form", {"amount_words": "陆拾壹万零伍佰陆拾元"}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(contract, changes):
    assert contract.build(changes).problems == ()


@pytest.mark.parametrize(("days", "warned"), [("59", True), ("30", True), ("60", False)])
def test_short_notice_is_warned_about(contract, days, warned):
    warnings = contract.warnings({"termination_notice_days": days})
    assert any("60" in warning for warning in warnings) is warned


def test_signed_contract_without_copies_is_warned_about(contract):
    assert any("复印件" in warning for warning in contract.warnings({"copies": None}))


def test_last_instalment_takes_the_rest(contract):
    """100.00 × 33.335 % is 33.3350, half-up 33.34, twice; 33.32 are left for the last."""
    item = {"item": "巡检", "standard": "每季一次", "term": "一年", "unit": "次", "quantity": "1"}
    rates = ["33.335%", "33.335%", "33.33%"]
    changes = {
        "service_items": [{**item, "unit_price": "100.00", "tax_rate": "0"}],
        "payment_schedule": [{"condition": "付款", "ratio": rate} for rate in rates],
    }
    amounts = [str(row["amount"]) for row in contract.value("payment_schedule", changes)]
    assert amounts == ["33.34", "33.34", "33.32"]


def test_line_amounts_round_half_up_each(contract):
    """19.99 × 3 × 1.06 = 63.5682 → 63.57; 0.25 × 0.1 × 1 = 0.025 → 0.03; the total adds the rounded lines."""
    item = {"item": "服务", "standard": "按约定", "term": "一年", "unit": "项"}
    items = [
        {**item, "unit_price": "19.99", "quantity": "3", "tax_rate": "6%"},
        {**item, "unit_price": "0.25", "quantity": "0.1", "tax_rate": "0"},
    ]
    record = contract.record({"service_items": items})
    assert [str(row["amount"]) for row in record.values["service_items"]] == ["63.57", "0.03"]
    assert str(record.values["contract_amount"]) == "63.60"


def test_document_date_is_signing_else_draft(contract):
    assert contract.value("doc_date").isoformat() == "2026-02-10"
    unsigned = {"status": "草稿", "sign_date": None, "provider_sign": None, "customer_sign": None}
    assert contract.value("doc_date", unsigned).isoformat() == "2026-02-02"


def test_heads_of_the_tables(printed):
    items = printed.rows_under(
        "序号", "服务项目", "服务标准", "服务期限", "单位", "数量", "单价(元)", "税率", "金额(元)"
    )
    assert items[1][-3:] == ["18,000.00", "6%", "228,960.00"]
    plan = printed.rows_under("期次", "支付条件", "比例", "金额(元)", "应付日期")
    assert plan[0] == ["1", "合同签订并收到等额发票后", "30%", "183,168.00", "2026-02-28"]


@pytest.mark.parametrize(
    "said",
    [
        "HT-2026-001",
        "甲方（服务接受方，下称“接受方”）：示例客户有限公司",
        "乙方（服务提供方，下称“提供方”）：示例科技有限公司",
        "云平台日常运维",
        "自2026年3月1日起，至2027年2月28日止",
        "￥610,560.00（大写：人民币陆拾壹万零伍佰陆拾元整）",
        "银行转账",
        "逾期",
        "保密信息",
        "软件著作权",
        "违约责任",
        "不可抗力",
        "文档审查、系统测试、用户试用",
        "示例市示例区人民法院",
        "至少提前60日书面通知",
        "质量保证期为3年，自项目正式验收合格之日起计算",
        "5%",
        "一式4份，双方各执2份",
        "XQ-2026-001",
        "FA-2026-001",
        "YX-2026-001",
        "服务承诺书",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


@pytest.mark.parametrize(
    "secret", ["公司档案室", "示例戊", "修改后通过", "2026-02-06", "2026年2月6日", "2026年2月2日"]
)
def test_what_stays_inside(printed, secret):
    assert secret not in printed.text


def test_provider_as_party_a(contract):
    text = contract.printed({"provider_label": "甲方"}).text
    assert "甲方（服务提供方，下称“提供方”）：示例科技有限公司" in text
    assert text.index("示例科技有限公司") < text.index("示例客户有限公司")


@pytest.mark.parametrize(
    ("method", "said", "unsaid"),
    [
        (["协商", "仲裁"], "仲裁裁决是终局的", "提起诉讼"),
        (["诉讼"], "提起诉讼", "协商解决"),
        (["协商", "调解", "诉讼"], "协商不成的，双方可以提请", "仲裁规则"),
        (["调解"], "因本合同发生争议的，双方可以提请", "提起诉讼"),
    ],
)
def test_dispute_article_follows_the_method(contract, method, said, unsaid):
    text = contract.printed({"dispute_method": method}).text
    assert said in text
    assert unsaid not in text


#: What may be left out of a contract.
OPTIONAL = (
    *("intent_ref", "schedule_quality", "bid_total", "renewal_rate", "sign_place", "attachments", "copies"),
    *("provider_credit_code", "provider_address", "provider_phone", "provider_email", "provider_bank"),
    *("provider_account", "customer_credit_code", "customer_address", "customer_phone", "customer_email"),
)


def test_optional_parts_leave_no_trace(contract):
    lean = dict.fromkeys(OPTIONAL)
    lean |= {"status": "草稿", "sign_date": None, "provider_sign": None, "customer_sign": None}
    text = contract.printed(lean).text
    for word in (
        "地址：",
        "邮箱：",
        "信用代码",
        "收款账户",
        "意向书",
        "签订地点",
        "其他约定",
        "None",
        "（）",
    ):
        assert word not in text
    assert "　年" in text
