"""The register of a project or of the whole archive, and how far a project is archived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.checks.verify import verify
from docgen.archive.queries import FiledVersion, Filter
from docgen.base.clock import Clock, system_clock
from docgen.base.errors import UsageFault
from docgen.base.files import make_folder, write_new
from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.workflow.handover.completeness import ClassState, completeness
from docgen.workflow.handover.register_papers import (
    FORMATS,
    register_cells,
    register_csv,
    register_docx,
    register_pdf,
    register_workbook,
)
from docgen.workflow.handover.waivers import waivers
from docgen.workflow.own_folders import refuse_inside
from docgen.workflow.retention import today_of
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a project is archived.

    Attributes:
        files: How many files are filed.
        sound: How many of them are as they were filed (AR-45).
    """

    project: str
    states: tuple[ClassState, ...]
    files: int
    sound: int

    @property
    def may_close(self) -> bool:
        """Whether the project may be closed as 已归档 (AR-44)."""
        return all(one.settled for one in self.states)


def register_lines(session: Session, project: str = "") -> list[tuple[str, ...]]:
    """Return the register of a project, or of all: its six columns, line by line.

    Raises:
        UsageFault: Nothing is filed there.
    """
    return register_cells(session, _versions(session, project)[1])


def write_register(session: Session, out: Path, project: str = "", *, clock: Clock = system_clock) -> None:
    """Write the register to the new file ``out``; its extension says the format.

    Raises:
        UsageFault: It is none of `FORMATS`, the file exists, it lies inside the workspace's own folders, or
            nothing is filed there.
        ProgramFault: A PDF was wanted and LibreOffice is missing or failed.
        EnvironmentFault: It cannot be written.
    """
    kind = out.suffix[1:].lower()
    if kind not in FORMATS:
        names = "、".join(FORMATS)
        raise UsageFault(Message(f"整理表的格式可以是 {names}", f"a register can be {names}"), where=str(out))
    refuse_inside(session.workspace, out)
    name, versions = _versions(session, project)
    day = today_of(session, clock)
    data = {
        "xlsx": lambda: register_workbook(session, versions, day),
        "csv": lambda: register_csv(session, versions),
        "docx": lambda: register_docx(session, name, versions, day),
        "pdf": lambda: register_pdf(session, name, versions, day),
    }[kind]()
    with told(out):
        make_folder(out.absolute().parent)
        try:
            write_new(out, data)
        except FileExistsError as error:
            raise UsageFault(
                Message("已有同名文件，没有覆盖", "a file of that name is there already"), where=str(out)
            ) from error


def standing(session: Session, project: str) -> Standing:
    """Return how far a project is archived; damaged files do not count (AR-42).

    Raises:
        UsageFault: Nothing is filed there.
    """
    name, versions = _versions(session, project)
    errors = verify(session.workspace.archive, projects=[name]).findings
    damaged = {f"{name}/{one.path}" for one in errors if one.severity is Severity.ERROR}
    files = [file.path for one in versions for file in one.files]
    whole = {
        one.type_id for one in versions if one.current and not damaged & {file.path for file in one.files}
    }
    states = completeness(session.types, whole, waivers(session, name))
    return Standing(name, tuple(states), len(files), len(set(files) - damaged))


def _versions(session: Session, project: str) -> tuple[str, Sequence[FiledVersion]]:
    """Return a project's name as the archive spells it, and its versions."""
    versions = session.catalogue.versions(Filter(project=project, all_versions=True))
    if not versions:
        raise UsageFault(
            Message(f"档案中没有项目“{project}”", f"no project “{project}” in the archive")
            if project
            else Message("档案是空的", "the archive is empty"),
            hint=Message("用 docgen list 查看", "docgen list shows what is filed"),
        )
    return (versions[0].project if project else ""), versions
