"""Projects that a received file names for the first time: refused, or taken for new, as the settings say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from docgen.archive.legal import fold_key
from docgen.archive.parcel import Parcel
from docgen.archive.recovery import project_folders
from docgen.base.errors import ArchiveRefused, DocgenError
from docgen.base.messages import Message
from docgen.workflow.session import Session

#: From this likeness of two names on (0 to 1) one may be the other, misspelt: one character of six differs.
_ALIKE = 0.8


def known_projects(session: Session) -> list[str]:
    """Return the names of all projects that have a card or a folder in the archive."""
    try:
        carded = [card.project for card in session.cards]
    except DocgenError:  # one card with a mistake must not make the others unknown
        carded = [path.stem for path in session.workspace.projects.glob("*.yaml")]
    return [*carded, *project_folders(session.workspace.archive)]


def admit(session: Session, parcel: Parcel) -> Parcel:
    """Return a parcel that an inbox received, as `noted` does.

    Raises:
        ArchiveRefused: The project is unknown, and the settings refuse those.
    """
    project = parcel.identity.project
    if session.settings.unknown_project == "reject" and (near := _alike(session, project)) is not None:
        raise _unknown(project, near)
    return noted(session, parcel)


def noted(session: Session, parcel: Parcel) -> Parcel:
    """Return a parcel with a note if its project is new and named nearly like one that there is."""
    near = _alike(session, parcel.identity.project)
    return replace(parcel, notes=(*parcel.notes, _new(parcel.identity.project, near))) if near else parcel


def _alike(session: Session, project: str) -> list[str] | None:
    """Return the projects with nearly the name of one that is new; ``None`` if it is known."""
    if session.catalogue.known(project):
        return None
    known = {fold_key(name): name for name in known_projects(session)}
    if fold_key(project) in known:
        return None
    return [known[key] for key in get_close_matches(fold_key(project), known, n=3, cutoff=_ALIKE)]


def _new(project: str, near: Sequence[str]) -> Message:
    zh, en = "、".join(near), ", ".join(near)
    return Message(
        f"“{project}”是新项目，名称与已有的 {zh} 相近；若是写错，用 docgen refile 改归",
        f"“{project}” is a new project, named much like {en}; if that is a mistake, see docgen refile",
    )


def _unknown(project: str, near: Sequence[str]) -> ArchiveRefused:
    zh = f"；是否为 {'、'.join(near)}？" if near else ""
    en = f"; did you mean {', '.join(near)}?" if near else ""
    return ArchiveRefused(
        Message(
            f"没有项目“{project}”：既没有项目卡片，档案中也没有{zh}",
            f"there is no project “{project}”, neither a card nor in the archive{en}",
        ),
        hint=Message(
            f"核对项目名称；确是新项目时先运行 docgen project add {project}",
            f"check the name; for a new project run docgen project add {project} first",
        ),
    )
