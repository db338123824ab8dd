"""The search engine is changed in `docgen.toml` and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from docgen.base.errors import EnvironmentFault
from docgen.base.settings import load_settings
from docgen.base.settings_edit import choose_engine


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '\n\n[search]\nengine = "tantivy"\n'),
        ('# 注释\nlang = "zh"\n', '# 注释\nlang = "zh"\n\n[search]\nengine = "tantivy"\n'),
        ('[search]\nengine = "whoosh"\n', '[search]\nengine = "tantivy"\n'),
        (
            '[search]\nengine = "whoosh"  # 默认\nserver = "x"\n[company]\nengine = "a"\n',
            '[search]\nengine = "tantivy" # 默认\nserver = "x"\n[company]\nengine = "a"\n',
        ),
        ('[search]\n# engine = "whoosh"\n', '[search]\nengine = "tantivy"\n# engine = "whoosh"\n'),
        ("[search]\nengine = 'whoosh' # note\n", '[search]\nengine = "tantivy" # note\n'),
        ("[ search ] # c\n  engine   =  'whoosh'\n", '[ search ] # c\nengine = "tantivy"\n'),
        (
            '[search]\n [company]\n engine = "a"\n',
            '[search]\nengine = "tantivy"\n [company]\n engine = "a"\n',
        ),
        ("[search]", '[search]\nengine = "tantivy"\n'),
    ],
)
def test_a_change(tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "docgen.toml"
    path.write_text(before, encoding="utf-8")

    choose_engine(path, "tantivy")

    assert path.read_text(encoding="utf-8") == after
    assert load_settings(path).search.engine == "tantivy"


@pytest.mark.parametrize(
    "before",
    ['search = {engine = "whoosh"}\n', 'search.engine = "whoosh"\n', '["search"]\nengine = "whoosh"\n'],
)
def test_what_only_its_author_can_change_is_left_alone(tmp_path: Path, before: str) -> None:
    path = tmp_path / "docgen.toml"
    path.write_text(before, encoding="utf-8")

    with pytest.raises(EnvironmentFault) as caught:
        choose_engine(path, "tantivy")

    assert 'engine = "tantivy"' in caught.value.text()
    assert path.read_text(encoding="utf-8") == before
