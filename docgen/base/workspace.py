"""The folders of one workspace."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.settings import Settings, load_settings

SETTINGS_FILE = "docgen.toml"


@dataclass(frozen=True)
class Workspace:
    """A folder with `docgen.toml` and what docgen keeps beside it."""

    root: Path

    @cached_property
    def settings(self) -> Settings:
        """The settings of `docgen.toml`."""
        return load_settings(self.root / SETTINGS_FILE)

    @property
    def archive(self) -> Path:
        """Filed documents and journals: the only truth."""
        return self.root / "archive"

    @property
    def index(self) -> Path:
        """Catalogue and search index: derived, rebuilt at any time."""
        return self.root / "index"

    @property
    def inbox(self) -> Path:
        """Where people drop finished documents."""
        return self.root / "inbox"

    @property
    def drafts(self) -> Path:
        """Generated, not filed."""
        return self.root / "drafts"

    @property
    def rejected(self) -> Path:
        """Received files that were not filed, each with the reason."""
        return self.root / "rejected"

    @property
    def projects(self) -> Path:
        """Project cards."""
        return self.root / "projects"

    @property
    def state(self) -> Path:
        """What cannot be derived, and logs."""
        return self.root / "state"

    @property
    def samples(self) -> Path:
        """Sample data of one coherent project."""
        return self.root / "samples"

    @property
    def templates(self) -> Path:
        """Types of this workspace; they overlay the shipped ones."""
        return self.root / "templates"


def shipped_templates() -> Path:
    """Return the folder of shipped types: package data, else the repository's `templates/`."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_templates"
    return packaged if packaged.is_dir() else package.parent / "templates"


def find_workspace(given: Path | None = None, *, start: Path | None = None) -> Workspace:
    """Return the workspace: ``given``, else DOCGEN_WORKSPACE, else the nearest parent with `docgen.toml`.

    Raises:
        EnvironmentFault: There is none.
    """
    named = given or (Path(os.environ["DOCGEN_WORKSPACE"]) if os.environ.get("DOCGEN_WORKSPACE") else None)
    if named is not None:
        if not (named / SETTINGS_FILE).is_file():
            raise _none(named)
        return Workspace(named.resolve())
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / SETTINGS_FILE).is_file():
            return Workspace(folder)
    raise _none(here)


def _none(folder: Path) -> EnvironmentFault:
    return EnvironmentFault(
        Message(f"没有找到工作区（缺少 {SETTINGS_FILE}）", f"no workspace here ({SETTINGS_FILE} is missing)"),
        where=str(folder),
        hint=Message(
            "先运行 docgen init 目录，或用 -w 目录 指定工作区",
            "run docgen init DIR first, or name the workspace with -w DIR",
        ),
    )
