"""A project that comes from elsewhere: a bag or a hand-over folder, checked through and through.

Nothing of it is believed. Its lists must hold for all its files, its journal must be a whole chain of sound
entries, and files and journal must say the same about one another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from docgen.archive.checks.manifest import filed_files
from docgen.archive.checks.shapes import misshapen
from docgen.archive.checks.snapshot import DROPPINGS, take_snapshot
from docgen.archive.checks.verify import verify
from docgen.archive.entries import Entry, Event, Head
from docgen.archive.handover.bag_reading import DECLARATION, INFO, check_bag
from docgen.archive.handover.building import Watch
from docgen.archive.handover.contents import READ_NOTHING
from docgen.archive.handover.item_faults import item_faults
from docgen.archive.handover.lists import Checked, read_text
from docgen.archive.handover.plain import check_folder
from docgen.archive.handover.refusals import Unsound, about, errors_among
from docgen.archive.handover.tree import MAX_LIST, Tree, walk
from docgen.archive.journal import Journal
from docgen.archive.layout import JOURNAL, MANIFEST, entry_path
from docgen.archive.legal import canonical_project, printable
from docgen.base.errors import ArchiveRefused, EnvironmentFault
from docgen.base.messages import Message
from docgen.base.system_errors import told
from docgen.forms.definition import CATEGORIES

_ENTRY = re.compile(rf"{JOURNAL}/[0-9]{{6,}}\.json")
#: Where the journal ends, as `bag-info.txt` says it.
_HEAD = re.compile(r"(?m)^Journal-Head:\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A project that may be taken in.

    Attributes:
        project: Its name.
        folder: Where its folder is.
        entries: Its journal.
        files: Path -> SHA-256 of the filed files that are there.
    """

    project: str
    folder: Path
    entries: tuple[tuple[Entry, Head], ...]
    files: Mapping[str, str]

    @property
    def head(self) -> Head:
        """The journal's last entry."""
        return self.entries[-1][1]


def read_incoming(source: Path, watch: Watch) -> Incoming:
    """Return the project that ``source`` holds.

    Raises:
        Unsound: Something is wrong with it; every reason is named.
        ArchiveRefused: It is neither a bag nor a hand-over folder.
        EnvironmentFault: It cannot be read.
    """
    with told(source):
        tree = walk(source)
    if DECLARATION in tree.files:
        root, check = source / "data", check_bag
        inner = Tree(root, tree.below("data"), ())
    elif MANIFEST in tree.files:
        root, check = source, check_folder
        inner = Tree(root, {path: size for path, size in tree.files.items() if "/" in path}, ())
    else:
        raise _no_handover(source)
    with told(source):
        checked = check(tree, watch)
        reasons = list(dict.fromkeys(checked.faults))
        name = _project_of(inner, reasons)
        reasons += _entry_faults(root / name, inner.below(name)) if name else []
        if not reasons:
            reasons += _place_faults(inner.below(name))
            reasons += _journal_faults(root, name, checked, "data/" if check is check_bag else "")
            reasons += _head_faults(tree, root / name) if check is check_bag else []
    if reasons:
        raise _unsound(source, reasons)
    return _incoming(root, name)


def _project_of(tree: Tree, reasons: list[Message]) -> str:
    """Return the name of the one project folder; nothing, and a reason, where there is none."""
    names = {path.partition("/")[0] for path in tree.files}
    if len(names) != 1 or any("/" not in path for path in tree.files):
        reasons.append(Message("应当恰好有一个项目文件夹", "there must be exactly one project folder"))
        return ""
    name = names.pop()
    try:
        if canonical_project(name) == name:
            return name
        reasons.append(about(name, "项目名称不规范", "not the spelling of a project's name"))
    except ArchiveRefused as error:
        reasons.append(error.message)
    return ""


def _entry_faults(folder: Path, paths: Mapping[str, int]) -> list[Message]:
    """Return which entries are not built as entries are; the rest of the checks rely on it."""
    numbers = sorted(int(path[len(JOURNAL) + 1 : -5]) for path in paths if _ENTRY.fullmatch(path))
    faults = [about(JOURNAL, "没有日志", "there is no journal")] if not numbers else []
    for path in (entry_path(number) for number in numbers):
        if paths.get(path, MAX_LIST + 1) > MAX_LIST:
            faults.append(about(path, "文件名或大小不对", "wrong name or size"))
            continue
        try:
            place = misshapen(json.loads((folder / path).read_bytes().decode()))
        except (ValueError, RecursionError):
            place = "{}"
        if place:
            faults.append(about(path, f"不是日志条目（{place}）", f"not a journal entry ({place})"))
    return faults


def _place_faults(paths: Mapping[str, int]) -> list[Message]:
    """Return what lies where nothing of a project belongs."""
    return [
        about(path, "不属于项目档案", "nothing of an archive belongs there")
        for path in paths
        if not (
            path == MANIFEST
            or _ENTRY.fullmatch(path)
            or (path.count("/") == 1 and path.partition("/")[0] in CATEGORIES)
            or path.rpartition("/")[2] in DROPPINGS
        )
    ]


def _journal_faults(root: Path, name: str, checked: Checked, prefix: str) -> list[Message]:
    """Return where journal, manifest and files do not fit together."""
    reasons = errors_among(verify(root, projects=[name], since=READ_NOTHING).findings)
    try:
        reasons += item_faults(name, [entry for entry, _ in Journal(root / name).after(Head())])
    except ArchiveRefused as error:
        reasons.append(about(name, error.message.zh, error.message.en))
    for path, file in filed_files(take_snapshot(root, name)).items():
        if checked.sha256.get(f"{prefix}{name}/{path}") not in (None, file.sha256):
            reasons.append(about(path, "内容与归档时不符", "the content is not what was filed"))
    return reasons


def _head_faults(tree: Tree, folder: Path) -> list[Message]:
    """Return whether the journal does not end where the bag says."""
    faults: list[Message] = []
    said = _HEAD.search(read_text(tree, INFO, faults)) if INFO in tree.files else None
    *_, last = take_snapshot(folder.parent, folder.name).entries
    if said and said[1].split() != [str(last.number), last.digest]:
        faults.append(
            about(
                INFO,
                f"日志末端应为 {printable(said[1])}，实为 {last.number} {last.digest}",
                f"the journal should end at {printable(said[1])}, and ends at {last.number} {last.digest}",
            )
        )
    return faults


def _incoming(root: Path, name: str) -> Incoming:
    entries = tuple(Journal(root / name).after(Head()))
    held: dict[str, str] = {}
    for item in (item for entry, _ in entries for item in entry.items):
        if item.event in (Event.FILED, Event.ADDED):
            held |= {file.path: file.sha256 for file in item.files}
        elif item.event is Event.TOMBSTONE:
            for file in item.files:
                held.pop(file.path, None)
    return Incoming(name, root / name, entries, held)


def _no_handover(source: Path) -> ArchiveRefused:
    return ArchiveRefused(
        Message(
            f"既不是归档包（缺少 {DECLARATION}），也不是移交文件夹（缺少 {MANIFEST}）",
            f"neither a bag ({DECLARATION} is missing) nor a hand-over folder ({MANIFEST} is missing)",
        ),
        where=str(source),
        hint=Message(
            "指定由 docgen export 导出的那一层文件夹", "name the very folder that docgen export made"
        ),
    )


def _unsound(source: Path, reasons: list[Message]) -> Unsound:
    return Unsound(
        Message(
            f"不能导入，共 {len(reasons)} 处问题；档案未作任何改动",
            f"not taken in: {len(reasons)} fault(s); the archive is as it was",
        ),
        reasons,
        where=str(source),
        hint=Message("请移交方重新导出或重新复制", "ask for a new export, or copy it once more"),
    )


def space_fault(source: Path) -> EnvironmentFault:
    """Return the refusal to begin what the disk cannot hold."""
    return EnvironmentFault(
        Message("磁盘空间不足，没有开始导入", "the disk is too full; nothing was begun"),
        where=str(source),
        hint=Message("清理磁盘后再试", "free some space, then try again"),
    )
