"""The register of types, and small things that every test of the archive needs."""

from __future__ import annotations

import pytest

from docgen.base.workspace import shipped_templates
from docgen.forms.types import TypeRegistry, load_types


@pytest.fixture(scope="session")
def types() -> TypeRegistry:
    """The 251 types of the catalogue."""
    return load_types(shipped_templates() / "types.yaml")
