"""Options that narrow a listing or a search down."""

from __future__ import annotations

import click

from docgen.base.messages import Message
from docgen.cli.elements import DAY, TYPE, Day, option
from docgen.forms.definition import CATEGORIES

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
