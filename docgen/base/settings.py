"""What `docgen.toml` may say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.periods import Period


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What `docgen watch` goes by; every value has a default."""

    #: Inbox folders, relative to the workspace or absolute.
    inboxes: tuple[str, ...] = ("inbox",)
    #: Seconds that a file must have held still before it is looked into.
    settle_seconds: float = 2
    #: Seconds of stillness after which a file whose content is incomplete is rejected.
    incomplete_seconds: float = 30
    #: Seconds between two looks through an inbox, whatever was noticed of it.
    reconcile_seconds: float = 60


#: Search engines that can be chosen.
ENGINES = ("whoosh", "tantivy", "postgres")


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """Where the full-text index is kept (`[search]`)."""

    #: One of `ENGINES`.
    engine: str = "whoosh"
    #: Connection string of the database of the engine `postgres`.
    server: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one workspace; every one has a default.

    Raises:
        EnvironmentFault: On an unknown key, a wrong type or a value out of range.
    """

    #: Company card: field id -> text, feeds the defaults of every form.
    company: Mapping[str, str] = field(default_factory=dict)
    #: Zone of every "today" (IANA name).
    timezone: str = "Asia/Shanghai"
    #: Language of messages: zh or en.
    lang: str = "zh"
    #: True: a missing ref target is an error instead of a warning.
    strict_refs: bool = False
    #: File of site holidays for years without a published calendar.
    holidays: str = "holidays.yaml"
    #: Seconds that a conversion to PDF may take.
    pdf_timeout: int = 120
    #: Days after which `doctor` asks for a new backup.
    backup_days: int = 7
    #: What becomes of received files of a project without card and archive folder: accept or reject.
    unknown_project: str = "accept"
    #: The full-text index (`[search]`).
    search: SearchSettings = field(default_factory=SearchSettings)
    #: Periods of retention (`base.periods`) by document type, category or `默认`.
    retention: Mapping[str, Period] = field(default_factory=dict)
    #: The watcher's own settings (`[watch]`).
    watch: WatchSettings = field(default_factory=WatchSettings)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every "today"."""
        return ZoneInfo(self.timezone)


_TYPES: Mapping[str, type] = {
    "company": dict,
    "timezone": str,
    "lang": str,
    "strict_refs": bool,
    "holidays": str,
    "pdf_timeout": int,
    "backup_days": int,
    "unknown_project": str,
    "search": dict,
    "retention": dict,
    "watch": dict,
}


def load_settings(path: Path) -> Settings:
    """Read ``path`` (TOML); a missing file means all defaults."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _fault(path, Message(f"不是有效的 TOML：{error}", f"not valid TOML: {error}")) from error
    for key, value in raw.items():
        _check(path, key, value)
    company = {str(key): str(value) for key, value in raw.pop("company", {}).items()}
    watch = _watch(path, raw.pop("watch", {}))
    search = _search(path, raw.pop("search", {}))
    retention = _retention(path, raw.pop("retention", {}))
    return Settings(company=company, search=search, watch=watch, retention=retention, **raw)


def _search(path: Path, raw: Mapping[str, Any]) -> SearchSettings:
    for key, value in raw.items():
        _known(path, "search", key, SearchSettings)
        if not isinstance(value, str) or (key == "engine" and value not in ENGINES):
            names = "：" + "、".join(ENGINES) if key == "engine" else ""
            raise _fault(
                path,
                Message(f"设置 search.{key} 应为文字{names}", f"search.{key} must be a text {names}"),
            )
    return SearchSettings(**raw)


def _known(path: Path, table: str, key: str, settings: type) -> None:
    known = "、".join(sorted(one.name for one in fields(settings)))
    if key not in known.split("、"):
        raise _fault(
            path,
            Message(
                f"未知的设置 {table}.{key}；可用：{known}", f"unknown setting {table}.{key}; known: {known}"
            ),
        )


def _watch(path: Path, raw: Mapping[str, object]) -> WatchSettings:
    for key, value in raw.items():
        _known(path, "watch", key, WatchSettings)
        if not (_are_folders(value) if key == "inboxes" else _is_duration(value)):
            wanted = (
                Message("文件夹名称的列表，至少一个", "a list of folder names, at least one")
                if key == "inboxes"
                else Message("大于 0 的秒数", "a number of seconds above 0")
            )
            raise _fault(
                path,
                Message(f"设置 watch.{key} 应为{wanted.zh}", f"setting watch.{key} must be {wanted.en}"),
            )
    values: dict[str, Any] = {**raw}
    if "inboxes" in values:
        values["inboxes"] = tuple(values["inboxes"])
    return WatchSettings(**values)


def _retention(path: Path, raw: Mapping[str, object]) -> dict[str, Period]:
    periods = {}
    for key, value in raw.items():
        try:
            periods[key] = Period.parse(str(value))
        except ValueError as error:
            raise _fault(
                path,
                Message(
                    f"设置 retention.{key} 应为“10年”“10年自归档日”“10年自次年”、"
                    f"日期或“永久”，不是 {value!r}",
                    f"setting retention.{key} must be 10年, 10年自归档日, 10年自次年, a date or 永久, "
                    f"not {value!r}",
                ),
            ) from error
    return periods


def _are_folders(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _check(path: Path, key: str, value: object) -> None:
    if key not in _TYPES:
        known = "、".join(_TYPES)
        raise _fault(
            path, Message(f"未知的设置 {key}；可用：{known}", f"unknown setting {key}; known: {known}")
        )
    if type(value) is not _TYPES[key]:
        name = _TYPES[key].__name__
        raise _fault(path, Message(f"设置 {key} 的类型应为 {name}", f"setting {key} must be of type {name}"))
    if key == "lang" and value not in ("zh", "en"):
        raise _fault(path, Message("设置 lang 只能是 zh 或 en", "setting lang must be zh or en"))
    if key == "unknown_project" and value not in ("accept", "reject"):
        raise _fault(
            path,
            Message(
                "设置 unknown_project 只能是 accept 或 reject",
                "setting unknown_project must be accept or reject",
            ),
        )
    if key in ("pdf_timeout", "backup_days") and isinstance(value, int) and value < 1:
        raise _fault(path, Message(f"设置 {key} 必须大于 0", f"setting {key} must be above 0"))
    if key == "timezone":
        try:
            ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise _fault(path, Message(f"未知的时区 {value}", f"unknown time zone {value}")) from error


def _fault(path: Path, message: Message) -> EnvironmentFault:
    return EnvironmentFault(
        message, where=str(path), hint=Message("修改该文件后再试", "correct that file and try again")
    )
