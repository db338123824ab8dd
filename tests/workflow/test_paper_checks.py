"""What papers say against their names and one another: for every code archives that give it, and no other."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest

from docgen.archive.checks.finding_codes import RULES as ARCHIVE_RULES
from docgen.archive.identity import Identity
from docgen.archive.parcel import Facts, Parcel, ParcelFile
from docgen.archive.versions import Version
from docgen.base.findings import Severity
from docgen.render.provenance import Provenance, embed
from docgen.workflow.handover.waivers import waive
from docgen.workflow.paper_codes import RULES
from docgen.workflow.session import Session
from docgen.workflow.upkeep import verify_archive

RECORD = {"project_name": "项目A", "doc_date": "2026-02-10", "version": "V1.0"}


def put(
    session: Session, name: str, *files: tuple[str, bytes], record: Any = None, form: str = "", **facts: Any
) -> None:
    """File `type date [version]` of 项目A; received unless ``facts`` say that docgen made it."""
    type_name, when, *version = name.split()
    doc_type = session.types.find(type_name)
    parts = [ParcelFile(ext, data) for ext, data in files or [("pdf", name.encode())]]
    if record is not None:
        data = json.dumps({"form": form or doc_type.id, "values": record}, ensure_ascii=False)
        parts.append(ParcelFile("record.json", data.encode()))
    number = Version.parse((*version, "V1.0")[0])
    identity = Identity("项目A", doc_type.token, "", date.fromisoformat(when), number)
    parcel = Parcel(doc_type, identity, tuple(parts), facts=Facts(**facts))
    session.archive.file(parcel, actor="cli:test")


def told(session: Session) -> list[Any]:
    """Return what is found, but for what every young project lacks."""
    found = verify_archive(session, content=True).findings
    return [one for one in found if one.code != "AV43"]


def contract(**values: Any) -> Callable[[Session], None]:
    """Return what files a contract whose record says ``values``."""
    form = values.pop("form", "")
    return lambda session: put(session, "服务合同 2026-02-10", record=RECORD | values, form=form)


def signed(*files: tuple[str, bytes], generated: bool = True, **values: Any) -> Callable[[Session], None]:
    """Return what files a contract that is called signed."""
    return lambda session: put(
        session,
        "服务合同 2026-02-10",
        *files,
        record=(RECORD | values) if generated else None,
        generated=generated,
        status="已签署",
    )


def dated(*papers: str) -> Callable[[Session], None]:
    """Return what files papers."""
    return lambda session: [put(session, paper) for paper in papers] and None


def received(name: str, *files: tuple[str, bytes]) -> Callable[[Session], None]:
    """Return what files a paper of others."""
    return lambda session: put(session, name, *files)


def scanned(made: str, scan: str) -> Callable[[Session], None]:
    """Return what files printed minutes and their signed scan, with a page for each letter."""

    def do(session: Session) -> None:
        put(session, "会议纪要 2026-02-10", ("txt", b"."), ("pdf", made.encode()), generated=True)
        put(session, "会议纪要 2026-02-10 V2.0", ("pdf", scan.encode()))

    return do


FLAWS: dict[str, list[Callable[[Session], None]]] = {
    "AV40": [
        contract(project_name="项目B"),
        contract(doc_date="2026-02-11"),
        contract(version="V1.1"),
        contract(form="supplementary_agreement"),
    ],
    "AV41": [
        signed(("txt", b"draft")),
        signed(("txt", b"draft"), sign_date="", provider_sign=None),
        signed(("txt", b"draft"), generated=False),
    ],
    "AV42": [
        dated("服务意向书 2026-03-01", "服务合同 2026-02-10"),
        dated("服务合同 2026-02-10", "需求确认单 2026-02-11"),
        dated("验收报告 2026-02-10", "费用结算申请表 2026-02-01"),
    ],
    "AV44": [
        received("会议纪要 2026-02-10", ("txt", "时间：XXXX年XX月XX日".encode())),
        received("会议纪要 2026-02-10", ("txt", "一\n\n待填\n".encode())),
    ],
    "AV45": [received("会议纪要 2026-02-10", ("docx", b"PK\x03\x04 torn"))],
    "AV46": [scanned("pp", "p"), scanned("p", "pp")],
}

#: What must not be told of.
SOUND: list[Callable[[Session], None]] = [
    contract(),
    contract(project_name="项目ａ"),
    signed(("txt", b"paper"), provider_sign={"name": "示例甲", "date": "2026-02-10"}),
    signed(("jpg", b"\xff\xd8\xff scan"), generated=False),
    dated("服务意向书 2026-02-10", "服务合同 2026-02-10", "验收报告 2026-05-01", "验收申请单 2026-04-30"),
    received("会议纪要 2026-02-10", ("txt", "签字：________ 电话：138****0000".encode())),
    scanned("pp", "pp"),
]


@pytest.fixture(autouse=True)
def readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of these tests that stand for scans have nothing to be read."""
    from docgen.text.extracted import Extracted
    from docgen.text.worker import Worker

    real = Worker.extract

    def extract(worker: Worker, path: Path) -> Extracted:
        if path.suffix in (".pdf", ".jpg"):
            return Extracted(pages=path.read_bytes().count(b"p"))
        return real(worker, path)

    monkeypatch.setattr(Worker, "extract", extract)


@pytest.mark.parametrize(
    ("code", "number"), [(code, number) for code, flaws in FLAWS.items() for number in range(len(flaws))]
)
def test_every_flaw_gives_its_code_and_no_other(session: Session, code: str, number: int) -> None:
    FLAWS[code][number](session)

    assert [one.code for one in told(session)] == [code]


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_sound_papers_give_none(session: Session, number: int) -> None:
    SOUND[number](session)

    assert told(session) == []


def test_the_phases_that_a_project_has_reached_say_what_it_lacks(session: Session) -> None:
    put(session, "服务意向书 2026-02-10")
    (finding,) = verify_archive(session).findings
    assert finding.code == "AV43"
    assert "服务合同" in finding.message.zh
    assert "服务意向书" not in finding.message.zh
    assert "验收报告" not in finding.message.zh


def test_what_a_project_need_not_have_is_not_lacking(session: Session) -> None:
    put(session, "服务意向书 2026-02-10")
    before = verify_archive(session).findings
    for name in ("合同协议", "技术文档", "商务文档", "项目执行", "服务记录", "沟通记录"):
        waive(session, "项目A", name, reason="由客户保管", approver="示例甲")

    assert [one.code for one in before] == ["AV43"]
    assert verify_archive(session).findings == ()


def test_a_word_file_without_record_is_asked_for_its_own(session: Session) -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    inside = Provenance("service_contract", {**RECORD, "version": "V1.2"})
    put(session, "服务合同 2026-02-10", ("docx", embed(buffer.getvalue(), inside)))

    (finding,) = told(session)
    assert (finding.code, "V1.2" in finding.message.zh) == ("AV40", True)


def test_only_the_newest_version_counts(session: Session) -> None:
    put(session, "会议纪要 2026-02-10", ("txt", "待填".encode()))
    put(session, "会议纪要 2026-02-10 V1.1", ("txt", "齐全".encode()))

    assert told(session) == []


def test_what_is_harmed_is_told_once(session: Session) -> None:
    put(session, "会议纪要 2026-02-10", ("txt", "待填".encode()))
    (path,) = session.workspace.archive.rglob("*会议纪要*.txt")
    path.chmod(0o644)
    path.write_bytes("待补".encode())

    assert [one.code for one in told(session)] == ["AV03"]


def test_papers_are_read_only_where_that_is_asked_for(session: Session) -> None:
    put(session, "会议纪要 2026-02-10", ("txt", "待填".encode()))

    assert [one.code for one in verify_archive(session).findings] == ["AV43"]


def test_what_papers_say_is_never_an_error() -> None:
    assert all(rule.severity is not Severity.ERROR for rule in RULES.values())


def test_the_manual_has_these_codes() -> None:
    manual = (Path(__file__).resolve().parents[2] / "docs/finding-codes.md").read_text(encoding="utf-8")
    rows = {row[2:6]: row for row in manual.splitlines() if row.startswith("| AV")}
    assert rows.keys() - ARCHIVE_RULES.keys() == RULES.keys() == {*FLAWS, "AV43"}
    for code, rule in RULES.items():
        assert rows[code] == f"| {code} | {rule.severity.label.zh} | {rule.message.zh} | {rule.hint.zh} |"
