"""`docgen correct` and `docgen list --by`."""

from __future__ import annotations

from pathlib import Path

import pytest

CONTRACT = "HT-2026-001"
REASON = ("--reason", "归类有误")
PROJECT = "示例市政务云运维项目"
CENTRE = "示例市大数据中心"


def test_category_confidentiality_and_groups_are_corrected(docgen, filed) -> None:
    before = {path: path.read_bytes() for path in filed.archive.rglob("*.docx")}
    told = docgen(
        filed, "correct", CONTRACT, *REASON, "--json", "--category", "商务文档", "--confidentiality", "机密",
        "--module", " 云  平台 ", "--month", "2026-03", "--counterparty", CENTRE, "--phase", "settlement",
    ).json  # fmt: skip

    assert told["corrected"] == ["V1.0"]
    assert (told["category"], told["confidentiality"]) == ("商务文档", "机密")
    groups = {"module": "云 平台", "month": "2026-03", "counterparty": CENTRE, "phase": "settlement"}
    assert told["groups"] == {"contract": CONTRACT} | groups
    assert {path: path.read_bytes() for path in filed.archive.rglob("*.docx")} == before
    event = docgen(filed, "history", CONTRACT, "--json").json["events"][-1]
    assert event["event"] == "corrected"
    assert event["notes"][0].startswith("类别 合同协议 → 商务文档，密级 内部 → 机密，")
    assert event["notes"][0].endswith("；原因：归类有误")


def test_listing_search_and_rebuild_see_it(docgen, filed) -> None:
    def seen() -> tuple[int, int, int]:
        return (
            len(docgen(filed, "list", "--category", "合同协议", "--json").json),
            docgen(filed, "search", CONTRACT, "--category", "商务文档", "--json").json["total"],
            docgen(filed, "search", f"编号:{CONTRACT}", "--category", "合同协议", "--json").json["total"],
        )

    before = seen()
    docgen(filed, "correct", CONTRACT, "--category", "商务文档", *REASON)
    after = seen()

    assert (after[0], after[2]) == (before[0] - 1, before[2] - 1)
    assert after[1] == before[1] + 1
    docgen(filed, "rebuild")
    assert seen() == after
    assert docgen(filed, "verify").code == 0


def test_what_was_said_can_be_taken_back(docgen, filed) -> None:
    docgen(filed, "correct", CONTRACT, "--module", "云平台", "--retention", "永久", *REASON)
    told = docgen(filed, "correct", CONTRACT, "--module", "", "--retention", "", *REASON, "--json").json

    assert "module" not in told["groups"]
    assert told["retention"] == ""


@pytest.mark.parametrize("period", ["2026-02-11", "9年"])
@pytest.mark.parametrize("rule", ["10年", "永久"])
def test_a_period_that_is_shorter_than_the_rule_is_refused(docgen, filed, period: str, rule: str) -> None:
    """Else a correction would allow a deletion that the rule forbids."""
    with (filed.root / "docgen.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[retention]\n"服务合同" = "{rule}"\n')

    ran = docgen(filed, "correct", CONTRACT, "--retention", period, *REASON)

    assert ran.code == 5
    assert f"服务合同 = {rule}" in ran.err
    assert docgen(filed, "show", CONTRACT, "--json").json["retention"] == ""
    assert docgen(filed, "correct", CONTRACT, "--retention", "永久", *REASON).code == 0


def test_what_is_so_already_changes_nothing(docgen, filed) -> None:
    ran = docgen(filed, "correct", CONTRACT, "--category", "合同协议", *REASON)

    assert (ran.code, ran.out.strip()) == (0, "没有需要更正的。")
    assert len(docgen(filed, "history", CONTRACT, "--json").json["events"]) == 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--month", "2026-13", *REASON], "月份不能是“2026-13”"),
        (["--confidentiality", "绝密", *REASON], "密级不能是“绝密”"),
        (["--confidentiality", "", *REASON], "密级不能是“”"),
        (["--phase", "合同", *REASON], "阶段不能是“合同”"),
        (["--retention", "十年", *REASON], "保管期限不能是“十年”"),
        (["--module", "字" * 201, *REASON], "模块不能是"),
        (["--module", "a\x1b[31m", *REASON], "模块不能是"),
        (["--module", "云平台"], "请说明原因"),
        ([*REASON], "没有说明要更正什么"),
    ],
)
def test_what_cannot_be_is_refused(docgen, filed, words, reason) -> None:
    ran = docgen(filed, "correct", CONTRACT, *words)

    assert ran.code == 2
    assert reason in ran.err


@pytest.mark.parametrize(
    ("by", "sizes"),
    [
        ("contract", {CONTRACT: 6, PROJECT: 3}),
        ("month", {"2026-01": 3, "2026-02": 1, "2026-04": 2, "2026-06": 2, "2026-07": 1}),
        ("phase", {"intake": 1, "contract": 3, "delivery": 2, "acceptance": 2, "settlement": 1}),
        ("counterparty", {"示例客户有限公司": 9}),
        ("module", {"": 9}),
    ],
)
def test_documents_are_grouped(docgen, demonstrated, by: str, sizes: dict[str, int]) -> None:
    groups = docgen(demonstrated, "list", "--by", by, "--json").json

    assert {one["group"]: len(one["documents"]) for one in groups} == sizes
    assert [one["group"] for one in groups] == list(sizes)


def test_a_project_card_says_the_contract(docgen, filed) -> None:
    assert docgen(filed, "project", "add", PROJECT, "--set", f"contract_no={CONTRACT}").code == 0
    (group,) = docgen(filed, "list", "--by", "contract", "--json").json

    assert group["group"] == CONTRACT
    lines = docgen(filed, "list", "--by", "module").out.splitlines()
    assert all(line.startswith("未注明\t") for line in lines)


def test_a_filed_record_makes_the_content_of_an_old_version_the_newest(docgen, filed) -> None:
    """What `docgen history` calls V1.0 comes back as V1.2."""
    (record,) = filed.archive.rglob("*服务合同*V1.0.record.json")
    make = ("new", "服务合同", "--data", record, "--file", "--json")
    changed = docgen(filed, *make, "--set", "初稿日期=2026-01-05").json
    assert changed["identity"]["version"] == "V1.1"

    again = docgen(filed, *make).json

    assert again["identity"]["version"] == "V1.2"
    told = docgen(filed, "diff", CONTRACT, "V1.0", "V1.2", "--json").json
    assert [one["field"] for one in told["changes"]] == ["change_note"]
    unchanged = docgen(filed, *make).json
    assert unchanged["identity"]["version"] == "V1.2"


@pytest.mark.parametrize(
    ("content", "reason"), [(b"{}", "x.record.json"), (b"\xff", "UTF-8"), (b"[1]", "x.record.json")]
)
def test_a_file_that_is_no_record_is_told(docgen, workspace, tmp_path: Path, content, reason) -> None:
    path = tmp_path / "x.record.json"
    path.write_bytes(content)
    ran = docgen(workspace, "new", "服务合同", "--data", path)

    assert ran.code == 3
    assert reason in ran.err
