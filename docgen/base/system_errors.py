"""Errors of the operating system, told in words."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message


@contextlib.contextmanager
def told(where: Path | str) -> Iterator[None]:
    """Turn an error of the operating system into a sentence for people.

    Raises:
        EnvironmentFault: Disk full, no permission, or any other refusal of the system.
    """
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(_sentence(error), where=str(where), hint=_advice(error)) from error


def _sentence(error: OSError) -> Message:
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)):
        return Message("磁盘空间不足，无法写入", "the disk is full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Message(f"没有权限（{reason}）", f"no permission ({reason})")
    if error.errno == errno.ENOENT:
        return Message("文件或文件夹不存在", "no such file or folder")
    return Message(f"读写失败（{reason}）", f"reading or writing failed ({reason})")


def _advice(error: OSError) -> Message:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", -1)):
        return Message(
            "清理磁盘后再试；未归档的文件都还在原处", "free some space, then try again; nothing was lost"
        )
    return Message(
        "检查该位置的权限和磁盘后再试；未归档的文件都还在原处",
        "check permissions and disk, then try again; nothing was lost",
    )
