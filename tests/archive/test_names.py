"""The table of the catalogue (4.2) with the rulings of the design, and what must hold for every name."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from docgen.archive.identity import EXTENSIONS, Identity
from docgen.archive.legal import canonical_project, fold_key
from docgen.archive.names import parse_name
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused
from docgen.base.workspace import shipped_templates
from docgen.forms.types import TypeRegistry, load_types

TYPES = load_types(shipped_templates() / "types.yaml")

ACCEPTED = [
    # given, "project type serial date version extension category"
    ("项目A_中标通知书_2023-04-01_V1.0.pdf", "项目A 中标通知书 - 2023-04-01 V1.0 pdf 合同协议"),
    ("项目A_技术规格书_2023-04-02_V1.1.docx", "项目A 技术规格书 - 2023-04-02 V1.1 docx 技术文档"),
    ("项目A_发票_2023-04-03_V1.0.jpg", "项目A 发票 - 2023-04-03 V1.0 jpg 商务文档"),
    (
        "华东_二期_机房改造_验收报告_2024-01-31_V2.0.pdf",
        "华东_二期_机房改造 验收报告 - 2024-01-31 V2.0 pdf 项目执行",
    ),
    ("项目A_发票-01_2023-04-03_V1.0.pdf", "项目A 发票 01 2023-04-03 V1.0 pdf 商务文档"),
    ("项目A_服务合同-HT26a_2023-04-03_V1.10.pdf", "项目A 服务合同 HT26a 2023-04-03 V1.10 pdf 合同协议"),
    (
        "A-B_服务等级协议(SLA)_2023-04-03_V1.0.docx",
        "A-B 服务等级协议(SLA) - 2023-04-03 V1.0 docx 合同协议",
    ),
    ("项目A_备件领用发运单_2023-04-03_V1.0.docx", "项目A 备件领用发运单 - 2023-04-03 V1.0 docx 商务文档"),
    (
        "项目A_服务合同_2023-04-01_V1.0.record.json",
        "项目A 服务合同 - 2023-04-01 V1.0 record.json 合同协议",
    ),
]

CORRECTED = [
    ("项目A_服务合同_20230401_V1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "日期"),
    ("项目A_服务合同_2023年4月1日_V1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "日期"),
    ("项目A_服务合同_2023.4.1_V1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "日期"),
    ("项目A_服务合同_2023-4-1_V1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "日期"),
    ("项目A_服务合同_2023-04-01_v1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "版本号"),
    ("项目A_服务合同_2023-04-01_V1.0.PDF", "项目A_服务合同_2023-04-01_V1.0.pdf", "扩展名"),
    ("项目A_服务合同_2023-04-01_V1.0.Record.JSON", "项目A_服务合同_2023-04-01_V1.0.record.json", "扩展名"),
    ("项目A＿服务合同＿2023-04-01＿Ｖ１.０.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "全角"),
    ("项目A_服务等级协议（SLA）_2023-04-01_V1.0.pdf", "项目A_服务等级协议(SLA)_2023-04-01_V1.0.pdf", "全角"),
    ("项目A_服务合同_2023-04-01_V1.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "版本号"),
    ("项目A_服務合同_2023-04-01_V1.0.pdf", "项目A_服务合同_2023-04-01_V1.0.pdf", "文件类型"),
    ("项目A_项目进度报告_2023-04-04_V1.0.pdf", None, "文件类型"),
    (" 项目A_服务合同_2023-04-01_V1.0.pdf ", "项目A_服务合同_2023-04-01_V1.0.pdf", "空格"),
]

REFUSED = [
    ("项目A_服务合同_2023-02-29_V1.0.pdf", "不存在"),
    ("项目A_服务合同_2023-04-01_最终版.pdf", "不是版本号"),
    ("项目A_服务合同_2023-04-01_V1.0.1.pdf", "不是版本号"),
    ("项目A_服务合同_2023-04-01_V0.0.pdf", "不是版本号"),
    ("项目A_服务合同_2023-04-01_V0.9.pdf", "草稿"),
    ("服务合同_2023-04-01_V1.0.pdf", "缺少项目名称"),
    ("_服务合同_2023-04-01_V1.0.pdf", "缺少项目名称"),
    ("项目A_服务合同_V1.0_2023-04-01.pdf", "颠倒"),
    ("项目A_发票_2023-04-03_V1.0", "扩展名"),
    ("项目A_发票_2023-04-03_V1.0.jpg.exe", "exe"),
    ("项目A_发票_2023-04-03_V1.0.tar.gz", "gz"),
    ("项目A_发票_2023-04-03_V1.0.pdf.", "扩展名"),
    ("中标通知书.pdf", "缺少项目名称、日期、版本号"),
    ("项目A_服务合同_V1.0.pdf", "缺少日期"),
    ("项目A_服务合同-02_2023年4月1日.pdf", "缺少版本号"),
    ("项目A_2023-04-01_V1.0.pdf", "缺少文件类型"),
    ("项目A_验收.pdf", "缺少文件类型、日期、版本号"),
    ("项目/A_服务合同_2023-04-01_V1.0.pdf", "不允许的字符 /"),
    ("项目:A_服务合同_2023-04-01_V1.0.pdf", "不允许的字符 :"),
    ("../A_服务合同_2023-04-01_V1.0.pdf", "不允许的字符 /"),
    ("项\x07目_服务合同_2023-04-01_V1.0.pdf", "U\\+0007"),
    ("项目\u202e_服务合同_2023-04-01_V1.0.pdf", "U\\+202E"),
    ("100%_服务合同_2023-04-01_V1.0.pdf", "不允许的字符 %"),
    ("CON_服务合同_2023-04-01_V1.0.pdf", "设备名"),
    ("com1.旧_服务合同_2023-04-01_V1.0.pdf", "设备名"),
    ("LPT¹_服务合同_2023-04-01_V1.0.pdf", "设备名"),
    ("项目A._服务合同_2023-04-01_V1.0.pdf", "点"),
    (".tmp_服务合同_2023-04-01_V1.0.pdf", "点"),
    ("~$项目_服务合同_2023-04-01_V1.0.pdf", "~"),
    ("项" * 27 + "_服务合同_2023-04-01_V1.0.pdf", "过长"),
    ("项目A_没有这种_2023-04-01_V1.0.pdf", "没有名为"),
    ("项目A_发票-1_2023-04-01_V1.0.pdf", "没有名为"),
    ("项目A_服务合同_2023/04/01_V1.0.pdf", "不是日期"),
    ("项目A_服务合同_23-04-01_V1.0.pdf", "不是日期"),
    ("项目A_服务合同_2023-04-01_V01.0.docx", None),
    ("", "扩展名"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parts"), ACCEPTED)
def test_a_name_that_is_right_is_read_without_notes(name: str, parts: str) -> None:
    parsed = parse_name(name, TYPES)
    identity = parsed.identity
    said = (identity.project, identity.type_name, identity.serial or "-", identity.date, identity.version)
    assert " ".join(map(str, (*said, parsed.ext, parsed.doc_type.category))) == parts
    assert parsed.notes == ()
    assert parsed.filename == name


@pytest.mark.parametrize(("name", "corrected", "note"), CORRECTED)
def test_what_can_only_be_meant_one_way_is_corrected_with_a_note(
    name: str, corrected: str | None, note: str
) -> None:
    parsed = parse_name(name, TYPES)
    assert corrected is None or parsed.filename == corrected
    assert any(note in message.zh for message in parsed.notes)


def test_an_alias_is_stored_as_its_type() -> None:
    parsed = parse_name("项目A_项目进度报告_2023-04-04_V1.0.pdf", TYPES)
    assert parsed.doc_type.id == "progress_report"
    assert parsed.doc_type.category == "项目执行"


@pytest.mark.parametrize(("name", "reason"), REFUSED)
def test_everything_else_is_refused_with_the_reason(name: str, reason: str | None) -> None:
    with pytest.raises(ArchiveRefused) as refusal:
        parse_name(name, TYPES)
    assert refusal.value.hint
    assert reason is None or re.search(reason, refusal.value.message.zh)


def test_a_long_type_name_still_fits() -> None:
    identity = Identity(
        "项" * 26 + "ab", "类" * 40, "0123456789abcdEF", date(2023, 4, 1), Version(9999, 9999)
    )
    assert len(identity.filename("record.json").encode()) <= 255


@pytest.mark.parametrize("name", ["", "a_b", "类" * 41, "合同-01", "a:b"])
def test_type_names_that_cannot_be_read_back_are_refused(name: str) -> None:
    with pytest.raises(ArchiveRefused):
        Identity("项目A", name, "", date(2023, 4, 1), Version(1, 0))


@pytest.mark.parametrize("ext", ["exe", "", "PDF", "tar.gz", "json"])
def test_other_extensions_have_no_name(ext: str) -> None:
    with pytest.raises(ArchiveRefused):
        Identity("项目A", "发票", "", date(2023, 4, 1), Version(1, 0)).filename(ext)


HARD = st.sampled_from(
    '项目A一_-. ()（）【】%:/\\*?"<>|\t\r\n\0\u3000\u200b\u00a0é\u0301ＡＢ１：？☑😀㍿ßſKİ龦~$'
)
#: Half of the names are such as people give, so that not all are refused.
USUAL = st.text(st.sampled_from("项目华东二期机房改造甲乙 AbC019_-·（）é☑😀㍿ßſ"), min_size=1, max_size=24)
PROJECTS = USUAL | st.one_of(
    USUAL,
    st.text(st.one_of(HARD, st.characters()), max_size=100),
    st.sampled_from(["CON", "nul.txt", "COM³"]),
)
IDENTITIES = st.tuples(
    PROJECTS,
    st.sampled_from(sorted(doc_type.token for doc_type in TYPES)),
    st.from_regex(r"(?:[0-9A-Za-z]{2,16})?", fullmatch=True),
    st.dates(date(1900, 1, 1), date(2999, 12, 31)),
    st.builds(Version, st.integers(1, 9999), st.integers(0, 9999)),
)
DEVICES = {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


@settings(max_examples=150)
@given(IDENTITIES, st.sampled_from(sorted(EXTENSIONS)))
def test_every_identity_has_one_legal_name_that_reads_back(
    parts: tuple[str, str, str, date, Version], ext: str
) -> None:
    try:
        identity = Identity(*parts)
    except ArchiveRefused:
        assume(False)
    name = identity.filename(ext)
    parsed = parse_name(name, TYPES)
    assert (parsed.identity, parsed.ext, parsed.notes) == (identity, ext, ())
    for part, most in ((name, 255), (identity.project, 80)):
        assert len(part.encode()) <= most
        assert unicodedata.is_normalized("NFC", part)
        assert not re.search(r'[\x00-\x1f\x7f/\\:*?"<>|%\r\n（）]', part)
        assert part == part.strip()
        assert not part.endswith(".")
        assert not part.startswith(".")
        assert unicodedata.normalize("NFKC", part.split(".")[0].strip()).lower() not in DEVICES


@settings(max_examples=200)
@given(PROJECTS)
def test_a_project_has_one_spelling(text: str) -> None:
    try:
        name = canonical_project(text)
    except ArchiveRefused:
        assume(False)
    assert canonical_project(name) == name
    assert fold_key(fold_key(name)) == fold_key(name) == fold_key(name.casefold())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ABC", "abc", True),
        ("ＡＢＣ", "abc", True),
        ("项目Ⅱ", "项目II", True),
        ("é", "e\u0301", True),
        ("甲", "乙", False),
    ],
)
def test_names_are_compared_without_width_and_case(one: str, other: str, same: bool) -> None:
    assert (fold_key(one) == fold_key(other)) is same


def test_all_types_of_the_catalogue_can_stand_in_a_name(types: TypeRegistry) -> None:
    for doc_type in types:
        identity = Identity("项目A", doc_type.token, "", date(2023, 4, 1), Version(1, 0))
        assert parse_name(identity.filename("pdf"), types).doc_type == doc_type
