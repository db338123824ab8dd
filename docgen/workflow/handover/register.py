"""文档资料整理表: every filed paper of a project on a line, and the totals (AR-30 to AR-34)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledFile, FiledVersion
from docgen.forms.definition import CATEGORIES, PHASES
from docgen.forms.types import TypeRegistry

HEADS = ("文件类型", "项目名称", "文件名称", "创建日期", "版本号", "存储位置")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register: one paper and the version it belongs to."""

    version: FiledVersion
    file: FiledFile

    @property
    def cells(self) -> tuple[str, ...]:
        """The six columns; the last is the folder, which with the file name resolves to the file (AR-32)."""
        folder, _, name = self.file.path.rpartition("/")
        one = self.version
        return (one.category, one.project, name, one.date.isoformat(), str(one.version), folder)


def register(versions: Iterable[FiledVersion], types: TypeRegistry) -> list[Line]:
    """Return the lines by category, grouping rule of the category, date (AR-33).

    The grouping rules (catalogue 4.1): contracts by number, technical papers by module or kind, business
    papers by time, execution papers by phase, as far as they are said or corrected. The data that lies beside
    a generated paper has no line of its own.
    """
    lines = [Line(one, file) for one in versions for file in one.files if file.ext != RECORD_EXT]
    return sorted(lines, key=lambda line: _order(line, types))


def _order(line: Line, types: TypeRegistry) -> tuple[object, ...]:
    one = line.version
    doc_type, said = types.get(one.type_id), one.groups
    phase = said.phase or (doc_type.phase if doc_type else "")
    group = {
        "合同协议": said.contract or one.doc_id,
        "技术文档": said.module or said.device or one.type_name,
        "商务文档": said.month or f"{one.date:%Y-%m}",
        "项目执行": f"{PHASES.index(phase) if phase in PHASES else len(PHASES):02d}",
    }[one.category]
    return CATEGORIES.index(one.category), group, one.date, one.type_name, one.stem, line.file.ext


def totals(versions: Sequence[FiledVersion]) -> list[tuple[str, str, int]]:
    """Return (what is counted, which, how many), by category, version and state."""
    documents = {one.document_id: one for one in versions if one.current}
    papers = [file for one in versions for file in one.files if file.ext != RECORD_EXT]
    counted: list[tuple[str, str, int]] = [
        ("合计", "文档", len(documents)),
        ("合计", "版本", len(versions)),
        ("合计", "文件", len(papers)),
        ("合计", "数据文件（.record.json，随同名文件，不列行）", _files(versions) - len(papers)),
    ]
    by_category = Counter(one.category for one in documents.values())
    counted += [("按类别（文档）", name, by_category[name]) for name in CATEGORIES]
    by_version = Counter(one.version for one in versions)
    counted += [("按版本号（版本）", str(name), number) for name, number in sorted(by_version.items())]
    by_state = Counter(one.status or "未注明" for one in documents.values())
    counted += [("按状态（文档）", name, number) for name, number in sorted(by_state.items())]
    return counted


def _files(versions: Iterable[FiledVersion]) -> int:
    return sum(len(one.files) for one in versions)
