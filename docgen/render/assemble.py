"""Make one whole Word file of a template, the styles of the house and its building blocks.

So all documents are restyled in one place, and a signature block is one thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path

from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.render.blocks import expand_blocks
from docgen.render.ooxml import NAMESPACES, BadPackage, child_value, qn
from docgen.render.package import Package
from docgen.render.styles import merge_house_styles, shadings

TEMPLATE_FILE = "template.docx"
STYLE_FILE = "style.docx"
BLOCKS = "blocks"

#: Children of `w:tcPr` that come before its `w:shd` (ECMA-376 part 1, 17.4.70).
_BEFORE_SHADING = ("cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders")


def assemble(template: Path, houses: Sequence[Path]) -> bytes:
    """Return the assembled template: house styles merged, blocks put in, cells coloured by their style.

    Args:
        template: `template.docx`, or the folder that holds it.
        houses: House folders, the workspace's before the shipped one; each file comes from the first that
            has it. None at all: the template keeps its own styles and can include nothing.

    Raises:
        TemplateFault: The template, the style file or a block is missing or broken.
    """
    package = open_template(template)
    if houses:
        merge_house_styles(package, _house_style(houses))
    expand_blocks(package, lambda name: _find(houses, f"{BLOCKS}/{name}.docx"))
    _colour_cells(package)
    return package.to_bytes()


def open_template(path: Path) -> Package:
    """Open a template, or the `template.docx` of a folder.

    Raises:
        TemplateFault: It is missing or not a whole Word file.
    """
    path = path / TEMPLATE_FILE if path.is_dir() else path
    try:
        return Package.open(path)
    except FileNotFoundError as error:
        raise TemplateFault(Message("没有模板文件", "there is no template file"), where=str(path)) from error
    except BadPackage as error:
        raise TemplateFault(error.message, where=str(path), hint=error.hint) from error


def _house_style(houses: Sequence[Path]) -> Package:
    style = _find(houses, STYLE_FILE)
    if style is None:
        raise TemplateFault(
            Message(f"没有公用样式文件 {STYLE_FILE}", f"there is no house style {STYLE_FILE}"),
            where="、".join(str(house) for house in houses),
        )
    return style


def _find(houses: Sequence[Path], name: str) -> Package | None:
    path = next((house / name for house in houses if (house / name).is_file()), None)
    return open_template(path) if path else None


def _colour_cells(package: Package) -> None:
    """Give a cell the shading of the style of its first paragraph, so that the style alone colours it."""
    shaded = shadings(package)
    if not shaded:
        return
    for _, name in list(package.stories()):
        root = package.xml(name)
        for cell in root.iter(qn("w:tc")):
            first = cell.find("w:p", NAMESPACES)
            shading = shaded.get(child_value(first, "w:pPr/w:pStyle")) if first is not None else None
            if shading is not None:
                _shade(cell, shading)
        package.put(name, root)


def _shade(cell: etree._Element, shading: etree._Element) -> None:
    properties = cell.find("w:tcPr", NAMESPACES)
    if properties is None:
        properties = etree.Element(qn("w:tcPr"))
        cell.insert(0, properties)
    for old in properties.findall("w:shd", NAMESPACES):
        properties.remove(old)
    before = [item for item in properties if etree.QName(item).localname in _BEFORE_SHADING]
    properties.insert(len(before), deepcopy(shading))
