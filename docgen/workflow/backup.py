"""The workspace backed up, the backup tried out, and a workspace brought back."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docgen.archive.backup.collecting import collect
from docgen.archive.backup.restoring import Snapshot, open_snapshot, restore
from docgen.archive.backup.snapshots import Backed, write_snapshot
from docgen.archive.checks.verify import Report, verify
from docgen.archive.entries import Head
from docgen.archive.handover.building import Watch, unwatched
from docgen.archive.handover.refusals import Unsound, errors_among
from docgen.base import files
from docgen.base.clock import Clock, rfc3339, system_clock
from docgen.base.errors import UsageFault
from docgen.base.findings import Severity
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.base.workspace import Workspace
from docgen.workflow.backup_log import moment_of, note, read_log
from docgen.workflow.export import one_at_a_time
from docgen.workflow.indexing import index_filed
from docgen.workflow.own_folders import refuse_inside_any
from docgen.workflow.session import Session

SCOPE = ("archive", "state", "projects", "templates", "docgen.toml")


@dataclass(frozen=True, slots=True)
class Saved:
    """A backup that was made, the journals' heads in it, and whether it was tried out."""

    backed: Backed
    heads: dict[str, Head]
    tested: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """A workspace that was brought back, and what `verify` says of its archive."""

    path: Path
    snapshot: Path
    files: int
    report: Report
    warnings: tuple[Message, ...]


def backup(
    session: Session, to: Path, *, test: bool = False, watch: Watch = unwatched, clock: Clock = system_clock
) -> Saved:
    """Write a snapshot of the workspace into the backup folder ``to``, and note it in the log.

    Args:
        session: The workspace; whatever was interrupted in its archive is settled first.
        to: The backup folder; made where it is missing, added to where it holds snapshots.
        test: Then restore the snapshot into a temporary folder, verify it, and remove it again.
        watch: Is told how far it is.
        clock: Names the snapshot.

    Raises:
        UsageFault: ``to`` is inside the workspace, which would be lost together with it.
        Unsound: The restore test failed.
        EnvironmentFault: Disk, permission, lock; no snapshot bears a name.
    """
    workspace, to = session.workspace, to.absolute()
    if to.resolve().is_relative_to(workspace.root.resolve()):
        raise UsageFault(
            Message("备份不能放在工作区之内", "a backup inside the workspace would be lost with it"),
            where=str(to),
            hint=Message("指定另一块磁盘上的文件夹", "name a folder on another disk"),
        )
    _ = session.archive
    with one_at_a_time(session), told(to):
        found = collect(workspace)
        said = {"workspace": workspace.root.name, "actor": session.actor}
        backed = write_snapshot(to, found, clock(), said, watch)
        counts = {"files": backed.files, "copied": backed.copied, "problems": len(backed.problems)}
        _note(session, "backup", backed.path, clock(), found.heads, **counts)
        if test:
            _try_out(session, open_snapshot(backed.path), found.heads, clock)
    return Saved(backed, found.heads, test)


def _note(
    session: Session, action: str, snapshot: Path, moment: datetime, heads: Mapping[str, Head], **more: object
) -> None:
    entry = {
        "time": rfc3339(moment),
        "action": action,
        "scope": list(SCOPE),
        "place": str(snapshot.parent),
        "snapshot": snapshot.name,
        "actor": session.actor,
        **more,
        "heads": {name: {"seq": head.seq, "digest": head.digest} for name, head in heads.items()},
    }
    note(session.workspace, entry)


def _try_out(session: Session, snapshot: Snapshot, heads: dict[str, Head], clock: Clock) -> None:
    """Restore a snapshot into a temporary folder, verify, remove; the log says how it ended."""
    ground = Path(tempfile.mkdtemp(prefix="docgen-restore-"))
    try:
        restore(snapshot, ground / "workspace", unwatched)
        report = verify(ground / "workspace" / "archive")
        faults = errors_among(report.findings)
        if {name: Head(*head) for name, head in report.heads.items()} != heads:
            faults.append(Message("日志末端与备份时不符", "the journals' heads are not those of the backup"))
        if faults:
            raise Unsound(
                Message("恢复测试未通过", "the restore test failed"),
                faults,
                where=str(snapshot.path),
                hint=Message(
                    "运行 docgen verify 检查档案，再备份一次", "run docgen verify, then back up again"
                ),
            )
        _note(session, "test", snapshot.path, clock(), heads, files=len(snapshot.files), passed=True)
    except Unsound:
        _note(session, "test", snapshot.path, clock(), heads, files=len(snapshot.files), passed=False)
        raise
    finally:
        files.remove_tree(ground)


def restore_workspace(
    source: Path, to: Path | None, *, watch: Watch = unwatched, clock: Clock = system_clock
) -> Restored:
    """Bring a workspace back from a snapshot, or from the newest one of a backup folder.

    Args:
        source: The snapshot or backup folder.
        to: The new workspace: a folder that does not exist or is empty; ``None``: one in the current folder,
            named like the workspace that was backed up.
        watch: Is told how far it is.
        clock: Tells the time for the log.

    Raises:
        UsageFault: ``to`` lies inside the own folders of a workspace.
        ArchiveRefused: There is no backup, or ``to`` holds something: nothing is restored over an archive.
        Unsound: The backup is damaged; nothing bears the name ``to``.
        EnvironmentFault: Disk, permission.
    """
    snapshot = open_snapshot(source.absolute())
    final = (to or Path.cwd() / _plain_name(snapshot)).absolute()
    refuse_inside_any(final)
    restore(snapshot, final, watch)
    workspace = Workspace(final.resolve())
    with told(final):
        for folder in (
            workspace.archive,
            workspace.index,
            workspace.inbox,
            workspace.drafts,
            workspace.state,
        ):
            files.make_folder(folder)
    session = Session(workspace)
    warnings = index_filed(session)
    report = verify(workspace.archive)
    errors = sum(one.severity is Severity.ERROR for one in report.findings)
    heads = {name: Head(*head) for name, head in report.heads.items()}
    counts = {"files": len(snapshot.files), "problems": errors}
    _note(session, "restore", snapshot.path, clock(), heads, **counts)
    return Restored(workspace.root, snapshot.path, len(snapshot.files), report, warnings)


def _plain_name(snapshot: Snapshot) -> str:
    name = Path(str(snapshot.about.get("workspace", ""))).name
    return name or "workspace"


def last_backup(workspace: Workspace) -> datetime | None:
    """Return when the workspace was last backed up, as its log says."""
    made = [moment_of(entry) for entry in read_log(workspace)[0] if entry["action"] == "backup"]
    return max(made, default=None)
