"""Scans whose text waits to be recognised, told once for all that a command has brought in."""

from __future__ import annotations

from docgen.base.messages import Message
from docgen.cli.output import note


def tell_scans(number: int, lang: str) -> None:
    """Say how the text of so many scans comes to be found; nothing where there are none."""
    from docgen.text.recogniser import INSTALL, available

    if not number:
        return
    way = (
        Message(
            "运行 docgen ocr 立即识别，docgen watch 空闲时也会识别",
            "docgen ocr does it now, docgen watch when idle",
        )
        if available()
        else Message(
            f"先安装：{INSTALL}，再运行 docgen ocr", f"install it first: {INSTALL}, then run docgen ocr"
        )
    )
    note(
        Message(
            f"{number} 份扫描件等待文字识别，识别后可按内容检索。{way.zh}。",
            f"{number} scans wait for the recognition of their text, and are found by it then: {way.en}.",
        ),
        lang,
    )
