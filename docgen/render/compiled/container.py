"""A zip of which most entries never change: those are compressed and joined once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from docgen.render.compiled.deflate import crc32, deflate

CONTENT_TYPES = "[Content_Types].xml"
#: 1980-01-01 00:00, the zero of zip times: equal parts give equal bytes whenever they are packed.
_TIME, _DATE = 0, 33
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
_MODE = 0o600 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry: its compressed bytes and what the directory says of it."""

    name: bytes
    packed: bytes
    crc: int
    size: int

    @classmethod
    def of(cls, name: str, data: bytes, *, packed: bytes | None = None) -> _Entry:
        return cls(name.encode(), deflate(data) if packed is None else packed, crc32(data), len(data))

    def local(self) -> bytes:
        sizes = (self.crc, len(self.packed), self.size, len(self.name), 0)
        return _LOCAL.pack(b"PK\3\4", _VERSION, _UTF8, _DEFLATED, _TIME, _DATE, *sizes) + self.name

    def central(self, offset: int) -> bytes:
        sizes = (self.crc, len(self.packed), self.size, len(self.name), 0, 0, 0, 0, _MODE, offset)
        head = (b"PK\1\2", _VERSION, _VERSION, _UTF8, _DEFLATED, _TIME, _DATE)
        return _CENTRAL.pack(*head, *sizes) + self.name


class Container:
    """The unchanging entries of a zip, ready to be written.

    Args:
        parts: All entries by name.
        changing: Names of entries that every copy brings itself.
    """

    def __init__(self, parts: Mapping[str, bytes], changing: Collection[str]) -> None:
        block, directory = bytearray(), bytearray()
        names = sorted(parts.keys() - set(changing), key=lambda name: (name != CONTENT_TYPES, name))
        for name in names:
            compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
            packed = compressor.compress(parts[name]) + compressor.flush()
            entry = _Entry.of(name, parts[name], packed=packed)
            directory += entry.central(len(block))
            block += entry.local() + packed
        self._block, self._directory, self._number = bytes(block), bytes(directory), len(names)

    def pack(self, parts: Mapping[str, bytes]) -> bytes:
        """Return the zip with the changing ``parts``, in their given order after those that never change."""
        pieces, directory, offset = [self._block], [self._directory], len(self._block)
        for name, data in parts.items():
            entry = _Entry.of(name, data)
            local = entry.local()
            directory.append(entry.central(offset))
            pieces += (local, entry.packed)
            offset += len(local) + len(entry.packed)
        number, size = self._number + len(parts), sum(map(len, directory))
        end = _END.pack(b"PK\5\6", 0, 0, number, number, size, offset, 0)
        return b"".join((*pieces, *directory, end))
