"""The search engine of a workspace: the one that `docgen.toml` names now, and the one that was fed last.

Settings may change while a watcher runs, and an engine that was not fed for a while does not know what was
filed meanwhile. So the file is looked at each time, and `index/search/fed` names the engine whose index is
brought up: any other one is made anew first.
"""

from __future__ import annotations

from pathlib import Path

from docgen.base.files import make_folder, replace
from docgen.base.settings import SearchSettings, load_settings
from docgen.base.settings_edit import choose_engine, with_engine
from docgen.base.workspace import SETTINGS_FILE, Workspace
from docgen.search.engine import Engine
from docgen.search.engines import open_engine

#: Seconds that an addition to the index waits for others: they take moments, except for a rebuild, and then
#: the catalogue's queue keeps what is to be added.
PATIENCE = 5.0


class EngineChoice:
    """Opens the engines of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.root / SETTINGS_FILE
        self._folder = workspace.index / "search"
        self._seen: tuple[int, int, int] | None = None
        self._settings = SearchSettings()
        self._opened: tuple[SearchSettings, Engine] | None = None

    @property
    def engine(self) -> Engine:
        """The engine that is chosen now."""
        settings = self._read()
        if self._opened is None or self._opened[0] != settings:
            if self._opened is not None:
                self._opened[1].close()
            self._opened = settings, self.open(settings.engine)
        return self._opened[1]

    @property
    def name(self) -> str:
        """The name of the engine that is chosen now."""
        return self._read().engine

    def open(self, name: str) -> Engine:
        """Return the engine ``name``, whatever is chosen."""
        return open_engine(name, self._folder, server=self._read().server, patience=PATIENCE)

    @property
    def is_fed(self) -> bool:
        """Whether what was filed last went into the engine that is chosen now."""
        try:
            return self._fed.read_text(encoding="utf-8").strip() == self.name
        except (FileNotFoundError, UnicodeDecodeError):
            return False

    def note_fed(self, name: str) -> None:
        """Remember that the index of the engine ``name`` is the one that is brought up."""
        make_folder(self._folder)
        replace(self._fed, f"{name}\n".encode())

    def check(self, name: str) -> None:
        """Refuse now what `choose` would refuse."""
        with_engine(self._file, name)

    def choose(self, name: str) -> None:
        """Write ``name`` into the settings."""
        choose_engine(self._file, name)

    @property
    def _fed(self) -> Path:
        return self._folder / "fed"

    def _read(self) -> SearchSettings:
        state = self._file.stat()
        seen = (state.st_mtime_ns, state.st_size, state.st_ino)
        if seen != self._seen:
            self._settings, self._seen = load_settings(self._file).search, seen
        return self._settings
