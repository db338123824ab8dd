"""Behaves: writes a PDF of one page for every file; hangs or crashes at one whose text says so."""

import os
import sys
import threading
from pathlib import Path

import docx
from pypdf import PdfWriter

at = sys.argv.index("--outdir")
out = Path(sys.argv[at + 1])
out.mkdir()
for source in map(Path, sys.argv[at + 2 :]):
    text = "".join(paragraph.text for paragraph in docx.Document(str(source)).paragraphs)
    if "hang here" in text:
        threading.Event().wait()
    if "crash here" in text:
        os.abort()
    if "skip this" in text:
        continue
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(out / f"{source.stem}.pdf")
