"""`load_form`: a type's folder in, a checked form out; all mistakes at once, with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from docgen.base.errors import TemplateFault
from docgen.base.messages import Message
from docgen.forms.definition import CATEGORIES, PHASES, Field, Form
from docgen.forms.loading.consistency import Consistency
from docgen.forms.loading.field_nodes import place_of, read_check, read_field, read_id
from docgen.forms.loading.groups import Parts
from docgen.forms.loading.reading import Entry, Faults, check_keys, flag, text, texts, word
from docgen.forms.types import DocType, TypeRegistry
from docgen.forms.yaml_nodes import YamlFault, read_yaml

FORM_FILE = "form.yaml"
_KEYS = (
    *("id", "name", "aliases", "category", "phase", "recurring", "number", "date_from", "extends"),
    *("fields", "checks"),
)


def load_form(folder: Path, groups: Sequence[Path], types: TypeRegistry | None = None) -> Form:
    """Return the form in ``folder``/form.yaml, groups merged in.

    Args:
        folder: `templates/<type id>`; its name is the type's id.
        groups: Folders with `<group>.yaml`; the first that has a group is asked.
        types: The register: gives what the form leaves out (name, category, phase, recurring, date_from),
            and, with the folders beside this one, what refs may point to. Without it refs are not checked.
            A type that neither describes is 项目执行, phase management, recurring.

    Raises:
        TemplateFault: The form cannot be read, or has mistakes: all of them, each with `form.yaml:<line>`.
    """
    faults = Faults()
    path = folder / FORM_FILE
    try:
        root = read_yaml(path.read_bytes(), FORM_FILE)
    except OSError as error:
        message = Message(f"无法读取 {FORM_FILE}", f"{FORM_FILE} cannot be read")
        raise TemplateFault(message, where=str(folder)) from error
    except YamlFault as error:
        faults.add(f"{FORM_FILE}:{error.line}", error.reason)
        raise _fault(folder, faults) from error
    if not isinstance(root.value, dict):
        faults.add(root.place, Message("表单应为“键: 值”", "a form must be a mapping"))
        raise _fault(folder, faults)
    form = _form(folder, root.value, groups, types, faults)
    if faults.findings:
        raise _fault(folder, faults)
    return replace(form, digest=form_digest(form))


def form_digest(form: Form) -> str:
    """Return the SHA-256 of the resolved form (groups included) as canonical JSON, without `digest`."""
    data = {key: value for key, value in asdict(form).items() if key != "digest"}
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _form(
    folder: Path, root: Entry, groups: Sequence[Path], types: TypeRegistry | None, faults: Faults
) -> Form:
    check_keys(root, _KEYS, faults)
    parts = Parts(root, groups, faults)
    fields = tuple(read_field(entry, faults) for entry in parts.fields)
    checks = [(node, read_check(node, entry, faults)) for node, entry in parts.checks]
    form = _head(folder, root, fields, types, faults)
    form = replace(form, checks=tuple(check for _, check in checks))
    Consistency(form, parts.fields, faults).check(checks, _type_ids(folder, types))
    return form


def _type_ids(folder: Path, types: TypeRegistry | None) -> set[str] | None:
    """Return what refs may point to: the register, and the types in the folders beside this one."""
    if types is None:
        return None
    return {one.id for one in types} | {path.parent.name for path in folder.parent.glob(f"*/{FORM_FILE}")}


def _head(
    folder: Path, root: Entry, fields: tuple[Field, ...], types: TypeRegistry | None, faults: Faults
) -> Form:
    type_id = read_id(root, f"{FORM_FILE}:1", faults)
    if type_id != folder.name:
        message = Message(
            f"id {type_id} 与文件夹名 {folder.name} 不同",
            f"id {type_id} is not the folder's name {folder.name}",
        )
        faults.add(place_of(root), message)
    known = types.get(type_id) if types else None
    known = known or DocType(type_id, "", "", "项目执行", "management")
    name = text(root, "name", faults) or known.name
    if not name:
        faults.add(f"{FORM_FILE}:1", Message("缺少 name（类型名称）", "name is missing"))
    return Form(
        id=type_id,
        name=name,
        category=word(root, "category", CATEGORIES, faults, known.category),
        phase=word(root, "phase", PHASES, faults, known.phase),
        recurring=flag(root, "recurring", faults, default=known.recurring),
        number=_number(root, fields, faults),
        date_from=_date_from(root, fields, known, faults),
        aliases=texts(root, "aliases", faults),
        extends=texts(root, "extends", faults),
        fields=fields,
    )


def _number(root: Entry, fields: tuple[Field, ...], faults: Faults) -> str:
    named = text(root, "number", faults)
    marked = [field.id for field in fields if field.number]
    if named and named not in {field.id for field in fields if field.kind == "text"}:
        message = Message(
            f"number 应指一个 text 字段，{named} 不是", f"number must name a text field, not {named}"
        )
        faults.add(root["number"].place, message)
    if len({named, *marked} - {""}) > 1:
        message = Message("本文件的编号只能是一个字段", "a document has one number field")
        faults.add(place_of(root, "number"), message)
    return named or next(iter(marked), "")


def _date_from(root: Entry, fields: tuple[Field, ...], known: DocType, faults: Faults) -> tuple[str, ...]:
    dates = {field.id for field in fields if field.kind == "date"}
    named = texts(root, "date_from", faults)
    for name in named:
        if name not in dates:
            message = Message(f"date_from 中的 {name} 不是日期字段", f"{name} in date_from is no date field")
            faults.add(root["date_from"].place, message)
    return named or tuple(name for name in known.date_from if name in dates)


def _fault(folder: Path, faults: Faults) -> TemplateFault:
    count = len(faults.findings)
    return TemplateFault(
        Message(f"表单有 {count} 处错误", f"the form has {count} mistake(s)"),
        faults.findings,
        where=str(folder / FORM_FILE),
        hint=Message("按行号修改后再试", "correct the lines named and try again"),
    )
