"""Text of sheets, mail and plain files."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest

from docgen.text.extracted import Unreadable
from docgen.text.mail_text import mail_text
from docgen.text.plain_text import decode, plain_text
from docgen.text.sheet_text import sheet_text


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    made.active.title = "结算"
    made.active.append(["编号", "金额", "日期", "已付"])
    made.active.append(["000123", 1200, dt.date(2026, 11, 2), True])
    made.active.append([None, 0.1, None, None])
    made.create_sheet("附表").append(["备注"])
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


EXPECTED = "结算\n编号\t金额\t日期\t已付\t\n000123\t1200\t2026-11-02\t是\t\n\t0.1\t\n附表\n备注\t"


def test_workbook(workbook: Path) -> None:
    assert sheet_text(workbook).text == EXPECTED


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_older_and_other_workbooks(workbook: Path, tmp_path: Path, kind: str) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(tmp_path),
        str(workbook),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    found = sheet_text(tmp_path / f"a.{kind}").text

    assert [line.split("\t")[:3] for line in found.splitlines()] == [
        line.split("\t")[:3] for line in EXPECTED.splitlines()
    ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("姓名,金额\n张三,1", "gbk"),
        ("id,name\n1,李强", "gbk"),
        ("姓名,䶮", "gb18030"),
        ("服務合約,驗收報告,金額\n示例公司,工程驗收", "big5"),
        ("服务合同", "utf-8"),
        ("服务合同", "utf-8-sig"),
        ("服务合同", "utf-16"),
        ("服务合同与验收报告，" * 20, "utf-32"),
        ("plain", "ascii"),
        ("", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))

    assert plain_text(tmp_path / "a.txt").text == text


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xfe\xff", b"\xff\xff" * 50])
def test_what_is_not_text(data: bytes) -> None:
    with pytest.raises(Unreadable, match="不是文字"):
        decode(data)


def mail() -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "验收  通知", "甲 <a@example.com>", "b@example.com"
    return made


def test_mail(tmp_path: Path) -> None:
    made = mail()
    made.set_content("请于三日内验收。\n", charset="gb18030")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="验收报告.pdf")
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    found = mail_text(tmp_path / "a.eml")

    assert found.title == "验收 通知"
    assert "甲 <a@example.com>" in found.text
    assert "请于三日内验收。" in found.text
    assert found.text.endswith("验收报告.pdf")


def test_mail_in_html(tmp_path: Path) -> None:
    made = mail()
    made.set_content("<style>p {}</style><p>请<b>付款</b></p><script>x()</script>", subtype="html")
    (tmp_path / "a.eml").write_bytes(made.as_bytes())
    text = mail_text(tmp_path / "a.eml").text

    assert "付款" in text
    assert "x()" not in text
    assert "p {}" not in text


def test_mail_that_names_no_encoding(tmp_path: Path) -> None:
    head = b"Subject: a\r\nContent-Type: text/plain; charset=x\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    (tmp_path / "a.eml").write_bytes(head + "请付款".encode("gbk"))

    assert "请付款" in mail_text(tmp_path / "a.eml").text


def test_what_is_not_a_mail(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"\0\1\2")

    with pytest.raises(Unreadable, match="不是电子邮件"):
        mail_text(tmp_path / "a.eml")
