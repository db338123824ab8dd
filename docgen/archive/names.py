"""Reading the names of files that people hand in.

A name is read from the right with three splits, so underscores in the project survive. What can only be
meant one way is corrected with a note (compact dates, letter case, full-width forms, aliases of a type);
everything else is refused with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Protocol

from docgen.archive.identity import EXTENSIONS, RECORD_EXT, Identity, refused_extension
from docgen.archive.legal import SERIAL, canonical_type_name, half_width, printable
from docgen.archive.versions import Version
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.base.messages import Message
from docgen.forms.types import AmbiguousType, DocType

PATTERN = Message(
    "文件名应为 项目名称_文件类型_日期_版本号.扩展名，如 项目A_服务合同_2023-04-01_V1.0.pdf",
    "name it project_type_date_version.ext, e.g. 项目A_服务合同_2023-04-01_V1.0.pdf",
)

_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
)
_VERSION = re.compile(r"[Vv]([0-9]+)(?:\.([0-9]+))?")


class TypeNames(Protocol):
    """What reading a name needs of the register of types."""

    def by_name(self, token: str) -> DocType | None:
        """Return the type whose name or alias is ``token``; refuse a token that fits two."""

    def find(self, text: str) -> DocType:
        """Return what `by_name` finds; refuse what it does not, naming what is nearly called so."""


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name that was understood: what it says, and what had to be corrected."""

    identity: Identity
    doc_type: DocType
    ext: str
    notes: tuple[Message, ...] = ()

    @property
    def filename(self) -> str:
        """The canonical name."""
        return self.identity.filename(self.ext)


def parse_name(name: str, types: TypeNames) -> ParsedName:
    """Return what the file name ``name`` (without folders) says.

    Raises:
        ArchiveRefused: It does not follow the pattern; the message says in what.
    """
    try:
        return _parse(name, types)
    except DocgenError as error:
        hint = error.hint or PATTERN
        raise ArchiveRefused(error.message, where=printable(name), hint=hint) from error


def _parse(name: str, types: TypeNames) -> ParsedName:
    plain = half_width(name)
    notes = []
    if plain != name:
        notes.append(Message("全角字符或多余空格已更正", "full-width characters or spaces corrected"))
    stem, ext = _split_extension(plain)
    project, type_token, date_token, version_token = _split_stem(stem, types)
    if ext != ext.lower():
        notes.append(Message(f"扩展名 .{ext} 已改为小写", f"extension .{ext} put in lower case"))
    version = _version(version_token, notes)
    day = _date(date_token, notes)
    doc_type, serial = _type(type_token, types, notes)
    identity = Identity(project, doc_type.token, serial, day, version)
    return ParsedName(identity, doc_type, ext.lower(), tuple(notes))


def _split_extension(name: str) -> tuple[str, str]:
    if name.lower().endswith("." + RECORD_EXT):
        return name[: -len(RECORD_EXT) - 1], name[-len(RECORD_EXT) :]
    stem, _, ext = name.rpartition(".")
    if not stem or re.fullmatch(r"[0-9]*", ext):  # the last dot is that of V1.0
        raise refused_extension("")
    if ext.lower() not in EXTENSIONS:
        raise refused_extension(ext)
    return stem, ext


def _split_stem(stem: str, types: TypeNames) -> tuple[str, str, str, str]:
    parts = stem.rsplit("_", 3)
    if len(parts) == 4 and all(parts):
        return parts[0], parts[1], parts[2], parts[3]
    missing = _missing([part for part in parts if part], types)
    if not missing:
        raise ArchiveRefused(Message("文件名不是四段", "the name does not have four parts"))
    zh, en = "、".join(one.zh for one in missing), ", ".join(one.en for one in missing)
    raise ArchiveRefused(Message(f"文件名缺少{zh}", f"the name lacks the {en}"))


def _missing(parts: list[str], types: TypeNames) -> list[Message]:
    """Return which of the four parts a name lacks, as far as those that are there can be told apart."""
    tests: dict[Message, Callable[[str], object]] = {
        Message("文件类型", "type"): partial(_is_type, types=types),
        Message("日期", "date"): lambda part: any(one.fullmatch(part) for one in _DATES),
        Message("版本号", "version"): _VERSION.fullmatch,
    }
    lacking = []
    for label, test in tests.items():
        found = next((part for part in reversed(parts) if test(part)), None)
        if found is None:
            lacking.append(label)
        else:
            parts.remove(found)
    return ([] if parts else [Message("项目名称", "project")]) + lacking


def _is_type(part: str, types: TypeNames) -> bool:
    try:
        _type(part, types, [])
    except DocgenError as error:
        return isinstance(error, AmbiguousType)
    return True


def _version(token: str, notes: list[Message]) -> Version:
    if any(pattern.fullmatch(token) for pattern in _DATES):
        raise ArchiveRefused(
            Message(
                "日期与版本号的顺序颠倒，版本号应在最后",
                "date and version are the wrong way round; the version is last",
            )
        )
    match = _VERSION.fullmatch(token)
    if match and int(match[1]) == 0 and int(match[2] or 0) > 0:
        raise ArchiveRefused(
            Message(
                f"“{token}”是草稿版本，定稿（V1.0 起）才能归档",
                f"“{token}” is a draft; only V1.0 and later are filed",
            )
        )
    version = Version.parse(f"V{match[1]}.{match[2] or 0}" if match else token)
    if match and not match[2]:
        notes.append(Message(f"版本号 {token} 按 {version} 处理", f"version {token} read as {version}"))
    elif token != str(version):
        notes.append(Message(f"版本号 {token} 已更正为 {version}", f"version {token} corrected to {version}"))
    return version


def _date(token: str, notes: list[Message]) -> date:
    match = next((found for pattern in _DATES if (found := pattern.fullmatch(token))), None)
    if not match:
        raise ArchiveRefused(
            Message(f"“{token}”不是日期；应为 2023-04-01", f"“{token}” is not a date; write it as 2023-04-01")
        )
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise ArchiveRefused(Message(f"日期 {token} 不存在", f"there is no such day as {token}")) from error
    if token != day.isoformat():
        notes.append(Message(f"日期 {token} 已更正为 {day}", f"date {token} corrected to {day}"))
    return day


def _type(token: str, types: TypeNames, notes: list[Message]) -> tuple[DocType, str]:
    """Return type and serial; the whole token is tried first, for names that hold a hyphen."""
    head, hyphen, tail = token.rpartition("-")
    found, serial = types.by_name(token), ""
    if found is None and hyphen and SERIAL.fullmatch(tail):
        token, serial, found = head, tail, types.by_name(head)
    if found is None:
        found = types.find(token)
    name = canonical_type_name(found.token)
    if token != name:
        notes.append(Message(f"文件类型 {token} 已更正为 {name}", f"type {token} corrected to {name}"))
    return found, serial
