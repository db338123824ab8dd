"""Check a template before anybody fills in a form: every mistake with its place and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from docgen.base.errors import TemplateFault
from docgen.base.findings import Finding, Severity
from docgen.forms.definition import Form
from docgen.render.assemble import TEMPLATE_FILE, assemble, open_template
from docgen.render.checks import file_findings, finding, findings
from docgen.render.engine import Template
from docgen.render.expressions import expression_faults
from docgen.render.names import NameFault, name_faults
from docgen.render.ooxml import NAMESPACES, attribute, child_value, qn
from docgen.render.package import STYLES, Package
from docgen.render.sandbox import TemplateEnvironment
from docgen.render.tags import lost_text, nesting_faults, scan


def lint(path: Path, form: Form, houses: Sequence[Path]) -> list[Finding]:
    """Return everything that is wrong with a template, errors first.

    Args:
        path: `template.docx`, or the folder that holds it.
        form: The form whose records fill it in.
        houses: House folders, the workspace's before the shipped one.
    """
    name = TEMPLATE_FILE if path.is_dir() else path.name
    try:
        original = open_template(path)
    except TemplateFault as fault:
        return [finding("TP01", fault.message.zh, path=name)]
    found = list(file_findings(original, name))
    try:
        package = Package.open(assemble(path, houses))
    except TemplateFault as fault:
        return [*found, finding("TP20", fault.message.zh, path=name)]
    found += [*_tag_findings(package, form, name), *_fonts(package, name)]
    if not any(item.severity is Severity.ERROR for item in found):
        found += _compiles(path, form, houses, name)
    return sorted(found, key=lambda item: list(Severity).index(item.severity))


def _tag_findings(package: Package, form: Form, name: str) -> list[Finding]:
    environment = TemplateEnvironment(form.choices)
    tags, faults = scan(package)
    faults += [*nesting_faults(tags), *lost_text(tags)]
    faults += [fault for tag in tags for fault in expression_faults(tag, environment)]
    wrong_names, used = name_faults(tags, form, environment)
    return [*findings(faults, name), *_name_findings(wrong_names, name), *_never_printed(form, used, name)]


def _name_findings(faults: Iterable[NameFault], name: str) -> list[Finding]:
    found = (
        finding(fault.code, fault.what, place=fault.tag.spot.place, path=name, hint=fault.hint)
        for fault in faults
    )
    return list(dict.fromkeys(found))


def _never_printed(form: Form, used: frozenset[str], name: str) -> Iterator[Finding]:
    """Warn of what people must type in and never see again; note what is optional, proposed or computed."""
    if used & set(form.date_from):
        used |= {"doc_date"}
    missing = [item for item in form.fields if not item.internal and item.id not in used]
    typed = [item for item in missing if item.required and not item.default and not item.compute]
    yield from (finding("TP16", f"{item.label}（{item.id}）", path=name) for item in typed)
    others = "、".join(f"{item.label}（{item.id}）" for item in missing if item not in typed)
    if others:
        yield finding("TP17", others, path=name)


def _fonts(package: Package, name: str) -> Iterator[Finding]:
    """Every style in use must have a Chinese face, its own or inherited, and never that of a theme."""
    root = package.xml(package.related(package.main, STYLES)[0])
    styles = {attribute(style, "w:styleId"): style for style in root.iterfind("w:style", NAMESPACES)}
    default = root.find("w:docDefaults/w:rPrDefault/w:rPr/w:rFonts", NAMESPACES)
    used = {
        attribute(item, "w:val")
        for _, part in package.stories()
        for item in package.xml(part).iter(qn("w:pStyle"), qn("w:rStyle"))
    }
    used |= {style_id for style_id, style in styles.items() if attribute(style, "w:default") in ("1", "true")}
    for style_id in sorted(used & styles.keys()):
        if not _has_chinese_face(style_id, styles, default):
            yield finding("TP18", child_value(styles[style_id], "w:name"), path=name)


def _has_chinese_face(
    style_id: str, styles: dict[str, etree._Element], default: etree._Element | None
) -> bool:
    chain: list[etree._Element | None] = []
    while style_id in styles and styles[style_id] not in chain:
        chain.append(styles[style_id])
        style_id = child_value(styles[style_id], "w:basedOn")
    fonts = [style.find("w:rPr/w:rFonts", NAMESPACES) for style in chain if style is not None] + [default]
    for item in fonts:
        if attribute(item, "w:eastAsiaTheme"):
            return False
        if attribute(item, "w:eastAsia"):
            return True
    return False


def _compiles(path: Path, form: Form, houses: Sequence[Path], name: str) -> Iterator[Finding]:
    try:
        Template.open(path, houses, choices=form.choices)
    except TemplateFault as fault:
        yield finding("TP06", fault.message.zh, path=name)
