"""What a project need not have archived, with reason and approver (AR-44, AR-80); lies in `state/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import yaml

from docgen.archive.legal import canonical_project, fold_key
from docgen.base.errors import EnvironmentFault, UsageFault
from docgen.base.files import make_folder, replace
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.yaml_nodes import Raw, YamlFault, read_yaml
from docgen.workflow.handover.completeness import CLASSES, Waiver
from docgen.workflow.handover.package import MATERIALS
from docgen.workflow.reasons import said_reason
from docgen.workflow.session import Session

#: What can be waived: a class of service data, or a part of the hand-over pack.
TARGETS = (*(one.name for one in CLASSES), *MATERIALS)


def waivers(session: Session, project: str) -> Mapping[str, Waiver]:
    """Return the waivers of a project by what they are for.

    Raises:
        EnvironmentFault: The file of waivers cannot be read.
    """
    return _read(_path(session)).get(fold_key(project), {})


def waive(session: Session, project: str, target: str, *, reason: str, approver: str) -> Waiver:
    """Note that a project need not have something archived.

    Raises:
        UsageFault: There is no such thing; or reason or approver is missing.
    """
    _check(target)
    approver = " ".join(approver.split())
    if not approver:
        raise UsageFault(Message("请说明批准人（--approver）", "an approver is needed (--approver)"))
    waiver = Waiver(said_reason(reason), approver, session.today.isoformat(), session.actor)
    _change(session, project, target, waiver)
    return waiver


def revoke(session: Session, project: str, target: str) -> None:
    """Take a waiver back.

    Raises:
        UsageFault: There is none.
    """
    _check(target)
    if target not in waivers(session, project):
        raise UsageFault(Message(f"“{target}”没有免归档", f"“{target}” is not waived"), where=project)
    _change(session, project, target, None)


def _check(target: str) -> None:
    if target not in TARGETS:
        raise UsageFault(
            Message(f"没有名为“{target}”的数据类别或移交资料", f"nothing called “{target}” can be waived"),
            hint=Message(f"可以是：{'、'.join(TARGETS)}", f"it can be: {', '.join(TARGETS)}"),
        )


def _change(session: Session, project: str, target: str, waiver: Waiver | None) -> None:
    path = _path(session)
    make_folder(path.parent)
    with lock(path.with_suffix(".lock")), told(path):
        known = {name: dict(of) for name, of in _read(path).items()}
        of = known.setdefault(fold_key(canonical_project(project)), {})
        of.pop(target, None)
        if waiver:
            of[target] = waiver
        data = {
            name: {one: asdict(said) for one, said in held.items()} for name, held in known.items() if held
        }
        replace(path, yaml.safe_dump(data, allow_unicode=True, sort_keys=True, width=110).encode())


def _path(session: Session) -> Path:
    return session.workspace.state / "waivers.yaml"


def _read(path: Path) -> dict[str, dict[str, Waiver]]:
    if not path.exists():
        return {}
    try:
        with told(path):
            data = read_yaml(path.read_bytes(), path.name).plain()
        return {name: {one: _waiver(said) for one, said in _of(held)} for name, held in _of(data)}
    except (YamlFault, TypeError, ValueError) as error:
        raise EnvironmentFault(
            Message("免归档的记录读不出来", "the file of waivers cannot be read"),
            where=str(path),
            hint=Message("从备份恢复该文件", "restore it from a backup"),
        ) from error


def _of(raw: Raw) -> Iterable[tuple[str, Raw]]:
    if not isinstance(raw, dict):
        raise TypeError("not a mapping")
    return raw.items()


def _waiver(raw: Raw) -> Waiver:
    return Waiver(**{key: str(value) for key, value in _of(raw)})
