"""A stranger's verifier and reader, written from docs/archive-format.md alone: the page is enough, and right.

Between the two lines of dashes nothing but the standard library is used, and nothing of docgen is known.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from docgen.archive.checks.verify import verify
from docgen.archive.queries import Filter
from docgen.base.findings import Severity
from tests.damage import WAYS, tree

UTF_8 = {"LC_ALL": "C.UTF-8"}
EXAMPLES = 3000 if os.environ.get("DOCGEN_TEST_FULL") else 200

# --------------------------------------------------------------------------------------------------------

CATEGORIES = {"合同协议", "技术文档", "商务文档", "项目执行"}
DROPPED = {".DS_Store", "Thumbs.db", "desktop.ini"}
EXTENSIONS = frozenset(
    (
        *("docx", "doc", "wps", "xlsx", "xls", "et", "pptx", "ppt", "dps", "mpp", "vsdx", "dwg", "dxf"),
        *("odt", "ods", "pdf", "ofd", "jpg", "jpeg", "png", "tif", "tiff", "bmp"),
        *("txt", "md", "csv", "eml", "msg"),
        "record.json",
    )
)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def faults(archive: Path) -> list[str]:
    """Return what is wrong with an archive, in words."""
    found = []
    for place in sorted(archive.iterdir()):
        if place.name in (".tmp", ".locks", ".gitkeep", *DROPPED):
            continue
        if place.name.startswith(".") or not place.is_dir():
            found.append(f"{place.name} belongs to no project")
        else:
            found += [f"{place.name}: {fault}" for fault in faults_or_nonsense(place)]
    return found


def faults_or_nonsense(folder: Path) -> list[str]:
    try:
        return list(project_faults(folder))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return [f"an entry is not built as the page says: {error!r}"]


def project_faults(folder: Path) -> Iterator[str]:
    there = {}
    for root, folders, names in os.walk(folder):
        for name in [*names, *(one for one in folders if (Path(root) / one).is_symlink())]:
            path = Path(root) / name
            if path.is_symlink() or not path.is_file():
                yield f"{path} is no file"
            elif name not in DROPPED:
                there[path.relative_to(folder).as_posix()] = path
    entries, lines = [], []
    numbered = {path for path in there if re.fullmatch(r"journal/\d{6,}\.json", path)}
    before = "0" * 64
    for seq in range(1, len(numbered) + 1):
        path = f"journal/{seq:06d}.json"
        entry = read_entry(there[path]) if path in there else None
        if entry is None:
            yield f"{path} is missing or was never committed"
            return
        if (entry["seq"], entry["prev"]) != (seq, before):
            yield f"{path} does not follow the one before"
        before = digest(there[path].read_bytes())
        entries.append(entry)
        gone = {file["path"] for item in events([entry], "tombstone") for file in item["files"]}
        lines = [line for line in lines if line[66:-1] not in gone]
        lines += [
            f"{file['sha256']}  {file['path']}\n"
            for item in events([entry], "filed", "added")
            for file in item["files"]
        ]
        lines.append(f"{before}  {path}\n")
    manifest = there.pop("manifest-sha256.txt", None)
    if (manifest.read_bytes() if manifest else b"") != "".join(lines).encode():
        yield "the manifest is not what the journal says"
    kept = filed(entries)
    for path, file in kept.items():
        data = there[path].read_bytes() if path in there else b""
        if (len(data), digest(data)) != (file["size"], file["sha256"]):
            yield f"{path} is missing or changed"
    yield from (f"{path} was never filed" for path in there.keys() - kept.keys() - numbered)
    yield from item_faults(folder.name, entries)


def read_entry(path: Path) -> Any:
    """Return what an entry says; ``None``: it was never committed."""
    data = path.read_bytes()
    try:
        entry = json.loads(data.decode("utf-8"))
        return entry if data.endswith(b"}\n") and entry["format"] == 1 and entry["items"] else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def events(entries: list[Any], *wanted: str) -> list[Any]:
    """Return the items that report one of these events."""
    return [item for entry in entries for item in entry["items"] if item["event"] in wanted]


def filed(entries: list[Any]) -> dict[str, Any]:
    """Return what is filed, by path: all files that came, less those that were removed."""
    kept: dict[str, Any] = {}
    for item in (item for entry in entries for item in entry["items"]):
        for file in item["files"]:
            if item["event"] in ("filed", "added"):
                kept[file["path"]] = file
            elif item["event"] == "tombstone":
                kept.pop(file["path"], None)
    return kept


def item_faults(project: str, entries: list[Any]) -> Iterator[str]:
    """Yield items that lie elsewhere than their identity says, and versions that are there twice or never."""
    versions: set[tuple[str, ...]] = set()
    withdrawn = {version_of(item) for item in events(entries, "withdrawn")}
    for item in (item for entry in entries for item in entry["items"]):
        version = version_of(item)
        if item["event"] == "filed":
            if version in versions - withdrawn:
                yield f"{version} is there twice"
            versions.add(version)
        elif version not in versions:
            yield f"{version} was never filed"
    for item in events(entries, "filed", "added"):
        places = {f"{item['category']}/{stem(item['identity'])}.{ext}" for ext in EXTENSIONS}
        if not {file["path"] for file in item["files"]} <= places:
            yield f"{item['files']} are not in the place of their identity"
        if item["identity"]["project"] != project or item["category"] not in CATEGORIES:
            yield f"{item['identity']} is of another project or category"


def version_of(item: Any) -> tuple[str, ...]:
    what = item["identity"]
    date = what["date"] if what["recurring"] else ""
    return what["type"], what["serial"].casefold(), date, what["version"]


def stem(what: Any) -> str:
    serial = f"-{what['serial']}" if what["serial"] else ""
    return f"{what['project']}_{what['type_name']}{serial}_{what['date']}_{what['version']}"


def current(archive: Path, project: str) -> dict[str, str]:
    """Return the number of every document's current version, by the stem of its name."""
    folder = archive / project / "journal"
    items = [item for path in sorted(folder.iterdir()) for item in json.loads(path.read_bytes())["items"]]
    withdrawn = {version_of(item) for item in items if item["event"] == "withdrawn"}
    newest: dict[tuple[str, ...], Any] = {}
    for item in items:
        if item["event"] == "filed" and version_of(item) not in withdrawn:
            document = version_of(item)[:3]
            other = newest.setdefault(document, item)
            if number(item) > number(other):
                newest[document] = item
    return {stem(item["identity"]): item["identity"]["doc_id"] for item in newest.values()}


def number(item: Any) -> list[int]:
    return [int(part) for part in item["identity"]["version"][1:].split(".")]


# --------------------------------------------------------------------------------------------------------


def errors(archive: Path) -> list[str]:
    return [one.code for one in verify(archive).findings if one.severity is Severity.ERROR]


def test_the_stranger_knows_nothing_of_docgen() -> None:
    source = Path(__file__).read_text(encoding="utf-8").split("# " + "-" * 104)[1]
    assert not re.search(r"docgen|tests\.", source)
    names = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
    assert not names


def test_both_find_a_whole_archive_whole(settled: Any) -> None:
    assert faults(settled.folder) == []
    assert errors(settled.folder) == []


@given(ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3), chance=st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES)
@pytest.mark.timeout(3600)
def test_both_find_the_same_archives_harmed(settled: Any, ways: list[Any], chance: random.Random) -> None:
    """And that is all that are harmed, but for those that nobody can tell (docs/residual-risks.md)."""
    folder = settled.root / "harmed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(settled.folder, folder)
    harm = [way(folder, chance) for way in ways]
    event(", ".join(sorted(way.__name__ for way in ways)))
    assert bool(faults(folder)) == bool(errors(folder)), harm
    assert errors(folder) or tree(folder) in untold(settled.folder), harm


def untold(archive: Path) -> list[dict[str, bytes]]:
    """Return the archive, and all that is left of it when the whole tail of a journal is cut off."""
    whole = tree(archive)
    states = [whole]
    for project in {path.partition("/")[0] for path in whole}:
        listed = whole[f"{project}/manifest-sha256.txt"].splitlines(keepends=True)
        for end in [0, *(place for place, line in enumerate(listed, start=1) if b"  journal/" in line)]:
            cut = {f"{project}/{line[66:-1].decode()}" for line in listed[end:]}
            left = {path: data for path, data in whole.items() if path not in cut}
            states.append(left | {f"{project}/manifest-sha256.txt": b"".join(listed[:end])})
    return states


def test_the_stranger_reads_what_docgen_lists(settled: Any) -> None:
    for project in settled.catalogue.heads():
        listed = settled.catalogue.versions(Filter(project=project))
        assert current(settled.folder, project) == {one.stem: one.doc_id for one in listed}
        assert listed
