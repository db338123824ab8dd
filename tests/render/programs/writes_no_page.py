"""Writes a PDF that is whole but has no page."""

import sys
from pathlib import Path

from pypdf import PdfWriter

out = Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
PdfWriter().write(out / f"{Path(sys.argv[-1]).stem}.pdf")
