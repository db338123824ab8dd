"""Project cards: what all papers of a project share, typed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

import yaml

from docgen.archive.legal import canonical_project, fold_key
from docgen.base.errors import InvalidData, UsageFault
from docgen.base.files import replace
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.naming import names_of
from docgen.forms.yaml_nodes import Raw
from docgen.workflow.cards import Card
from docgen.workflow.session import Session


def find_card(session: Session, project: str) -> Card | None:
    """Return the card of ``project`` (compared without case and width), or ``None``: cards are optional."""
    wanted = fold_key(project)
    return next((card for card in session.cards if fold_key(card.project) == wanted), None)


def get_card(session: Session, project: str) -> Card:
    """Return the card of ``project``.

    Raises:
        UsageFault: There is none.
    """
    card = find_card(session, project)
    if card is None:
        raise UsageFault(
            Message(f"没有项目“{project}”的卡片", f"there is no card of project “{project}”"),
            hint=Message("用 docgen project add 新增", "add one with docgen project add"),
        )
    return card


def add_card(session: Session, project: str, values: Mapping[str, Raw]) -> Card:
    """Write a new card.

    Raises:
        ArchiveRefused: The name cannot stand in file names.
        UsageFault: The project has a card already.
        InvalidData: A key is no field of any form.
    """
    name = canonical_project(project)
    values = _by_id(session, values)
    if find_card(session, name):
        raise UsageFault(
            Message(f"项目“{name}”已有卡片", f"project “{name}” has a card already"),
            hint=Message("用 docgen project set 修改", "change it with docgen project set"),
        )
    return _write(
        session, Card(name, {"project_name": name, **values}, session.workspace.projects / f"{name}.yaml")
    )


def change_card(session: Session, project: str, values: Mapping[str, Raw]) -> Card:
    """Change values of a card; an empty value removes the key."""
    card = get_card(session, project)
    changed = {**card.values, **_by_id(session, values)}
    merged = {key: value for key, value in changed.items() if value not in ("", [])}
    return _write(session, Card(card.project, merged, card.path))


def _by_id(session: Session, values: Mapping[str, Raw]) -> dict[str, Raw]:
    """Return values with the ids of fields for the labels that people write; what names none stays."""
    forms = [session.form(type_id) for type_id in session.form_folders]
    return {_meant(key, forms): value for key, value in values.items()}


def _meant(key: str, forms: Sequence[Form]) -> str:
    """Return the id of the field that ``key`` names: of several, the one that most forms have.

    Raises:
        InvalidData: As many have one as another.
    """
    ids = Counter(field.id for form in forms if (field := names_of(form).find(key)))
    best = sorted(one for one, number in ids.items() if number == max(ids.values()))
    if key in ids or not best:
        return key
    if len(best) > 1:
        names = "、".join(best)
        raise InvalidData(
            Message(f"“{key}”可指几个填写项：{names}", f"“{key}” may be several fields: {names}"),
            hint=Message("写其中一个的标识", "write the id of one of them"),
        )
    return best[0]


def _write(session: Session, card: Card) -> Card:
    _check_keys(session, card)
    session.workspace.projects.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(dict(card.values), allow_unicode=True, sort_keys=False, width=110)
    replace(card.path, text.encode())
    return card


def _check_keys(session: Session, card: Card) -> None:
    known = set(_field_ids(session))
    unknown = [key for key in card.values if key not in known]
    if not unknown:
        return
    near = {key: get_close_matches(key, known, n=1) for key in unknown}
    zh = "、".join(f"{key}（是否为 {near[key][0]}？）" if near[key] else key for key in unknown)
    en = ", ".join(f"{key} (did you mean {near[key][0]}?)" if near[key] else key for key in unknown)
    raise InvalidData(
        Message(f"任何表单都没有这些填写项：{zh}", f"no form has these fields: {en}"),
        where=card.project,
        hint=Message("用 docgen form 类型 查看填写项", "docgen form TYPE shows the fields"),
    )


def _field_ids(session: Session) -> Iterator[str]:
    for type_id in session.form_folders:
        yield from (field.id for field in session.form(type_id).fields)
