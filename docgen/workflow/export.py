"""A project handed over: as a bag, or as a folder with the papers that both parties need."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.entries import Head
from docgen.archive.handover.bag import write_bag
from docgen.archive.handover.building import Watch, unwatched
from docgen.archive.handover.contents import contents_of
from docgen.archive.handover.plain import write_folder
from docgen.base.clock import Clock, system_clock
from docgen.base.errors import UsageFault
from docgen.base.files import make_folder
from docgen.base.locks import lock
from docgen.base.messages import Message
from docgen.workflow.handover.papers import handed_over, papers
from docgen.workflow.own_folders import refuse_inside
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Exported:
    """What was handed over.

    Attributes:
        path: The new folder.
        files: Number of files of the project in it, journal entries and manifest included.
        head: The journal's head up to which it was handed over: note it, it proves what was there.
        noted: The head after this export was noted in the journal.
    """

    project: str
    path: Path
    bag: bool
    files: int
    versions: int
    head: Head
    noted: Head


def export_project(
    session: Session,
    project: str,
    to: Path,
    *,
    bag: bool = False,
    watch: Watch = unwatched,
    clock: Clock = system_clock,
) -> Exported:
    """Write a whole project to the new folder ``to``, then note in its journal that it was handed out.

    Args:
        session: The workspace.
        project: Its name.
        to: Must not exist yet; it gets its name when it is whole and read back.
        bag: As a bag (BagIt 1.0); else as a folder with register, data archive table and hand-over list.
        watch: Is told how far the copying is.
        clock: Tells today.

    Raises:
        UsageFault: There is no such project, or ``to`` lies inside the workspace's own folders.
        Unsound: The project is damaged.
        ArchiveRefused: ``to`` exists.
        EnvironmentFault: It cannot be written; nothing bears the name ``to``.
    """
    to = to.absolute()
    name = _spelling(session, project)
    refuse_inside(session.workspace, to, root=True)
    day = clock().astimezone(session.settings.zone).date()
    with one_at_a_time(session):
        contents = contents_of(session.workspace.archive, name)
        versions = handed_over(session, contents)
        if bag:
            owner = session.settings.company.get("provider_name", "")
            write_bag(contents, to, day, organization=owner, watch=watch)
        else:
            write_folder(contents, papers(session, contents, day), to, watch=watch)
        noted = session.archive.hand_out(versions, _note(to, contents.head, bag=bag), actor=session.actor)
    count = len(contents.digests) + 1
    return Exported(name, to, bag, count, len(versions), contents.head, noted)


def _spelling(session: Session, project: str) -> str:
    known = session.catalogue.known(project)
    if known is None or not known.head.seq:
        raise UsageFault(
            Message(f"档案中没有项目“{project}”", f"no project “{project}” in the archive"),
            hint=Message("用 docgen list 查看", "docgen list shows what is filed"),
        )
    return known.name


def one_at_a_time(session: Session) -> AbstractContextManager[None]:
    """Hold the lock under which this workspace exports and backs up."""
    make_folder(session.workspace.state)
    return lock(session.workspace.state / "handover.lock")


def _note(to: Path, head: Head, *, bag: bool) -> Message:
    kind = Message("归档包", "bag") if bag else Message("移交文件夹", "hand-over folder")
    return Message(
        f"导出为{kind.zh} {to.name}，截至日志第 {head.seq} 条 {head.digest}",
        f"exported as {kind.en} {to.name}, up to entry {head.seq} {head.digest}",
    )
