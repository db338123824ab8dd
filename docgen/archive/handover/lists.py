"""Lists of digests: `<digest>  <path>` on every line, as `sha256sum` and BagIt write them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from docgen.archive.digests import file_digests
from docgen.archive.handover.building import Watch
from docgen.archive.handover.refusals import about
from docgen.archive.handover.tree import MAX_LIST, Tree, unsafe_path
from docgen.archive.legal import printable
from docgen.base.messages import Message

#: Algorithms that BagIt knows; a list by a weak one is checked too, but does not do alone.
STRONG = ("sha256", "sha512")
KNOWN = (*STRONG, "md5", "sha1", "sha224", "sha384")
_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(.+)")


@dataclass
class Checked:
    """What a check of digests has come to: faults, and the SHA-256 of every file that was read."""

    faults: list[Message] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)


def write_list(digests: Mapping[str, str]) -> bytes:
    """Return the list of ``digests`` (path -> digest), in the order of the paths."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()


def read_text(tree: Tree, name: str, faults: list[Message]) -> str:
    """Return the text of a file of lists or tags; a fault and nothing where it is none."""
    if tree.files.get(name, 0) > MAX_LIST:
        faults.append(about(name, "文件过大", "the file is too large"))
        return ""
    data = (tree.root / name).read_bytes()
    if data.startswith(b"\xef\xbb\xbf"):
        faults.append(about(name, "文件开头有 BOM", "the file begins with a byte order mark"))
        return ""
    try:
        return data.decode()
    except UnicodeDecodeError:
        faults.append(about(name, "不是 UTF-8 文本", "not UTF-8 text"))
        return ""


def read_list(
    tree: Tree, name: str, algorithm: str, faults: list[Message], *, encoded: bool = False
) -> dict[str, str]:
    """Return path -> digest of the list ``name``; faults name every line that cannot stand.

    Args:
        tree: The folder in which it lies.
        name: Its path.
        algorithm: Of `hashlib`, for the length of digests.
        faults: Is added to.
        encoded: Line breaks and `%` in paths are percent-encoded (BagIt).
    """
    listed: dict[str, str] = {}
    length = hashlib.new(algorithm, usedforsecurity=False).digest_size * 2
    for number, line in enumerate(_lines(read_text(tree, name, faults)), start=1):
        match = _LINE.fullmatch(line)
        if not match or len(match[1]) != length:
            faults.append(about(name, f"第 {number} 行格式不对", f"line {number} is not of its format"))
            continue
        path = _decoded(match[2]) if encoded else match[2]
        if reason := unsafe_path(path):
            faults.append(about(f"{name}（{printable(path)}）", reason.zh, reason.en))
        elif path in listed:
            faults.append(about(name, f"{path} 列了两次", f"{path} is listed twice"))
        else:
            listed[path] = match[1].lower()
    return listed


def _lines(text: str) -> Iterator[str]:
    yield from (line for line in re.split(r"\r\n|\r|\n", text) if line)


def _decoded(path: str) -> str:
    for code, char in (("%0A", "\n"), ("%0a", "\n"), ("%0D", "\r"), ("%0d", "\r"), ("%25", "%")):
        path = path.replace(code, char)
    return path


def compare_names(name: str, listed: Iterable[str], there: Iterable[str]) -> Iterator[Message]:
    """Yield where a list and the files that it should list differ."""
    listed, there = set(listed), set(there)
    for path in sorted(listed - there):
        yield about(path, f"{name} 中列有，但文件不存在", f"listed in {name}, but not there")
    for path in sorted(there - listed):
        yield about(path, f"{name} 中没有列出", f"not listed in {name}")


def check_digests(
    root: Path, lists: Mapping[str, Mapping[str, str]], there: Iterable[str], watch: Watch
) -> Checked:
    """Read every file of ``there`` once and compare it with what the lists (by algorithm) say."""
    checked, paths = Checked(), sorted(there)
    for number, path in enumerate(paths, start=1):
        wanted = {name: listed[path] for name, listed in lists.items() if path in listed}
        try:
            found = file_digests(root / path, {"sha256", *wanted})
        except OSError as error:
            reason = error.strerror or str(error)
            checked.faults.append(about(path, f"无法读取（{reason}）", f"cannot be read ({reason})"))
            continue
        wrong = [name for name, digest in wanted.items() if found[name] != digest]
        if wrong:
            names = "、".join(wrong)
            checked.faults.append(about(path, f"摘要不符（{names}）", f"another digest ({', '.join(wrong)})"))
        checked.sha256[path] = found["sha256"]
        watch(number, len(paths))
    return checked
