"""The engines by name, each with its libraries when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.locks import PATIENCE
from docgen.base.messages import Message, same
from docgen.search.engine import Engine


def open_engine(name: str, folder: Path, *, server: str = "", patience: float = PATIENCE) -> Engine:
    """Return the engine ``name``.

    Args:
        name: One of `ENGINES`.
        folder: Where the indexes of all engines lie; each has a folder of its own in it.
        server: How the database of `postgres` is reached.
        patience: Seconds to wait for others that write.

    Raises:
        EnvironmentFault: What the engine needs is not installed, or no server is named.
    """
    try:
        return ENGINES[name](folder / name, server, patience)
    except ImportError as error:
        raise EnvironmentFault(
            Message(f"检索引擎 {name} 没有安装（{error}）", f"the engine {name} is not installed ({error})"),
            hint=same(f'pip install "docgen[{name}]"'),
        ) from error


def _whoosh(folder: Path, _: str, patience: float) -> Engine:
    from docgen.search.whoosh_index.engine import WhooshEngine

    return WhooshEngine(folder, patience=patience)


def _tantivy(folder: Path, _: str, patience: float) -> Engine:
    from docgen.search.tantivy_index.engine import TantivyEngine

    return TantivyEngine(folder, patience=patience)


def _postgres(_: Path, server: str, patience: float) -> Engine:
    from docgen.search.postgres_index.engine import PostgresEngine

    return PostgresEngine(server, patience=patience)


#: What can be chosen in `docgen.toml`.
ENGINES: dict[str, Callable[[Path, str, float], Engine]] = {
    "whoosh": _whoosh,
    "tantivy": _tantivy,
    "postgres": _postgres,
}
