"""What is known of a project's parties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docgen.archive.queries import FiledVersion
from docgen.workflow.filed_record import record_values
from docgen.workflow.projects import find_card
from docgen.workflow.session import Session


def facts_of(session: Session, project: str, versions: Sequence[FiledVersion]) -> Mapping[str, object]:
    """Return what the cards say of the parties; what they lack is taken from the newest contract."""
    card = find_card(session, project)
    given = {**session.settings.company, **(card.values if card else {})}
    contracts = [one for one in versions if one.type_id == "service_contract" and one.current]
    record = record_values(session, max(contracts, key=lambda one: one.seq)) if contracts else {}
    return {**record, **given}
