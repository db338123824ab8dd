"""`--set 项=值` and `--table 名=文件`: pairs given on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
    return _read("--set", "项=值", pairs)


def read_files(pairs: Sequence[str]) -> dict[str, Path]:
    """Return ``表格名=文件`` pairs (`--table`) as a mapping.

    Raises:
        UsageFault: A pair without `=`, a name given twice, or a file that is not there.
    """
    files = {name: Path(file.strip()) for name, file in _read("--table", "表格名=文件", pairs).items()}
    for name, file in files.items():
        if not file.is_file():
            raise UsageFault(
                Message(f"--table {name}：没有文件 {file}", f"--table {name}: there is no file {file}")
            )
    return files


def _read(option_name: str, form: str, pairs: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.replace("＝", "=", 1).partition("=")
        name = f"{option_name} {key.strip()}"
        if not equals or not key.strip():
            raise UsageFault(
                Message(
                    f"{option_name} 应写成 {form}，不是“{pair}”", f"{option_name} wants {form}, not “{pair}”"
                )
            )
        if key.strip() in values:
            raise UsageFault(Message(f"{name} 写了两次", f"{name} is given twice"))
        values[key.strip()] = value
    return values
