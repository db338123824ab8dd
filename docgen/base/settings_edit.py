"""A setting changed in `docgen.toml`, everything else left as people wrote it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.files import replace
from docgen.base.messages import Message

_HEADER = re.compile(r"^[ \t]*\[[ \t]*search[ \t]*\][^\n]*\n?", re.MULTILINE)
_NEXT = re.compile(r"^[ \t]*\[", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*engine[ \t]*=[^\n#]*", re.MULTILINE)


def choose_engine(path: Path, engine: str) -> None:
    """Write ``engine`` as the search engine into the settings file ``path``; see `with_engine`."""
    replace(path, with_engine(path, engine).encode())


def with_engine(path: Path, engine: str) -> str:
    """Return the settings file ``path`` with ``engine`` as the search engine.

    Raises:
        EnvironmentFault: The file is written in a way that only its author can change.
    """
    before = path.read_text(encoding="utf-8-sig")
    after = _with_engine(before, engine)
    if _parsed(after) != _wanted(before, engine):
        line = f'engine = "{engine}"'
        raise EnvironmentFault(
            Message("无法自动修改检索引擎的设置", "the setting of the search engine cannot be changed here"),
            where=str(path),
            hint=Message(f"在 [search] 中写 {line}", f"write {line} in [search]"),
        )
    return after


def _with_engine(text: str, engine: str) -> str:
    line = f'engine = "{engine}"'
    header = _HEADER.search(text)
    if header is None:
        return f"{text.rstrip()}\n\n[search]\n{line}\n"
    following = _NEXT.search(text, header.end())
    end = following.start() if following else len(text)
    old = _LINE.search(text, header.end(), end)
    if old:
        return text[: old.start()] + line + (" " * (old[0] != old[0].rstrip())) + text[old.end() :]
    return f"{text[: header.end()].rstrip()}\n{line}\n{text[header.end() :]}"


def _parsed(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _wanted(text: str, engine: str) -> object:
    values = tomllib.loads(text)
    search = values.get("search", {})
    return {**values, "search": {**search, "engine": engine}} if isinstance(search, dict) else {}
