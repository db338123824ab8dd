"""Files that are not filed, set aside with the reason."""

from __future__ import annotations

from pathlib import Path

from docgen.archive.aside import set_aside
from docgen.archive.digests import sha256_bytes, sha256_file
from docgen.archive.legal import printable
from docgen.base.errors import DocgenError, EnvironmentFault
from docgen.base.system_errors import told
from docgen.ingest.settling import Parcel
from docgen.workflow.session import Session
from docgen.workflow.suggesting import suggested_name
from docgen.workflow.watch_outcome import Fate, Inbox, Outcome, changed, failed, is_same


def reject(session: Session, inbox: Inbox, parcel: Parcel, error: DocgenError) -> Outcome:
    """Set the files aside with the reason, if they are still those that were judged."""
    paths = parcel.paths
    try:
        with told(paths[0]):
            suggestion = _suggestion(session, paths[0], inbox)
            text, digest = _reason(parcel, error, suggestion), _digest(parcel)
            if not is_same(parcel):
                return changed(parcel)
            moved = set_aside(paths, session.workspace.rejected, session.today, digest, text)
    except EnvironmentFault as fault:
        return failed(parcel, fault.message) if is_same(parcel) else changed(parcel)
    place = moved[0].parent.relative_to(session.workspace.root).as_posix()
    return Outcome(paths, Fate.REJECTED, error.message, place)


def _suggestion(session: Session, path: Path, inbox: Inbox) -> str:
    """Return a better name; a mistake of ours over it must not keep a file in the inbox."""
    try:
        return suggested_name(session, path, inbox.path)
    except OSError:
        raise
    except Exception:
        return ""


def _reason(parcel: Parcel, error: DocgenError, suggestion: str) -> str:
    lines = [
        f"未归档：{'、'.join(printable(path.name) for path in parcel.paths)}",
        f"来自：{printable(str(parcel.paths[0].parent))}",
        f"原因：{error.message.zh}",
        *(line.strip() for line in error.details("zh")),
    ]
    if error.hint:
        lines.append(f"处理办法：{error.hint.zh}")
    if suggestion:
        lines.append(f"建议的文件名：{suggestion}")
    lines.append("改正后重新放入收件夹即可。")
    return "\n".join(lines)


def _digest(parcel: Parcel) -> str:
    """Return what the folder of a rejected file is called by: its digest, else that of how it looked."""
    path, seen = parcel.files[0]
    if seen.regular:
        try:
            return sha256_file(path)
        except PermissionError:
            pass
    return sha256_bytes(f"{printable(str(path))} {seen}".encode("utf-8", "backslashreplace"))
