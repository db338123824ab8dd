"""Put a drawn body into a Word file that has the styles of the house."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from docgen.render.drawing.context import Page
from docgen.render.drawing.xml import paragraph
from docgen.render.ooxml import attribute
from docgen.render.package import FOOTER, HEADER, Package
from docgen.render.styles import shadings

STYLE_FILE = "style.docx"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:language>zh-CN</dc:language>'
    "</cp:coreProperties>"
)


def open_house(house: Path) -> Package:
    """Return the package of `style.docx` in the folder ``house``.

    Raises:
        BadPackage: It is not a Word file.
        OSError: It cannot be read.
    """
    return Package.open(house / STYLE_FILE)


def style_fills(package: Package) -> dict[str, str]:
    """Return paragraph style ids -> fill of a cell whose first paragraph has that style."""
    return {style: attribute(shading, "w:fill") for style, shading in shadings(package).items()}


def pack(package: Package, title: str, body: str, page: Page, *, cover: bool) -> bytes:
    """Return the Word file: ``body``, header and footer that include the blocks of the house, one section."""
    header = _story(package, HEADER, "header", "hdr")
    footer = _story(package, FOOTER, "footer", "ftr")
    references = (
        f'<w:headerReference w:type="default" r:id="{header}"/>'
        f'<w:footerReference w:type="default" r:id="{footer}"/>'
    )
    document = f"<w:document {_NAMES}><w:body>{body}{_section(page, references, cover)}</w:body></w:document>"
    package.parts[package.main] = (_XML + document).encode()
    package.parts["docProps/core.xml"] = (_XML + _CORE.format(escape(title))).encode()
    return package.to_bytes()


def _story(package: Package, kind: str, block: str, root: str) -> str:
    """Add a header or footer part that includes ``block``; return the id of its relationship."""
    name = f"word/{block}1.xml"
    content = paragraph(f'{{%p include "{block}" %}}', block.capitalize())
    package.parts[name] = f"{_XML}<w:{root} {_NAMES}>{content}</w:{root}>".encode()
    package.set_content_type(name, _TYPE.format(block))
    return package.relate(package.main, kind, name)


def _section(page: Page, references: str, cover: bool) -> str:
    orient = ' w:orient="landscape"' if page.landscape else ""
    return (
        f"<w:sectPr>{references}"
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"{orient}/>'
        f'<w:pgMar w:top="{page.top}" w:right="{page.right}" w:bottom="{page.bottom}" w:left="{page.left}"'
        f' w:header="{page.edge}" w:footer="{page.edge}" w:gutter="0"/>'
        f"{'<w:titlePg/>' if cover else ''}</w:sectPr>"
    )
