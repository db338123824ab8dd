"""Templates drawn, checked; empty sheets."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from docgen.base.errors import TemplateFault, UsageFault
from docgen.base.files import make_folder
from docgen.base.files import replace as write
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message, same
from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.render.drawing.draw import draw
from docgen.render.lint import lint
from docgen.workflow.session import Session


def write_blank(form: Form, kind: str, path: Path) -> Path:
    """Write an empty sheet (yaml, csv, xlsx) for ``form``; an existing file is not replaced.

    Raises:
        UsageFault: There is a file of that name.
    """
    from docgen.batch.blank import blank

    if path.exists():
        raise UsageFault(
            Message("已有同名文件，没有覆盖", "a file of that name exists; it is left alone"),
            where=str(path),
            hint=Message("用 --out 换一个文件名", "choose another name with --out"),
        )
    write(path, blank(form, kind))
    return path


def new_template(session: Session, type_id: str, *, source: str = "", force: bool = False) -> Path:
    """Draw `templates/<type_id>/template.docx` of the workspace from its `form.yaml` (and outline).

    Args:
        session: The workspace.
        type_id: Id of the type, which is the name of its folder.
        source: A type whose folder is copied to start from.
        force: Replace a template that is there.

    Raises:
        UsageFault: The type has no form, or a template already.
        TemplateFault: Form or outline have mistakes; all are named by line.
    """
    folder = session.workspace.templates / type_id
    if source:
        _copy_type(session, source, folder)
        return folder / "template.docx"
    if not (folder / "form.yaml").is_file():
        raise UsageFault(
            Message(f"缺少表单 {folder / 'form.yaml'}", f"{folder / 'form.yaml'} is missing"),
            hint=Message(
                "先写好表单，或用 --from 以已有类型为蓝本", "write it first, or start --from another type"
            ),
        )
    path = folder / "template.docx"
    if path.exists() and not force:
        raise UsageFault(
            Message("已有模板，没有覆盖", "there is a template already; it is left alone"),
            where=str(path),
            hint=Message("加 --force 重新画", "--force draws it anew"),
        )
    form, outline = load_form(folder, session.groups), folder / "outline.md"
    text = outline.read_text(encoding="utf-8") if outline.is_file() else None
    write(path, draw(form, text, session.house, source=str(outline)))
    return path


def _copy_type(session: Session, source: str, folder: Path) -> None:
    if folder.exists():
        raise UsageFault(
            Message("该类型已有目录，没有覆盖", "the type has a folder already; it is left alone"),
            where=str(folder),
        )
    form = session.form(session.type_named(source).id)
    make_folder(folder.parent)
    shutil.copytree(session.folder(form.id), folder)
    if folder.name != form.id:
        _rename(folder / "form.yaml", folder.name, f"{form.name}副本")


def _rename(path: Path, type_id: str, name: str) -> None:
    """Make a copied form that of a new type: with its own id and name, and no aliases of the old."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^(id|name|aliases):.*\n(?:[ \t-].*\n)*", "", text, flags=re.MULTILINE)
    write(path, f"id: {type_id}\nname: {name}\n{text}".encode())


def lint_templates(session: Session, type_name: str = "", path: Path | None = None) -> list[Finding]:
    """Return the mistakes in one type's template (or in the file ``path``), or in all templates."""
    ids = [session.type_named(type_name).id] if type_name else list(session.form_folders)
    if path and not type_name:
        raise UsageFault(Message("--template 需要同时写明类型", "--template needs the type as well"))
    return [
        replace(one, path=f"{type_id}/{one.path}") for type_id in ids for one in _lint(session, type_id, path)
    ]


def _lint(session: Session, type_id: str, path: Path | None) -> Sequence[Finding]:
    try:
        form = session.form(type_id)
    except TemplateFault as fault:
        return fault.findings or [
            Finding("FORM", Severity.ERROR, fault.message, fault.hint or same(""), path="form.yaml")
        ]
    return lint(path or session.folder(type_id) / "template.docx", form, session.houses)
