"""By what documents are grouped beside project, category and type (catalogue 4.1, AR-04)."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Groups:
    """What is said of a document by record or correction; empty: nothing is, the view has its default.

    Attributes:
        contract: Number of the contract it belongs to.
        module: Technical module.
        device: Class of device.
        month: `YYYY-MM` under which it is kept, where that is not the month of its date.
        counterparty: With whom it was exchanged.
        phase: One of `PHASES`, where that is not the phase of its type.
        issue: Kind of problem.
    """

    contract: str = ""
    module: str = ""
    device: str = ""
    month: str = ""
    counterparty: str = ""
    phase: str = ""
    issue: str = ""

    def said(self) -> dict[str, str]:
        """Return what is said, by name."""
        return {name: value for name, value in asdict(self).items() if value}
