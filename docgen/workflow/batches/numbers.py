"""Numbers that several documents have: refused within a project, remarked on between projects."""

from __future__ import annotations

from collections.abc import Sequence

from docgen.archive.catalogue import Catalogue
from docgen.archive.legal import fold_key
from docgen.base.findings import Problem
from docgen.base.messages import Message
from docgen.batch.jobs import Job, JobTable
from docgen.workflow.batches.group import Work
from docgen.workflow.batches.tasks import Refused


def check_numbers(catalogue: Catalogue, jobs: JobTable, job: Job, works: Sequence[Work]) -> list[Work]:
    """Refuse a number that another document of the project has; remark on one of another project's document.

    The former is what the archive would refuse, the latter most often a slip of the pen.

    Args:
        works: Rows of one group that have their places.

    Returns:
        Rows whose number docgen chose and somebody else has taken meanwhile: they get another.
    """
    lost = []
    numbers = [work.state.doc_id for work in works]
    before = jobs.numbered(job, numbers, works[0].row.place) if works else {}
    rows = {fold_key(number): row for number, row in before.items()}
    filed = catalogue.numbers_filed(numbers)
    for work in works:
        row = rows.setdefault(fold_key(work.state.doc_id), work.state)
        if row.place == work.row.place:
            if fold_key(work.state.doc_id) in filed and not _check_filed(catalogue, work):
                lost.append(work)
        elif fold_key(row.project) == fold_key(work.state.project):
            work.refuse(_taken(f"第 {row.line} 行（{row.type_name}）", f"row {row.line}"))
        else:
            work.remarks.append(
                _elsewhere(f"第 {row.line} 行（{row.project}）", f"row {row.line} ({row.project})")
            )
    return lost


def _check_filed(catalogue: Catalogue, work: Work) -> bool:
    """Look at a number that is filed; return whether the row may keep it."""
    if work.edition is None or work.edition.previous:
        return True
    for other in catalogue.with_doc_id(work.state.doc_id):
        if _document(other.stem) == _document(work.edition.identity.stem):
            return True  # the same document, withdrawn
        if fold_key(other.project) == fold_key(work.state.project):
            if not work.claim.number:
                return False
            work.refuse(_taken(other.stem, other.stem))
            return True
        if not other.withdrawn:
            work.remarks.append(_elsewhere(f"已归档的 {other.stem}", other.stem))
            return True
    return True


def _document(stem: str) -> str:
    """Return the name of a version without the version, folded."""
    return fold_key(stem.rpartition("_")[0])


def _taken(zh: str, en: str) -> Refused:
    reason = Message(f"编号已被{zh}使用", f"{en} has the number already")
    problem = Problem("doc_id", "文件编号", reason, accepted=Message("另一个编号", "another number"))
    return Refused(reason, (problem,))


def _elsewhere(zh: str, en: str) -> Message:
    return Message(f"编号与{zh}相同，请核对", f"the number is that of {en}, too; please check")
