"""PDF of a finished document, by LibreOffice; its exit code says nothing, so the result is checked."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.base import files, programs
from docgen.base.errors import DocgenError, InvalidData, ProgramFault
from docgen.base.messages import Message
from docgen.render.fontconfig import PACKAGES, fontconfig
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
#: Seconds that each further file of a group may take; what is late is tried again alone.
_NEXT = 10.0


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


def need_office() -> Office:
    """Return LibreOffice.

    Raises:
        ProgramFault: It is missing.
    """
    office = find_office()
    if office is None:
        raise _missing()
    return office


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
    with Converter() as converter:
        (result,) = converter.convert([docx], [out], timeout=timeout)
    if isinstance(result, DocgenError):
        raise result
    return result


class Converter:
    """LibreOffice with a profile of its own, made once: two programs on one profile spoil each other.

    Use as a context manager, or call `close`.

    Raises:
        ProgramFault: LibreOffice is missing.
    """

    def __init__(self) -> None:
        self._office = need_office()
        self._ground = tempfile.TemporaryDirectory(prefix="docgen-pdf-")
        self._folder = Path(self._ground.name)
        fonts = self._folder / "fonts.conf"
        fonts.write_text(fontconfig(), encoding="utf-8")
        self._env = dict(os.environ)
        if sys.platform == "linux":
            self._env["FONTCONFIG_FILE"] = str(fonts)

    def __enter__(self) -> Converter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the profile."""
        self._ground.cleanup()

    def convert(
        self, sources: Sequence[Path], targets: Sequence[Path], *, timeout: float
    ) -> list[Path | DocgenError]:
        """Convert Word files in one go; return for each its PDF, or why there is none.

        Where the program hangs or dies over several files, what it made is kept, and the rest is tried
        again one by one, so that a bad file costs itself only.

        Args:
            sources: Word files; they are only read.
            targets: A PDF for each; they appear, whole, under these names.
            timeout: Seconds that one file may take.
        """
        results: dict[int, Path | DocgenError] = {}
        for place, source in enumerate(sources):
            try:
                _check_source(source)
            except DocgenError as error:
                results[place] = error
        left = [place for place in range(len(sources)) if place not in results]
        if len(left) > 1:
            results.update(self._try(left, sources, targets, timeout))
            left = [place for place in left if not isinstance(results[place], Path)]
        for place in left:
            results.update(self._try([place], sources, targets, timeout))
        return [results[place] for place in range(len(sources))]

    def _try(
        self, places: Sequence[int], sources: Sequence[Path], targets: Sequence[Path], timeout: float
    ) -> dict[int, Path | DocgenError]:
        """Run the program once over copies of the files at ``places``."""
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            ground = Path(name)
            copies = {place: ground / f"{place}.docx" for place in places}
            for place, copy in copies.items():
                shutil.copyfile(sources[place], copy)
            said = self._run(list(copies.values()), ground, timeout + _NEXT * (len(places) - 1))
            results: dict[int, Path | DocgenError] = {}
            for place, copy in copies.items():
                try:
                    pdf = self._checked(ground / "out" / f"{copy.stem}.pdf", sources[place], said)
                    files.replace(targets[place], pdf)
                    results[place] = targets[place]
                except ProgramFault as error:
                    results[place] = error
            return results

    def _run(self, copies: Sequence[Path], ground: Path, timeout: float) -> programs.Finished | ProgramFault:
        """Run the program to its end, or to the end of its time."""
        command: list[str | Path] = [
            self._office.program,
            f"-env:UserInstallation={(self._folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nofirststartwizard"),
            *("--convert-to", "pdf:writer_pdf_Export", "--outdir"),
            ground / "out",
            *copies,
        ]
        try:
            return programs.run(command, timeout=timeout, env=self._env, cwd=ground)
        except ProgramFault as error:
            return error

    def _checked(self, pdf: Path, docx: Path, said: programs.Finished | ProgramFault) -> bytes:
        """Return the PDF that was made; the program's exit code says nothing.

        Raises:
            ProgramFault: There is none, or it is broken; named after the document.
        """
        data = pdf.read_bytes() if pdf.is_file() else b""
        if _pages(data):
            return data
        if isinstance(said, ProgramFault):
            raise ProgramFault(said.message, where=str(docx), hint=said.hint)
        raise _no_pdf(data, self._office, docx, said)


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


def _no_pdf(data: bytes, office: Office, docx: Path, finished: programs.Finished) -> ProgramFault:
    reason = (
        Message("没有生成 PDF", "no PDF was made")
        if not data
        else Message("生成的 PDF 已损坏", "the PDF made is broken")
    )
    said = finished.errors.splitlines()[-1:]
    detail = f"（{office.program}，退出码 {finished.code}{''.join('：' + line for line in said)}）"
    return ProgramFault(
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
            f"Debian/Ubuntu：apt-get install {PACKAGES}；"
            f"Windows：安装 LibreOffice；也可用环境变量 {PROGRAM_VARIABLE} 指定程序",
            f"Debian/Ubuntu: apt-get install {PACKAGES}; "
            f"Windows: install LibreOffice; or name the program in {PROGRAM_VARIABLE}",
        ),
    )
