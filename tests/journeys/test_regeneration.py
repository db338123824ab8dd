"""Documents of a project made anew, time after time, when the house style or a value changes."""

from __future__ import annotations

import docx
import pytest
from docx.shared import Pt

from docgen.archive.checks.verify import verify
from docgen.base.workspace import Workspace, shipped_templates

PROJECT = "示例市政务云运维项目"


def restyle(workspace: Workspace, points: int) -> None:
    """Let the text of all documents be of another size."""
    house = workspace.templates / "house"
    house.mkdir(exist_ok=True)
    style = docx.Document(str(shipped_templates() / "house" / "style.docx"))
    style.styles["Normal"].font.size = Pt(points)
    style.save(str(house / "style.docx"))


def counts(docgen, workspace: Workspace, *options: str) -> dict[str, int]:
    ran = docgen(workspace, "batch", "--all", PROJECT, "--file", *options, "--json")
    assert ran.code == 0, ran.json["failures"]
    return ran.json["counts"]


def versions(docgen, workspace: Workspace) -> list[str]:
    return sorted(one["version"] for one in docgen(workspace, "list", "--json").json)


@pytest.mark.slow
def test_every_shipped_type_is_made_anew_any_number_of_times(docgen, filed) -> None:
    before = [finding.code for finding in verify(filed.archive).findings]
    assert counts(docgen, filed) == {"unchanged": 9}
    for points, version in ((13, "V1.1"), (15, "V1.2")):
        restyle(filed, points)
        assert counts(docgen, filed) == {"made": 9}
        assert counts(docgen, filed) == {"unchanged": 9}
        assert versions(docgen, filed) == [version] * 9

    assert [finding.code for finding in verify(filed.archive).findings] == before
