"""Records: defaults, computing, rules, all problems at once, JSON and digests."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docgen.base.errors import InvalidData
from docgen.base.findings import Severity
from docgen.forms.definition import Field, Form
from docgen.forms.lookup import Asked, NoLookup
from docgen.forms.records import Outcome, Record, build_record
from docgen.forms.values import Money, Percent, Ref, Ruled, Sig

TODAY = date(2026, 11, 22)
Make = Callable[[str], Form]
Build = Callable[..., Outcome]

INVOICE = """\
    fields:
      - {id: tax_rate, label: 税率, kind: percent, default: 6%}
      - id: lines
        label: 明细
        kind: table
        required: true
        columns:
          - {id: item, label: 项目, required: true}
          - {id: price, label: 单价（元）, kind: money, required: true}
          - {id: quantity, label: 数量, kind: number, required: true, min: "0.01"}
          - {id: amount, label: 金额（元）, kind: money, compute: price * quantity * (1 + tax_rate)}
      - {id: total, label: 合计, kind: money, compute: sum(lines.amount)}
      - {id: words, label: 大写, compute: cny(total)}
    """
LINES = [
    {"项目": "部署", "单价（元）": "￥1,200.05", "数量": "3"},
    {"item": "巡检", "price": "0.10", "quantity": "0.5"},
]


def said(outcome: Outcome) -> list[str]:
    return [problem.sentence() for problem in outcome.problems]


def values(outcome: Outcome) -> dict[str, object]:
    assert outcome.record is not None, said(outcome)
    return dict(outcome.record.values)


# --- values and computing


def test_lines_are_rounded_half_up_and_totals_are_sums_of_rounded_lines(build: Build) -> None:
    result = values(build(INVOICE, lines=LINES))
    rows = result["lines"]
    assert isinstance(rows, tuple)
    # 1200.05 × 3 × 1.06 = 3816.159; 0.10 × 0.5 × 1.06 = 0.053
    assert [row["amount"] for row in rows] == [Money("3816.16"), Money("0.05")]
    assert result["total"] == Money("3816.21")
    assert result["words"] == "叁仟捌佰壹拾陆元贰角壹分"
    assert all(isinstance(value, Money) for value in (rows[0]["price"], rows[0]["amount"], result["total"]))
    assert result["tax_rate"] == Percent("0.06")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(1, 10**6), st.integers(0, 99)), min_size=1, max_size=5
    )
)
def test_sums_agree_with_integers(lines: Sequence[tuple[int, int, int]]) -> None:
    """An oracle in whole fen: price in fen, quantity in thousandths, tax in whole percent."""
    columns = (
        Field("price", "单价", "money"),
        Field("quantity", "数量", "number"),
        Field("tax", "税率", "percent"),
        Field("amount", "金额", "money", compute="price * quantity * (1 + tax)"),
    )
    fields = (
        *(Field(name, name) for name in ("project_name", "version", "doc_id")),
        Field("doc_date", "日期", "date"),
        Field("lines", "明细", "table", columns=columns),
        Field("total", "合计", "money", compute="sum(lines.amount)"),
    )
    form = Form("own_type", "自有单据", "项目执行", "delivery", fields=fields)
    rows = [
        {"单价": f"{Decimal(fen) / 100:.2f}", "数量": str(Decimal(many) / 1000), "税率": f"{tax}%"}
        for fen, many, tax in lines
    ]
    expected = sum((fen * many * (100 + tax) * 2 + 100_000) // 200_000 for fen, many, tax in lines)
    assert (
        values(build_record(form, {"lines": rows}, today=TODAY, lookup=NoLookup()))["total"]
        == Decimal(expected) / 100
    )


def test_a_typed_value_equal_to_the_computed_one_is_accepted(build: Build) -> None:
    words = "叁仟捌佰壹拾陆元贰角壹分"
    result = values(build(INVOICE, lines=LINES, 合计="3,816.21元", 大写=words))
    assert result["total"] == Money("3816.21")


def test_amounts_in_words_are_accepted_in_either_form_of_the_rule(build: Build) -> None:
    form = """\
        fields:
          - {id: amount, label: 金额, kind: money}
          - {id: words, label: 大写, compute: cny(amount)}
        """
    typed = values(build(form, amount="1680.32", words="壹仟陆佰捌拾元叁角贰分"))
    assert typed["words"] == "壹仟陆佰捌拾元零叁角贰分"


def test_a_typed_value_that_contradicts_the_computed_one_is_refused(build: Build) -> None:
    rows = [LINES[0] | {"金额（元）": "3816.15"}]
    assert said(build(INVOICE, lines=rows, total="3816.17")) == [
        "明细·金额（元）第 1 行“3,816.15”：与计算结果 3,816.16 不符；此项由计算得出，可以不填",
        "合计“3,816.17”：与计算结果 3,816.16 不符；此项由计算得出，可以不填",
    ]


def test_compute_if_computes_only_when_it_is_true(build: Build) -> None:
    form = """\
        fields:
          - {id: mode, label: 方式, kind: enum, options: [总价, 单价], required: true}
          - {id: price, label: 单价, kind: money}
          - {id: total, label: 价, kind: money, required: true, compute: 2 * price, compute_if: mode=="单价"}
        """
    assert values(build(form, mode="单价", price="3"))["total"] == Money("6.00")
    assert values(build(form, mode="总价", price="3", total="5"))["total"] == Money("5.00")
    assert said(build(form, mode="总价", price="3")) == ["价：必填，尚未填写"]
    assert "6.00" in said(build(form, mode="单价", price="3", total="5"))[0]


def test_columns_may_use_fields_other_columns_and_the_number_of_the_row(build: Build) -> None:
    form = """\
        fields:
          - id: lines
            label: 明细
            kind: table
            columns:
              - {id: no, label: 序号, kind: int, compute: row}
              - {id: twice, label: 两倍, kind: int, compute: base * 2}
              - {id: base, label: 基数, kind: int, default: =start + row}
          - {id: start, label: 起点, kind: int, default: 10}
        """
    rows = values(build(form, lines=[{"base": "5"}, {}, {"base": ""}, {"base": "7"}]))["lines"]
    assert [dict(row) for row in rows] == [  # type: ignore[attr-defined]
        {"no": 1, "twice": 10, "base": 5},
        {"no": 2, "twice": 14, "base": 7},
    ]


def test_what_cannot_be_computed_is_a_problem_of_that_field(build: Build) -> None:
    form = """\
        fields:
          - {id: a, label: 甲, kind: number, required: true}
          - {id: share, label: 占比, kind: number, compute: 1 / a}
          - {id: whole, label: 整数, kind: int, compute: a / 2}
        """
    assert [problem.field for problem in build(form, a="0").problems] == ["share"]
    assert [problem.field for problem in build(form, a="3").problems] == ["whole"]
    assert [problem.field for problem in build(form, a="x").problems] == ["a"]


def test_a_required_computed_field_says_what_it_lacks(build: Build) -> None:
    form = """\
        fields:
          - {id: a, label: 甲, kind: number}
          - {id: b, label: 乙, kind: number, required: true, compute: a * 2}
        """
    assert said(build(form)) == ["乙：无法计算，请先填写计算所需的各项"]


# --- defaults


DEFAULTS = """\
    fields:
      - {id: years, label: 年限, kind: int, default: 3}
      - {id: phone, label: 电话, kind: text}
    """


def test_a_value_comes_from_the_answer_then_the_cards_then_the_form(make: Make) -> None:
    form = make(DEFAULTS)

    def years(answers: dict[str, object], card: dict[str, object], company: dict[str, object]) -> object:
        answers = {"project_name": "项目A", **answers}
        return values(
            build_record(form, answers, today=TODAY, lookup=NoLookup(), card=card, company=company)
        )["years"]

    assert years({"years": "9"}, {"years": "8"}, {"years": "7"}) == 9
    assert years({"years": "　"}, {"年限": "8"}, {"years": "7"}) == 8
    assert years({}, {"years": ""}, {"years": "7"}) == 7
    assert years({}, {}, {"other": "x"}) == 3


def test_cards_do_not_give_what_belongs_to_one_document(make: Make) -> None:
    card = {"project_name": "项目B", "version": "V9.0", "doc_id": "E-1", "doc_date": "2020-01-01"}
    result = values(build_record(make(DEFAULTS), {}, today=TODAY, lookup=NoLookup(), card=card))
    assert (result["project_name"], result["version"], result["doc_date"]) == ("项目B", "V1.0", TODAY)
    assert result["doc_id"] != "E-1"


def test_a_wrong_value_on_a_card_says_that_it_is_from_a_card(make: Make) -> None:
    outcome = build_record(
        make(DEFAULTS), {"project_name": "A"}, today=TODAY, lookup=NoLookup(), card={"years": "三"}
    )
    assert "卡片" in said(outcome)[0]


def test_defaults_may_be_expressions(build: Build) -> None:
    form = """\
        fields:
          - {id: start, label: 起, kind: date}
          - {id: end, label: 止, kind: date, default: '=add_months(start, 12)'}
          - {id: title, label: 标题, default: '=project_name + "报告"'}
        """
    result = values(build(form, start="2026-01-31"))
    assert (result["end"], result["title"]) == (date(2027, 1, 31), "项目A报告")
    assert values(build(form, start="2026-01-31", end="2026-02-01"))["end"] == date(2026, 2, 1)


def test_the_identity_is_proposed(make: Make) -> None:
    form = make("""\
        number: own_no
        date_from: [signed, drafted]
        fields:
          - {id: own_no, label: 单号}
          - {id: signed, label: 签订日期, kind: date, when: signing}
          - {id: drafted, label: 初稿日期, kind: date}
        """)

    class Numbers:
        def find_refs(self, project: str, asked: Sequence[Asked]) -> Sequence[Ref | None]:
            raise AssertionError

        def next_doc_id(self, project: str, type_id: str) -> str:
            return f"{project}/{type_id}/7"

    def identity(**answers: str) -> tuple[object, ...]:
        result = values(build_record(form, {"项目": "项目A", **answers}, today=TODAY, lookup=Numbers()))
        return result["doc_date"], result["doc_id"], result["version"]

    assert identity() == (TODAY, "项目A/own_type/7", "V1.0")
    assert identity(own_no="D-1", drafted="2026-01-02") == (date(2026, 1, 2), "D-1", "V1.0")
    assert identity(signed="2026-03-04", drafted="2026-01-02")[0] == date(2026, 3, 4)
    assert identity(doc_date="2026-05-06", doc_id="E-1", version="V2.0", own_no="D-1") == (
        *(date(2026, 5, 6), "E-1", "V2.0"),
    )


# --- keys


def test_answers_are_keyed_by_id_label_or_alias_in_any_spelling(build: Build) -> None:
    form = """\
        fields:
          - {id: warranty, label: 质保期（年）, kind: int, aliases: [保修年限]}
        """
    for key in ("warranty", "WARRANTY", "质保期(年)", "質保期（年）", " 质保期 （年）", "保修年限"):
        assert values(build(form, **{key: "3"}))["warranty"] == 3


def test_unknown_keys_are_named_with_the_nearest(build: Build) -> None:
    assert said(build(DEFAULTS, 年线="3", whatever="x")) == [
        "年线：表单中没有这一项，是否指“年限”",
        "whatever：表单中没有这一项",
    ]


def test_two_keys_for_one_field_are_refused(build: Build) -> None:
    assert said(build(DEFAULTS, years="3", 年限="3")) == ["年限：与“years”是同一项，只能填一次"]


# --- tables


TABLE = """\
    fields:
      - id: lines
        label: 明细
        kind: table
        required: true
        min_rows: 2
        columns:
          - {id: item, label: 项目, required: true}
          - {id: state, label: 状态, kind: enum, options: [未决, 已解决], required: true}
          - {id: reason, label: 原因, required_if: state == "未决"}
    """


@pytest.mark.parametrize(
    "rows",
    [
        [{"item": "甲", "state": "已解决"}, {"项目": "乙", "状态": "未决", "原因": "等待"}],
        [["甲", "已解决"], ["乙", "未决", "等待"]],
        '[{"item": "甲", "state": "已解决"}, {"项目": "乙", "状态": "未决", "原因": "等待"}]',
        '[["甲", "已解决"], ["乙", "未决", "等待"]]',
    ],
)
def test_tables_are_taken_as_rows_lists_or_json(build: Build, rows: object) -> None:
    assert [dict(row) for row in values(build(TABLE, lines=rows))["lines"]] == [  # type: ignore[attr-defined]
        {"item": "甲", "state": "已解决", "reason": None},
        {"item": "乙", "state": "未决", "reason": "等待"},
    ]


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([], ["明细：必填，尚未填写"]),
        ([{}, {"item": " "}], ["明细：必填，尚未填写"]),
        ([["甲", "已解决"]], ["明细：只有 1 行，至少 2 行"]),
        ("甲;乙", ["明细“甲;乙”：应为表格：每行一组“列: 值”"]),
        ({"item": "甲"}, ["明细：应为表格：每行一组“列: 值”"]),
        ([["甲", "已解决"], "乙"], ["明细第 2 行“乙”：这一行应为一组“列: 值”"]),
        ([["甲", "已解决"], ["乙", "已解决", "", ""]], ["明细第 2 行：这一行有 4 格，表格只有 3 列"]),
        ([["甲", "已解决"], {"项木": "乙"}], ["明细·项木第 2 行：表单中没有这一项，是否指“项目”"]),
        (
            [{"item": "甲"}, {}, {"状态": "待定"}],
            [
                "明细·状态第 3 行“待定”：不在选项之内（应为：未决、已解决）",
                "明细·状态第 1 行：必填，尚未填写",
                "明细·项目第 3 行：必填，尚未填写",
            ],
        ),
        ([["甲", "已解决"], ["乙", "未决"]], ["明细·原因第 2 行：必填，尚未填写"]),
    ],
)
def test_mistakes_in_tables_name_row_and_column(build: Build, rows: object, problems: list[str]) -> None:
    assert said(build(TABLE, lines=rows)) == problems


def test_a_table_of_a_thousand_rows(build: Build) -> None:
    result = values(build(INVOICE, lines=[{"item": "甲", "price": "0.01", "quantity": "1"}] * 1000))
    assert result["total"] == Money("10.00")


def test_a_table_of_too_many_rows_is_refused(build: Build) -> None:
    assert said(build(INVOICE, lines=[["x"]] * 10_001)) == ["明细：共 10001 行，最多 10000 行"]


FIXED = """\
    fields:
      - id: tests
        label: 测试汇总
        kind: table
        rows_fixed: true
        rows: [{kind: 功能测试, cases: 1}, {kind: 性能测试}, {kind: 安全测试}]
        columns:
          - {id: no, label: 序号, kind: int}
          - {id: kind, label: 类型}
          - {id: cases, label: 用例数, kind: int, required_if: not optional}
      - {id: optional, label: 可选, kind: bool, default: 是}
    """


@pytest.mark.parametrize(
    ("kinds", "problems"),
    [
        (["功能测试", "性能测试", "安全测试"], []),
        (["功能测试", "性能測試", "安全测试", "其他测试"], []),
        (["功能测试", "安全测试"], ["测试汇总“性能测试”：缺少这一固定行"]),
        (["功能测试", "功能测试", "性能测试", "安全测试"], ["测试汇总“功能测试”：固定行重复"]),
        (
            ["性能测试", "功能测试", "安全测试"],
            ["测试汇总：固定行应排在最前，次序为：功能测试、性能测试、安全测试"],
        ),
        (
            ["其他测试", "功能测试", "性能测试", "安全测试"],
            ["测试汇总：固定行应排在最前，次序为：功能测试、性能测试、安全测试"],
        ),
    ],
)
def test_fixed_rows_stay_in_order_and_once(build: Build, kinds: list[str], problems: list[str]) -> None:
    assert said(build(FIXED, tests=[{"类型": kind} for kind in kinds])) == problems


def test_fixed_rows_fill_what_was_left_blank(build: Build) -> None:
    rows = values(build(FIXED, tests=[{"序号": "1"}, {"用例数": "7"}, {"用例数": "8"}]))["tests"]
    assert [(row["kind"], row["cases"]) for row in rows] == [  # type: ignore[attr-defined]
        *(("功能测试", 1), ("性能测试", 7), ("安全测试", 8)),
    ]


def test_default_rows_are_taken_unless_the_table_is_optional_and_they_lack_cells(build: Build) -> None:
    def count(**answers: object) -> int:
        form = """\
            fields:
              - {id: wanted, label: 需要, kind: bool}
              - id: full
                label: 资料
                kind: table
                rows: [{name: '=project_name + "手册"'}, {name: 清单}]
                columns:
                  - {id: name, label: 名称, required: true}
                  - {id: ready, label: 齐备, kind: bool, required: true, default: 否}
              - id: shape
                label: 汇总
                kind: table
                required_if: wanted
                rows: [{name: 功能}, {name: 性能}]
                columns: [{id: name, label: 名称}, {id: cases, label: 用例数, required: true}]
            """
        outcome = build(form, **answers)
        if outcome.record is None:
            return -len(outcome.problems)
        full, shape = (outcome.record.values[name] for name in ("full", "shape"))
        assert isinstance(full, tuple)
        assert isinstance(shape, tuple)
        assert full[0]["name"] == "项目A手册"
        return len(full) * 10 + len(shape)

    assert count() == 20
    assert count(wanted="否") == 20
    assert count(wanted="是") == -2  # the two cells that are missing
    assert count(wanted="是", shape=[["功能", "1"], ["性能", "2"]]) == 22


# --- rules


def test_all_problems_are_told_at_once(build: Build) -> None:
    form = """\
        fields:
          - {id: name, label: 名称, required: true}
          - {id: start, label: 起, kind: date, required: true}
          - {id: end, label: 止, kind: date}
          - {id: price, label: 单价, kind: money, min: 1}
          - {id: level, label: 级别, kind: enum, options: [高, 低]}
        checks:
          - {rule: end > start, message: 止必须晚于起, fields: [end, start]}
        """
    outcome = build(
        form, name="　 ", start="2026-02-03", end="2026-02-03", price="0.50", level="中", extra="x"
    )
    assert said(outcome) == [
        "extra：表单中没有这一项",
        "单价“0.50”：不能小于 1.00",
        "级别“中”：不在选项之内（应为：高、低）",
        "名称：必填，尚未填写",
        "止、起：止必须晚于起",
    ]
    assert outcome.record is None


def test_checks_speak_only_when_false_not_when_unknown(build: Build) -> None:
    form = """\
        fields:
          - {id: start, label: 起, kind: date}
          - {id: end, label: 止, kind: date}
        checks:
          - {rule: end > start, message: 止必须晚于起, fields: [end]}
          - {rule: 'days(start, end) > 30', message: 期限偏短, severity: warning, fields: [end]}
        """
    assert said(build(form, end="2026-01-01")) == []
    assert said(build(form, start="2026-31-12", end="2026-01-01")) != []
    outcome = build(form, start="2026-01-01", end="2026-01-05")
    assert [(one.severity, one.reason.zh) for one in outcome.warnings] == [(Severity.WARNING, "期限偏短")]
    assert outcome.record is not None
    assert outcome.record.warnings == outcome.warnings


def test_required_if(build: Build) -> None:
    form = """\
        fields:
          - {id: how, label: 方式, kind: multi, options: [协商, 仲裁, 诉讼]}
          - {id: court, label: 机构, required_if: '"仲裁" in how or "诉讼" in how'}
        """
    assert said(build(form, how="协商、仲裁")) == ["机构：必填，尚未填写"]
    assert said(build(form, how="协商")) == []
    assert said(build(form)) == []


@pytest.mark.parametrize(
    ("provider", "same"), [("示例科技有限公司", True), ("示例科技有限公司 ", True), ("示例乙", False)]
)
def test_provider_and_customer_differ(build: Build, provider: str, same: bool) -> None:
    form = "fields:\n- {id: provider_name, label: 提供方}\n- {id: customer_name, label: 客户}\n"
    problems = build(form, provider_name=provider, customer_name="示例科技有限公司").problems
    assert [problem.field for problem in problems] == (["provider_name"] if same else [])


# --- status, signatures


SIGNED = """\
    fields:
      - {id: status, label: 状态, kind: enum, options: [草稿, 待审, 已批准, 已签署, 作废], default: 草稿}
      - {id: review, label: 审核结论, kind: enum, options: [通过, 不通过], required: true, when: review}
      - {id: signer, label: 签字, kind: sig, required: true}
      - {id: witness, label: 见证, kind: sig}
      - {id: signed_on, label: 签署日期, kind: date, when: signing}
    """


@pytest.mark.parametrize(
    ("status", "missing"),
    [
        ("", set()),
        ("草稿", set()),
        ("待审", set()),
        ("已批准", {"review"}),
        ("已签署", {"review", "signer"}),
        ("作废", set()),
    ],
)
def test_what_is_signed_or_reviewed_is_required_from_its_status_on(
    build: Build, status: str, missing: set[str]
) -> None:
    assert {problem.field for problem in build(SIGNED, status=status).problems} == missing


def test_before_that_an_empty_place_is_ruled_for_the_pen(build: Build) -> None:
    result = values(build(SIGNED))
    assert [result[name] for name in ("review", "signer", "witness", "signed_on")] == [
        *(Ruled("enum"), Ruled("sig"), Ruled("sig"), Ruled("date")),
    ]
    signed = values(build(SIGNED, status="已签署", review="通过", signer="示例甲 2026-11-23"))
    assert (signed["signer"], signed["witness"], signed["signed_on"]) == (
        *(Sig("示例甲", date(2026, 11, 23)), None, None),
    )


def test_a_signed_paper_has_the_date_of_every_signature(build: Build) -> None:
    answers = {"status": "已签署", "review": "通过", "signer": "示例甲"}
    assert said(build(SIGNED, **answers)) == ["签字：已签署的文件缺少签字日期"]
    assert said(build(SIGNED, **answers, signed_on="2026-11-22")) == []
    assert said(build(SIGNED, **answers | {"status": "草稿"})) == []


def test_nothing_is_signed_before_the_date_of_the_paper(build: Build) -> None:
    problems = said(build(SIGNED, doc_date="2026-11-10", signer="示例甲 2026-11-09", signed_on="2026-11-10"))
    assert problems == ["签字“2026-11-09”：不能早于文件日期 2026-11-10"]
    assert said(build(SIGNED, doc_date="2026-11-10", signed_on="2026-11-09")) == [
        "签署日期“2026-11-09”：不能早于文件日期 2026-11-10"
    ]


# --- links


class Archive:
    """A lookup over one project that holds one plan."""

    def find_refs(self, project: str, asked: Sequence[Asked]) -> Sequence[Ref | None]:
        plan = Ref("FA-1", "plan_type", "FA-1", "V2.0")
        known = {("项目A", ("plan_type",), "FA-1"): plan}
        return [known.get((project, tuple(one.type_ids), one.text)) for one in asked]

    def next_doc_id(self, project: str, type_id: str) -> str:
        return f"{project}-{type_id}-0001"


LINKS = """\
    fields:
      - {id: plan, label: 方案, kind: ref, of: [plan_type]}
      - {id: lines, label: 依据, kind: table, columns: [{id: plan, label: 方案, kind: ref, of: [plan_type]}]}
    """


def test_links_become_the_documents_they_name(make: Make) -> None:
    answers = {"project_name": "项目A", "plan": "FA-1", "lines": [["FA-1"]]}
    record = build_record(make(LINKS), answers, today=TODAY, lookup=Archive()).checked()
    found = Ref("FA-1", "plan_type", "FA-1", "V2.0")
    assert (record.values["plan"], record.values["lines"]) == (found, ({"plan": found},))


@pytest.mark.parametrize(
    ("project", "text", "strict", "severity"),
    [
        ("项目A", "FA-2", False, Severity.WARNING),
        ("项目A", "FA-2", True, Severity.ERROR),
        ("项目B", "FA-1", True, Severity.ERROR),
    ],
)
def test_a_missing_link_is_a_warning_or_with_strict_refs_an_error(
    make: Make, project: str, text: str, strict: bool, severity: Severity
) -> None:
    answers = {"project_name": project, "plan": text, "lines": [["FA-1"], [text]]}
    outcome = build_record(make(LINKS), answers, today=TODAY, lookup=Archive(), strict_refs=strict)
    problems = [one for one in (*outcome.problems, *outcome.warnings) if one.value == text]
    assert {(one.field, one.severity) for one in problems} == {("plan", severity), ("lines.plan", severity)}
    assert (outcome.record is None) == strict


def test_a_stranger_cannot_forge_where_a_link_leads(make: Make) -> None:
    forged = {"text": "FA-2", "type_id": "plan_type", "doc_id": "FA-1", "version": "V9.0"}
    answers = {"project_name": "项目A", "plan": forged}
    record = build_record(make(LINKS), answers, today=TODAY, lookup=Archive()).checked()
    assert record.values["plan"] == Ref("FA-2")


# --- JSON and digests


def test_a_record_comes_back_from_its_json(make: Make) -> None:
    form = make(dedent(SIGNED) + dedent(INVOICE).removeprefix("fields:\n"))
    answers = {"project_name": "项目A", "lines": LINES, "signer": "示例甲 2026-12-01"}
    record = build_record(form, answers, today=TODAY, lookup=NoLookup()).checked()
    back = Record.from_json(form, record.json()).checked()
    assert (back.values, back.today, back.from_today) == (record.values, record.today, record.from_today)
    assert (back.json(), back.digest) == (record.json(), record.digest)
    data = json.loads(record.json())
    assert data["values"]["total"] == "3816.21"
    assert data["values"]["lines"][0]["item"] == "部署"
    assert "部署" in record.json()


def test_links_in_json_are_kept_or_looked_up_again(make: Make) -> None:
    form = make(LINKS)
    answers = {"project_name": "项目A", "plan": "FA-1"}
    record = build_record(form, answers, today=TODAY, lookup=Archive()).checked()
    assert Record.from_json(form, record.json()).checked().values == record.values
    forged = record.json().replace("V2.0", "V7.0")
    assert Record.from_json(form, forged, lookup=Archive()).checked().values["plan"] == record.values["plan"]


def test_json_from_a_stranger_is_validated_again(make: Make) -> None:
    form = make(INVOICE)
    record = build_record(
        form, {"project_name": "项目A", "lines": LINES}, today=TODAY, lookup=NoLookup()
    ).checked()
    forged = record.json().replace("3816.21", "1.00")
    assert "3,816.21" in said(Record.from_json(form, forged))[0]
    unknown = record.json().replace('"values":{', '"values":{"more":"x",')
    assert said(Record.from_json(form, unknown)) == ["more：表单中没有这一项"]


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "5", "{}", '{"form": "own_type"}', '{"form": "other", "values": {}}', "[" * 10_000),
        '{"form":"own_type","values":[1],"today":"2026-11-22","from_today":[]}',
        '{"form":"own_type","values":{},"today":"yesterday","from_today":[]}',
        '{"form":"own_type","values":{},"today":5,"from_today":[]}',
        '{"form":"own_type","values":{},"today":"2026-11-22","from_today":5}',
        '{"form":"own_type","values":{},"today":"2026-11-22","from_today":[{}]}',
    ],
)
def test_what_is_no_record_is_refused(make: Make, text: str) -> None:
    with pytest.raises(InvalidData):
        Record.from_json(make(DEFAULTS), text)


DIGEST = """\
    fields:
      - {id: status, label: 状态, kind: enum, options: [草稿, 已签署], default: 草稿}
      - {id: change_note, label: 修订说明}
      - {id: note, label: 说明}
      - {id: applied, label: 申请日期, kind: date, default: =today()}
      - {id: due, label: 到期, kind: date, compute: 'add_days(applied, 30)'}
      - id: lines
        label: 明细
        kind: table
        columns:
          - {id: item, label: 项目}
          - {id: day, label: 日期, kind: date, default: =today()}
    """


def _digest(form: Form, today: date, **answers: object) -> str:
    given = {"project_name": "项目A", "note": "甲", "lines": [{"item": "一"}], **answers}
    return build_record(form, given, today=today, lookup=NoLookup()).checked().digest


def test_the_digest_leaves_out_what_changes_without_the_content(make: Make) -> None:
    form = make(DIGEST)
    base = _digest(form, TODAY)
    assert len(base) == 64
    assert _digest(form, date(2027, 1, 1)) == base
    assert _digest(form, TODAY, version="V3.0", doc_id="Y", change_note="改", status="已签署") == base


@pytest.mark.parametrize(
    "answers",
    [
        {"note": "乙"},
        {"note": ""},
        {"applied": "2026-11-22"},
        {"doc_date": "2026-11-22"},
        {"lines": [{"item": "二"}]},
        {"lines": [{"item": "一"}, {"item": "一"}]},
        {"lines": [{"item": "一", "day": "2026-11-22"}]},
    ],
)
def test_the_digest_follows_the_content(make: Make, answers: dict[str, object]) -> None:
    form = make(DIGEST)
    assert _digest(form, TODAY, **answers) != _digest(form, TODAY)


def test_the_digest_survives_json(make: Make) -> None:
    form = make(DIGEST)
    record = build_record(
        form, {"project_name": "项目A", "lines": [{"item": "一"}]}, today=TODAY, lookup=NoLookup()
    ).checked()
    assert record.from_today == {"doc_date", "applied", "due", "lines.day"}
    assert Record.from_json(form, record.json()).checked().digest == record.digest


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30), st.text(max_size=30))
def test_any_text_is_taken_or_refused_and_comes_back(name: str, note: str) -> None:
    fields = (
        *(Field(one, one) for one in ("project_name", "version", "doc_id", "name")),
        Field("doc_date", "日期", "date"),
        Field("note", "备注", "longtext"),
    )
    form = Form("own_type", "自有单据", "项目执行", "delivery", fields=fields)
    outcome = build_record(form, {"name": name, "note": note}, today=TODAY, lookup=NoLookup())
    if outcome.record is None:
        assert {problem.field for problem in outcome.problems} <= {"name", "note"}
    else:
        back = Record.from_json(form, outcome.record.json()).checked()
        assert (back.values, back.json()) == (outcome.record.values, outcome.record.json())


def test_checked_raises_with_every_problem(build: Build) -> None:
    with pytest.raises(InvalidData) as caught:
        build(TABLE, lines=[["甲"]]).checked("data.yaml")
    assert caught.value.exit_code == 3
    assert caught.value.text().count("\n") == 2
    assert "lines.state" in caught.value.text("en")
