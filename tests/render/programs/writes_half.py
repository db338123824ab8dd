"""Writes the beginning of a PDF, as on a full disk."""

import sys
from pathlib import Path

out = Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
(out / f"{Path(sys.argv[-1]).stem}.pdf").write_bytes(b"%PDF-1.6\n1 0 obj\n<< /Type /Catalog")
