"""Files that people receive."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def a_pdf() -> bytes:
    """A small PDF without text, as a scanner makes it."""
    from io import BytesIO

    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
