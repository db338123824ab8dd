"""A workspace with its parts open, each (and its libraries) when first used."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from docgen.base.errors import TemplateFault, UsageFault
from docgen.base.locks import PATIENCE
from docgen.base.messages import Message
from docgen.base.settings import Settings
from docgen.base.workspace import Workspace, shipped_templates
from docgen.forms.definition import Form
from docgen.forms.loading.loader import load_form
from docgen.forms.types import DocType, TypeRegistry, load_types
from docgen.forms.workdays import PUBLISHED, Calendar, load_calendar
from docgen.workflow.cards import Card, read_cards
from docgen.workflow.drafted import Draft, drafted

if TYPE_CHECKING:
    from docgen.archive.catalogue import Catalogue
    from docgen.archive.store import Archive
    from docgen.render.engine import Template
    from docgen.search.engine import Engine
    from docgen.text.recogniser import Recogniser
    from docgen.workflow.engine_choice import EngineChoice
    from docgen.workflow.scans import ScanTable

#: Folders of `templates/` that are not document types.
NOT_TYPES = frozenset({"groups", "house", "samples"})


@dataclass(frozen=True)
class Session:
    """What the functions of this package are handed: the parts of one workspace."""

    workspace: Workspace

    @property
    def settings(self) -> Settings:
        """The workspace's settings."""
        return self.workspace.settings

    @property
    def today(self) -> date:
        """Today in the workspace's time zone."""
        return datetime.now(self.settings.zone).date()

    @cached_property
    def actor(self) -> str:
        """Who acts, for the journal: `cli:<os user>`."""
        try:
            return f"cli:{getpass.getuser()}"
        except (KeyError, OSError, ImportError):  # an account without a name, as containers have
            return "cli:unknown"

    @cached_property
    def template_roots(self) -> tuple[Path, ...]:
        """Folders that hold types, the workspace's own before the shipped ones."""
        shipped = shipped_templates()
        own = self.workspace.templates
        return (own, shipped) if own.is_dir() and own.resolve() != shipped.resolve() else (shipped,)

    @property
    def houses(self) -> tuple[Path, ...]:
        """Folders of the house style, the workspace's own first."""
        return self._each("house")

    @property
    def house(self) -> Path:
        """The house folder whose `style.docx` counts."""
        return next(folder for folder in self.houses if (folder / "style.docx").is_file())

    @property
    def groups(self) -> tuple[Path, ...]:
        """Folders of field groups, the workspace's own first."""
        return self._each("groups")

    def _each(self, name: str) -> tuple[Path, ...]:
        return tuple(root / name for root in self.template_roots if (root / name).is_dir())

    @cached_property
    def shipped_types(self) -> TypeRegistry:
        """The register of types as shipped."""
        return load_types(shipped_templates() / "types.yaml")

    @cached_property
    def types(self) -> TypeRegistry:
        """The register of types, overlaid by the forms that this workspace added or changed.

        Shipped forms agree with the shipped register (a test holds them to it) and need not be read.
        """
        shipped = shipped_templates().resolve() == self.workspace.templates.resolve()
        return self.shipped_types.overlaid(() if shipped else self._own_forms())

    def _own_forms(self) -> Iterator[Form]:
        """Yield the forms of this workspace; one with mistakes is told when it is used, and by `doctor`."""
        for name, folder in self.form_folders.items():
            if folder.parent == self.workspace.templates:
                with suppress(TemplateFault):
                    yield self.form(name)

    @cached_property
    def form_folders(self) -> dict[str, Path]:
        """Type id -> the folder with its form; the workspace's own folder wins."""
        folders = dict(_types_in(reversed(self.template_roots)))
        return dict(sorted(folders.items()))

    @cached_property
    def _forms(self) -> dict[str, Form]:
        return {}

    def form(self, type_id: str) -> Form:
        """Return the form of a type that can be generated.

        Raises:
            UsageFault: The type can only be filed.
            TemplateFault: Its `form.yaml` has mistakes.
        """
        if type_id not in self._forms:
            folder = self.folder(type_id)
            self._forms[type_id] = load_form(folder, self.groups, self.shipped_types)
        return self._forms[type_id]

    def folder(self, type_id: str) -> Path:
        """Return the folder of a type that can be generated."""
        if type_id not in self.form_folders:
            raise UsageFault(
                Message(
                    f"“{type_id}”没有表单和模板，只能归档、检索", f"“{type_id}” has no form and template"
                ),
                hint=Message("可生成的类型见 docgen types", "docgen types lists what can be generated"),
            )
        return self.form_folders[type_id]

    def type_named(self, text: str) -> DocType:
        """Return the type with this id, name or alias.

        Raises:
            UnknownType: There is none; the nearest are named.
            AmbiguousType: An alias fits several.
            TemplateFault: There is, but its form has mistakes.
        """
        if text in self.form_folders and text not in self.types:
            self.form(text)
        return self.types.find(text)

    def template(self, form: Form) -> Template:
        """Return the assembled template of a form's type."""
        from docgen.render.engine import Template

        return Template.open(self.folder(form.id), self.houses, choices=form.choices)

    @cached_property
    def calendar(self) -> Calendar:
        """Working days: the published calendar and the site's own additions."""
        own = self.workspace.root / self.settings.holidays
        return load_calendar(own) if own.exists() else PUBLISHED

    @property
    def patience(self) -> float:
        """Seconds to wait for another program that files into the same project."""
        return PATIENCE

    @cached_property
    def archive(self) -> Archive:
        """The archive's store; whatever was interrupted before is settled when it is opened."""
        archive = self.unsettled_archive()
        archive.recover(actor=self.actor)
        return archive

    def unsettled_archive(self) -> Archive:
        """Return the archive's store as it is now."""
        from docgen.archive.catalogue import Catalogue
        from docgen.archive.store import Archive

        # resolving a path would wait for a share that does not answer
        inboxes = (os.path.normpath(self.workspace.root / name) for name in self.settings.watch.inboxes)
        return Archive(
            self.workspace.archive,
            Catalogue(self.workspace.index),
            zone=self.settings.zone,
            patience=self.patience,
            own=(self.workspace.drafts.absolute(), *map(Path, inboxes)),
        )

    @property
    def catalogue(self) -> Catalogue:
        """What is known about the archive."""
        return self.archive.catalogue

    @property
    def cards(self) -> Sequence[Card]:
        """All project cards."""
        return read_cards(self.workspace.projects)

    @property
    def drafted(self) -> Mapping[tuple[str, str], Sequence[Draft]]:
        """The documents that are generated and not filed, by project and number (both folded)."""
        return drafted(self.workspace.drafts)

    @cached_property
    def choice(self) -> EngineChoice:
        """Which search engine is chosen."""
        from docgen.workflow.engine_choice import EngineChoice

        return EngineChoice(self.workspace)

    @property
    def engine(self) -> Engine:
        """The search index that the settings choose now."""
        return self.choice.engine

    @cached_property
    def scans(self) -> ScanTable:
        """Scans that wait for the recognition of their text, and the text of those that do not."""
        from docgen.workflow.scans import ScanTable

        return ScanTable(self.workspace.state)

    @cached_property
    def recogniser(self) -> Recogniser:
        """What recognises the text of scans; its process starts when it is first asked."""
        from docgen.text.recogniser import Recogniser

        return Recogniser()


def _types_in(roots: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    for root in roots:
        for folder in root.iterdir():
            if folder.name not in NOT_TYPES and (folder / "form.yaml").is_file():
                yield folder.name, folder
