"""Verification and rebuilding."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from docgen.archive.catalogue import Catalogue
from docgen.archive.checks.finding_codes import finding
from docgen.archive.checks.snapshot import interrupted, project_names
from docgen.archive.checks.verify import Report, in_order, verify
from docgen.archive.entries import Head
from docgen.archive.layout import entry_path
from docgen.archive.legal import fold_key
from docgen.archive.queries import Filter
from docgen.base.clock import rfc3339
from docgen.base.errors import UsageFault
from docgen.base.findings import Finding, Severity
from docgen.base.messages import Message
from docgen.workflow.indexing import Watch, reindex, unwatched
from docgen.workflow.paper_checks import check_content, check_papers
from docgen.workflow.retention import expired
from docgen.workflow.session import Session


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was brought back from files and journals."""

    projects: int
    versions: int
    #: Journals that could not be read; `verify` says what is wrong with them.
    problems: tuple[Message, ...]


def verify_archive(
    session: Session,
    *,
    project: str = "",
    subset: tuple[int, int] = (1, 1),
    since: date | None = None,
    heads: Collection[str] = (),
    content: bool = False,
    watch: Watch = unwatched,
) -> Report:
    """Return what is wrong with the archive, or with one project, and the heads of the journals.

    Args:
        session: The workspace.
        project: Only this project; empty: all.
        subset: (k, n): read the content of the k-th of n parts of the files.
        since: Read the content only of files that were filed on this day or later.
        heads: Printed digests of journal heads that must still be found.
        content: Read the newest versions, too: what cannot be read, what was left blank.
        watch: Is told how many files are done, of how many.

    Raises:
        UsageFault: There is no such project.
    """
    archive = session.workspace.archive
    noted = _noted_heads(session)
    if project and fold_key(project) not in map(fold_key, [*project_names(archive), *noted]):
        raise UsageFault(Message(f"档案中没有项目“{project}”", f"no project “{project}” in the archive"))
    start = datetime.combine(since, time(), session.settings.zone) if since else None
    report = verify(
        archive,
        projects=[project] if project else [],
        subset=subset,
        since=rfc3339(start) if start else "",
        heads=heads,
        known={
            name: head.digest for name, head in noted.items() if fold_key(project) in ("", fold_key(name))
        },
        today=session.today,
        watch=watch,
    )
    harmed = {(one.project, one.path) for one in report.findings if one.severity is Severity.ERROR}
    papers = [*check_papers(session, report.newest, harmed), *_overdue(session, project, report)]
    if content:
        papers += check_content(session, report.newest, harmed)
    return replace(report, findings=in_order([*report.findings, *papers]))


def _overdue(session: Session, project: str, report: Report) -> Iterator[Finding]:
    """Yield documents that are kept no longer by the rules of the settings; the checks know days only."""
    known = {(one.project, one.path) for one in report.findings if one.code == "AV27"}
    for newest, kept in expired(session, Filter(project=project)) if session.settings.retention else ():
        path = newest.files[0].path.partition("/")[2] if newest.files else ""
        if (newest.project, path) not in known:
            yield finding("AV27", newest.project, path, until=kept.until)


def _noted_heads(session: Session) -> dict[str, Head]:
    """Return the heads that the catalogue knows; what was interrupted is settled before.

    Nothing else is: a manifest that somebody changed must be seen as it is, not made anew.
    """
    archive = session.workspace.archive
    catalogue = Catalogue(session.workspace.index)
    try:
        heads = catalogue.heads()
        late = not catalogue.stale and any(
            (archive / name / entry_path(heads.get(name, Head()).seq + 1)).exists()
            for name in project_names(archive)
        )
    finally:
        catalogue.close()
    return session.catalogue.heads() if late or interrupted(archive) else heads


def rebuild(session: Session, watch: Watch = unwatched, *, engine: str = "") -> Rebuilt:
    """Make catalogue and index anew from files and journals alone; the old ones serve meanwhile.

    Args:
        session: The workspace.
        watch: Told how many versions were read into the new index, of how many.
        engine: The search engine to use from now on; empty: the one that is chosen.
    """
    archive = session.unsettled_archive()
    problems = archive.rebuild(actor=session.actor)
    archive.catalogue.close()
    versions = reindex(session, watch, engine=engine)
    return Rebuilt(len(session.catalogue.heads()), versions, problems)
