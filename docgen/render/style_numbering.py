"""Give a template the numbering of the house, so that headings are numbered alike everywhere."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from docgen.render.ooxml import NAMESPACES, attribute, child_value, qn
from docgen.render.package import NUMBERING, Package

_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"


def merge_numbering(
    template: Package, house: Package, used: set[str], style_ids: dict[str, str]
) -> dict[str, str]:
    """Merge the lists ``used`` by styles of ``house`` into ``template``; return its numbers -> ours.

    A definition of the template that has the same name, or numbers the same paragraph styles, takes the
    definition of the house and keeps its id, so that lists of the template follow; others are added.

    Args:
        template: Changed in place.
        house: Where the definitions come from.
        used: Numbers of the house that its styles refer to.
        style_ids: Style ids of the house -> of the template.
    """
    sources = house.related(house.main, NUMBERING)
    if not sources:
        return {}
    name, own = _numbering(template)
    foreign = house.xml(sources[0])
    lists = [num for num in foreign.iterfind("w:num", NAMESPACES) if attribute(num, "w:numId") in used]
    needed = {child_value(num, "w:abstractNumId") for num in lists}
    abstract_ids = {
        _id(definition): _place(own, _translated(definition, style_ids))
        for definition in foreign.iterfind("w:abstractNum", NAMESPACES)
        if _id(definition) in needed
    }
    numbers = {
        attribute(num, "w:numId"): _number(own, num, abstract_ids[child_value(num, "w:abstractNumId")])
        for num in lists
    }
    template.put(name, own)
    return numbers


def _numbering(template: Package) -> tuple[str, etree._Element]:
    names = template.related(template.main, NUMBERING)
    if names:
        return names[0], template.xml(names[0])
    name = "word/numbering.xml"
    template.relate(template.main, NUMBERING, name)
    template.set_content_type(name, _CONTENT_TYPE)
    return name, etree.Element(qn("w:numbering"), nsmap={"w": NAMESPACES["w"]})


def _id(definition: etree._Element) -> str:
    return attribute(definition, "w:abstractNumId")


def _translated(definition: etree._Element, style_ids: dict[str, str]) -> etree._Element:
    copy = deepcopy(definition)
    for path in ("w:lvl/w:pStyle", "w:styleLink", "w:numStyleLink"):
        for item in copy.iterfind(path, NAMESPACES):
            item.set(qn("w:val"), style_ids.get(attribute(item, "w:val"), attribute(item, "w:val")))
    return copy


def _place(own: etree._Element, new: etree._Element) -> str:
    """Put ``new`` in the place of the same definition, or behind the others; return its id."""
    definitions = own.findall("w:abstractNum", NAMESPACES)
    old = next((item for item in definitions if _same(item, new)), None)
    if old is not None:
        new.set(qn("w:abstractNumId"), _id(old))
        own.replace(old, new)
    else:
        new.set(qn("w:abstractNumId"), _next([_id(item) for item in definitions]))
        first_number = own.find("w:num", NAMESPACES)
        own.insert(len(own) if first_number is None else own.index(first_number), new)
    return _id(new)


def _same(old: etree._Element, new: etree._Element) -> bool:
    names = child_value(old, "w:name"), child_value(new, "w:name")
    if names[0] and names[0] == names[1]:
        return True
    return bool(_numbered_styles(old) & _numbered_styles(new))


def _numbered_styles(definition: etree._Element) -> set[str]:
    return {attribute(item, "w:val") for item in definition.iterfind("w:lvl/w:pStyle", NAMESPACES)}


def _number(own: etree._Element, source: etree._Element, abstract_id: str) -> str:
    """Return the plain list of ``own`` that uses ``abstract_id``; add one where there is none."""
    numbers = own.findall("w:num", NAMESPACES)
    overridden = source.find("w:lvlOverride", NAMESPACES) is not None
    for number in numbers:
        plain = number.find("w:lvlOverride", NAMESPACES) is None
        if plain and not overridden and child_value(number, "w:abstractNumId") == abstract_id:
            return attribute(number, "w:numId")
    copy = deepcopy(source)
    copy.set(qn("w:numId"), _next([attribute(number, "w:numId") for number in numbers]))
    reference = copy.find("w:abstractNumId", NAMESPACES)
    assert reference is not None
    reference.set(qn("w:val"), abstract_id)
    own.append(copy)
    return attribute(copy, "w:numId")


def _next(ids: list[str]) -> str:
    return str(max((int(item) for item in ids), default=0) + 1)
