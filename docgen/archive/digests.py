"""SHA-256, the digest of everything in the archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

_BLOCK = 1 << 20


def sha256_bytes(data: bytes) -> str:
    """Return the digest of ``data`` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def file_digests(path: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """Return the digests of a file by algorithm (a name of `hashlib`), in lower-case hex, read once."""
    hashers = {name: hashlib.new(name, usedforsecurity=False) for name in algorithms}
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            for hasher in hashers.values():
                hasher.update(block)
    return {name: hasher.hexdigest() for name, hasher in hashers.items()}


def sha256_file(path: Path) -> str:
    """Return the digest of a file in lower-case hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
