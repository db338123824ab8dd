"""From a record to a finished Word document, and on to PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docgen.render.compiled.template import CompiledTemplate

__all__ = ["CompiledTemplate"]


def __getattr__(name: str) -> object:
    """Import the public class when it is asked for: the command line starts without it."""
    if name == "CompiledTemplate":
        from docgen.render.compiled.template import CompiledTemplate

        return CompiledTemplate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
