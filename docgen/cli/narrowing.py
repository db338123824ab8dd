"""Options that narrow a listing or a search down."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import DAY, TYPE, Day, option
from docgen.forms.definition import CATEGORIES, PHASES


class Phase(click.Choice[str]):
    """A phase of a project, by its name or its number in the catalogue."""

    def __init__(self) -> None:
        super().__init__(PHASES)

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name of the phase."""
        numbered = dict(zip("123456789", PHASES, strict=True))
        return super().convert(numbered.get(value, value), param, ctx)


type_option = option(
    "--type", "type_name", default="", word=TYPE, zh="限于这一文件类型。", en="Only this document type."
)
category_option = option(
    "--category",
    type=click.Choice(CATEGORIES),
    word=Message("类别", "CATEGORY"),
    zh=f"限于这一类别：{'、'.join(CATEGORIES)}。",
    en=f"Only this category: {', '.join(CATEGORIES)}.",
)
since_option = option("--since", type=Day(), word=DAY, zh="日期不早于这一天。", en="Dated this day or later.")
until_option = option(
    "--until", type=Day(), word=DAY, zh="日期不晚于这一天。", en="Dated this day or earlier."
)
all_versions_option = option("--all-versions", is_flag=True, zh="包括旧版本。", en="Older versions too.")
version_option = option(
    "--version",
    default="",
    word=Message("版本", "VERSION"),
    zh="限于这一版本；V1 是各 V1.x。",
    en="Only this version; V1 is every V1.x.",
)
contract_option = option(
    "--contract",
    default="",
    word=Message("合同编号", "NUMBER"),
    zh="限于属于这份合同的文件。",
    en="Only what belongs to this contract.",
)
counterparty_option = option(
    "--counterparty",
    default="",
    word=Message("客户", "CUSTOMER"),
    zh="限于这个客户（全称）。",
    en="Only this customer (whole name).",
)
phase_option = option(
    "--phase",
    type=Phase(),
    word=Message("阶段", "PHASE"),
    zh="限于某个阶段：1–9，或 intake、contract 等。",
    en="Only one phase: 1–9, or intake, contract and so on.",
)
problem_type_option = option(
    "--problem-type",
    default="",
    word=Message("种类", "KIND"),
    zh="限于这种问题。",
    en="Only this kind of problem.",
)
data_class_option = option(
    "--data-class",
    default="",
    word=Message("数据类别", "CLASS"),
    zh="限于服务数据的这一类，如服务记录、沟通记录。",
    en="Only this class of service data.",
)
confidentiality_option = option(
    "--confidentiality",
    default="",
    word=Message("密级", "LEVEL"),
    zh="限于这一密级。",
    en="Only this level of confidentiality.",
)
