"""A project as a plain folder: papers about it, its whole folder, one list of digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from docgen.archive.checks.snapshot import DROPPINGS
from docgen.archive.handover.bag import not_as_written
from docgen.archive.handover.building import Watch, built, unwatched
from docgen.archive.handover.contents import Contents, copy_contents
from docgen.archive.handover.lists import Checked, check_digests, compare_names, read_list, write_list
from docgen.archive.handover.tree import Tree, walk
from docgen.archive.layout import MANIFEST
from docgen.base import files


def write_folder(
    contents: Contents, papers: Mapping[str, bytes], final: Path, *, watch: Watch = unwatched
) -> None:
    """Write a project as the folder ``final``: built aside, synced, read back, then named.

    `<project>/` is the project's whole folder, ``papers`` (name -> bytes) lie beside it, and
    `manifest-sha256.txt` lists them all: `sha256sum -c` passes inside ``final``.

    Raises:
        ArchiveRefused: ``final`` exists, or the project is damaged.
        EnvironmentFault: It cannot be written, or reads back differently.
    """
    with built(final) as folder:
        copied = copy_contents(contents, folder / contents.project, watch)
        listed = {f"{contents.project}/{path}": digests[0] for path, digests in copied.items()}
        for name, data in papers.items():
            files.write_new(folder / name, data)
            listed[name] = hashlib.sha256(data).hexdigest()
        files.write_new(folder / MANIFEST, write_list(listed))
        if faults := check_folder(walk(folder), unwatched).faults:
            raise not_as_written(final, faults)


def check_folder(tree: Tree, watch: Watch) -> Checked:
    """Return every fault of such a folder, and the SHA-256 of its files by path."""
    checked = Checked(list(tree.faults))
    listed = read_list(tree, MANIFEST, "sha256", checked.faults)
    there = [path for path in tree.files if path != MANIFEST and path.rpartition("/")[2] not in DROPPINGS]
    checked.faults.extend(compare_names(MANIFEST, listed, there))
    read = check_digests(tree.root, {"sha256": listed}, there, watch)
    checked.faults.extend(read.faults)
    checked.sha256 = read.sha256
    return checked
