"""What is not filed is rejected with the reason, and a name where one can be suggested."""

from __future__ import annotations

import hashlib

import pypdf
import pytest

from docgen.workflow.projects import add_card


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("项目A_发票_2023-04-03.pdf", "项目A_发票_2023-04-03_V1.0.pdf"),
        ("华东_二期_发票_V1.2_2023-04-03.pdf", "华东_二期_发票_2023-04-03_V1.2.pdf"),
        ("扫描0001.pdf", ""),
    ],
)
def test_the_reason_suggests_a_name_where_it_can_be_told(place, name, suggested) -> None:
    place.drop(name)

    assert place.once() == 0
    reason = place.rejected()[name]
    assert (f"建议的文件名：{suggested}" in reason) if suggested else "建议的文件名" not in reason


def test_a_taken_version_is_rejected_with_the_next_free_one(place, pdf) -> None:
    for text in ("一", "二"):
        place.drop("项目A_服务合同_2023-04-01_V1.0.pdf", pdf(text))
        place.once()

    assert (
        "建议的文件名：项目A_服务合同_2023-04-01_V1.1.pdf"
        in place.rejected()["项目A_服务合同_2023-04-01_V1.0.pdf"]
    )


def test_a_rejected_file_lies_under_date_and_digest(place, pdf) -> None:
    content = pdf("二")
    place.drop("扫描0001.pdf", content)
    place.once()

    (found,) = place.workspace.rejected.glob("*/*/扫描0001.pdf")
    assert found.read_bytes() == content
    assert found.parent.name == hashlib.sha256(content).hexdigest()[:8]
    assert found.parent.parent.name == place.session.today.isoformat()


def test_the_reason_says_what_to_do(place, pdf) -> None:
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", b"\xff\xd8\xff\xe0 a photo")
    place.drop("项目A_验收报搞_2023-04-03_V1.0.pdf", pdf())
    place.drop("项目A_发票_2023-04-04_V1.0.pdf", b"%PDF-1.7 half of i")
    place.once()

    reasons = place.rejected()
    assert "其实是 JPEG" in reasons["项目A_发票_2023-04-03_V1.0.pdf"]
    assert "是否想写：验收报告" in reasons["项目A_验收报搞_2023-04-03_V1.0.pdf"]
    assert all("处理办法：" in reason for reason in reasons.values())


def test_a_pdf_with_an_opening_password_is_rejected(place, tmp_path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("geheim", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", (tmp_path / "locked.pdf").read_bytes())

    assert place.once() == 0
    assert "设有打开密码" in "".join(place.rejected().values())


def test_the_same_bytes_under_two_names_keep_both_reasons(place, pdf) -> None:
    for name in ("甲.pdf", "乙.pdf"):
        place.drop(name, pdf("同"))
    place.once()

    assert set(place.rejected()) == {"甲.pdf", "乙.pdf"}
    assert all("甲.pdf" in reason and "乙.pdf" in reason for reason in place.rejected().values())


def test_a_file_called_like_the_reason_is_kept_beside_it(place) -> None:
    place.drop("reason.txt", "内容".encode())
    place.once()

    (kept,) = place.workspace.rejected.glob("*/*/reason (2).txt")
    assert kept.read_text(encoding="utf-8") == "内容"


def test_an_unknown_project_is_rejected_where_the_settings_say_so(new_place) -> None:
    place = new_place("工作区", 'unknown_project = "reject"\n')
    add_card(place.session, "项目B", {})
    place.drop("项目A_发票_2023-04-03_V1.0.pdf")
    place.drop("项目Ｂ_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert place.filed() == ["项目B_发票_2023-04-03_V1.0.pdf"]
    assert "没有项目“项目A”" in place.rejected()["项目A_发票_2023-04-03_V1.0.pdf"]


def test_a_misspelt_project_is_told_of(new_place) -> None:
    """The card's project is meant; 项目A is a name of its own."""
    place = new_place("工作区")
    add_card(place.session, "示例平台建设项目", {})
    for project in ("示例平台建没项目", "示例平台建设项目", "项目A"):
        place.drop(f"{project}_发票_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    notes = {one.outcome.paths[0].name.partition("_")[0]: one.outcome.notes for one in place.settled}
    assert [project for project, said in notes.items() if said] == ["示例平台建没项目"]
    assert "相近" in str(notes["示例平台建没项目"])
    assert "示例平台建设项目" in str(notes["示例平台建没项目"])

    place.drop("示例平台建没项目_发票_2023-04-04_V1.0.pdf")
    place.once()
    assert place.settled[-1].outcome.notes == ()


def test_a_rejection_of_a_misspelt_project_names_the_right_one(new_place) -> None:
    place = new_place("工作区", 'unknown_project = "reject"\n')
    add_card(place.session, "示例平台建设项目", {})
    place.drop("示例平台建没项目_发票_2023-04-03_V1.0.pdf")

    place.once()
    assert "是否为 示例平台建设项目？" in "".join(place.rejected().values())


def test_name_and_content_that_disagree_are_rejected_naming_both(place, filed) -> None:
    contract = next(filed.archive.rglob("*服务合同*.docx"))
    place.drop("项目A_发票_2023-04-03_V1.0.docx", contract.read_bytes())
    place.drop("最终版(2).docx", contract.read_bytes())

    assert place.once() == 0
    assert place.filed() == [contract.name]
    (reason,) = place.rejected().values()
    assert "项目A" in reason
    assert "示例市政务云运维项目" in reason
