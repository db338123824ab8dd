"""`docgen new`: data in, a document out, or every mistake named and nothing written."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
import yaml
from docx import Document
from openpyxl import Workbook

from docgen.cli.commands.new import command as new_command

DEMAND = "demand_confirmation_sheet"


def kept(workspace) -> list[Path]:
    """Return everything that lies in drafts and archive."""
    return [
        path for place in (workspace.drafts, workspace.archive) for path in place.rglob("*") if path.is_file()
    ]


def text_of(path: str | Path) -> str:
    """Return all text of a Word file, tables included."""
    with zipfile.ZipFile(path) as package:
        names = [name for name in package.namelist() if name.startswith("word/") and name.endswith(".xml")]
        from lxml import etree

        return "".join("".join(etree.fromstring(package.read(name)).itertext()) for name in names)


def test_a_draft_is_made_and_named(docgen, workspace) -> None:
    ran = docgen(workspace, "new", "需求确认单", "--data", workspace.samples / f"{DEMAND}.yaml")

    (draft,) = workspace.drafts.glob("*.docx")
    assert ran.code == 0
    assert ran.out == f"已生成：{draft}\n"
    assert sorted(path.name for path in kept(workspace)) == [draft.name, draft.stem + ".record.json"]
    Document(str(draft))


def test_json_has_the_documented_keys(docgen, workspace) -> None:
    made = docgen(workspace, "new", DEMAND, "--data", workspace.samples / f"{DEMAND}.yaml", "--json").json

    assert list(made) == ["path", "pdf", "identity", "problems"]
    assert list(made["identity"]) == ["project", "type", "serial", "date", "version", "doc_id"]
    assert (made["pdf"], made["problems"]) == (None, [])
    assert made["identity"]["doc_id"] == "XQ-2026-001"
    assert Path(made["path"]).parent == workspace.drafts


def test_json_lists_the_problems_of_bad_data(docgen, workspace) -> None:
    ran = docgen(workspace, "new", DEMAND, "--json")

    problems = ran.json["problems"]
    assert ran.code == 3
    assert (ran.json["path"], ran.json["identity"]) == (None, None)
    assert {"field", "label", "row", "value", "severity", "message"} == set(problems[0])
    assert "customer_name" in [problem["field"] for problem in problems]
    assert kept(workspace) == []


def test_an_unknown_type_names_the_nearest(docgen, workspace) -> None:
    ran = docgen(workspace, "new", "服务合约")

    assert ran.code == 2
    assert "没有名为“服务合约”的文件类型" in ran.err
    assert "服务合同" in ran.err


def test_a_type_that_can_only_be_filed_says_so(docgen, workspace) -> None:
    ran = docgen(workspace, "new", "发票")

    assert ran.code == 2
    assert "只能归档" in ran.err


# --set


def test_set_overrides_the_file_by_id_or_label(docgen, workspace) -> None:
    data = workspace.samples / f"{DEMAND}.yaml"
    words = ("--set", "customer_contact=示例戊", "--set", "联系电话＝010-00000009", "--json")

    path = docgen(workspace, "new", DEMAND, "--data", data, *words).json["path"]

    assert "示例戊" in text_of(path)
    assert "010-00000009" in text_of(path)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--set", "客户名称=甲", "--set", "客户名称=乙"], "--set 客户名称 写了两次"),
        (["--set", "客户名称"], "--set 应写成 项=值，不是“客户名称”"),
        (["--set", "=甲"], "--set 应写成 项=值"),
    ],
)
def test_set_given_wrongly_is_a_wrong_call(docgen, workspace, words: list[str], told: str) -> None:
    ran = docgen(workspace, "new", DEMAND, *words)

    assert ran.code == 2
    assert told in ran.err


def test_one_field_under_two_names_is_refused(docgen, workspace) -> None:
    ran = docgen(workspace, "new", DEMAND, "--set", "客户名称=甲", "--set", "customer_name=乙")

    assert ran.code == 3
    assert "是同一项，只能填一次" in ran.err


# --data


def sheet(path: Path, *rows: list[str]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def broken_zip(path: Path) -> None:
    sheet(path, ["topic"], ["甲"])
    path.write_bytes(path.read_bytes()[:-200])


BROKEN = {
    "two.yaml": (
        lambda path: path.write_text("- {topic: 甲}\n- {topic: 乙}\n"),
        "应当正好有一份数据，现有 2 份",
    ),
    "tab.yaml": (lambda path: path.write_text("topic: 甲\n\tfee: 1\n"), "tab.yaml:2"),
    "twice.yaml": (lambda path: path.write_text("topic: 甲\ntopic: 乙\n"), "twice.yaml:2"),
    "list.yaml": (lambda path: path.write_text("- 甲\n"), "名称: 值"),
    "bad.json": (lambda path: path.write_text('{"topic": }'), "第 1 行第 11 列"),
    "two.csv": (lambda path: path.write_text("主题\n甲\n乙\n"), "应当正好有一份数据，现有 2 份"),
    "short.csv": (lambda path: path.write_text("主题,费用\n甲\n"), "只有 1 格，表头有 2 列"),
    "binary.csv": (lambda path: path.write_bytes(bytes(range(256)) * 4), "文字编码无法识别"),
    "empty.csv": (lambda path: path.write_text(""), "文件是空的"),
    "cut.xlsx": (broken_zip, "不是有效的表格文件"),
    "two.xlsx": (lambda path: sheet(path, ["主题"], ["甲"], ["乙"]), "应当正好有一份数据，现有 2 份"),
    "data.pdf": (lambda path: path.write_bytes(b"%PDF-1.7"), "不支持 .pdf 的数据文件"),
    "large.yaml": (lambda path: path.write_bytes(b"\xfe" * 10_000_000), "large.yaml"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_data_file_that_cannot_be_read_is_explained(docgen, noted, tmp_path, name: str) -> None:
    write, told = BROKEN[name]
    write(tmp_path / name)

    ran = docgen(noted, "new", "visit_note", "--data", tmp_path / name, "--set", "项目名称=甲")

    assert ran.code == 3
    assert told in ran.err
    assert name in ran.err
    assert "Traceback" not in ran.err
    assert kept(noted) == []


def test_csv_in_the_encoding_of_chinese_excel_is_read(docgen, noted, tmp_path) -> None:
    (tmp_path / "a.csv").write_bytes(
        "项目名称,主题,费用\n项目甲,拜访示例客户,￥1,\n".replace(",\n", "\n").encode("gb18030")
    )

    made = docgen(noted, "new", "visit_note", "--data", tmp_path / "a.csv", "--json")

    assert "拜访示例客户" in text_of(made.json["path"])


@pytest.mark.parametrize("kind", ["yaml", "csv", "xlsx"])
def test_a_blank_sheet_is_filled_in_and_fed_back(docgen, noted, tmp_path, kind: str) -> None:
    path = tmp_path / f"blank.{kind}"
    assert docgen(noted, "form", "visit_note", "--blank", kind, "--out", path).code == 0
    fill(path, {"项目名称": "项目甲", "主题": "季度回访"}, "事项", {"内容": "巡检", "占比": "6%"})

    made = docgen(noted, "new", "visit_note", "--data", path, "--json")

    assert made.code == 0, made.err
    assert "季度回访" in text_of(made.json["path"])
    assert "巡检" in text_of(made.json["path"])


def fill(path: Path, values: dict[str, str], table: str, row: dict[str, str]) -> None:
    """Type ``values`` and one row of ``table`` into a blank sheet, as a clerk does."""
    if path.suffix == ".yaml":
        lines = path.read_text(encoding="utf-8").splitlines()
        ids = {"项目名称": "project_name", "主题": "topic"}
        kept_lines = [
            line for line in lines if line.split(":")[0].lstrip("# ") not in ("items", *ids.values(), *ids)
        ]
        data = {ids[key]: value for key, value in values.items()} | {"items": [row]}
        base = yaml.safe_load("\n".join(kept_lines)) or {}
        base = {key: value for key, value in base.items() if value is not None}
        path.write_text(yaml.safe_dump(base | data, allow_unicode=True), encoding="utf-8")
        return
    if path.suffix == ".csv":
        import csv

        with path.open(encoding="utf-8-sig", newline="") as file:
            heads, *rest = list(csv.reader(file))
        cells = {**values, **{f"{table}.1.{key}": value for key, value in row.items()}}
        line = [cells.pop(head, "") for head in heads]
        assert not cells, heads
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([heads, *rest[:1], line])
        return
    from openpyxl import load_workbook

    book = load_workbook(path)
    for title, cells in ((book.sheetnames[0], values), (table, row)):
        place = {str(cell.value): cell.column for cell in book[title][1]}
        for key, value in cells.items():
            book[title].cell(3, place[key], value)
    book.save(path)


# --ask


def test_ask_asks_in_order_shows_defaults_and_asks_bad_answers_again(docgen, noted, typing) -> None:
    typing("项目甲", "", "季度回访", "十二点五", "-1元5", "12.50", "巡检", "6", "6%", "", "")

    ran = docgen(noted, "new", "visit_note", "--ask", "--json")

    assert ran.code == 0, ran.err
    text = text_of(ran.json["path"])
    for shown in ("季度回访", "12.50", "巡检", "6%"):
        assert shown in text
    assert "项目名称 *：" in ran.err
    assert "请重新输入" in ran.err


def test_ask_shows_the_default_in_brackets(docgen, workspace, typing) -> None:
    typing("项目甲")

    ran = docgen(workspace, "new", DEMAND, "--ask")

    assert "状态 *（草稿/待审/已批准/已签署/作废） [草稿]：" in ran.err
    assert ran.code == 130
    assert kept(workspace) == []


def test_the_end_of_input_while_asking_writes_nothing(docgen, noted, typing) -> None:
    typing("项目甲", "季度回访")

    ran = docgen(noted, "new", "visit_note", "--ask", "--file")

    assert ran.code == 130
    assert "已中断" in ran.err
    assert kept(noted) == []


def test_ask_asks_only_what_is_not_given(docgen, noted, typing, tmp_path) -> None:
    (tmp_path / "a.yaml").write_text("{项目名称: 项目甲, 主题: 回访}", encoding="utf-8")
    typing("", "", "")

    ran = docgen(noted, "new", "visit_note", "--ask", "--data", tmp_path / "a.yaml")

    assert ran.code == 0
    assert "主题" not in ran.err


def test_ask_in_english(docgen, noted, typing) -> None:
    typing("P1", "hello", "x", "1", "", "")

    ran = docgen(noted, "--lang", "en", "new", "visit_note", "--ask")

    assert ran.code == 0
    assert "is required" in ran.err
    assert "please try again" in ran.err
    assert "请" not in ran.err


def test_ask_takes_a_longer_text_line_by_line(docgen, noted, typing) -> None:
    form = noted.templates / "visit_note" / "form.yaml"
    head = "  - {id: summary, label: 纪要, kind: longtext, required: true}\n"
    form.write_text(
        form.read_text(encoding="utf-8").replace("fields:\n", "fields:\n" + head), encoding="utf-8"
    )
    assert docgen(noted, "template", "new", "visit_note", "--force").code == 0
    typing("项目甲", "第一行", "第二行", "", "回访", "", "")

    ran = docgen(noted, "new", "visit_note", "--ask", "--json")

    assert ran.code == 0, ran.err
    assert "第一行第二行" in text_of(ran.json["path"])


# Where it goes


def test_out_names_the_folder(docgen, noted, tmp_path) -> None:
    out = tmp_path / "新 目录" / "内"

    made = docgen(
        noted, "new", "visit_note", "--set", "项目名称=甲", "--set", "主题=乙", "--out", out, "--json"
    ).json

    assert Path(made["path"]).parent == out
    assert kept(noted) == []


def note(docgen, workspace, *words: str | Path, topic: str = "乙"):
    return docgen(workspace, "new", "visit_note", "--set", "项目名称=甲", "--set", f"主题={topic}", *words)


def test_out_that_is_a_file_is_a_wrong_call(docgen, noted, tmp_path) -> None:
    (tmp_path / "out").write_text("")

    assert note(docgen, noted, "--out", tmp_path / "out").code == 2


def test_a_folder_that_cannot_be_made_is_an_error_of_the_environment(docgen, noted, tmp_path) -> None:
    (tmp_path / "out").write_text("")

    ran = note(docgen, noted, "--out", tmp_path / "out" / "inner")

    assert ran.code == 7
    assert str(tmp_path / "out") in ran.err


def test_without_an_archive_nothing_is_made(docgen, noted) -> None:
    """Without it nobody knows which version comes next; what was typed is still with the user."""
    noted.archive.rmdir()
    noted.archive.write_text("")

    ran = note(docgen, noted, "--file")

    assert ran.code == 7
    assert str(noted.archive) in ran.err
    assert not list(noted.drafts.iterdir())


def test_a_full_disk_keeps_the_draft_and_files_nothing(docgen, noted, monkeypatch) -> None:
    import errno

    from docgen.base import files

    real = files.step

    def full(operation, *args, **kwargs):
        if any(str(noted.archive) in str(arg) for arg in args):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(operation, *args, **kwargs)

    monkeypatch.setattr(files, "step", full)

    ran = note(docgen, noted, "--file")

    assert ran.code == 7
    assert "磁盘空间不足" in ran.err
    assert list(noted.drafts.glob("*.docx"))
    assert not list(noted.archive.rglob("*.docx"))


def test_interrupted_while_filing_nothing_is_half_done(docgen, noted, monkeypatch) -> None:
    from docgen.archive.commits import Commits

    real = Commits.publish

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Commits, "publish", interrupted)
    assert note(docgen, noted, "--file").code == 130
    monkeypatch.setattr(Commits, "publish", real)

    assert docgen(noted, "list", "--json").json == []
    assert note(docgen, noted, "--file").code == 0
    assert len(docgen(noted, "list", "--json").json) == 1
    assert docgen(noted, "verify", "--json").json["findings"] == []


def test_an_edited_draft_is_left_alone(docgen, noted) -> None:
    path = Path(note(docgen, noted, "--json").json["path"])
    document = Document(str(path))
    document.paragraphs[-1].add_run("手工补充的一句话")
    document.save(str(path))
    before = path.read_bytes()

    ran = note(docgen, noted)

    assert ran.code == 5
    assert "草稿已被手工修改，没有覆盖" in ran.err
    assert path.read_bytes() == before


def test_an_untouched_draft_is_made_anew(docgen, noted) -> None:
    note(docgen, noted)

    made = note(docgen, noted, "--json", topic="丙")

    assert "丙" in text_of(made.json["path"])


def test_the_draft_of_another_document_is_left_alone(docgen, workspace) -> None:
    data = workspace.samples / f"{DEMAND}.yaml"
    first = docgen(workspace, "new", DEMAND, "--data", data, "--json").json["path"]
    before = Path(first).read_bytes()

    ran = docgen(workspace, "new", DEMAND, "--data", data, "--set", "确认单编号=XQ-2026-002")

    assert ran.code == 5
    assert "已有另一份文件（XQ-2026-001）的草稿" in ran.err
    assert Path(first).read_bytes() == before


@pytest.mark.parametrize("content", [b"some text", b"PK\x03\x04 cut off"])
def test_a_file_of_that_name_that_docgen_did_not_make_is_left_alone(
    docgen, noted, tmp_path, content: bytes
) -> None:
    path = tmp_path / Path(note(docgen, noted, "--json").json["path"]).name
    path.write_bytes(content)

    ran = note(docgen, noted, "--out", tmp_path)

    assert ran.code == 5
    assert path.read_bytes() == content


def test_an_empty_file_of_that_name_is_left_by_a_power_cut_and_replaced(docgen, noted, tmp_path) -> None:
    path = tmp_path / Path(note(docgen, noted, "--json").json["path"]).name
    path.touch()

    assert note(docgen, noted, "--out", tmp_path).code == 0
    assert path.stat().st_size > 0


def test_square_brackets_in_a_project_name_do_no_harm(docgen, noted) -> None:
    words = ("--set", "项目名称=甲[一期]*", "--set", "主题=乙", "--file")

    ran = docgen(noted, "new", "visit_note", *words)

    assert ran.code in (0, 5)
    if ran.code == 0:
        assert not list(noted.drafts.iterdir())


# Versions and numbers


def test_major_raises_the_major_version(docgen, noted) -> None:
    assert note(docgen, noted, "--file", "--json").json["identity"]["version"] == "V1.0"
    assert note(docgen, noted, "--file", "--json", topic="丙").json["identity"]["version"] == "V1.1"
    assert (
        note(docgen, noted, "--file", "--json", "--major", topic="丁").json["identity"]["version"] == "V2.0"
    )


def test_a_version_cannot_be_skipped(docgen, noted) -> None:
    ran = note(docgen, noted, "--set", "version=V3.0")

    assert ran.code == 3
    assert "下一个版本是 V1.0" in ran.err


def test_another_number_is_another_document(docgen, noted) -> None:
    """A typed number is never dropped: the second document of the day takes a serial."""
    first = note(docgen, noted, "--file", "--json", "--set", "文件编号=A-1").json["identity"]
    second = note(docgen, noted, "--file", "--json", "--set", "文件编号=A-2").json["identity"]
    again = note(docgen, noted, "--file", "--json", "--set", "文件编号=A-2", topic="改").json["identity"]

    assert (first["doc_id"], first["serial"], first["version"]) == ("A-1", "", "V1.0")
    assert (second["doc_id"], second["serial"], second["version"]) == ("A-2", "02", "V1.0")
    assert (again["doc_id"], again["serial"], again["version"]) == ("A-2", "02", "V1.1")


def test_missing_references_are_told_once_and_kept(docgen, workspace) -> None:
    data = workspace.samples / "service_contract.yaml"
    docgen(workspace, "new", DEMAND, "--data", workspace.samples / f"{DEMAND}.yaml", "--file")

    made = docgen(workspace, "new", "service_contract", "--data", data, "--file", "--json")
    shown = docgen(workspace, "show", "HT-2026-001", "--json").json
    verified = docgen(workspace, "verify", "--json").json

    missing = ["YX-2026-001", "FA-2026-001"]
    assert [problem["value"] for problem in made.json["problems"]] == missing
    assert [ref["text"] for ref in shown["refs"] if not ref["doc_id"]] == missing
    assert [one["code"] for one in verified["findings"]] == ["AV17", "AV17", "AV43"]


def test_a_draft_filed_by_hand_keeps_its_references(docgen, workspace) -> None:
    data = workspace.samples / "service_contract.yaml"
    draft = docgen(workspace, "new", "service_contract", "--data", data, "--json").json["path"]

    filed = docgen(workspace, "file", draft, "--json").json
    shown = docgen(workspace, "show", "HT-2026-001", "--json").json

    assert {ref["text"] for ref in shown["refs"]} == {"XQ-2026-001", "YX-2026-001", "FA-2026-001"}
    assert any("FA-2026-001" in text for text in filed[0]["notes"])


def test_strict_refs_makes_a_missing_reference_an_error(docgen, workspace) -> None:
    (workspace.root / "docgen.toml").write_text("strict_refs = true\n")

    ran = docgen(workspace, "new", "service_contract", "--data", workspace.samples / "service_contract.yaml")

    assert ran.code == 3
    assert "FA-2026-001" in ran.err
    assert kept(workspace) == []


# Script and PDF


def test_traditional_chinese_by_option_only(docgen, noted) -> None:
    made = note(docgen, noted, "--script", "hant", "--json", topic="服务违约责任").json

    assert "服務違約責任" in text_of(made["path"])


def test_pdf_without_libreoffice_names_the_package_and_keeps_the_draft(
    docgen, noted, monkeypatch, tmp_path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("docgen.render.pdf._USUAL_PLACES", (), raising=False)

    ran = note(docgen, noted, "--pdf", "--file")

    assert ran.code == 6
    assert "libreoffice-writer-nogui" in ran.err
    assert list(noted.drafts.glob("*.docx"))
    assert not list(noted.archive.rglob("*.docx"))


@pytest.mark.office
def test_a_pdf_wanted_later_is_added_to_the_filed_version(docgen, noted) -> None:
    note(docgen, noted, "--file")

    made = note(docgen, noted, "--file", "--pdf", "--json").json
    listed = docgen(noted, "list", "--json").json

    assert Path(made["pdf"]).read_bytes().startswith(b"%PDF-")
    assert Path(made["pdf"]).is_relative_to(noted.archive)
    assert [one["version"] for one in listed] == ["V1.0"]
    assert sorted(Path(file["path"]).suffix for file in listed[0]["files"]) == [".docx", ".json", ".pdf"]
    assert not list(noted.drafts.iterdir())


def test_english_problems_hold_no_chinese_but_labels(docgen, noted) -> None:
    ran = docgen(noted, "--lang", "en", "new", "visit_note", "--set", "费用=1e5", "--set", "fee2=3")

    assert ran.code == 3
    assert "费用 [fee] “1e5”: " in ran.err
    assert "the form data has" in ran.err
    for chinese in ("应为", "必填", "处理办法", "没有"):
        assert chinese not in ran.err


def test_hostile_text_stands_in_the_document_as_typed(docgen, noted) -> None:
    hostile = 'A&B<公司> {{ 7*7 }} {% raw %} "=1+1" 𠮷😀 @x' + "长" * 50
    made = note(docgen, noted, "--json", topic=hostile)

    assert made.code == 0, made.err
    path = made.json["path"]
    assert hostile in text_of(path)
    Document(path)


@pytest.mark.parametrize("mark", ["\u200f", "\x1b[2J", "\x07", "\ufffe"])
def test_invisible_characters_are_refused_and_not_sent_to_the_screen(docgen, noted, mark: str) -> None:
    ran = note(docgen, noted, topic=f"甲{mark}乙")

    assert ran.code == 3
    assert "主题“甲" in ran.err
    assert f"U+{ord(mark[0]):04X}" in ran.err
    assert mark[0] not in ran.err
    assert kept(noted) == []


def test_the_same_record_gives_the_same_bytes(docgen, noted, tmp_path) -> None:
    digests = set()
    for name in ("a", "b"):
        path = note(docgen, noted, "--out", tmp_path / name, "--json").json["path"]
        digests.add(hashlib.sha256(Path(path).read_bytes()).hexdigest())

    assert len(digests) == 1


def test_a_thousand_rows_are_all_printed(docgen, noted, tmp_path) -> None:
    rows = [{"内容": f"第{number:04d}项", "占比": "6%"} for number in range(1, 1001)]
    (tmp_path / "a.json").write_text(
        json.dumps({"项目名称": "甲", "主题": "乙", "事项": rows}), encoding="utf-8"
    )

    made = docgen(noted, "new", "visit_note", "--data", tmp_path / "a.json", "--json")

    text = text_of(made.json["path"])
    assert [f"第{number:04d}项" in text for number in range(1, 1001)].count(True) == 1000


def test_every_option_is_one_of_the_design() -> None:
    """Design 7."""
    names = {name for param in new_command.params for name in param.opts if name.startswith("--")}

    assert names == {"--data", "--set", "--ask", "--out", "--pdf", "--file", "--script", "--major", "--json"}


def test_what_follows_from_a_mistake_is_not_told_again_and_warnings_are_told_with_the_errors(
    docgen, workspace
) -> None:
    data = workspace.samples / "service_contract.yaml"
    words = (
        "--set",
        "sign_date=2026-02-30",
        "--set",
        "draft_date=2026-13-01",
        "--set",
        "提前终止通知天数=30",
    )

    ran = docgen(workspace, "new", "service_contract", "--data", data, *words)

    assert ran.code == 3
    assert "签订日期“2026-02-30”：没有这一天" in ran.err
    assert "初稿日期“2026-13-01”" in ran.err
    assert "文件日期" not in ran.err
    assert "警告：提前终止通知天数：提前终止的通知期建议不少于 60 天" in ran.err
