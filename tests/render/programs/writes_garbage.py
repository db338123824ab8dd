"""Writes something that is no PDF under the right name."""

import sys
from pathlib import Path

out = Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
(out / "document.pdf").write_bytes(b"<html>error</html>")
