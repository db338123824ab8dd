"""What tests of the whole product share: a workspace, the command line, LibreOffice where it is installed."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from docgen.base import files
from docgen.base.errors import EnvironmentFault
from docgen.base.workspace import Workspace
from docgen.cli.main import main
from docgen.workflow.session import Session
from docgen.workflow.start import demonstrate, initialise
from tests.crashes import FULL, WAYS, Cut, Death

# Examples may take their time: a busy machine is no failure of the product.
settings.register_profile("docgen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("docgen")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs LibreOffice where it is not installed (it serves an optional feature)."""
    if shutil.which("soffice") or shutil.which("libreoffice"):
        return
    for item in items:
        if item.get_closest_marker("office"):
            item.add_marker(pytest.mark.skip(reason="LibreOffice is not installed"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Cut in the ways that the mark `cuts` names; in a full run in all."""
    if mark := metafunc.definition.get_closest_marker("cuts"):
        metafunc.parametrize("how", WAYS if FULL else mark.args)


@pytest.fixture
def cut_off(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Iterator[Callable[..., bool]]:
    """Do some work, cut at its n-th change of the disk; return whether there was such a one.

    How often it was cut stands in the report of the run (`--junitxml FILE -o junit_family=xunit1`).
    """
    cuts = []

    def run(work: Callable[[], object], at: int, how: str, cannot: tuple[object, ...] = ()) -> bool:
        cut = Cut(at, how, cannot)
        with monkeypatch.context() as patch:
            patch.setattr(files, "step", cut)
            with contextlib.suppress(Death, EnvironmentFault):
                work()
        cuts.append(cut.calls >= at)
        return cuts[-1]

    yield run
    record_property("cuts", cuts.count(True))


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages in Chinese, and no workspace but the one a test names."""
    monkeypatch.setenv("DOCGEN_LANG", "zh")
    monkeypatch.delenv("DOCGEN_WORKSPACE", raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A fresh workspace with sample data."""
    return initialise(tmp_path / "工作区")


@pytest.fixture
def session(workspace: Workspace) -> Session:
    """The fresh workspace with its parts open."""
    return Session(workspace)


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the sample project's nine documents filed. Read it; do not change it."""
    made = initialise(tmp_path_factory.mktemp("demo") / "工作区")
    demonstrate(Session(made))
    return made


@pytest.fixture
def filed(demonstrated: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the demonstrated workspace, to be changed at will."""
    return Workspace(Path(shutil.copytree(demonstrated.root, tmp_path / "工作区")))


@dataclass(frozen=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output, read as JSON."""
        return json.loads(self.out)


Docgen = Callable[..., Ran]


@pytest.fixture
def docgen(capfd: pytest.CaptureFixture[str]) -> Docgen:
    """Run a command line in this process: `docgen(workspace, "new", …)`."""

    def call(workspace: Workspace | None, *words: str | Path) -> Ran:
        place = ["-w", str(workspace.root)] if workspace else []
        code = main([*place, *map(str, words)])
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call
