"""PDF of a finished document, by LibreOffice; its exit code says nothing, so the result is checked."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from docgen.base import files, programs
from docgen.base.errors import InvalidData, ProgramFault
from docgen.base.messages import Message
from docgen.render.fontconfig import fontconfig
from docgen.render.ooxml import has_tracked_changes
from docgen.render.package import Package

#: Names a program to use instead of the one that is found.
PROGRAM_VARIABLE = "DOCGEN_SOFFICE"
_NAMES = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/opt/libreoffice/program/soffice",
)


@dataclass(frozen=True, slots=True)
class Office:
    """The LibreOffice of this machine."""

    program: Path


def find_office() -> Office | None:
    """Return LibreOffice: DOCGEN_SOFFICE, else on PATH, else in the usual places; ``None`` without it."""
    named = os.environ.get(PROGRAM_VARIABLE)
    if named:
        return Office(Path(named)) if shutil.which(named) else None
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    found = on_path or next((place for place in _USUAL_PLACES if Path(place).is_file()), None)
    return Office(Path(found)) if found else None


def to_pdf(docx: Path, out: Path, *, timeout: float) -> Path:
    """Write ``docx`` as PDF to ``out`` (replaced as a whole) and return ``out``.

    Args:
        docx: A finished Word file; it is only read.
        out: The PDF; its folder exists.
        timeout: Seconds that LibreOffice may take.

    Raises:
        BadPackage: Not a whole Word file.
        InvalidData: It holds tracked changes, which would be printed coloured and struck through.
        ProgramFault: LibreOffice is missing, took too long, or gave no PDF with pages.
    """
    _check_source(docx)
    office = find_office()
    if office is None:
        raise _missing()
    with tempfile.TemporaryDirectory(prefix="docgen-pdf-") as folder:
        pdf = _convert(office, docx, Path(folder), timeout)
        files.replace(out, pdf)
    return out


def _check_source(docx: Path) -> None:
    package = Package.open(docx)
    if any(has_tracked_changes(package.xml(part)) for _, part in package.stories()):
        raise InvalidData(
            Message(
                "文件里有修订痕迹，不能转成 PDF", "the document holds tracked changes; no PDF is made of it"
            ),
            where=str(docx),
            hint=Message(
                "在 Word 里接受或拒绝全部修订后再试", "accept or reject all changes in Word, then try again"
            ),
        )


def _convert(office: Office, docx: Path, folder: Path, timeout: float) -> bytes:
    """Run LibreOffice on a copy, with a profile of its own: two runs on one profile spoil each other."""
    shutil.copyfile(docx, folder / "document.docx")
    fonts = folder / "fonts.conf"
    fonts.write_text(fontconfig(), encoding="utf-8")
    env = dict(os.environ)
    if sys.platform == "linux":
        env["FONTCONFIG_FILE"] = str(fonts)
    finished = programs.run(
        [
            office.program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nofirststartwizard"),
            *("--convert-to", "pdf:writer_pdf_Export", "--outdir", folder / "out", folder / "document.docx"),
        ],
        timeout=timeout,
        env=env,
        cwd=folder,
    )
    return _checked(folder / "out" / "document.pdf", office, docx, finished)


def _checked(pdf: Path, office: Office, docx: Path, finished: programs.Finished) -> bytes:
    data = pdf.read_bytes() if pdf.is_file() else b""
    pages = _pages(data)
    if pages:
        return data
    reason = (
        Message("没有生成 PDF", "no PDF was made")
        if not data
        else Message("生成的 PDF 已损坏", "the PDF made is broken")
    )
    said = finished.errors.splitlines()[-1:]
    detail = f"（{office.program}，退出码 {finished.code}{''.join('：' + line for line in said)}）"
    raise ProgramFault(
        Message(f"LibreOffice 转换失败：{reason.zh}{detail}", f"LibreOffice failed: {reason.en} {detail}"),
        where=str(docx),
        hint=Message(
            "用 LibreOffice 打开该文件看能否显示", "open the document in LibreOffice to see whether it shows"
        ),
    )


def _pages(data: bytes) -> int:
    """Return the number of pages of a whole PDF, 0 for anything else."""
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-1024:]:
        return 0
    import io

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(io.BytesIO(data)).pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0


def _missing() -> ProgramFault:
    return ProgramFault(
        Message("没有找到 LibreOffice，无法生成 PDF", "LibreOffice is not installed; no PDF can be made"),
        hint=Message(
            "Debian/Ubuntu：apt-get install libreoffice-writer-nogui fonts-noto-cjk fonts-arphic-ukai；"
            f"Windows：安装 LibreOffice；也可用环境变量 {PROGRAM_VARIABLE} 指定程序",
            "Debian/Ubuntu: apt-get install libreoffice-writer-nogui fonts-noto-cjk fonts-arphic-ukai; "
            f"Windows: install LibreOffice; or name the program in {PROGRAM_VARIABLE}",
        ),
    )
