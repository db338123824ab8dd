"""Copying aside before filing, and clearing away what an interrupted filing left.

A filing works in `archive/.tmp/<project key>-<random>/`. It copies ahead of the lock of its project, so that
nobody waits for that, and goes on under it. Before anything gets its final name, a plan says which names
with which digests; so what a crash left behind is recognised with certainty.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from docgen.archive.digests import sha256_bytes, sha256_file
from docgen.archive.layout import AT_WORK, JOURNAL, TMP
from docgen.archive.parcel import ParcelFile, Source
from docgen.base import files
from docgen.base.errors import ArchiveRefused, EnvironmentFault
from docgen.base.locks import is_held, lock
from docgen.base.messages import Message
from docgen.base.system_errors import told

_PLAN = "plan.json"


class SourceChanged(ArchiveRefused):
    """A source changed while it was being copied aside: it is still being written."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A file copied aside: its temporary place, size in bytes, digest."""

    tmp: Path
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A final name (relative to the project folder) for a file copied aside."""

    path: str
    sha256: str
    tmp: str


class Staging:
    """The temporary folder of one filing.

    Made under the project's lock. What is found under it and is not `occupied` is a leftover.
    """

    def __init__(self, archive: Path, key: str) -> None:
        self.folder = archive / TMP / f"{key}-{secrets.token_hex(6)}"
        self._work = contextlib.ExitStack()
        self.occupied = False
        files.make_folder(self.folder)

    def occupy(self) -> None:
        """Keep it from being taken for a leftover when the project's lock is given up, until `vacate`."""
        self._work.enter_context(lock(self.folder / AT_WORK))
        self.occupied = True

    def vacate(self) -> None:
        """Occupy it no longer."""
        self.occupied = False
        self._work.close()

    def take_all(self, parcel: Iterable[ParcelFile]) -> list[Staged]:
        """Copy the files of a parcel aside; see `take`."""
        return [self.take(file) for file in parcel]

    def take(self, file: ParcelFile) -> Staged:
        """Copy a file of a parcel aside, synced and read back.

        Raises:
            SourceChanged: It is still being written.
            EnvironmentFault: What was read back is not what was written.
        """
        if isinstance(file.content, bytes):
            return self.write(file.content)
        return self._copy(file.content)

    def take_known(self, source: Path, sha256: str) -> Staged:
        """Copy a file aside that must have this digest, synced and read back.

        Raises:
            ArchiveRefused: It has another.
        """
        tmp = self._name()
        with told(source):
            digest = files.copy_new(source, tmp)
        if digest != sha256:
            raise ArchiveRefused(
                Message("内容与其记录的摘要不符", "the content has another digest than its record says"),
                where=str(source),
            )
        return _read_back(tmp, digest)

    def write(self, data: bytes) -> Staged:
        """Put bytes aside, synced and read back."""
        tmp = self._name()
        files.write_new(tmp, data)
        return _read_back(tmp, sha256_bytes(data))

    def _copy(self, source: Source) -> Staged:
        tmp = self._name()
        with told(source.path):
            changed = not source.unchanged()
            digest = "" if changed else files.copy_new(source.path, tmp)
        if changed or not source.unchanged():
            raise SourceChanged(
                Message("文件在归档过程中被改动，可能仍在写入", "the file changed while it was being filed"),
                where=str(source.path),
                hint=Message("等文件保存完毕后再归档", "file it again when it is complete"),
            )
        return _read_back(tmp, digest)

    def plan(self, project: str, planned: Iterable[Planned], *, foreign: bool = False) -> None:
        """Write down which final names this filing will use, and whether it was committed elsewhere."""
        data = {"project": project, "foreign": foreign, "files": [asdict(one) for one in planned]}
        files.write_new(self.folder / _PLAN, json.dumps(data, ensure_ascii=False).encode())
        files.sync_folder(self.folder)

    def _name(self) -> Path:
        return self.folder / secrets.token_hex(8)


def _read_back(tmp: Path, digest: str) -> Staged:
    if sha256_file(tmp) != digest:
        raise EnvironmentFault(
            Message(
                "写入后读回的内容不一致，磁盘可能有故障", "what was read back differs from what was written"
            ),
            where=str(tmp),
        )
    return Staged(tmp, tmp.stat().st_size, digest)


def leftovers(archive: Path, key: str = "") -> list[Path]:
    """Return the temporary folders (of one project) that nobody works in without the project's lock."""
    return [path for path in rooms(archive) if path.name.startswith(key) and not is_held(path / AT_WORK)]


def rooms(archive: Path) -> list[Path]:
    """Return the temporary folders of all filings that have not ended."""
    folder = archive / TMP
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir())


def remove_torn_entry(archive: Path, leftover: Path) -> None:
    """Remove a journal entry of which only the beginning was written: it was never committed."""
    project, planned = _read_plan(leftover)
    for one in filter(_is_entry, planned):
        final, tmp = archive / project / one.path, leftover / one.tmp
        if _begun(final, tmp) and sha256_file(final) != one.sha256:
            files.remove(final)


def clear(archive: Path, leftover: Path, filed: Callable[[str, str], bool]) -> None:
    """Remove what an interrupted filing left; what an entry lists (``filed(project, path)``) stays.

    The names in the plan are removed only if they hold what was planned, or the beginning of it: those are
    copies whose source is untouched, because a source is finished after its entry only.
    """
    project, planned = _read_plan(leftover)
    for one in planned:
        if _is_entry(one):  # what is left of those is whole: it was committed
            continue
        final, tmp = archive / project / one.path, leftover / one.tmp
        if filed(project, one.path) or not final.exists():
            continue
        if sha256_file(final) == one.sha256 or _begun(final, tmp):
            files.remove(final)
    files.remove_tree(leftover)


def foreign(leftover: Path) -> bool:
    """Whether the entries of an interrupted filing were committed elsewhere: their sources are not ours."""
    return bool(_plan(leftover).get("foreign"))


def _read_plan(leftover: Path) -> tuple[str, list[Planned]]:
    """Return project and planned names."""
    data = _plan(leftover)
    return data.get("project", ""), [Planned(**one) for one in data.get("files", ())]


def _plan(leftover: Path) -> dict[str, Any]:
    """Return the plan; one that is not whole was never used."""
    try:
        return dict(json.loads((leftover / _PLAN).read_bytes()))
    except (FileNotFoundError, ValueError):
        return {}


def _is_entry(planned: Planned) -> bool:
    return planned.path.startswith(f"{JOURNAL}/")


def _begun(final: Path, tmp: Path) -> bool:
    """Whether ``final`` is the beginning of ``tmp``: a copy that was cut off."""
    if not (final.is_file() and tmp.is_file()) or final.stat().st_size > tmp.stat().st_size:
        return False
    with final.open("rb") as cut, tmp.open("rb") as whole:
        while block := cut.read(1 << 20):
            if block != whole.read(len(block)):
                return False
    return True
