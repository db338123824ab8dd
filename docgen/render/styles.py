"""Give a template the styles of the house: matched by type and name, the ids of the template kept."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.render.ooxml import NAMESPACES, attribute, child_value, qn
from docgen.render.package import STYLES, Package
from docgen.render.style_numbering import merge_numbering

#: Type and name (compared without case, as Word does) of a style.
Key = tuple[str, str]

#: Children of a style that name another style.
_LINKS = ("w:basedOn", "w:next", "w:link")


def merge_house_styles(template: Package, house: Package) -> None:
    """Replace in ``template`` every style that the house defines, add those it lacks, take its defaults."""
    own, shared = _root(template), _root(house)
    ids = map_ids(own, shared)
    used = {attribute(item, "w:val") for item in shared.iterfind("w:style/w:pPr/w:numPr/w:numId", NAMESPACES)}
    numbers = merge_numbering(template, house, used, ids)
    _drop_default_flags(own, shared)
    existing = {key: style for style, key in _styles(own)}
    for style, key in _styles(shared):
        _place(own, existing.get(key), _translated(style, ids, numbers))
    _take_defaults(own, shared)
    template.put(_name(template), own)


def adopt_styles(template: Package, other: Package, used: set[str]) -> dict[str, str]:
    """Copy the styles ``used`` in ``other`` that ``template`` lacks; return ids there -> ids here."""
    own, foreign = _root(template), _root(other)
    ids = map_ids(own, foreign)
    known = {key for _, key in _styles(own)}
    by_id = {attribute(style, "w:styleId"): (style, key) for style, key in _styles(foreign)}
    waiting = list(used)
    while waiting:
        style, key = by_id.get(waiting.pop(), (None, ("", "")))
        if style is not None and key not in known:
            known.add(key)
            _place(own, None, _translated(style, ids, {}))
            waiting.extend(child_value(style, link) for link in _LINKS)
    template.put(_name(template), own)
    return ids


def map_ids(own: etree._Element, foreign: etree._Element) -> dict[str, str]:
    """Return ids of ``foreign`` styles -> the ids that they have, or get, among ``own``."""
    have = {key: attribute(style, "w:styleId") for style, key in _styles(own)}
    taken, ids = set(have.values()), {}
    for style, key in _styles(foreign):
        old = attribute(style, "w:styleId")
        new = have.get(key) or _free(old, taken)
        taken.add(new)
        ids[old] = new
    return ids


def shadings(package: Package) -> dict[str, etree._Element]:
    """Return the paragraph style ids whose style, or a style it is based on, has a shading."""
    styles = {
        attribute(style, "w:styleId"): style
        for style, key in _styles(_root(package))
        if key[0] == "paragraph"
    }
    found = {style_id: _shading(style_id, styles) for style_id in styles}
    return {style_id: shading for style_id, shading in found.items() if shading is not None}


def _shading(style_id: str, styles: dict[str, etree._Element]) -> etree._Element | None:
    seen: set[str] = set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        shading = styles[style_id].find("w:pPr/w:shd", NAMESPACES)
        if shading is not None:
            return shading
        style_id = child_value(styles[style_id], "w:basedOn")
    return None


def _styles(root: etree._Element) -> list[tuple[etree._Element, Key]]:
    return [
        (style, (attribute(style, "w:type"), child_value(style, "w:name").casefold()))
        for style in root.iterfind("w:style", NAMESPACES)
    ]


def _name(package: Package) -> str:
    names = package.related(package.main, STYLES)
    if not names:
        raise TemplateFault(Message("Word 文件里没有样式表", "there are no styles in the Word file"))
    return names[0]


def _root(package: Package) -> etree._Element:
    return package.xml(_name(package))


def _free(wanted: str, taken: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = f"{wanted}-{number}"
    return candidate


def _translated(style: etree._Element, ids: dict[str, str], numbers: dict[str, str]) -> etree._Element:
    copy = deepcopy(style)
    copy.set(qn("w:styleId"), ids[attribute(style, "w:styleId")])
    for link in _LINKS:
        for item in copy.findall(link, NAMESPACES):
            item.set(qn("w:val"), ids.get(attribute(item, "w:val"), attribute(item, "w:val")))
    for item in copy.iterfind("w:pPr/w:numPr/w:numId", NAMESPACES):
        item.set(qn("w:val"), numbers.get(attribute(item, "w:val"), attribute(item, "w:val")))
    return copy


def _place(root: etree._Element, old: etree._Element | None, new: etree._Element) -> None:
    if old is None:
        root.append(new)
    else:
        root.replace(old, new)


def _drop_default_flags(own: etree._Element, shared: etree._Element) -> None:
    """The default style of each type is the house's; there can be only one."""
    types = {key[0] for style, key in _styles(shared) if attribute(style, "w:default")}
    for style, key in _styles(own):
        if key[0] in types:
            style.attrib.pop(qn("w:default"), "")


def _take_defaults(own: etree._Element, shared: etree._Element) -> None:
    for old in own.findall("w:docDefaults", NAMESPACES):
        own.remove(old)
    for new in shared.findall("w:docDefaults", NAMESPACES):
        own.insert(0, deepcopy(new))
