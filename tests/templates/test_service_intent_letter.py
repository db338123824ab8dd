"""A2 服务意向书: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("intent_no", "provider_name", "customer_name", "service_content", "term_start", "term_end"),
    *("unit_price", "quantity", "tax_rate", "provider_sign", "customer_sign", "sign_date", "prepared_by"),
)


@pytest.fixture(scope="module")
def letter(shipped):
    return shipped("service_intent_letter")


@pytest.fixture(scope="module")
def printed(letter):
    return letter.printed()


def test_sample_is_complete_and_without_warning(letter):
    outcome = letter.build()
    assert outcome.problems == ()
    assert outcome.warnings == ()


@pytest.mark.parametrize("field", REQUIRED)
def test_required_field_left_out(letter, field):
    letter.assert_refused({field: None}, field, "必填")


@pytest.mark.parametrize("field", ["provider_label", "price_mode", "status", "confidentiality"])
def test_unknown_choice(letter, field):
    letter.assert_refused({field: "没有的选项"}, field, "没有的选项")


@pytest.mark.parametrize(("field", "default"), [("provider_label", "乙方"), ("price_mode", "单价×数量")])
def test_defaults(letter, field, default):
    assert letter.value(field, {field: None}) == default


TOTAL = {"price_mode": "总价", "unit_price": None, "quantity": None, "tax_rate": None, "service_items": None}
BAD = [
    ("price zero", {**TOTAL, "intended_price": "0"}, "intended_price", "大于 0"),
    ("price negative", {**TOTAL, "intended_price": "-1"}, "intended_price", "大于 0"),
    ("no price", TOTAL, "intended_price", "必填"),
    ("bare tax rate", {"tax_rate": "13"}, "tax_rate", "13"),
    ("tax of 100 %", {"tax_rate": "100%"}, "tax_rate", "低于"),
    ("end on start", {"term_end": "2026-03-01"}, "term_end", "晚于"),
    ("end before start", {"term_end": "2026-02-28"}, "term_end", "晚于"),
    ("provider has not signed", {"provider_sign": None}, "provider_sign", "必填"),
    ("customer has not signed", {"customer_sign": None}, "customer_sign", "必填"),
    ("draft due before signing", {"draft_due_date": "2026-01-19"}, "draft_due_date", "早于签署日期"),
    ("expires before signing", {"valid_until": "2026-01-19"}, "valid_until", "早于签署日期"),
    ("quantity zero", {"quantity": "0"}, "quantity", "大于 0"),
    ("typed price differs", {"intended_price": "610560.01"}, "intended_price", "610,560.00"),
    ("typed words differ", {"price_words": "陆拾万元整"}, "price_words", "计算结果"),
    ("one party", {"customer_name": "示例科技 有限公司"}, "provider_name", "同一单位"),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(letter, changes, field, reason):
    letter.assert_refused(changes, field, reason)


GOOD = [
    ("total price, typed", {**TOTAL, "intended_price": "￥610,560.00"}),
    ("tax as fraction", {"tax_rate": "0.06"}),
    ("day after start", {"term_end": "2026-03-02"}),
    ("draft due on the day of signing", {"draft_due_date": "2026-01-20"}),
    ("not signed yet", {"status": "待审", "provider_sign": None, "customer_sign": None, "sign_date": None}),
]


@pytest.mark.parametrize("changes", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_just_right(letter, changes):
    assert letter.build(changes).problems == ()


def test_thirteen_percent_both_ways(letter):
    """48,000 × 12 × 1.13 = 650,880."""
    for rate in ("13%", "0.13"):
        assert str(letter.value("intended_price", {"tax_rate": rate, "service_items": None})) == "650880.00"


def test_items_that_do_not_add_up_to_the_price_are_warned_about(letter):
    warnings = letter.warnings({"service_items.0.unit_price": "240000.01"})
    assert any("不一致" in warning for warning in warnings)


def test_heads_and_rows(printed):
    rows = printed.rows_under("序号", "服务项目", "服务标准", "单位", "数量", "单价(元)", "税率", "金额(元)")
    assert rows[3] == ["4", "应用系统技术支持", "按需派出工程师", "人天", "60", "1,000.00", "6%", "63,600.00"]


@pytest.mark.parametrize(
    "said",
    [
        "YX-2026-001",
        "甲方（服务接受方）：示例客户有限公司",
        "乙方（服务提供方）：示例科技有限公司",
        "安全巡检与加固",
        "自2026年3月1日起，至2027年2月28日止",
        "￥610,560.00（大写：人民币陆拾壹万零伍佰陆拾元整）",
        "单价￥48,000.00，数量12，税率6%",
        "由乙方依据本意向书起草，合同初稿应当于2026年2月2日前提交甲方",
        "应用系统技术支持人天的结算方式",
        "有效期至2026年3月31日",
        "XQ-2026-001",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_optional_parts_leave_no_trace(letter):
    optional = ("basis", "service_items", "draft_due_date", "valid_until", "open_points")
    text = letter.printed(dict.fromkeys(optional)).text
    for word in ("表1", "待协商事项", "有效期至", "为依据", "初稿应当", "其他事项", "附件", "None", "（）"):
        assert word not in text
