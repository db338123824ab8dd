from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfReader

from docgen.base.errors import InvalidData, ProgramFault
from docgen.render.fontconfig import fontconfig
from docgen.render.ooxml import BadPackage
from docgen.render.pdf import PROGRAM_VARIABLE, Converter, find_office, to_pdf

Write = Callable[..., Path]
PROGRAMS = Path(__file__).parent / "programs"

office = pytest.mark.office
needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def use(name: str) -> None:
        program = tmp_path / "soffice"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{PROGRAMS / name}.py" "$@"\n')
        program.chmod(0o755)
        monkeypatch.setenv(PROGRAM_VARIABLE, str(program))

    return use


def test_writes_what_the_program_makes(write: Write, stand_in: Callable[[str], None], tmp_path: Path) -> None:
    stand_in("writes_pdf")
    out = tmp_path / "出来.pdf"
    assert to_pdf(write("甲"), out, timeout=60) == out
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("says_nothing", "没有生成 PDF"),
        ("crashes", "Unspecified Application Error"),
        ("writes_garbage", "已损坏"),
        ("writes_half", "已损坏"),
        ("writes_no_page", "已损坏"),
    ],
)
def test_failure_of_the_program_is_told_and_leaves_the_old_file(
    write: Write, stand_in: Callable[[str], None], tmp_path: Path, name: str, said: str
) -> None:
    stand_in(name)
    out = tmp_path / "out.pdf"
    out.write_bytes(b"before")
    with pytest.raises(ProgramFault, match=said):
        to_pdf(write("甲"), out, timeout=60)
    assert out.read_bytes() == b"before"


def test_program_that_hangs_is_ended(write: Write, stand_in: Callable[[str], None], tmp_path: Path) -> None:
    stand_in("hangs")
    with pytest.raises(ProgramFault, match="已终止"):
        to_pdf(write("甲"), tmp_path / "out.pdf", timeout=1)


@pytest.mark.parametrize(
    ("bad", "said"), [("hang here", "已终止"), ("crash here", "没有生成"), ("skip this", "没有生成")]
)
def test_a_bad_file_of_a_group_costs_itself_only(
    write: Write, stand_in: Callable[[str], None], tmp_path: Path, bad: str, said: str
) -> None:
    stand_in("writes_pdf")
    sources = [write("甲", name="a.docx"), write(bad, name="b.docx"), write("丙", name="c.docx")]
    targets = [tmp_path / f"{name}.pdf" for name in ("一", "二", "三")]
    with Converter() as converter:
        first, second, third = converter.convert(sources, targets, timeout=4)
    assert (first, third) == (targets[0], targets[2])
    assert isinstance(second, ProgramFault)
    assert said in second.text()
    assert "b.docx" in second.where
    assert [target.exists() for target in targets] == [True, False, True]


def test_files_of_one_name_in_a_group_do_not_meet(
    write: Write, stand_in: Callable[[str], None], tmp_path: Path
) -> None:
    stand_in("writes_pdf")
    for name in ("一", "二"):
        (tmp_path / name).mkdir()
    sources = [write(name, name=f"{name}/同名.docx") for name in ("一", "二")]
    targets = [source.with_suffix(".pdf") for source in sources]
    with Converter() as converter:
        assert converter.convert(sources, targets, timeout=60) == targets
    assert all(target.is_file() for target in targets)


def test_what_is_no_word_file_does_not_hinder_its_group(
    write: Write, stand_in: Callable[[str], None], tmp_path: Path
) -> None:
    stand_in("writes_pdf")
    (tmp_path / "坏.docx").write_bytes(b"no zip")
    targets = [tmp_path / "坏.pdf", tmp_path / "好.pdf"]
    with Converter() as converter:
        bad, good = converter.convert([tmp_path / "坏.docx", write("甲")], targets, timeout=60)
    assert isinstance(bad, BadPackage)
    assert good == targets[1]


def test_missing_program_says_what_to_install(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(ProgramFault) as fault:
        to_pdf(write("甲"), tmp_path / "out.pdf", timeout=60)
    assert "apt-get install libreoffice-writer-nogui" in fault.value.text()
    assert fault.value.exit_code == 6


def test_text_file_called_docx_is_refused_before_anything_runs(
    tmp_path: Path, stand_in: Callable[[str], None]
) -> None:
    stand_in("writes_pdf")
    fake = tmp_path / "fake.docx"
    fake.write_text("这不是 Word 文件", encoding="utf-8")
    with pytest.raises(BadPackage):
        to_pdf(fake, tmp_path / "out.pdf", timeout=60)


@pytest.mark.parametrize(
    "change",
    ['<w:ins {} w:id="1" w:author="a"><w:r><w:t>增</w:t></w:r></w:ins>', '<w:del {} w:id="1" w:author="a"/>'],
)
def test_tracked_changes_are_refused(tmp_path: Path, stand_in: Callable[[str], None], change: str) -> None:
    stand_in("writes_pdf")
    document = docx.Document()
    document.add_paragraph()._p.append(parse_xml(change.format(nsdecls("w"))))
    document.save(str(tmp_path / "a.docx"))
    with pytest.raises(InvalidData, match="修订痕迹"):
        to_pdf(tmp_path / "a.docx", tmp_path / "out.pdf", timeout=60)


def chinese_page(path: Path, *faces: str) -> Path:
    document = docx.Document()
    for face in faces:
        run = document.add_paragraph().add_run(f"验收报告 {face} Report")
        run.font.name = "Times New Roman"
        run._r.rPr.rFonts.set(qn("w:eastAsia"), face)
    document.save(str(path))
    return path


@office
@needs_office
def test_faces_are_mapped_on_a_real_page(tmp_path: Path) -> None:
    out = to_pdf(chinese_page(tmp_path / "页.docx", "宋体", "黑体", "楷体"), tmp_path / "页.pdf", timeout=120)
    with io.BytesIO(out.read_bytes()) as data:
        pdf = pypdfium2.PdfDocument(data)
        assert len(pdf) == 1
        assert "验收报告 宋体" in pdf[0].get_textpage().get_text_range()
        pdf.close()
    fonts = " ".join(
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(out).pages
        for font in page["/Resources"]["/Font"].values()
    )
    for wanted in ("NotoSerifCJK", "NotoSansCJK", "UKai", "LiberationSerif"):
        assert wanted in fonts
    assert "ZenHei" not in fonts


@office
@needs_office
def test_two_conversions_at_once_do_not_spoil_each_other(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sources = [chinese_page(tmp_path / f"{number}.docx", "宋体") for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda path: to_pdf(path, path.with_suffix(".pdf"), timeout=120), sources))
    assert all(path.stat().st_size for path in made)


@pytest.mark.skipif(shutil.which("fc-match") is None, reason="fontconfig is not installed")
@pytest.mark.parametrize(
    ("face", "wanted"), [("宋体", "Serif CJK"), ("SimHei", "Sans CJK"), ("仿宋_GB2312", "UKai")]
)
def test_fontconfig_file_is_read_by_fontconfig(tmp_path: Path, face: str, wanted: str) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(fontconfig(), encoding="utf-8")
    found = subprocess.run(
        ["fc-match", face],
        env={"FONTCONFIG_FILE": str(config), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted in found.stdout
    assert found.stderr == ""
