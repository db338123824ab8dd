"""Is a bag whole? BagIt 1.0 and 0.97 (RFC 8493), read with suspicion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from docgen.archive.handover.building import Watch
from docgen.archive.handover.lists import (
    KNOWN,
    STRONG,
    Checked,
    check_digests,
    compare_names,
    read_list,
    read_text,
)
from docgen.archive.handover.refusals import about
from docgen.archive.handover.tree import Tree
from docgen.base.messages import Message

DECLARATION = "bagit.txt"
INFO = "bag-info.txt"
_VERSIONS = ("1.0", "0.97")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_DECLARED = re.compile(
    r"BagIt-Version: ([0-9]+\.[0-9]+)(?:\r\n|\r|\n)Tag-File-Character-Encoding: UTF-8(?:\r\n|\r|\n)?"
)

#: Algorithm -> path -> digest.
_Lists = dict[str, dict[str, str]]


def check_bag(tree: Tree, watch: Watch) -> Checked:
    """Return every fault of a bag, and the SHA-256 of its files by path."""
    checked = Checked(list(tree.faults))
    faults = checked.faults
    _check_declaration(tree, faults)
    if "fetch.txt" in tree.files:
        faults.append(about("fetch.txt", "需要另行下载的归档包不接收", "bags to be fetched are not taken"))
    payload = [path for path in tree.files if path.startswith("data/")]
    lists, tag_lists = _read_lists(tree, faults)
    for algorithm, listed in lists.items():
        faults.extend(compare_names(f"manifest-{algorithm}.txt", listed, payload))
    faults.extend(_tag_faults(tree, tag_lists))
    if not set(lists) & set(STRONG):
        faults.append(
            Message("缺少 sha256 或 sha512 的清单", "there is no manifest of SHA-256 or SHA-512 digests")
        )
    faults += _oxum_faults(tree, payload)
    read = check_digests(tree.root, _joined(lists, tag_lists), [*payload, *_tags(tree, tag_lists)], watch)
    faults.extend(read.faults)
    checked.sha256 = read.sha256
    return checked


def _check_declaration(tree: Tree, faults: list[Message]) -> None:
    if DECLARATION not in tree.files:
        faults.append(about(DECLARATION, "缺少此文件", "this file is missing"))
        return
    match = _DECLARED.fullmatch(read_text(tree, DECLARATION, faults))
    if not match or match[1] not in _VERSIONS:
        faults.append(
            about(DECLARATION, "不是 BagIt 1.0 的声明", "not the declaration of a bag of BagIt 1.0")
        )


def _read_lists(tree: Tree, faults: list[Message]) -> tuple[_Lists, _Lists]:
    """Return the manifests and the tag manifests."""
    lists: _Lists = {}
    tag_lists: _Lists = {}
    for name in tree.files:
        match = _MANIFEST.fullmatch(name)
        if match and match[2] not in KNOWN:
            faults.append(about(name, "未知的摘要算法", "unknown digest algorithm"))
        elif match:
            kind = tag_lists if match[1] else lists
            kind[match[2]] = read_list(tree, name, match[2], faults, encoded=True)
    return lists, tag_lists


def _tag_faults(tree: Tree, tag_lists: _Lists) -> Iterator[Message]:
    """Yield what a tag manifest lists and is not there, and what of our own it does not list."""
    needed = [
        name
        for name in tree.files
        if name in (DECLARATION, INFO) or (name.startswith("manifest-") and _MANIFEST.fullmatch(name))
    ]
    for algorithm, listed in tag_lists.items():
        name = f"tagmanifest-{algorithm}.txt"
        yield from compare_names(name, listed, {*needed, *(listed.keys() & tree.files.keys())})
        yield from (
            about(name, f"列有正文文件 {path}", f"lists {path} of the payload")
            for path in listed
            if path.startswith("data/")
        )


def _tags(tree: Tree, tag_lists: _Lists) -> list[str]:
    return sorted({path for listed in tag_lists.values() for path in listed if path in tree.files})


def _joined(lists: _Lists, tag_lists: _Lists) -> Mapping[str, Mapping[str, str]]:
    return {name: {**tag_lists.get(name, {}), **lists.get(name, {})} for name in sorted({*lists, *tag_lists})}


def _oxum_faults(tree: Tree, payload: list[str]) -> list[Message]:
    faults: list[Message] = []
    text = read_text(tree, INFO, faults) if INFO in tree.files else ""
    match = re.search(r"(?m)^Payload-Oxum: *([0-9]{1,20})\.([0-9]{1,20})\s*$", text)
    if match and (int(match[1]), int(match[2])) != (sum(tree.files[path] for path in payload), len(payload)):
        faults.append(about(INFO, "Payload-Oxum 与实际不符", "the Payload-Oxum is not that of the payload"))
    return faults
