"""Writes something that is no PDF under the right name."""

import sys
from pathlib import Path

out = Path(sys.argv[sys.argv.index("--outdir") + 1])
out.mkdir()
(out / f"{Path(sys.argv[-1]).stem}.pdf").write_bytes(b"<html>error</html>")
