"""What zipfile raises when the bytes are not those of a whole archive."""

from __future__ import annotations

import struct
import zipfile
import zlib

#: Beside its own error zipfile lets through those of its parsing: an empty name is an IndexError.
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError),
    *(ValueError, RuntimeError, NotImplementedError, OverflowError),
)
