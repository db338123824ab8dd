"""Which characters and words may stand in an archived name, and when two names are one.

A name must be legal on Windows and Linux alike, read the same in `sha256sum` and BagIt manifests
(so no `%`, backslash or line break), and have exactly one spelling.
"""

from __future__ import annotations

import re
import unicodedata

from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message

#: Longest file name on common filing systems, in bytes of UTF-8, extension included.
MAX_NAME_BYTES = 255
MAX_PROJECT_BYTES = 80
#: What is left for a type name beside project, serial, date, version and the longest extension.
MAX_TYPE_BYTES = 120

SERIAL = re.compile(r"[0-9A-Za-z]{2,16}")

_FORBIDDEN = frozenset('/\\:*?"<>|%')
#: Full-width forms that are only another way of typing the half-width one. Full-width `：？＊` and the
#: like stay: their half-width forms are forbidden, and they are legal themselves.
_WIDE = {
    0xFF01 + offset: chr(0x21 + offset)
    for offset in range(94)
    if chr(0x21 + offset).isalnum() or chr(0x21 + offset) in "_-.()[]{}"
}
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9]|CONIN\$|CONOUT\$)", re.IGNORECASE)
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def half_width(text: str) -> str:
    """Return ``text`` in NFC with half-width letters, digits and brackets and single plain spaces."""
    plain = unicodedata.normalize("NFC", text.translate(_WIDE))
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in plain)
    return re.sub(" +", " ", spaced).strip(" ")


def fold_key(text: str) -> str:
    """Return what is compared when two names might be one: NFKC and casefold (`ABC` = `abc` = `ＡＢＣ`)."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def canonical_project(text: str) -> str:
    """Return the one spelling of a project name.

    Raises:
        ArchiveRefused: It is empty, too long, or holds what no folder name may hold.
    """
    name = half_width(text)
    _refuse_characters(name, Message("项目名称", "project name"))
    if not name:
        raise _refusal(Message("项目名称为空", "the project name is empty"))
    if len(name.encode()) > MAX_PROJECT_BYTES:
        raise _refusal(
            Message(
                f"项目名称“{name}”过长（UTF-8 最多 {MAX_PROJECT_BYTES} 字节，约 26 个汉字）",
                f"the project name “{name}” is too long (at most {MAX_PROJECT_BYTES} bytes)",
            )
        )
    if name.endswith(".") or name[0] in ".~":
        raise _refusal(
            Message(
                f"项目名称“{name}”不能以点或 ~ 开头，也不能以点结尾",
                f"the project name “{name}” must not begin with a dot or ~ nor end with a dot",
            )
        )
    if _DEVICES.fullmatch(fold_key(name).partition(".")[0].strip()):
        raise _refusal(
            Message(
                f"项目名称“{name}”是 Windows 保留的设备名",
                f"the project name “{name}” is a Windows device name",
            )
        )
    return name


def canonical_type_name(text: str) -> str:
    """Return the one spelling of a type name as it stands in file names.

    Raises:
        ArchiveRefused: It is empty, too long, holds `_` or a forbidden character, or ends like a serial.
    """
    name = half_width(text)
    _refuse_characters(name, Message("文件类型", "document type"))
    if not name or "_" in name:
        raise _refusal(
            Message(
                f"文件类型“{name}”为空或含有下划线", f"the type name “{name}” is empty or holds an underscore"
            )
        )
    if len(name.encode()) > MAX_TYPE_BYTES:
        raise _refusal(
            Message(
                f"文件类型“{name}”过长（最多 40 个汉字）",
                f"the type name “{name}” is too long (at most 120 bytes)",
            )
        )
    head, hyphen, tail = name.rpartition("-")
    if hyphen and head and SERIAL.fullmatch(tail):
        raise _refusal(
            Message(
                f"文件类型“{name}”末尾的“-{tail}”会被当成序号，请改用别的名称",
                f"the end “-{tail}” of the type name “{name}” would be read as a serial; choose another name",
            )
        )
    return name


def canonical_serial(text: str) -> str:
    """Return the serial, "" for none.

    Raises:
        ArchiveRefused: It is not 2 to 16 Latin letters and digits.
    """
    serial = half_width(text)
    if serial and not SERIAL.fullmatch(serial):
        raise _refusal(
            Message(
                f"序号“{serial}”无效：应为 2 至 16 位数字或英文字母",
                f"the serial “{serial}” is not 2 to 16 digits or Latin letters",
            )
        )
    return serial


def _refuse_characters(name: str, what: Message) -> None:
    for char in name:
        if char in _FORBIDDEN or unicodedata.category(char) in _UNSEEN or _noncharacter(char):
            shown = char if char in _FORBIDDEN else f"U+{ord(char):04X}"
            zh = f"{what.zh}“{printable(name)}”含有不允许的字符 {shown}"
            en = f"the {what.en} “{printable(name)}” holds {shown}, which no file name may hold"
            raise _refusal(Message(zh, en))


def _noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def printable(text: str) -> str:
    """Return ``text`` with what cannot be printed shown as its code."""
    return "".join(char if char.isprintable() else f"<U+{ord(char):04X}>" for char in text)


def _refusal(message: Message) -> ArchiveRefused:
    return ArchiveRefused(message, hint=Message("改名后再试", "rename it and try again"))
