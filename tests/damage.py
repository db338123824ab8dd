"""Ways in which an archive comes to harm: anywhere in it, each one a change of bytes or names."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path


def contents(folder: Path) -> list[Path]:
    """Return everything that is kept: filed files, journal entries, manifests."""
    kept = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in kept if not path.relative_to(folder).parts[0].startswith("."))


def tree(folder: Path) -> dict[str, bytes]:
    """Return all of it, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in contents(folder)}


def write(path: Path, data: bytes) -> None:
    """Write over a file, also a read-only one."""
    path.chmod(0o644)
    path.write_bytes(data)


def _pick(folder: Path, chance: random.Random) -> tuple[Path, bytes]:
    path = chance.choice([one for one in contents(folder) if one.stat().st_size])
    return path, path.read_bytes()


def _said(done: str, folder: Path, *paths: Path) -> str:
    return " ".join([done, *(path.relative_to(folder).as_posix() for path in paths)])


def flip(folder: Path, chance: random.Random) -> str:
    """Flip one bit."""
    path, data = _pick(folder, chance)
    place, bit = chance.randrange(len(data)), 1 << chance.randrange(8)
    write(path, data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
    return _said(f"flip bit {bit} of byte {place} of", folder, path)


def cut(folder: Path, chance: random.Random) -> str:
    """Cut a file off somewhere."""
    path, data = _pick(folder, chance)
    write(path, data[: chance.randrange(len(data))])
    return _said("cut", folder, path)


def shorten(folder: Path, chance: random.Random) -> str:
    """Take one byte out."""
    path, data = _pick(folder, chance)
    place = chance.randrange(len(data))
    write(path, data[:place] + data[place + 1 :])
    return _said(f"take byte {place} out of", folder, path)


def grow(folder: Path, chance: random.Random) -> str:
    """Put one byte in."""
    path, data = _pick(folder, chance)
    place = chance.randrange(len(data) + 1)
    write(path, data[:place] + bytes([chance.randrange(256)]) + data[place:])
    return _said(f"put a byte at {place} into", folder, path)


def remove(folder: Path, chance: random.Random) -> str:
    """Remove a file."""
    path, _ = _pick(folder, chance)
    path.unlink()
    return _said("remove", folder, path)


def rename(folder: Path, chance: random.Random) -> str:
    """Give a file another name or another folder."""
    path, _ = _pick(folder, chance)
    targets = [
        path.with_name(path.name.replace("V1", "V7").replace("0", "8")),
        path.with_name(path.name + ".bak"),
        path.with_name("." + path.name),
        path.parent.parent / path.name,
        folder / path.name,
    ]
    target = chance.choice([one for one in targets if one.is_relative_to(folder) and not one.exists()])
    path.rename(target)
    return f"{_said('rename', folder, path)} to {target.relative_to(folder)}"


def swap(folder: Path, chance: random.Random) -> str:
    """Let two files change places."""
    path, data = _pick(folder, chance)
    other = chance.choice([one for one in contents(folder) if one.read_bytes() != data])
    write(path, other.read_bytes())
    write(other, data)
    return _said("swap", folder, path, other)


def double(folder: Path, chance: random.Random) -> str:
    """Copy a file to a name beside it."""
    path, data = _pick(folder, chance)
    path.with_name("又" + path.name).write_bytes(data)
    return _said("copy", folder, path)


def stray(folder: Path, chance: random.Random) -> str:
    """Put a file where none belongs."""
    path, _ = _pick(folder, chance)
    target = path.parent / chance.choice(
        ["新建.docx", ".hidden", "a/b.pdf", "项目A_发票_2023-04-03_V8.0.pdf"]
    )
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(chance.randbytes(8))
    return _said("add", folder, target)


def _manifest(folder: Path, chance: random.Random, change: Callable[[list[bytes]], object]) -> Path:
    path = chance.choice([one for one in contents(folder) if one.name == "manifest-sha256.txt"])
    lines = path.read_bytes().splitlines(keepends=True)
    if lines:  # an earlier harm may have emptied it
        change(lines)
    write(path, b"".join(lines))
    return path


def lose_line(folder: Path, chance: random.Random) -> str:
    """Take a whole line out of a manifest."""
    return _said(
        "a line less in",
        folder,
        _manifest(folder, chance, lambda lines: lines.pop(chance.randrange(len(lines)))),
    )


def turn_lines(folder: Path, chance: random.Random) -> str:
    """Let the first line of a manifest change places with a later one."""

    def change(lines: list[bytes]) -> None:
        place = chance.randrange(len(lines))
        lines[0], lines[place] = lines[place], lines[0]

    return _said("lines change places in", folder, _manifest(folder, chance, change))


def edit_digit(folder: Path, chance: random.Random) -> str:
    """Change a digit of a digest in a manifest to another one."""

    def change(lines: list[bytes]) -> None:
        number, place = chance.randrange(len(lines)), chance.randrange(64)
        old = lines[number][place : place + 1]
        new = chance.choice([digit for digit in b"0123456789abcdef" if bytes([digit]) != old])
        lines[number] = lines[number][:place] + bytes([new]) + lines[number][place + 1 :]

    return _said("another digit in", folder, _manifest(folder, chance, change))


WAYS = (flip, cut, shorten, grow, remove, rename, swap, double, stray, lose_line, turn_lines, edit_digit)
