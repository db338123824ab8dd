"""Which field a key means."""

from docgen.forms.definition import Field
from docgen.forms.folding import fold
from docgen.forms.naming import Names

FIELDS = (
    Field("price", "单价（元）", aliases=("价格", "total")),
    Field("total", "合计", aliases=("單價(元)",)),
    Field("rate", "price"),
)


def test_an_id_goes_before_a_label_and_a_label_before_an_alias() -> None:
    names = Names(FIELDS)
    found = {key: names.find(key) for key in ("price", "total", "单价(元)", "價格", "rate", "none")}
    assert {key: field and field.id for key, field in found.items()} == {
        **{"price": "price", "total": "total", "单价(元)": "price", "價格": "price", "rate": "rate"},
        "none": None,
    }


def test_the_nearest_is_named_by_its_label() -> None:
    assert Names(FIELDS).nearest("合记") == "合计"
    assert Names(FIELDS).nearest("zzzz") == ""


def test_fields_that_share_a_label_or_an_alias_clash() -> None:
    one, other, third = Field("a", "甲"), Field("b", "甲 "), Field("c", "丙", aliases=("a",))
    assert [(first.id, second.id) for first, second in Names((one, other, third)).clashes()] == [("a", "b")]


def test_names_are_folded_in_width_case_space_and_script() -> None:
    assert fold("ＡＢＣ 項目\u3000報告") == fold("abc项目报告") == "abc项目报告"


PRICE = Field("price", "单价(元)")
AMOUNT = Field("amount", "金额（元）", aliases=("小计",))


def test_a_label_answers_without_its_unit() -> None:
    names = Names([PRICE, AMOUNT])

    assert [names.find(key) for key in ("单价", "单价（元）", "金额", "金額", "小计")] == [
        PRICE,
        PRICE,
        AMOUNT,
        AMOUNT,
        AMOUNT,
    ]


def test_a_label_without_unit_that_fits_two_fields_fits_none() -> None:
    names = Names([PRICE, Field("price_usd", "单价(美元)")])

    assert names.find("单价") is None


def test_a_full_label_goes_before_one_without_its_unit() -> None:
    plain = Field("plain", "单价")

    assert Names([PRICE, plain]).find("单价") is plain
