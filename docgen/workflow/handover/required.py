"""What a project must have archived, phase by phase (catalogue 5.2, column “archived at the end”).

What a project only has when something happened (a change, a failed acceptance, an early end) is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Any one of these type ids does.
OneOf = tuple[str, ...]

REQUIRED: Mapping[str, tuple[OneOf, ...]] = {
    "intake": (
        ("customer_inquiry_record",),
        ("requirement_assessment_record", "out_of_scope_reply"),
        ("demand_confirmation_sheet",),
        ("requirement_analysis_table",),
        ("technical_service_plan",),
        ("plan_review_opinion",),
    ),
    "contract": (
        ("service_intent_letter", "award_notice"),
        ("contract_review_form",),
        ("service_commitment_letter",),
        ("service_contract",),
        ("contract_detail_confirmation",),
        ("confidentiality_agreement",),
        ("sla",),
        ("contract_filing_record",),
    ),
    "delivery": (
        ("kickoff_meeting_agenda",),
        ("meeting_minutes",),
        ("project_team_roster",),
        ("project_implementation_plan",),
        ("communication_plan",),
        ("risk_register",),
        ("communication_record",),
        ("project_progress_sheet",),
        ("progress_report",),
        ("quality_issue_ledger",),
        ("test_plan",),
        ("test_record",),
        ("test_report",),
    ),
    "acceptance": (
        ("delivery_list",),
        ("acceptance_application",),
        ("acceptance_report",),
        ("handover_package_list",),
    ),
    "settlement": (("fee_settlement_application",), ("payment_record",)),
    "aftersales": (
        ("revisit_record",),
        ("periodic_maintenance_plan",),
        ("maintenance_record",),
        ("operation_record",),
        ("service_ticket",),
        ("issue_handling_report",),
    ),
    "evaluation": (
        ("satisfaction_questionnaire",),
        ("satisfaction_analysis_report",),
        ("improvement_plan",),
        ("improvement_progress_report",),
    ),
    "closing": (
        ("service_end_notice",),
        ("service_summary_report",),
        ("service_account_closure",),
    ),
}
