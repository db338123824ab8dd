"""Behaves: writes a PDF of one page."""

import sys
from pathlib import Path

from pypdf import PdfWriter

out = Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
writer = PdfWriter()
writer.add_blank_page(595, 842)
writer.write(out / "document.pdf")
