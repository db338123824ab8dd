"""An empty archive, parcels to file into it, and a way to look at what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.catalogue import Catalogue
from docgen.archive.checks.verify import verify
from docgen.archive.filed import Filed
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.refile import refile
from docgen.archive.store import Archive
from docgen.archive.versions import Version
from docgen.base.workspace import shipped_templates
from docgen.forms.types import TypeRegistry, load_types
from docgen.forms.values import Ref

TYPES = load_types(shipped_templates() / "types.yaml")
NOON = datetime(2026, 11, 2, 4, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Desk:
    """An archive with its catalogue, and a folder from which files come."""

    root: Path
    archive: Archive = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Open archive and catalogue as a new process does."""
        self.archive = Archive(
            self.root / "archive", Catalogue(self.root / "index"), clock=lambda: NOON, patience=0
        )

    @property
    def folder(self) -> Path:
        return self.archive.folder

    @property
    def catalogue(self) -> Catalogue:
        return self.archive.catalogue

    def source(self, name: str, content: bytes) -> Path:
        """Put a file on the desk."""
        path = self.root / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def parcel(self, name: str, *contents: tuple[str, bytes], finish: bool = False, **more: Any) -> Parcel:
        """Return a parcel for `project type date version`, with (extension, content) for each file."""
        project, type_name, day, version = name.split()
        type_name, _, serial = type_name.partition("-")
        doc_type = TYPES.find(type_name)
        identity = Identity(project, doc_type.token, serial, date.fromisoformat(day), Version.parse(version))
        files = tuple(
            ParcelFile.of(self.source(f"{identity.stem}.{ext}", content), ext, finish=finish)
            for ext, content in contents or [("pdf", name.encode())]
        )
        facts = Facts(**{key: more.pop(key) for key in list(more) if key in Facts.__dataclass_fields__})
        return replace(Parcel(doc_type, identity, files, facts=facts), **more)

    def file(self, name: str, *contents: tuple[str, bytes], **more: Any) -> Filed:
        """File such a parcel."""
        return self.archive.file(self.parcel(name, *contents, **more), actor="cli:test")

    def bury(self, project: str, number: int) -> None:
        """Enter that the files of an entry were removed after their retention, and remove them."""
        journal = self.folder / project / "journal"
        last = sorted(journal.iterdir())[-1].read_bytes()
        item = json.loads((journal / f"{number:06d}.json").read_bytes())["items"][0] | {"event": "tombstone"}
        entry = json.loads(last) | {"prev": hashlib.sha256(last).hexdigest(), "items": [item]}
        entry["seq"] += 1
        data = json.dumps(entry, ensure_ascii=False, indent=1) + "\n"
        (journal / f"{entry['seq']:06d}.json").write_text(data, encoding="utf-8")
        for file in item["files"]:
            (self.folder / project / file["path"]).unlink()
        self.archive.rebuild(actor="cli:test")

    def tree(self) -> dict[str, bytes]:
        """Return every filed file (without journals, manifests and our own folders)."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.glob("*/*/*"))
            if path.parent.name != "journal" and not path.parent.parent.name.startswith(".")
        }

    def codes(self, **how: Any) -> list[str]:
        """Return the codes of what `verify` finds."""
        return [finding.code for finding in verify(self.folder, **how).findings]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty archive."""
    desk = Desk(tmp_path)
    yield desk
    desk.catalogue.close()


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An archive of two projects with something of every kind, to be looked at or copied, never changed."""
    desk = Desk(tmp_path_factory.mktemp("settled"))
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("docx", b"word"), ("record.json", b"{}"), doc_id="HT-1")
    desk.file("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"%PDF-signed"))
    desk.file("项目A 发票-02 2023-04-03 V1.0", ("pdf", b"%PDF-bill"), refs=(Ref("HT-1", "", "HT-1"),))
    desk.file("项目A 服务合同 2023-05-01 V1.1", ("docx", b"draw"), doc_id="HT-1")
    desk.file("项目A 发票 2023-04-09 V1.0", ("pdf", b"%PDF-bill"))
    desk.file("项目A 会议纪要 2023-04-05 V1.0", ("pdf", b"%PDF-talk"))
    desk.file("某市_二期_运维（甲） 服务合同 2023-04-01 V1.0", ("docx", b"other"), doc_id="HT-2")
    (minutes,) = desk.catalogue.find("项目A_会议纪要_2023-04-05_V1.0")
    refile(desk.archive, [minutes], TYPES.find("会议纪要"), "某市_二期_运维（甲）", actor="cli:test")
    desk.bury("项目A", 2)
    yield desk
    desk.catalogue.close()


@pytest.fixture(scope="session")
def types() -> TypeRegistry:
    """The 251 types of the catalogue."""
    return TYPES
