"""The file properties of a copy, filled in as docxtpl does: title, subject, author and the like."""

from __future__ import annotations

import io
from collections.abc import Mapping

import jinja2
from docx import Document
from jinja2 import meta
from lxml import etree
from markupsafe import escape

from docgen.render.ooxml import ILLEGAL
from docgen.render.package import Package

_CORE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
#: Those that docxtpl fills in.
_NAMES = ("author", "comments", "identifier", "language", "subject", "title")
#: Longest text of a property, in characters (Word; python-docx refuses more).
_LONGEST = 255
_TAGS = ("{{", "{%", "{#")


class Properties:
    """The part `docProps/core.xml` of a template; it changes only where it holds tags."""

    def __init__(self, data: bytes, environment: jinja2.Environment) -> None:
        self._environment = environment
        document = Document(io.BytesIO(data))
        properties = document.core_properties
        self._tags: dict[str, str] = {}
        for number, name in enumerate(_NAMES):
            text = getattr(properties, name)
            if any(tag in text for tag in _TAGS):
                mark = f"\ue000{number}\ue001"
                self._tags[mark] = text
                text = mark
            setattr(properties, name, text)
        self._programs = {mark: environment.from_string(text) for mark, text in self._tags.items()}
        self._xml = etree.tostring(
            properties._element, encoding="UTF-8", xml_declaration=True, standalone=True
        ).decode()
        self.part = Package.open(data).related("", _CORE)[0]

    @property
    def static(self) -> bytes:
        """The part as it is before anything is filled in."""
        return self._xml.encode()

    @property
    def sources(self) -> list[str]:
        """The texts that hold tags."""
        return list(self._tags.values())

    def fill(self, context: Mapping[str, object]) -> dict[str, bytes]:
        """Return the part if it depends on ``context``.

        Raises:
            ValueError: A text is longer than Word allows, or holds a control character.
        """
        if not self._programs:
            return {}
        xml = self._xml
        for mark, program in self._programs.items():
            xml = xml.replace(mark, _property(str(program.render(context))))
        return {self.part: xml.encode()}

    def undeclared(self) -> frozenset[str]:
        """Return the names that are taken from the context."""
        trees = map(self._environment.parse, self._tags.values())
        return frozenset().union(*map(meta.find_undeclared_variables, trees))


def _property(text: str) -> str:
    if len(text) > _LONGEST or ILLEGAL.search(text):
        raise ValueError(f"file property of over {_LONGEST} characters, or with control characters")
    return str(escape(text))
