"""What `docgen.toml` may say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message


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
    return Settings(company=company, **raw)


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
