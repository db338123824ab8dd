"""The language of a run, and click's own sentences in it."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import docgen.cli.language as language
from docgen.cli.language import choose_language

CATALOG = Path(language.__file__).parent / "locale/zh_CN/LC_MESSAGES/messages.po"


@pytest.mark.parametrize(
    ("arguments", "environ", "settings", "expected"),
    [
        ([], {}, "", "zh"),
        ([], {"LANG": "C.UTF-8"}, "", "zh"),
        ([], {"LANG": "zh_TW.UTF-8"}, "", "zh"),
        ([], {"LANG": "en_US.UTF-8"}, "", "en"),
        ([], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "", "zh"),
        ([], {"LANG": "en_US.UTF-8"}, 'lang = "zh"', "zh"),
        ([], {"DOCGEN_LANG": "en"}, 'lang = "zh"', "en"),
        (["--lang", "en", "types"], {}, 'lang = "zh"', "en"),
        (["--lang=zh"], {"LANG": "en_GB"}, "", "zh"),
        (["--lang"], {}, "", "zh"),
        ([], {}, "lang = broken", "zh"),
    ],
)
def test_language_is_chosen_in_order(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], settings: str, expected: str
) -> None:
    path = tmp_path / "docgen.toml"
    path.write_text(settings, encoding="utf-8")

    assert choose_language(arguments, environ, path) == expected


def test_compiled_catalogue_is_that_of_the_source() -> None:
    """`pybabel compile -d docgen/cli/locale` was run after the last change."""
    with CATALOG.open("rb") as source, CATALOG.with_suffix(".mo").open("rb") as compiled:
        written = {message.id: message.string for message in read_po(source) if message.id}
        translations = gettext.GNUTranslations(compiled)

    read = {
        name: (translations.ngettext(*name, 1),) if isinstance(name, tuple) else translations.gettext(name)
        for name in written
    }
    assert read == written
