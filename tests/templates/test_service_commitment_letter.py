"""A1 服务承诺书: artifact catalogue, section 1."""

from __future__ import annotations

import pytest

REQUIRED = (
    *("exceed_detail", "service_org", "hotline", "email", "signer_kind", "signer"),
    *("sign_date", "provider_name", "customer_name", "prepared_by"),
)
ENUMS = (
    *("warranty_type", "warranty_start_basis", "remedies", "remedy_basis", "hotline_hours"),
    *("in_warranty_fee", "travel_custom_fee", "custom_dev_fee", "signer_kind"),
)
#: Catalogue: the six promises, in this order.
PROMISES = (
    *("服务质量保证与质保期", "质量服务保障与维护响应时间", "用户人员培训及费用"),
    *("售后服务机构", "质量问题处理（响应与费用负担）", "跟踪保养与维护方式及费用"),
)


@pytest.fixture(scope="module")
def letter(shipped):
    return shipped("service_commitment_letter")


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


@pytest.mark.parametrize("field", ENUMS)
def test_unknown_choice(letter, field):
    letter.assert_refused({field: "没有的选项"}, field, "没有的选项")


@pytest.mark.parametrize(
    ("field", "default"),
    [
        ("addressee", "示例客户有限公司"),
        ("bidder_name", "示例科技有限公司"),
        ("exceeds_tender", True),
        ("warranty_years", 3),
        ("warranty_type", "原厂商全免费质保"),
        ("warranty_start_basis", "项目正式验收合格之日"),
        ("tech_reserve", True),
        ("software_compliance", True),
        ("remedies", ("免费维护", "免费更换缺陷部件或模块", "免费更换新货物")),
        ("remedy_basis", "国家规定"),
        ("training_free", True),
        ("hotline_hours", "24小时"),
        ("in_warranty_fee", "免费"),
        ("travel_custom_fee", "按市场价协商"),
        ("custom_dev_fee", "不高于市场价"),
    ],
)
def test_defaults_of_the_catalogue(letter, field, default):
    assert letter.value(field, {field: None}) == default


BAD = [
    ("blank mail", {"email": "　"}, "email", "必填"),
    ("no warranty", {"warranty_years": "0"}, "warranty_years", "大于 0"),
    ("negative warranty", {"warranty_years": "-1"}, "warranty_years", "大于 0"),
    ("warranty in words", {"warranty_years": "三年"}, "warranty_years", "三年"),
    ("no such day", {"sign_date": "2014-02-30"}, "sign_date", "没有这一天"),
    ("agent without letter", {"signer_kind": "授权代表"}, "authorization_letter", "必填"),
    ("free training with a fee", {"training_fee": "500"}, "training_fee", "计算结果 0.00"),
    ("paid training without fee", {"training_free": "否"}, "training_fee", "必填"),
    ("paid training for nothing", {"training_free": "否", "training_fee": "0"}, "training_fee", "大于 0"),
    ("service ends before it starts", {"service_end": "2026-02-28"}, "service_end", "早于服务开始日"),
    ("hotline with letters", {"hotline": "400-CALL-NOW"}, "hotline", "电话"),
    ("mobile too short", {"mobile": "1380000000"}, "mobile", "11 位"),
    ("not a mail address", {"email": "support#example.com"}, "email", "邮箱"),
    ("response in days", {"response_minutes": "1天"}, "response_minutes", "1天"),
    ("no response", {"response_minutes": "0"}, "response_minutes", "不能小于"),
    (
        "typed warranty end",
        {"warranty_start_date": "2026-06-30", "warranty_end_date": "2029-06-30"},
        "warranty_end_date",
        "2029-06-29",
    ),
    (
        "promise removed",
        {"commitment_items": [{"item": name} for name in PROMISES[1:]]},
        "commitment_items",
        PROMISES[0],
    ),
    (
        "promise twice",
        {"commitment_items": [{"item": name} for name in (*PROMISES, PROMISES[0])]},
        "commitment_items",
        "重复",
    ),
    (
        "promises reordered",
        {"commitment_items": [{"item": name} for name in reversed(PROMISES)]},
        "commitment_items",
        "次序",
    ),
]


@pytest.mark.parametrize(
    ("changes", "field", "reason"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_bad_input(letter, changes, field, reason):
    letter.assert_refused(changes, field, reason)


def test_inner_blanks_of_a_date_are_normalised(letter):
    changes = {"sign_date": "2014年 11月 13日", "signer": "示例丙 2014-11-13"}
    assert letter.value("sign_date", changes).isoformat() == "2014-11-13"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("半小时", "30分钟"), ("0.5h", "30分钟"), ("30分钟", "30分钟"), ("1小时半", "90分钟"), ("30", "30分钟")],
)
def test_response_time_as_staff_write_it(letter, typed, printed):
    rows = letter.value("commitment_items", {"response_minutes": typed})
    assert [row["value"] for row in rows] == ["3年", printed, "0元", "24小时", printed, "—"]


def test_values_of_the_promises_follow_the_fields(letter):
    changes = {
        "warranty_years": "5",
        "training_free": "否",
        "training_fee": "2,000",
        "hotline_hours": "7×24小时",
    }
    rows = letter.value("commitment_items", changes)
    assert [row["item"] for row in rows] == list(PROMISES)
    assert [row["value"] for row in rows] == ["5年", "30分钟", "2,000.00元", "7×24小时", "30分钟", "—"]


@pytest.mark.parametrize(
    ("start", "years", "end"),
    [
        ("2026-06-30", "3", "2029-06-29"),
        ("2026-01-01", "1", "2026-12-31"),
        ("2024-02-29", "3", "2027-02-28"),
        ("2024-02-29", "4", "2028-02-28"),
        ("2023-03-01", "1", "2024-02-29"),
        ("2026-01-01", "1.5", "2027-06-30"),
    ],
)
def test_warranty_ends_the_day_before_the_anniversary(letter, start, years, end):
    changes = {"warranty_start_date": start, "warranty_years": years}
    assert letter.value("warranty_end_date", changes).isoformat() == end


def test_warranty_end_stays_blank_without_a_start(letter):
    assert letter.value("warranty_end_date") is None


def test_agent_with_letter_of_authority(letter):
    text = letter.printed({"signer_kind": "授权代表", "authorization_letter": "授权委托书.pdf"}).text
    assert "授权委托书" in text


def test_heads_and_rows(printed):
    rows = printed.rows_under("序号", "承诺项", "承诺内容", "数值", "依据条款")
    assert [row[:2] for row in rows] == [[str(number), name] for number, name in enumerate(PROMISES, 1)]


@pytest.mark.parametrize(
    "said",
    [
        "致：示例客户有限公司",
        "示例市政务云运维服务采购",
        "质保期为3年，自项目正式验收合格之日起计算；质保方式为原厂商全免费质保",
        "备品备件",
        "符合国家有关规定",
        "在30分钟内响应",
        "免费维护、免费更换缺陷部件或模块、免费更换新货物",
        "国家没有规定的，以本承诺和生产厂商的三包规定为依据",
        "不收取任何培训费用",
        "示例科技有限公司客户服务中心",
        "010-00000002（24小时服务）",
        "13800000000",
        "support@example.com",
        "010-00000003-801",
        "免费处理",
        "参照市场价格",
        "不高于同期市场价格",
        "自2026年3月1日起，至2027年2月28日止",
        "常驻工程师",
        "按合同约定的支付计划分期支付",
        "由我方法定代表人签字并加盖公章",
        "特此承诺",
        "示例科技有限公司（盖章）",
        "示例丙",
        "2026年1月22日",
    ],
)
def test_what_the_paper_says(printed, said):
    assert said in printed.text


def test_promises_stand_in_fixed_order(printed):
    places = [printed.text.index(name) for name in PROMISES]
    assert places == sorted(places)


def test_optional_parts_leave_no_trace(letter):
    optional = (
        "bid_no",
        "mobile",
        "fax",
        "service_start",
        "service_end",
        "service_assurance",
        "payment_terms",
    )
    changes = dict.fromkeys(optional) | {"exceeds_tender": "否", "exceed_detail": None}
    text = letter.printed(changes).text
    for word in (
        "招标文件编号",
        "手机：",
        "传真：",
        "服务期限自",
        "服务保障措施",
        "支付方式",
        "附件",
        "None",
        "（）",
    ):
        assert word not in text
