"""What is filed, brought into the search index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from docgen.archive.catalogue import Pending
from docgen.archive.identity import RECORD_EXT
from docgen.archive.queries import FiledVersion, Filter
from docgen.base.errors import EnvironmentFault
from docgen.base.locks import Locked
from docgen.base.messages import Message
from docgen.base.pool import processors
from docgen.search.engine import Engine, Health, IndexDocument
from docgen.text.crew import Crew
from docgen.text.worker import Worker
from docgen.workflow.handover.completeness import class_of
from docgen.workflow.session import Session

#: Told how many versions were read, of how many.
Watch = Callable[[int, int], None]
#: Versions that are indexed at once: enough for the engine to share them among processes.
_SOME = 1000
#: Fields of a record that title a document, the first that is filled in.
_TITLES = ("contract_name", "title", "subject")
#: Files whose text is read; the record of a generated document says the same as its paper.
_NOT_READ = frozenset({RECORD_EXT})


def unwatched(_done: int, _total: int) -> None:
    """Nobody watches."""


def index_pending(session: Session) -> None:
    """Bring everything into the index that was filed, completed or withdrawn since it was last brought up.

    An index that is missing or was made by another version of docgen is made anew first.
    """
    while index_some(session, _SOME):
        pass


def index_some(session: Session, number: int) -> bool:
    """Do as `index_pending` for that many versions at most; return whether there may be more."""
    engine = session.engine
    if not session.choice.is_fed or engine.health() is not Health.READY:
        reindex(session)
    recognised, pending, changed = session.scans.done(), session.catalogue.to_index(number), False
    if pending:
        _forget(session, engine, [one for one in pending.versions if one.removed])
        engine.add(documents(session, [one for one in pending.versions if not one.removed]))
        if session.engine is not engine:  # another was chosen meanwhile: the queue keeps it all for that one
            return True
        if session.scans.done() != recognised:
            _read_again(session, pending.versions)
        changed = session.catalogue.indexed(pending)
    return changed or len(pending.places) == number


def _read_again(session: Session, versions: Sequence[FiledVersion]) -> None:
    """Queue versions with scans again, as text of theirs may have come after they were read."""
    for digest in {file.sha256 for one in versions for file in one.files}:
        if session.scans.texts(digest):
            session.catalogue.index_again(digest)


def _forget(session: Session, engine: Engine, removed: Sequence[FiledVersion]) -> None:
    """Take versions whose files are gone out of the index, and their recognised text out of the state."""
    engine.remove(f"{one.project}/{one.stem}" for one in removed)
    for one in removed:
        session.scans.forget(one.project, one.stem, partial(_elsewhere, session))


def _elsewhere(session: Session, sha256: str) -> str:
    """Return where the archive keeps a content; "" when nowhere."""
    files = (file for one in session.catalogue.holding(sha256) for file in one.files)
    return next((file.path for file in files if file.sha256 == sha256), "")


def index_filed(
    session: Session, watch: Callable[[int], None] = lambda _: None, stop: Callable[[], bool] = lambda: False
) -> tuple[Message, ...]:
    """Index what has just been filed; an index that cannot be written now is a warning, not a failed filing.

    What is left over stays in the catalogue's queue, and is taken up by the next filing or search.

    Args:
        watch: Told how many versions are done, every time that some are.
        stop: Asked in between; True: the rest is left to later.
    """
    try:
        for times in count(1):
            if stop():
                break
            if not index_some(session, _SOME):
                return ()
            watch(times * _SOME)
    except EnvironmentFault as error:
        return (
            _late(f"暂时无法更新（{error.message.zh}）", f"cannot be brought up now ({error.message.en})"),
        )
    return (_late("尚未更新完", "is not brought up completely"),)


def _late(zh: str, en: str) -> Message:
    return Message(
        f"已归档，但索引{zh}；下次归档或检索时自动补上",
        f"filed, but the index {en}; it is done later",
    )


def reindex(session: Session, watch: Watch = unwatched, *, engine: str = "") -> int:
    """Make the index anew from everything that is filed; return the number of versions.

    What is filed is asked for when the engine begins to read, that is under its lock: what others file later
    waits for the lock, then goes into the new index.

    Args:
        session: The workspace.
        watch: Told how many versions were read.
        engine: The search engine to use from now on; empty: the one that is chosen.
    """
    if engine in ("", session.choice.name):
        return _filled(session, session.engine, session.choice.name, watch)
    return _changed(session, engine, watch)


def _changed(session: Session, name: str, watch: Watch) -> int:
    """Fill the index of another engine, then choose it; the old one serves until then, and is removed.

    It is held meanwhile: what others would put into it stays queued, and goes into the new one.
    """
    session.choice.check(name)
    new = session.choice.open(name)
    with _old_held(session) as old:
        number = _filled(session, new, name, watch, then=partial(session.choice.choose, name))
    new.close()
    with suppress(EnvironmentFault):
        if old:
            old.discard()
    return number


@contextmanager
def _old_held(session: Session) -> Iterator[Engine | None]:
    """Hold the index of the chosen engine; one that cannot be opened or reached needs no hold."""
    with ExitStack() as stack:
        old = None
        try:
            old = session.engine
            stack.enter_context(old.held())
        except Locked:
            raise
        except EnvironmentFault:
            pass
        yield old


def _filled(
    session: Session, engine: Engine, name: str, watch: Watch, *, then: Callable[[], None] = lambda: None
) -> int:
    seen: list[Pending] = []

    def everything() -> Iterator[IndexDocument]:
        seen.append(session.catalogue.to_index(limit=-1))
        versions = session.catalogue.versions(Filter(all_versions=True, withdrawn=True))
        for number, document in enumerate(documents(session, versions)):
            watch(number, len(versions))
            yield document

    number = engine.rebuild(everything())
    then()
    session.choice.note_fed(name)
    for pending in seen:
        session.catalogue.indexed(pending)
    return number


def tidy(session: Session) -> bool:
    """Put some pieces of the index together that additions left; for idle time.

    Returns:
        Whether there was something to do: call it again when there is time again.

    Raises:
        EnvironmentFault: The index cannot be written.
    """
    return session.engine.health() is Health.READY and session.engine.optimise()


def documents(session: Session, versions: Sequence[FiledVersion]) -> Iterator[IndexDocument]:
    """Yield what the index is to know about ``versions``, in order; their texts are read in children."""
    session.types  # noqa: B018  opened here, not in several threads at once
    with Crew(processors()) as crew:
        for document, scans in crew.each(partial(_document, session), versions):
            if scans:
                session.scans.wait(scans)
            yield document


def _document(
    session: Session, version: FiledVersion, worker: Worker
) -> tuple[IndexDocument, list[tuple[str, str]]]:
    """Return what the index is to know about a version, and its files (digest, path) that are scans."""
    root = session.workspace.archive
    texts: list[str] = []
    scans: list[tuple[str, str]] = []
    for file in version.files:
        if file.ext not in _NOT_READ and (root / file.path).is_file():
            found = worker.extract(root / file.path)
            texts.append(found.text)
            if found.scanned:
                scans.append((file.sha256, file.path))
                texts += session.scans.texts(file.sha256) or ()
    return _described(session, version, "\n\n".join(dict.fromkeys(filter(None, texts)))), scans


def _described(session: Session, version: FiledVersion, text: str) -> IndexDocument:
    root = session.workspace.archive
    record = _record(root, version)
    doc_type, groups = session.types.get(version.type_id), version.groups
    title = next((str(record[name]) for name in _TITLES if record.get(name)), version.type_name)
    paths = [file.path for file in version.files]
    return IndexDocument(
        id=f"{version.project}/{version.stem}",
        doc_id=version.doc_id,
        project=version.project,
        type_id=version.type_id,
        type_name=version.type_name,
        category=version.category,
        date=version.date,
        version=str(version.version),
        title=title,
        text=text,
        number=str(record.get("contract_no") or ""),
        serial=version.serial,
        aliases=doc_type.aliases if doc_type else (),
        status=version.status,
        contract=groups.contract or str(record.get("contract_no") or ""),
        counterparty=groups.counterparty or str(record.get("customer_name") or ""),
        phase=groups.phase or (doc_type.phase if doc_type else ""),
        problem_type=groups.issue or str(record.get("problem_type") or ""),
        data_class=class_of(doc_type).name if doc_type else "",
        confidentiality=version.confidentiality,
        current=version.current,
        withdrawn=version.withdrawn,
        path=next((path for path in paths if not path.endswith(RECORD_EXT)), paths[0] if paths else ""),
        files=tuple(paths),
    )


def _record(root: Path, version: FiledVersion) -> dict[str, object]:
    """Return the values of the record that was filed with the version; empty where there is none."""
    file = version.file(RECORD_EXT)
    if file is None:
        return {}
    try:
        values = json.loads((root / file.path).read_text(encoding="utf-8"))["values"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # verify names a damaged record; the document itself is found all the same
    return values if isinstance(values, dict) else {}
