"""The register of document types: all names of the catalogue, overlaid by forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from docgen.base.errors import TemplateFault, UsageFault
from docgen.base.messages import Message
from docgen.forms.definition import Form
from docgen.forms.folding import fold
from docgen.forms.yaml_nodes import Raw, YamlFault, read_yaml


@dataclass(frozen=True, slots=True)
class DocType:
    """One kind of document, whether it can be generated or only filed and found.

    Attributes:
        id: `service_contract`.
        name: `服务合同`.
        no: Number in the catalogue (`A3`), or the id where a workspace added the type.
        category: 合同协议, 技术文档, 商务文档 or 项目执行.
        phase: intake contract delivery acceptance settlement aftersales evaluation closing management.
        scope: 项目 (filed per project) or 公司 (filed per company).
        recurring: The date is part of a document's identity.
        date_from: Ids of the fields that give the document date; the first that is filled in wins.
        aliases: Further names, simplified and traditional.
    """

    id: str
    name: str
    no: str
    category: str
    phase: str
    scope: str = "项目"
    recurring: bool = True
    date_from: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """The type's part of a file name: the name without what a path may not hold."""
        return self.name.replace("/", "")


class UnknownType(UsageFault):
    """No document type has this id, name or alias."""

    def __init__(self, text: str, near: Iterable[str]) -> None:
        names = tuple(near)
        hint = (
            Message(f"是否想写：{'、'.join(names)}", f"did you mean: {', '.join(names)}")
            if names
            else Message("用 docgen types --all 查看全部类型", "docgen types --all lists them")
        )
        message = Message(f"没有名为“{text}”的文件类型", f"no document type named “{text}”")
        super().__init__(message, hint=hint)


class AmbiguousType(UsageFault):
    """An alias fits several document types."""

    def __init__(self, text: str, types: Iterable[DocType]) -> None:
        self.types = tuple(types)
        names = "、".join(f"{one.name}（{one.id}）" for one in self.types)
        super().__init__(
            Message(f"“{text}”可指多个文件类型：{names}", f"“{text}” fits several document types: {names}"),
            hint=Message("请写明其中一个的名称", "write the name of one of them"),
        )


class TypeRegistry:
    """All document types, found by id, name or alias.

    Names are compared folded (width, letter case, Traditional). An id goes before a name, a name before an
    alias.
    """

    def __init__(self, types: Iterable[DocType]) -> None:
        self._types = {one.id: one for one in types}

    def __iter__(self) -> Iterator[DocType]:
        return iter(self._types.values())

    def __len__(self) -> int:
        return len(self._types)

    def __contains__(self, type_id: str) -> bool:
        return type_id in self._types

    def __getitem__(self, type_id: str) -> DocType:
        return self._types[type_id]

    def get(self, type_id: str) -> DocType | None:
        """Return the type with this id, or ``None``."""
        return self._types.get(type_id)

    def by_name(self, token: str) -> DocType | None:
        """Return the type with this id, name, file-name token or alias, or ``None``.

        Raises:
            AmbiguousType: An alias fits several.
        """
        folded = fold(token)
        ids = next((names[folded] for names in self._tables if folded in names), ())
        if len(ids) > 1:
            raise AmbiguousType(token, (self._types[one] for one in ids))
        return self._types[ids[0]] if ids else None

    def find(self, text: str) -> DocType:
        """Return what `by_name` finds.

        Raises:
            UnknownType: It finds none; the message names the nearest.
            AmbiguousType: An alias fits several.
        """
        found = self.by_name(text)
        if found is None:
            names = self._tables[1]
            near = get_close_matches(fold(text), names, n=3)
            raise UnknownType(text, (self._types[names[one][0]].name for one in near))
        return found

    def overlaid(self, forms: Iterable[Form]) -> TypeRegistry:
        """Return the register in which what ``forms`` say goes before what it said."""
        return TypeRegistry((self._types | {form.id: self._overlay(form) for form in forms}).values())

    def _overlay(self, form: Form) -> DocType:
        base = self._types.get(form.id) or DocType(form.id, form.name, form.id, form.category, form.phase)
        aliases = dict.fromkeys((*form.aliases, base.name, *base.aliases))
        return replace(
            base,
            name=form.name,
            category=form.category,
            phase=form.phase,
            recurring=form.recurring,
            date_from=form.date_from,
            aliases=tuple(alias for alias in aliases if alias != form.name),
        )

    @cached_property
    def _tables(self) -> tuple[dict[str, list[str]], ...]:
        """Folded ids, names and aliases -> type ids, in the order in which they are asked."""
        return tuple(
            _table((one.id, text) for one in self for text in texts(one))
            for texts in (lambda one: (one.id,), lambda one: (one.name, one.token), lambda one: one.aliases)
        )


def _table(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for type_id, text in pairs:
        ids = table.setdefault(fold(text), [])
        if type_id not in ids:
            ids.append(type_id)
    return table


def load_types(path: Path) -> TypeRegistry:
    """Return the types that ``path`` (`templates/types.yaml`) lists.

    Raises:
        TemplateFault: The file is missing or not what it should be.
    """
    try:
        root = read_yaml(path.read_bytes(), path.name).plain()
        entries = root["types"] if isinstance(root, dict) else ""
        if not isinstance(entries, list):
            raise TypeError(path.name)
        return TypeRegistry(_doc_type(entry) for entry in entries)
    except YamlFault as error:
        raise TemplateFault(error.reason, where=f"{path}:{error.line}") from error
    except (OSError, KeyError, TypeError) as error:
        message = Message("文件类型登记表无法读取", "the register of types cannot be read")
        raise TemplateFault(message, where=str(path)) from error


def _doc_type(entry: Raw) -> DocType:
    if not isinstance(entry, dict):
        raise TypeError(entry)
    texts = {key: value for key, value in entry.items() if isinstance(value, str) and key != "recurring"}
    return DocType(
        **texts,  # an unknown key raises TypeError
        recurring=entry.get("recurring", "true") == "true",
        date_from=tuple(map(str, entry.get("date_from", ()))),
        aliases=tuple(map(str, entry.get("aliases", ()))),
    )
