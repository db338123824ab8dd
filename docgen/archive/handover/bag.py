"""A project as a bag: BagIt 1.0 (RFC 8493), SHA-256 and SHA-512."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from docgen import __version__
from docgen.archive.handover.bag_reading import check_bag
from docgen.archive.handover.building import Watch, built, unwatched
from docgen.archive.handover.contents import Contents, copy_contents
from docgen.archive.handover.lists import STRONG, write_list
from docgen.archive.handover.refusals import Unsound
from docgen.archive.handover.tree import walk
from docgen.base import files
from docgen.base.messages import Message

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_INFO = "bag-info.txt"


def write_bag(
    contents: Contents, final: Path, day: date, *, organization: str = "", watch: Watch = unwatched
) -> None:
    """Write a project as the bag ``final``: built aside, synced, read back, then named.

    The payload is `data/<project>/`, the project's whole folder. Equal contents give equal bytes on one day.

    Args:
        contents: The project.
        final: The new folder.
        day: The bagging date.
        organization: Who hands over, for `bag-info.txt`; may be empty.
        watch: Is told how far the copying is.

    Raises:
        ArchiveRefused: ``final`` exists, or the project is damaged.
        EnvironmentFault: It cannot be written, or reads back differently.
    """
    with built(final) as folder:
        copied = copy_contents(contents, folder / "data" / contents.project, watch)
        payload = {f"data/{contents.project}/{path}": digests for path, digests in copied.items()}
        tags = {
            "bagit.txt": DECLARATION,
            _INFO: _info(contents, day, organization, _oxum(folder, payload)),
        }
        for place, algorithm in enumerate(STRONG):
            listed = {path: digests[place] for path, digests in payload.items()}
            tags[f"manifest-{algorithm}.txt"] = write_list(listed)
        tags |= _tag_manifests(tags)
        for name, data in tags.items():
            files.write_new(folder / name, data)
        if faults := check_bag(walk(folder), unwatched).faults:
            raise not_as_written(final, faults)


def _oxum(folder: Path, payload: Mapping[str, object]) -> str:
    return f"{sum((folder / path).stat().st_size for path in payload)}.{len(payload)}"


def _info(contents: Contents, day: date, organization: str, oxum: str) -> bytes:
    said = {
        "Source-Organization": " ".join(organization.split()),
        "Bagging-Date": day.isoformat(),
        "External-Identifier": contents.project,
        "External-Description": "项目档案（文件、日志、校验清单）",
        "Bag-Software-Agent": f"docgen {__version__}",
        "Payload-Oxum": oxum,
        "Journal-Head": f"{contents.head.seq} {contents.head.digest}",
    }
    return "".join(f"{label}: {value}\n" for label, value in said.items() if value).encode()


def _tag_manifests(tags: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        f"tagmanifest-{algorithm}.txt": write_list(
            {name: hashlib.new(algorithm, data).hexdigest() for name, data in tags.items()}
        )
        for algorithm in STRONG
    }


def not_as_written(final: Path, faults: list[Message]) -> Unsound:
    """Return the refusal to name what reads back differently than it was written."""
    return Unsound(
        Message("写入后读回的内容不一致，磁盘可能有故障", "what was read back differs from what was written"),
        faults,
        where=str(final),
    )
