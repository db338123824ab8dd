"""Which language a run speaks."""

from __future__ import annotations

import gettext
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALES = Path(__file__).parent / "locale"


def choose_language(arguments: Sequence[str], environ: Mapping[str, str], settings: Path | None) -> str:
    """Return zh or en: ``--lang``, else DOCGEN_LANG, else `docgen.toml`, else the locale, else zh."""
    named = given(arguments, "--lang") or environ.get("DOCGEN_LANG", "") or _setting(settings)
    if named in LANGUAGES:
        return named
    return "en" if _locale(environ).lower().startswith("en") else "zh"


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Make click's own sentences (usage, errors) appear in ``lang``: click asks gettext, gettext LANGUAGE."""
    gettext.bindtextdomain("messages", str(_LOCALES))
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = "zh_CN" if lang == "zh" else "en"
    try:
        yield
    finally:
        del os.environ["LANGUAGE"]
        if before is not None:
            os.environ["LANGUAGE"] = before


def given(arguments: Sequence[str], *names: str) -> str:
    """Return the value of an option that is needed before click reads the line; empty: it is not there."""
    for word, following in zip(arguments, (*arguments[1:], ""), strict=False):
        if word in names:
            return following
        name, equals, value = word.partition("=")
        if equals and name in names:
            return value
    return ""


def punctuate(text: str, lang: str) -> str:
    """Give click's sentences, put together from translated pieces, Chinese quotes and full stops."""
    if lang == "en":
        return text
    quoted = re.sub(r"'([^'\n]*)'", r"“\1”", text).replace("”, “", "”、“")
    return re.sub(r"(?<!\.)\.$", "。", quoted, flags=re.MULTILINE)


def _setting(path: Path | None) -> str:
    """Return the workspace's choice; a file that cannot be read is reported later, where it is needed."""
    if path is None:
        return ""
    try:
        return str(tomllib.loads(path.read_text(encoding="utf-8-sig")).get("lang", ""))
    except (OSError, ValueError):
        return ""


def _locale(environ: Mapping[str, str]) -> str:
    return next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
