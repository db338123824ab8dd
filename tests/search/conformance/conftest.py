"""The tests of this folder are the contract of an engine: every engine is held to all of them."""

from __future__ import annotations

import pytest

from docgen.search.engines import ENGINES


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "place" in metafunc.fixturenames:
        metafunc.parametrize("place", list(ENGINES), indirect=True)
