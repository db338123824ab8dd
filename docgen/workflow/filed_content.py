"""Filed files, compared with their digests before they are shown or handed out."""

from __future__ import annotations

from pathlib import Path

from docgen.archive.digests import sha256_file
from docgen.archive.queries import FiledFile
from docgen.base.errors import ArchiveRefused
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.workflow.session import Session

_RESTORE = Message(
    "运行 docgen verify 查明情况，用 docgen restore 把备份恢复到新文件夹，再把该文件复制回原处",
    "see what happened with docgen verify, restore a backup to a new folder, copy the file back",
)


def sound(session: Session, file: FiledFile) -> Path:
    """Return where a filed file is; it holds what was filed.

    Raises:
        ArchiveRefused: It is missing, or holds something else.
        EnvironmentFault: It cannot be read.
    """
    path = session.workspace.archive / file.path
    if not path.exists():
        missing = Message("归档的文件不见了", "the filed file is missing")
        raise ArchiveRefused(missing, where=file.path, hint=_RESTORE)
    with told(path):
        same = sha256_file(path) == file.sha256
    if not same:
        damaged = Message("内容与归档时不符", "the content is not what was filed")
        raise ArchiveRefused(damaged, where=file.path, hint=_RESTORE)
    return path
