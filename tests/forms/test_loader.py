"""Loading forms: what is read, what groups do, and every mistake with its line."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from docgen.base.errors import TemplateFault
from docgen.base.workspace import shipped_templates
from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.forms.types import TypeRegistry, load_types

Load = Callable[..., Form]


@pytest.fixture(scope="module")
def types() -> TypeRegistry:
    return load_types(shipped_templates() / "types.yaml")


@pytest.fixture
def load(tmp_path: Path, types: TypeRegistry) -> Load:
    """Load a form from text; keyword arguments are groups."""

    def loading(text: str, type_id: str = "own_type", **groups: str) -> Form:
        for folder in ("groups", type_id):
            (tmp_path / folder).mkdir(exist_ok=True)
        for name, group in groups.items():
            (tmp_path / "groups" / f"{name}.yaml").write_text(dedent(group), encoding="utf-8")
        (tmp_path / type_id / "form.yaml").write_text(dedent(text), encoding="utf-8")
        return load_form(tmp_path / type_id, [tmp_path / "groups"], types)

    return loading


def test_a_form_of_five_lines_has_the_identity_fields_and_defaults(load: Load) -> None:
    form = load("""\
        id: own_type
        name: 自有单据
        fields:
          - {id: note, label: 说明, aliases: [摘要]}
        """)
    assert [field.id for field in form.fields] == ["project_name", "note", "doc_date", "version", "doc_id"]
    assert (form.category, form.phase, form.recurring) == ("项目执行", "management", True)
    version = form.field("version")
    assert version is not None
    assert version.default == "V1.0"


def test_what_the_form_leaves_out_comes_from_the_register(load: Load) -> None:
    form = load(
        """\
        id: service_contract
        fields:
          - {id: sign_date, label: 签订日期, kind: date}
        """,
        "service_contract",
    )
    assert (form.name, form.category, form.phase) == ("服务合同", "合同协议", "contract")
    assert form.recurring is False
    assert form.date_from == ("sign_date",)


def test_all_keys_of_a_field_are_read(load: Load) -> None:
    form = load("""\
        id: own_type
        name: 自有单据
        number: own_no
        fields:
          - {id: own_no, label: 编号, max_length: 10, internal: true, help: 说明文字}
          - {id: level, label: 级别, kind: multi, options: [高, 低], default: [高], required_if: own_no != ""}
          - {id: amount, label: 额, kind: money, min: 1, compute: sum(lines.amount), compute_if: own_no}
          - {id: signer, label: 签字, kind: sig, required: true}
          - {id: result, label: 结论, when: review}
          - {id: plan, label: 方案, kind: ref, of: [technical_service_plan]}
          - id: lines
            label: 明细
            kind: table
            min_rows: 2
            rows: [{item: 甲, amount: "=own_price"}]
            columns:
              - {id: item, label: 名称, required: true}
              - {id: amount, label: 金额（元）, kind: money}
          - {id: own_price, label: 单价, kind: money}
        checks:
          - {rule: amount > 0, message: 金额要大于零, severity: warning, fields: [amount]}
        """)
    own = {field.id: field for field in form.fields}
    assert form.number == "own_no"
    assert (own["own_no"].max_length, own["own_no"].internal, own["own_no"].help) == (10, True, "说明文字")
    assert (own["level"].options, own["level"].default) == (("高", "低"), ("高",))
    assert (own["amount"].min, own["amount"].compute, own["amount"].compute_if) == (
        *("1", "sum(lines.amount)", "own_no"),
    )
    assert (own["signer"].when, own["result"].when) == ("signing", "review")
    assert own["lines"].min_rows == 2
    assert own["lines"].rows == ({"item": "甲", "amount": "=own_price"},)
    assert [column.kind for column in own["lines"].columns] == ["text", "money"]
    assert form.checks[0].severity == "warning"


GROUP = """\
    fields:
      - {id: customer, label: 客户名称, required: true, max_length: 60}
      - {id: remarks, label: 备注, kind: longtext}
    checks:
      - {rule: customer != "无", message: 客户不能是无}
    """


def test_groups_bring_fields_and_checks_and_the_form_may_change_them(load: Load) -> None:
    form = load(
        """\
        id: own_type
        name: 自有单据
        extends: [shared]
        fields:
          - {id: note, label: 说明}
          - {id: customer, label: 甲方, required: false}
          - {id: doc_date, label: 填表日期, default: =today()}
        """,
        shared=GROUP,
    )
    assert [field.id for field in form.fields] == [
        *("project_name", "note", "customer", "doc_date", "remarks", "version", "doc_id")
    ]
    customer, day = form.field("customer"), form.field("doc_date")
    assert customer is not None
    assert (customer.label, customer.required, customer.max_length) == ("甲方", False, 60)
    assert day is not None
    assert (day.kind, day.label, day.default, day.required) == ("date", "填表日期", "=today()", True)
    assert [check.message for check in form.checks] == ["客户不能是无"]


def test_another_kind_replaces_a_shared_field_wholly(load: Load) -> None:
    form = load(
        """\
        id: own_type
        name: 自有单据
        extends: [shared]
        fields:
          - {id: customer, kind: table, columns: [{id: name, label: 名称}]}
        """,
        shared=GROUP,
    )
    customer = form.field("customer")
    assert customer is not None
    assert (customer.kind, customer.label, customer.required, customer.max_length) == (
        *("table", "客户名称", False, None),
    )


def test_groups_may_extend_groups(load: Load) -> None:
    form = load(
        "id: own_type\nname: 自有单据\nextends: [outer]\n",
        outer="extends: [shared]\nfields: [{id: more, label: 更多}]",
        shared=GROUP,
    )
    assert {"customer", "more"} <= {field.id for field in form.fields}


def test_a_check_of_a_group_that_is_reached_twice_is_there_once(load: Load) -> None:
    more = "extends: [shared]\nfields: [{id: more, label: 更多}]"
    form = load("id: own_type\nname: 自有单据\nextends: [outer, shared]\n", outer=more, shared=GROUP)
    assert len(form.checks) == 1


def test_the_digest_follows_the_resolved_form(load: Load) -> None:
    text = "id: own_type\nname: 自有单据\nextends: [shared]\n"
    first = load(text, shared=GROUP)
    assert len(first.digest) == 64
    assert load("# comment\n" + text, shared=GROUP).digest == first.digest
    assert load(text, shared=GROUP.replace("60", "61")).digest != first.digest


HEAD = "id: own_type\nname: 自有单据\n"


def _field(text: str) -> str:
    return f"{HEAD}fields:\n  - {{id: price, label: 单价, kind: money}}\n  - {text}\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + "colour: red\n", 3, "未知的键 colour"),
        (HEAD + "field: []\n", 3, "是否想写 fields"),
        ("id: Own\nname: 自有单据\n", 1, "小写字母开头"),
        ("id: other\nname: 自有单据\n", 1, "文件夹名"),
        ("id: own_type\n", 1, "缺少 name"),
        (HEAD + "category: 合同\n", 3, "合同协议"),
        (HEAD + "phase: 3\n", 3, "phase 值"),
        (HEAD + "recurring: yes\n", 3, "true 或 false"),
        (HEAD + "number: price\n", 3, "number 应指一个 text 字段"),
        (HEAD + "date_from: [version]\n", 3, "不是日期字段"),
        (HEAD + "extends: [nothing]\n", 3, "未知的字段组 nothing"),
        (HEAD + "extends: [../../etc/passwd]\n", 3, "未知的字段组"),
        (HEAD + "fields: {a: b}\n", 3, "fields 应为列表"),
        (HEAD + "fields: [price]\n", 3, "每一项应为"),
        ("- id: own_type\n", 1, "表单应为"),
        (HEAD + "name: 又一个\n", 3, "键 name 重复"),
        (_field("{id: price, label: 又是单价}"), 5, "字段 price 重复"),
        (_field("{id: Price2, label: 价}"), 5, "小写字母开头"),
        (_field("{label: 价}"), 5, "小写字母开头"),
        (_field("{id: x}"), 5, "缺少 label"),
        (_field("{id: x, label: 单价}"), 5, "名称或别名相同"),
        (_field("{id: x, label: 价, kind: currency}"), 5, "kind 值 currency"),
        (_field("{id: x, label: 价, colour: red}"), 5, "未知的键 colour"),
        (_field("{id: x, label: 价, required: 是}"), 5, "true 或 false"),
        (_field("{id: x, label: 价, max_length: 0}"), 5, "正整数"),
        (_field("{id: x, label: 级别, kind: enum}"), 5, "缺少 options"),
        (_field("{id: x, label: 级别, kind: enum, options: [高, 高]}"), 5, "不重复"),
        (_field("{id: x, label: 级别, options: [高]}"), 5, "text 字段不能有 options"),
        (_field("{id: x, label: 级别, kind: enum, options: [高], default: 低}"), 5, "default 无效"),
        (_field("{id: x, label: 方案, kind: ref}"), 5, "缺少 of"),
        (_field("{id: x, label: 方案, kind: ref, of: [service_contrct]}"), 5, "是否想写 service_contract"),
        (_field("{id: x, label: 价, kind: money, min: 很少}"), 5, "min 无效"),
        (_field("{id: x, label: 价, kind: int, default: 3.5}"), 5, "default 无效"),
        (_field("{id: x, label: 价, kind: int, max: 3, default: 4}"), 5, "default 无效"),
        (_field("{id: x, label: 价, kind: date, default: 2023-02-30}"), 5, "default 无效"),
        (_field("{id: x, label: 价, compute: price *}"), 5, ""),
        (_field("{id: x, label: 价, compute: prise * 2}"), 5, "未知的名称 prise，是否想写 price"),
        (_field("{id: x, label: 价, compute: lines.amount}"), 5, "sum"),
        (_field("{id: x, label: 价, compute: sum(lines.amount)}"), 5, "lines.amount"),
        (_field("{id: x, label: 价, compute: open('f')}"), 5, "open"),
        (_field("{id: x, label: 价, default: =prise}"), 5, "prise"),
        (_field("{id: x, label: 价, required_if: prise > 1}"), 5, "prise"),
        (_field("{id: x, label: 价, compute_if: price > 1}"), 5, "compute_if 需要 compute"),
        (_field("{id: x, label: 价, kind: number, compute: x + 1}"), 5, "没有起点"),
        (_field("{id: doc_date, kind: text}"), 5, "只能是 date"),
        (_field("{id: x, label: 价, when: later}"), 5, "when 值 later"),
        (_field("{id: x, label: 表, kind: table}"), 5, "缺少 columns"),
        (_field("{id: x, label: 表, kind: table, columns: [{id: a, label: 甲, kind: table}]}"), 5, "kind 值"),
        (
            _field("{id: x, label: 表, kind: table, columns: [{id: a, label: 甲}, {id: a, label: 乙}]}"),
            5,
            "列 a",
        ),
        (
            _field("{id: x, label: 表, kind: table, columns: [{id: a, label: 甲}, {id: b, label: 甲}]}"),
            5,
            "列 甲",
        ),
        (
            _field("{id: x, label: 表, kind: table, columns: [{id: a, label: 甲, rows: []}]}"),
            5,
            "未知的键 rows",
        ),
        (
            _field("{id: x, label: 表, kind: table, rows: [{b: 1}], columns: [{id: a, label: 甲}]}"),
            5,
            "未知的列 b",
        ),
        (
            _field("{id: x, label: 表, kind: table, rows_fixed: true, columns: [{id: a, label: 甲}]}"),
            5,
            "需要 rows",
        ),
        (
            _field(
                "{id: x, label: 表, kind: table, rows_fixed: true, rows: [{a: 1}], columns: "
                "[{id: a, label: 甲, kind: int}]}"
            ),
            5,
            "文字列",
        ),
        (
            _field(
                "{id: x, label: 表, kind: table, rows: [{a: 很多}], columns: [{id: a, label: 甲, kind: int}]}"
            ),
            5,
            "default 无效",
        ),
        (_field("{id: x, label: 表, kind: table, default: 1, columns: [{id: a, label: 甲}]}"), 5, "写在列上"),
        (
            _field("{id: x, label: 表, kind: table, columns: [{id: a, label: 甲, compute: c * 2}]}"),
            5,
            "名称 c",
        ),
        (HEAD + "checks: [{rule: version != doc_id}]\n", 3, "缺少 message"),
        (HEAD + "checks: [{message: 不行}]\n", 3, "缺少 rule"),
        (HEAD + "checks: [{rule: a > 1, message: 不行}]\n", 3, "未知的名称 a"),
        (HEAD + "checks: [{rule: version > , message: 不行}]\n", 3, ""),
        (HEAD + "checks: [{rule: 1 > 0, message: 不行, fields: [prize]}]\n", 3, "未知的字段 prize"),
        (HEAD + "checks: [{rule: 1 > 0, message: 不行, severity: fatal}]\n", 3, "severity 值 fatal"),
    ],
)
def test_a_mistake_is_named_with_its_line(load: Load, text: str, line: int, words: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        load(text)
    assert f"form.yaml:{line}" in [finding.path for finding in caught.value.findings]
    assert words in caught.value.text()
    assert caught.value.exit_code == 4


def test_all_mistakes_are_named_at_once(load: Load) -> None:
    with pytest.raises(TemplateFault) as caught:
        load("""\
            id: own_type
            name: 自有单据
            fields:
              - {id: a, label: 甲, kind: nothing}
              - {id: b, label: 乙, compute: c}
              - {id: d, label: 丁, max_length: x}
            checks:
              - {rule: "1 >"}
            """)
    assert {finding.path for finding in caught.value.findings} == {
        *("form.yaml:4", "form.yaml:5", "form.yaml:6", "form.yaml:8")
    }


def test_a_mistake_in_a_group_names_the_group(load: Load) -> None:
    with pytest.raises(TemplateFault, match="1 处") as caught:
        load(HEAD + "extends: [shared]\n", shared=GROUP + "  - {rule: nobody == 1, message: 不行}\n")
    assert [finding.path for finding in caught.value.findings] == ["groups/shared.yaml:6"]


def test_groups_that_extend_one_another_are_refused(load: Load) -> None:
    with pytest.raises(TemplateFault) as caught:
        load(HEAD + "extends: [one]\n", one="extends: [other]", other="extends: [one]")
    assert "one → other → one" in caught.value.text()


def test_a_ring_through_a_table_is_found(load: Load) -> None:
    with pytest.raises(TemplateFault, match="1 处") as caught:
        load("""\
            id: own_type
            name: 自有单据
            fields:
              - id: lines
                label: 明细
                kind: table
                columns:
                  - {id: share, label: 占比, kind: number, compute: total / 2}
              - {id: total, label: 合计, kind: number, compute: sum(lines.share)}
            """)
    assert "没有起点" in caught.value.text()
    assert "lines.share" in caught.value.text()


def test_a_ref_may_point_to_a_type_of_the_same_workspace(load: Load) -> None:
    text = "id: {}\nname: 自有单据\nfields: [{{id: x, label: 依据, kind: ref, of: [{}]}}]\n"
    with pytest.raises(TemplateFault, match="1 处"):
        load(text.format("one_type", "other_type"), "one_type")
    load("id: other_type\nname: 另一单据\n", "other_type")
    assert load(text.format("one_type", "other_type"), "one_type").id == "one_type"


def test_a_missing_form_is_a_template_fault(tmp_path: Path) -> None:
    with pytest.raises(TemplateFault, match=r"form\.yaml"):
        load_form(tmp_path, [tmp_path])


def test_the_message_is_told_in_english_too(load: Load) -> None:
    with pytest.raises(TemplateFault) as caught:
        load(HEAD + "colour: red\n")
    assert "unknown key colour" in caught.value.text("en")
