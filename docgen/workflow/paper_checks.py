"""What `verify` looks at beyond bytes, names and journal: what papers say, and whether they fit together."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from docgen.archive.checks.documents import Kept
from docgen.archive.identity import RECORD_EXT
from docgen.archive.legal import fold_key
from docgen.base.errors import DocgenError, EnvironmentFault, TemplateFault, UsageFault
from docgen.base.findings import Finding, Severity
from docgen.base.pool import processors
from docgen.forms.definition import WHEN_STATUS
from docgen.forms.kinds.placeholders import find_placeholder
from docgen.render.ooxml import BadPackage
from docgen.render.provenance import read
from docgen.text.crew import Crew
from docgen.text.worker import Worker
from docgen.workflow.handover.completeness import completeness
from docgen.workflow.handover.waivers import waivers
from docgen.workflow.paper_codes import finding
from docgen.workflow.session import Session

_SCANS = frozenset(["pdf", "ofd", "jpg", "jpeg", "png", "tif", "tiff", "bmp"])
#: In this order papers are dated (catalogue X21).
_ORDER = (
    *("demand_confirmation_sheet", "technical_service_plan", "service_intent_letter", "service_contract"),
    *("kickoff_meeting_agenda", "acceptance_application", "acceptance_report"),
    *("fee_settlement_application", "payment_record"),
)
#: Key in a record -> what it is called.
_NAMED = {
    "project_name": ("项目", "project"),
    "doc_date": ("日期", "date"),
    "version": ("版本", "version"),
    "type": ("类型", "type"),
}

#: Project and path of what has another finding already.
Harmed = Collection[tuple[str, str]]


def check_papers(session: Session, papers: Sequence[Kept], harmed: Harmed) -> Iterator[Finding]:
    """Yield what is wrong with the newest versions by their records, statuses and dates."""
    for paper in papers:
        record = _record(session, paper, harmed)
        yield from _check_name(paper, record)
        yield from _check_signed(session, paper, record)
    for _, group in groupby(papers, key=lambda one: one.project):
        project = list(group)
        yield from _check_order(project)
        yield from _check_complete(session, project)


def _record(session: Session, paper: Kept, harmed: Harmed) -> Mapping[str, Any]:
    """Return what was filled in, with `type`; empty where there is no sound record."""
    path = next((one for one in paper.files if one.endswith(f".{RECORD_EXT}")), "")
    if not path or (paper.project, path) in harmed:
        return {}
    try:
        data = json.loads((session.workspace.archive / paper.project / path).read_bytes())
        values, form = data["values"], data["form"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return {**values, "type": form} if isinstance(values, dict) else {}


def _check_name(paper: Kept, record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield where the name says something else than the record (project, type, date, version)."""
    what = paper.identity
    named = {
        "project_name": what.project,
        "doc_date": what.date.isoformat(),
        "version": str(what.version),
        "type": paper.type_id,
    }
    for key, name in named.items():
        said = record.get(key) or name
        if fold_key(str(said)) != fold_key(name):
            zh, en = _NAMED[key]
            yield finding("AV40", paper.project, _first(paper), zh=zh, en=en, named=name, found=said)


def _first(paper: Kept) -> str:
    return next(iter(paper.files))


def _check_signed(session: Session, paper: Kept, record: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield papers that are called signed although nobody filled in a signature and no scan was filed."""
    scanned = any(not made and path.rpartition(".")[2] in _SCANS for path, made in paper.files.items())
    if paper.status != WHEN_STATUS["signing"] or scanned:
        return
    try:
        fields = session.form(paper.type_id).fields
    except (UsageFault, TemplateFault):
        fields = ()
    if not any(record.get(field.id) for field in fields if field.when == "signing"):
        yield finding("AV41", paper.project, _first(paper), status=paper.status)


def _check_order(project: Sequence[Kept]) -> Iterator[Finding]:
    """Yield papers that are dated before one that must come first; of several of a type the first counts."""
    first = {
        paper.type_id: paper for paper in sorted(project, key=lambda one: one.identity.date, reverse=True)
    }
    for before, after in pairwise(first[one] for one in _ORDER if one in first):
        if after.identity.date < before.identity.date:
            yield finding(
                "AV42",
                after.project,
                _first(after),
                date=after.identity.date,
                before=before.identity.type_name,
                other=before.identity.date,
            )


def _check_complete(session: Session, project: Sequence[Kept]) -> Iterator[Finding]:
    """Yield what a project lacks of the phases that it has reached, and need not do without."""
    name, waived = project[0].project, {}
    with suppress(EnvironmentFault):  # `docgen status` tells that they cannot be read
        waived = dict(waivers(session, name))
    states = completeness(session.types, {paper.type_id for paper in project}, waived)
    names = [one for state in states if not state.settled for one in state.missing]
    if names:
        yield finding("AV43", name, names="、".join(names))


def check_content(session: Session, papers: Iterable[Kept], harmed: Harmed) -> Iterator[Finding]:
    """Yield what cannot be read, blanks that nobody filled in, scans that lack pages.

    Every file is read, in child processes.
    """
    files = [(one, path) for one in papers for path in _papers(one) if (one.project, path) not in harmed]

    def look(file: tuple[Kept, str], worker: Worker) -> list[Finding]:
        paper, path = file
        project, folder = paper.project, session.workspace.archive / paper.project
        found = worker.extract(folder / path)
        blank = next(filter(None, map(_blank, found.text.splitlines())), "")
        return [
            *_check_origin(paper, folder, path),
            *_check_pages(paper, folder, path, found.pages, worker),
            *(
                finding("AV45", project, path, reason=one.message.zh, why=one.message.en)
                for one in found.problems
                if one.severity is not Severity.NOTE
            ),
            *([finding("AV44", project, path, text=blank)] if blank else ()),
        ]

    with Crew(processors()) as crew:
        for findings in crew.each(look, files):
            yield from findings


def _check_origin(paper: Kept, folder: Path, path: str) -> Iterator[Finding]:
    """Yield where the name says something else than what docgen wrote into a document without record."""
    if path.endswith(".docx") and not any(one.endswith(f".{RECORD_EXT}") for one in paper.files):
        with suppress(DocgenError, BadPackage, OSError):  # what cannot be read is told as AV45
            provenance = read(folder / path)
            if provenance:
                yield from _check_name(paper, {**provenance.fields, "type": provenance.type_id})


def _check_pages(paper: Kept, folder: Path, path: str, pages: int, worker: Worker) -> Iterator[Finding]:
    """Yield a scan that has more or fewer pages than what was printed (AR-62)."""
    if paper.files[path] or not pages or not paper.printed:
        return
    expected = worker.extract(folder / paper.printed).pages
    if expected and expected != pages:
        printed = paper.printed.rpartition("/")[2]
        yield finding("AV46", paper.project, path, found=pages, expected=expected, printed=printed)


def _papers(paper: Kept) -> list[str]:
    """Return the files that people read: not the record, and not docgen's PDF beside its docx."""
    made = any(path.endswith(".docx") for path, ours in paper.files.items() if ours)
    return [
        path
        for path, ours in paper.files.items()
        if not path.endswith(f".{RECORD_EXT}") and not (made and ours and path.endswith(".pdf"))
    ]


def _blank(line: str) -> str:
    """Return the placeholder in a line; space that is ruled for the pen is none."""
    found = find_placeholder(line)
    return "" if set(found) <= set("_") else found
