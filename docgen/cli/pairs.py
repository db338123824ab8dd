"""`--set 项=值`: values given on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.base.errors import UsageFault
from docgen.base.messages import Message
from docgen.cli.elements import option

pairs_option = option(
    "--set",
    "pairs",
    multiple=True,
    word=Message("项=值", "KEY=VALUE"),
    zh="填写或覆盖一项，可多次使用，如 --set 合同编号=HT-2026-001。",
    en="Give or override one field; may be repeated, e.g. --set contract_no=HT-2026-001.",
)


def read_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """Return ``项=值`` pairs as a mapping.

    Raises:
        UsageFault: A pair without `=`, or a key given twice.
    """
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.replace("＝", "=", 1).partition("=")
        if not equals or not key.strip():
            raise UsageFault(
                Message(f"--set 应写成 项=值，不是“{pair}”", f"--set wants key=value, not “{pair}”")
            )
        if key.strip() in values:
            raise UsageFault(Message(f"--set {key.strip()} 写了两次", f"--set {key.strip()} is given twice"))
        values[key.strip()] = value
    return values
