"""What `docgen watch` files, and under which name."""

from __future__ import annotations

import json

import pytest

from docgen.archive.queries import Filter
from docgen.workflow.finding import search


def test_a_canonical_name_is_filed_and_leaves_the_inbox(place, pdf) -> None:
    content = pdf("一")
    place.drop("项目A_发票_2023-04-03_V1.0.pdf", content)

    assert place.once() == 0
    filed = place.workspace.archive / "项目A/商务文档/项目A_发票_2023-04-03_V1.0.pdf"
    assert filed.read_bytes() == content
    assert place.waiting() == []
    assert place.events("项目A") == [("watch:inbox", "filed", ["项目A_发票_2023-04-03_V1.0.pdf"])]
    assert search(place.session, "项目:项目A").results.total == 1


@pytest.mark.parametrize(
    "name",
    [
        "项目A_服务合同_20230401_V1.0.pdf",
        "项目A_服务合同_2023年4月1日_V1.0.pdf",
        "项目A_服务合同_2023-04-01_v1.0.PDF",
        "项目A＿服务合同＿2023-04-01＿Ｖ１.０.pdf",
        "项目A_服务合同_2023-04-01_V1.pdf",
    ],
)
def test_corrections_are_made_and_noted(place, name) -> None:
    place.drop(name)

    assert place.once() == 0
    assert place.filed() == ["项目A_服务合同_2023-04-01_V1.0.pdf"]
    entry = json.loads((place.workspace.archive / "项目A/journal/000001.json").read_bytes())
    assert entry["items"][0]["notes"]
    assert entry["items"][0]["files"][0]["original_name"] == name


def test_document_print_and_record_of_one_stem_are_one_parcel(place, pdf, docx) -> None:
    for ext, content in (("docx", docx()), ("pdf", pdf()), ("record.json", b"{}")):
        place.drop(f"项目A_服务合同_2023-04-01_V1.0.{ext}", content)

    assert place.once() == 0
    ((_, event, names),) = place.events("项目A")
    assert (event, len(names)) == ("filed", 3)


def test_a_scan_that_comes_later_completes_the_version(place, docx) -> None:
    place.drop("项目A_服务合同_2023-04-01_V1.0.docx", docx())
    place.once()
    place.drop("项目A_服务合同_2023-04-01_V1.0.pdf")
    place.once()

    assert [event for _, event, _ in place.events("项目A")] == ["filed", "added"]


def test_many_of_one_project_share_an_entry_each_with_a_number_of_its_own(place) -> None:
    for number in range(60):
        place.drop(f"项目A_发票-{number:02d}_2023-04-03_V1.0.pdf")

    assert place.once() == 0
    assert len(list((place.workspace.archive / "项目A/journal").iterdir())) == 2
    numbers = [one.doc_id for one in place.session.catalogue.versions(Filter())]
    assert len(set(numbers)) == 60
    assert place.codes() == []
