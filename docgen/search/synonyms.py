"""Synonyms: other words for what is looked for, on request only.

Two sources: the table `synonyms.yaml` of the workspace (else the shipped one), and OpenCC's tables of
words that differ between the mainland and Taiwan (軟體 and 软件). Only the query is widened; the index
does not know of it, so a change of the table works at once.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.forms.yaml_nodes import Node, YamlFault, read_yaml
from docgen.search.fold import converter, fold
from docgen.search.query import kind_of
from docgen.search.tree import Field, Kind, Or, Term, rewritten
from docgen.search.tree import Node as Query

FILE_NAME = "synonyms.yaml"
_SHIPPED = Path(__file__).with_name(FILE_NAME)
#: Ways of writing one term that are tried at most.
_MOST = 16

Groups = tuple[tuple[str, ...], ...]


def load_synonyms(folder: Path) -> Groups:
    """Return the groups of `synonyms.yaml` in ``folder``, folded; the shipped ones if there is no such file.

    Raises:
        EnvironmentFault: The file is not a list of lists of words.
    """
    own = folder / FILE_NAME
    path = own if own.exists() else _SHIPPED
    try:
        root = read_yaml(path.read_bytes(), path.name)
    except YamlFault as error:
        raise _fault(path, error.line, error.reason) from error
    if root.value and not isinstance(root.value, tuple):
        raise _fault(path, root.line, _NO_GROUP)
    groups = [_group(path, node) for node in root.value if isinstance(node, Node)]
    return tuple(group for group in groups if len(group) > 1)


def _group(path: Path, node: Node) -> tuple[str, ...]:
    words = node.plain()
    if not isinstance(words, list) or not words:
        raise _fault(path, node.line, _NO_GROUP)
    folded = [fold(word) if isinstance(word, str) else "" for word in words]
    if not all(folded):
        raise _fault(
            path, node.line, Message("有一个词是空的，或不是词", "one of the words is empty, or no word")
        )
    return tuple(dict.fromkeys(folded))


_NO_GROUP = Message("不是一组词", "this is no group of words")


def _fault(path: Path, line: int, reason: Message) -> EnvironmentFault:
    return EnvironmentFault(
        Message(f"同义词表写法不对：{reason.zh}", f"the table of synonyms is not well written: {reason.en}"),
        where=f"{path}:{line}",
        hint=Message("一行一组，例如 - [合同, 合约]", "one group a line, such as - [合同, 合约]"),
    )


def with_synonyms(query: Query, groups: Groups) -> Query:
    """Return ``query`` with every word that has synonyms replaced by all of them.

    Quoted words and those with a `*` stay.
    """
    return rewritten(query, lambda term: _widened(term, groups))


def _widened(term: Term, groups: Groups) -> Query:
    starred = term.raw.endswith(("*", "＊"))
    if term.quoted or starred or term.field is Field.VERSION:
        return term
    texts = dict.fromkeys((term.text, *_regional(term)))
    for group in groups:
        for text in tuple(texts):
            texts.update(dict.fromkeys(_exchanged(text, group)))
    words = tuple(_other(term, text) for text in tuple(texts)[:_MOST])
    return words[0] if len(words) == 1 else Or(words)


def _other(term: Term, text: str) -> Term:
    return term if text == term.text else replace(term, text=text, kind=kind_of(text), raw=text)


def _regional(term: Term) -> tuple[str, ...]:
    """Return the term in the words of the mainland and of Taiwan."""
    return tuple(fold(converter(name).convert(term.raw)) for name in ("tw2sp", "s2twp"))


def _exchanged(text: str, group: tuple[str, ...]) -> list[str]:
    """Return ``text`` with a word of ``group`` in it exchanged for each other one."""
    return [
        text.replace(word, other)
        for word in group
        if (word in text if kind_of(word) is Kind.HAN else word == text)
        for other in group
        if other != word and other not in text
    ]
