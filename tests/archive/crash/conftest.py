"""Desks on which something is filed already, and what must hold after every cut."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from docgen.archive.queries import Filter

EVERYTHING = Filter(all_versions=True, withdrawn=True)


def whole(desk: Any, contents: list[bytes]) -> bool:
    """Check what must hold after every cut; return whether the parcel of ``contents`` is filed.

    Every content is in one place, the parcel is filed as a whole or not at all and then waits to be indexed,
    nothing is left over, `verify` is silent, and the catalogue is what a rebuild makes of the journals.
    """
    tree = desk.tree()
    filed = list(tree.values())
    waiting = [path.read_bytes() for path in sorted((desk.root / "desk").rglob("*")) if path.is_file()]
    for content in contents:
        assert filed.count(content) + waiting.count(content) == 1
    assert list((desk.root / "desk").glob(".docgen-done/*")) == []
    assert [content in filed for content in contents].count(True) in (0, len(contents))
    assert list((desk.folder / ".tmp").glob("*")) == []
    assert desk.codes() == []
    known = desk.catalogue.versions(EVERYTHING)
    assert sorted(file.path for version in known for file in version.files) == sorted(tree)
    queued = {one.stem for one in desk.catalogue.to_index(1000).versions}
    assert queued >= {one.stem for one in desk.catalogue.versions()}
    desk.archive.rebuild(actor="cli:test")
    assert plain(desk.catalogue.versions(EVERYTHING)) == plain(known)
    return contents[0] in filed


def plain(versions: list[Any]) -> list[str]:
    return sorted(f"{one.project} {one.stem} {one.doc_id} {one.current} {one.files}" for one in versions)


@pytest.fixture
def check_whole() -> Callable[[Any, list[bytes]], bool]:
    return whole


@pytest.fixture
def desks(tmp_path: Path, desk: Any) -> Iterator[Callable[[int], Any]]:
    """Return new desks, each with one version filed; the one before is cleared away."""
    make = type(desk)
    first = make(tmp_path / "first")
    first.archive.finish([first.file("项目A 服务合同 2023-04-01 V1.0", ("pdf", b"first"), finish=True)])
    first.catalogue.close()
    last: list[Any] = []

    def clear() -> None:
        while last:
            old = last.pop()
            old.catalogue.close()
            shutil.rmtree(old.root)

    def new(number: int) -> Any:
        clear()
        last.append(make(shutil.copytree(first.root, tmp_path / str(number))))
        return last[0]

    yield new
    clear()


@pytest.fixture
def cut_desk(cut_off: Callable[..., bool]) -> Callable[..., bool]:
    """Do some work at a desk, cut at its n-th step, then open the archive as a new process does."""

    def run(
        desk: Any, work: Callable[[], object], at: int, how: str, cannot: tuple[object, ...] = ()
    ) -> bool:
        cut = cut_off(work, at, how, cannot)
        desk.catalogue.close()
        desk.open()
        assert desk.archive.recover(actor="cli:test") == ()
        return cut

    return run
