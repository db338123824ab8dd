"""The papers beside a project that is handed over: register, data archive table, lists to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from docgen.archive.entries import Head
from docgen.archive.handover.contents import Contents
from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion, Filter
from docgen.batch.ledger import Sheet, ledger
from docgen.forms.definition import CATEGORIES
from docgen.workflow.handover.completeness import ClassState, completeness
from docgen.workflow.handover.facts import facts_of
from docgen.workflow.handover.filled import filled
from docgen.workflow.handover.package import PACKAGE, acceptance, package_list
from docgen.workflow.handover.register import register
from docgen.workflow.handover.register_papers import register_workbook
from docgen.workflow.handover.waivers import waivers
from docgen.workflow.session import Session

REGISTER, ARCHIVE_TABLE, LIST = "文档资料整理表.xlsx", "服务数据归档表.xlsx", "档案移交清单.docx"
_FORM = "handover_list"


def papers(session: Session, contents: Contents, day: date) -> dict[str, bytes]:
    """Return the papers by file name: the same archive gives the same bytes on one day (AR-83)."""
    versions = handed_over(session, contents)
    moment = datetime.fromisoformat(max(one.filed_at for one in versions))
    dated = ("编制日期", day.isoformat(), "")
    waived = waivers(session, contents.project)
    states = completeness(session.types, {one.type_id for one in versions if one.current}, waived)
    made = {
        REGISTER: register_workbook(session, versions, day),
        ARCHIVE_TABLE: ledger([*_archive_sheets(states, dated)], moment),
        LIST: _handover_list(session, contents, versions, day),
    }
    accepted = acceptance(session, versions)
    if accepted:
        made[PACKAGE] = package_list(session, contents.project, versions, accepted, waived=waived, day=day)
    return made


def handed_over(session: Session, contents: Contents) -> list[FiledVersion]:
    """Return the versions in what is handed over, with the files that are in it; withdrawn ones left out."""
    wanted = Filter(project=contents.project, all_versions=True)
    start = f"{contents.project}/"
    versions = (
        replace(
            one, files=tuple(file for file in one.files if file.path.removeprefix(start) in contents.digests)
        )
        for one in session.catalogue.versions(wanted)
    )
    return [one for one in versions if one.files]


def _archive_sheets(states: Sequence[ClassState], dated: tuple[str, ...]) -> list[Sheet]:
    rows = [
        (number, one.data_class.name, one.data_class.content, one.state, one.remark)
        for number, one in enumerate(states, start=1)
    ]
    required, present = sum(one.required for one in states), sum(one.present for one in states)
    share = f"{100 * present / required:.1f}%" if required else "—"
    measures = [
        dated,
        ("应归档文件", required, "按项目已到达的阶段"),
        ("已归档文件", present, "文件均已核对摘要"),
        ("完整率", share, "已归档 ÷ 应归档"),
        ("准确率", "100.0%", "核验无误的文件 ÷ 全部文件；核验有误的项目不能移交"),
    ]
    return [
        Sheet(
            "服务数据归档表", ("序号", "数据类别", "数据内容", "归档状态", "备注"), rows, (7, 14, 46, 12, 70)
        ),
        Sheet("指标", ("指标", "数值", "说明"), measures, (16, 14, 48)),
    ]


def _handover_list(
    session: Session, contents: Contents, versions: Sequence[FiledVersion], day: date
) -> bytes:
    """Return the list that both parties sign, in house style."""
    return filled(session, _FORM, _answers(session, contents, versions, day), day)


def _answers(
    session: Session, contents: Contents, versions: Sequence[FiledVersion], day: date
) -> dict[str, object]:
    facts = facts_of(session, contents.project, versions)
    documents = {one.document_id for one in versions}
    files = [file for one in versions for file in one.files]
    ordered = dict.fromkeys(line.version.stem for line in register(versions, session.types))
    by_stem = {one.stem: one for one in versions}
    return {
        "project_name": contents.project,
        "doc_date": day.isoformat(),
        "doc_id": f"{facts.get('project_code') or contents.project}-移交-{contents.head.seq:04d}",
        "from_name": str(facts.get("provider_name", "")),
        "to_name": str(facts.get("customer_name", "")),
        "contract_no": str(facts.get("contract_no", "")),
        "handover_date": day.isoformat(),
        "summary": f"文档 {len(documents)} 份，版本 {len(versions)} 个，文件 {len(files)} 个",
        "counts": [_count(name, versions) for name in CATEGORIES],
        "items": [_item(by_stem[stem]) for stem in (*ordered, *(by_stem.keys() - ordered))],
        **_head(contents.head),
    }


def _head(head: Head) -> dict[str, str]:
    return {"journal_seq": str(head.seq), "journal_digest": head.digest}


def _count(category: str, versions: Sequence[FiledVersion]) -> dict[str, str]:
    inside = [one for one in versions if one.category == category]
    files = [file for one in inside for file in one.files]
    return {
        "category": category,
        "documents": str(len({one.document_id for one in inside})),
        "versions": str(len(inside)),
        "files": str(len(files)),
        "size": str(sum(file.size for file in files)),
    }


def _item(one: FiledVersion) -> dict[str, str]:
    return {
        "doc_id": one.doc_id,
        "name": one.stem,
        "version": str(one.version),
        "copies": "1",
        "medium": "电子",
        "note": "、".join("数据" if file.ext == RECORD_EXT else file.ext.upper() for file in one.files),
    }
