"""The child process that recognises text: `python -m docgen.text.ocr_child SECONDS MEGABYTES`.

`{"path": …}` is answered with the pages that have to be recognised, `{"path": …, "page": 0}` with the text
of one page. rapidocr brings its models along; nothing is fetched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docgen.text.child import serve
from docgen.text.joining import join_wrapped
from docgen.text.pdf_text import scanned_pages

#: Resolution at which pages are drawn, and pixels of a page at most (an A0 plan would be 60 million).
_DPI, _PIXELS = 200, 25_000_000
_POINTS = 72
#: Part of its height by which a piece of text may lie beside another one and still be in the same row.
_SAME_ROW = 0.5
#: Part of the way to the right margin at which a row is full.
_FULL = 0.94


def answer(request: dict[str, Any]) -> dict[str, object]:
    """Answer one request; what goes wrong with a page is told as its problem."""
    path = Path(request["path"])
    try:
        if "page" not in request:
            return {"pages": _pages(path)}
        return {"text": recognised(path, int(request["page"]))}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # libraries may raise anything over a broken picture
        return {"problem": f"{type(error).__name__}: {error}"[:200]}


def _pages(path: Path) -> list[int]:
    if path.suffix.lower() == ".pdf":
        return scanned_pages(path)
    from PIL import Image

    with Image.open(path) as picture:
        return list(range(getattr(picture, "n_frames", 1)))


def recognised(path: Path, page: int) -> str:
    """Return the text of one page, a line of the page a line."""
    found = _engine()(_picture(path, page))
    if found.boxes is None:
        return ""
    pieces = zip(found.boxes.tolist(), found.txts, strict=True)
    return page_text([Piece.of(box, text) for box, text in pieces])


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={"Global.log_level": "critical"})


def _picture(path: Path, page: int) -> Any:
    """Return a page as an array of pixels."""
    import numpy as np
    from PIL import Image, ImageOps

    if path.suffix.lower() == ".pdf":
        picture = _drawn(path, page)
    else:
        with Image.open(path) as opened:
            opened.seek(page)
            picture = ImageOps.exif_transpose(opened.convert("RGB"))
    size = picture.width * picture.height
    if size > _PIXELS:
        share = (_PIXELS / size) ** 0.5
        picture = picture.resize((int(picture.width * share), int(picture.height * share)))
    return np.asarray(picture)[:, :, ::-1]  # rapidocr expects blue first


def _drawn(path: Path, number: int) -> Any:
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document, closing(document[number]) as page:
        scale = _DPI / _POINTS
        pixels = page.get_width() * page.get_height() * scale**2
        scale *= min(1.0, (_PIXELS / pixels) ** 0.5)
        return page.render(scale=scale).to_pil().convert("RGB")


@dataclass(frozen=True, order=True)
class Piece:
    """A piece of text and where it stands on the page, in pixels from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @classmethod
    def of(cls, box: Sequence[Sequence[float]], text: str) -> Piece:
        """Return the piece inside a box of four corners."""
        across, down = [x for x, _ in box], [y for _, y in box]
        return cls(min(across), min(down), max(across), max(down), text)

    def beside(self, other: Piece) -> bool:
        """Whether both stand in one row."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared > _SAME_ROW * min(self.bottom - self.top, other.bottom - other.top)


def page_text(pieces: Sequence[Piece]) -> str:
    """Return the text of a page row by row; a row that reaches the margin goes on in the next one."""
    margin = max((piece.right for piece in pieces), default=0.0)
    paragraphs: list[list[str]] = [[]]
    for row in rows(pieces):
        paragraphs[-1].append(" ".join(piece.text for piece in row))
        if row[-1].right < _FULL * margin:
            paragraphs.append([])
    return "\n".join(join_wrapped("\n".join(lines)) for lines in paragraphs if lines)


def rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return the pieces of a page in rows from the top, each from the left."""
    made: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top + piece.bottom):
        if made and made[-1][-1].beside(piece):
            made[-1].append(piece)
        else:
            made.append([piece])
    return [sorted(row) for row in made]


if __name__ == "__main__":
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(10)  # whoever works at the machine comes first
    serve(answer, int(sys.argv[1]), int(sys.argv[2]))
