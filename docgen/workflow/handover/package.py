"""验收移交资料清单: the seven parts that a customer gets after a passed acceptance (AR-80, B095)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from docgen.archive.queries import FiledVersion
from docgen.workflow.filed_record import record_values
from docgen.workflow.handover.completeness import Waiver
from docgen.workflow.handover.facts import facts_of
from docgen.workflow.handover.filled import filled
from docgen.workflow.session import Session

PACKAGE = "验收移交资料清单.docx"
_FORM = "handover_package_list"
#: The seven parts, and the types of which any document is one.
MATERIALS: Mapping[str, tuple[str, ...]] = {
    "需求材料": ("demand_confirmation_sheet", "requirement_analysis_table", "requirement_specification"),
    "设计方案": ("design_document", "design_drawing", "technical_service_plan"),
    "实施方案": ("implementation_scheme", "project_implementation_plan"),
    "设备性能参数": ("device_parameter_list",),
    "系统技术参数": ("parameter_indicator_report", "device_parameter_list"),
    "测试记录": ("test_record", "test_report"),
    "试运行期维护记录": ("trial_run_maintenance_record",),
}


def acceptance(session: Session, versions: Sequence[FiledVersion]) -> FiledVersion | None:
    """Return the newest acceptance report, if it does not say that the acceptance failed.

    A report that came as a scan says nothing that can be read here, so people decide.
    """
    reports = [one for one in versions if one.type_id == "acceptance_report" and one.current]
    newest = max(reports, key=lambda one: (one.date, one.seq), default=None)
    if newest is None or record_values(session, newest).get("conclusion") == "不合格":
        return None
    return newest


def package_list(
    session: Session,
    project: str,
    versions: Sequence[FiledVersion],
    accepted: FiledVersion,
    *,
    waived: Mapping[str, Waiver],
    day: date,
) -> bytes:
    """Return the list as a Word file, built from what is filed; what is missing says why, or that it is."""
    facts = facts_of(session, project, versions)
    rows = [row for name in MATERIALS for row in _rows(name, versions, waived.get(name))]
    answers = {
        "project_name": project,
        "doc_date": day.isoformat(),
        "doc_id": f"{facts.get('project_code') or project}-移交资料-{accepted.doc_id}",
        "acceptance_ref": accepted.doc_id,
        "handover_date": day.isoformat(),
        "provider_name": str(facts.get("provider_name", "")),
        "customer_name": str(facts.get("customer_name", "")),
        "items": rows,
    }
    return filled(session, _FORM, answers, day)


def _rows(name: str, versions: Sequence[FiledVersion], waiver: Waiver | None) -> list[dict[str, str]]:
    """Return the lines of a part: one for each document, else one that says why there is none."""
    held = [one for one in versions if one.type_id in MATERIALS[name] and one.current]
    if not held:
        return [{"material": name, "handed": "否", "note": waiver.text if waiver else "未归档"}]
    ordered = sorted(held, key=lambda one: (one.date, one.stem))
    return [
        {
            "material": name,
            "doc_id": one.doc_id,
            "version": str(one.version),
            "copies": "1",
            "medium": "电子",
            "handed": "是",
            "note": one.type_name,
        }
        for one in ordered
    ]
