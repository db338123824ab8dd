"""Views of the archive by contract, module, month … (AR-04): files do not move, these are ways to look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from docgen.archive.groups import Groups
from docgen.archive.queries import FiledVersion
from docgen.base.messages import Message
from docgen.forms.definition import PHASES
from docgen.forms.records import Record
from docgen.workflow.projects import find_card
from docgen.workflow.session import Session

#: What people can group by, and how it is called.
BY: Mapping[str, Message] = {
    "contract": Message("合同", "contract"),
    "module": Message("模块", "module"),
    "device": Message("设备类别", "device"),
    "month": Message("月份", "month"),
    "counterparty": Message("对方单位", "counterparty"),
    "phase": Message("阶段", "phase"),
    "issue": Message("问题类型", "issue"),
}
_CONTRACT = "service_contract"
#: Fields of a form that say a group, the first that is filled in.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "contract": ("contract_no",),
    "module": ("module",),
    "device": ("device_class", "device_type"),
    "counterparty": ("counterparty", "customer_name"),
    "issue": ("issue_type", "problem_type"),
}


def groups_of(record: Record) -> Groups:
    """Return what a record says of the groups of its document."""
    values = record.values
    said = {
        name: next((str(values[one]) for one in ids if values.get(one)), "") for name, ids in _FIELDS.items()
    }
    return Groups(**said)


def grouped(
    session: Session, versions: Iterable[FiledVersion], by: str
) -> list[tuple[str, list[FiledVersion]]]:
    """Return versions by what they belong to; those of which nothing is said come last, under "".

    Args:
        session: The workspace.
        versions: What is grouped; the order inside a group stays.
        by: A key of `BY`.
    """
    group = grouping(session, by)
    found: dict[str, list[FiledVersion]] = {}
    for one in versions:
        found.setdefault(group(one), []).append(one)
    return sorted(found.items(), key=lambda pair: (not pair[0], _rank(by, pair[0])))


def _rank(by: str, group: str) -> tuple[int, str]:
    """Return where a group stands: phases in the order of a project, everything else by its text."""
    return (PHASES.index(group) if by == "phase" and group in PHASES else 0, group)


def grouping(session: Session, by: str) -> Callable[[FiledVersion], str]:
    """Return what tells the group of a version: what is said of it, else what follows from the rest.

    A contract is its own group; other papers belong to the contract of the project's card, else to the
    project (catalogue 4.1). The month is that of the date, the phase that of the type.
    """
    contracts: dict[str, str] = {}

    def contract(one: FiledVersion) -> str:
        if one.type_id == _CONTRACT:
            return one.doc_id
        if one.project not in contracts:
            card = find_card(session, one.project)
            contracts[one.project] = str((card and card.values.get("contract_no")) or one.project)
        return contracts[one.project]

    def phase(one: FiledVersion) -> str:
        doc_type = session.types.get(one.type_id)
        return doc_type.phase if doc_type else ""

    follows: Mapping[str, Callable[[FiledVersion], str]] = {
        "contract": contract,
        "month": lambda one: f"{one.date:%Y-%m}",
        "phase": phase,
    }

    def group(one: FiledVersion) -> str:
        said: str = getattr(one.groups, by)
        return said or (follows[by](one) if by in follows else "")

    return group
