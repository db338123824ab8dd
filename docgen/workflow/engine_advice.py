"""Which archives have outgrown their search engine (measured: docs/performance.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.search.engine import Health
from docgen.search.generations import in_use
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Comfort:
    """Up to where an engine answers within a tenth of a second on a small machine; 0: no limit is known."""

    versions: int
    #: Bytes of the index on disk: few long papers weigh as much as many short ones.
    size: int
    better: str = ""


_COMFORT = {
    "whoosh": Comfort(30_000, 250 << 20, "tantivy"),
    "tantivy": Comfort(0, 0),
    "postgres": Comfort(0, 0),
}


def outgrown(session: Session) -> Iterator[Finding]:
    """Yield a warning if the archive has outgrown the engine that is chosen."""
    name = session.choice.name
    comfort = _COMFORT[name]
    if not comfort.better or session.engine.health() is not Health.READY:
        return
    versions, size = session.engine.count(), _size(in_use(session.workspace.index / "search" / name))
    if versions <= comfort.versions and size <= comfort.size:
        return
    yield Finding(
        "DR17",
        Severity.WARNING,
        Message(
            f"档案已超出检索引擎 {name} 适合的规模（{versions} 个版本，索引 {size >> 20} MB），检索会变慢",
            f"the archive has outgrown the search engine {name} "
            f"({versions} versions, {size >> 20} MB of index): searches get slow",
        ),
        Message(
            f'安装 pip install "docgen[{comfort.better}]"，再运行 docgen rebuild --engine {comfort.better}',
            f'pip install "docgen[{comfort.better}]", then run docgen rebuild --engine {comfort.better}',
        ),
        path="index",
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
