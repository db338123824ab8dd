"""Which documents of a segment match, and how often each term stands in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from docgen.search.keys import day_number, version_key
from docgen.search.patterns import byte_pattern
from docgen.search.tokens import Need, needs
from docgen.search.tree import And, Dates, Everything, Field, Kind, Node, Not, Or, Term
from docgen.search.whoosh_index.access import Segment

#: Below this many candidates it is cheaper to read their texts than the postings of another token.
_FEW = 32

Documents = set[int] | frozenset[int]
Frequencies = dict[int, float]


class Evaluation:
    """One query over one segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        #: Term and field -> document -> how often; of the documents that were looked at.
        self.found: dict[tuple[Term, Field], Frequencies] = defaultdict(dict)

    def match(self, node: Node, within: Documents) -> Documents:
        """Return the documents of ``within`` that match ``node``."""
        match node:
            case Everything():
                return within
            case Dates():
                return self._dates(node, within)
            case Not(item):
                return within - self.match(item, within)
            case And(items):
                return self._all(items, within)
            case Or(items):
                return set().union(*(self.match(item, within) for item in items))
            case Term():
                return set().union(*(self._term(node, field, within) for field in node.fields))

    def _all(self, items: tuple[Node, ...], within: Documents) -> Documents:
        for item in sorted(items, key=_cost):
            if not within:
                break
            within = self.match(item, within)
        return within

    def _dates(self, node: Dates, within: Documents) -> Documents:
        first, last = day_number(node.first), day_number(node.last)
        days = self._segment.numbers("day")
        return {number for number in within if first <= days[number] <= last}

    def _term(self, term: Term, field: Field, within: Documents) -> Documents:
        if field is Field.VERSION:
            return self._version(term, within)
        found = self._frequencies(term, field, within)
        self.found[term, field].update(found)
        return set(found)

    def _version(self, term: Term, within: Documents) -> Documents:
        key = version_key(term.text).encode()
        keys = self._segment.tokens("keys", key) if term.kind is Kind.PREFIX else [key]
        return set().union(*(self.with_token("keys", token) for token in keys)) & within

    def with_token(self, field: str, token: bytes) -> Documents:
        """Return the documents that have ``token``."""
        return set().union(*(numbers for numbers, _ in self._segment.postings(field, token)))

    def _frequencies(self, term: Term, field: Field, within: Documents) -> Frequencies:
        needed = needs(term)
        if needed.exact:
            counts = self._with_tokens(self._tokens(needed.all[0], field), field)
            if len(within) == self._segment.size:
                return counts
            return {number: count for number, count in counts.items() if number in within}
        candidates = self._candidates(needed.all, field)
        return self._read(term, field, within if candidates is None else candidates & within)

    def _candidates(self, all_needs: tuple[Need, ...], field: Field) -> Documents | None:
        """Return documents that fulfil the needs, the rarest first, until they are few; `None`: any may."""
        frequency = {need: self._frequency(need, field) for need in all_needs}
        candidates: Documents | None = None
        for need in sorted(frequency, key=lambda need: frequency[need]):
            tokens = self._tokens(need, field)
            if candidates is None:
                candidates = set(self._with_tokens(tokens, field))
            elif len(candidates) > _FEW * len(tokens):
                candidates &= self._with_tokens(tokens, field).keys()
        return candidates

    def _frequency(self, need: Need, field: Field) -> int:
        known = need.how == "is"
        return self._segment.frequency(field, need.text.encode()) if known else self._segment.size

    def _with_tokens(self, tokens: Sequence[bytes], field: Field) -> Frequencies:
        counts: Frequencies = {}
        for token in tokens:
            first = not counts
            for numbers, weights in self._segment.postings(field, token):
                pairs = zip(numbers, weights, strict=True)
                if first:  # nothing to be added to, since a document has a token once
                    counts.update(pairs)
                    continue
                for number, weight in pairs:
                    counts[number] = counts.get(number, 0.0) + weight
        return counts

    def _tokens(self, need: Need, field: Field) -> list[bytes]:
        text = need.text.encode()
        if need.how == "is":
            return [text]
        if need.how == "starts":
            return list(self._segment.tokens(field, text))
        fits = bytes.endswith if need.how == "ends" else bytes.__contains__
        return [token for token in self._ascii_tokens(field) if fits(token, text)]

    def _ascii_tokens(self, field: Field) -> list[bytes]:
        found = []
        for token in self._segment.tokens(field, b""):
            if token[0] >= 0x80:  # Han tokens come behind all ASCII ones
                break
            found.append(token)
        return found

    def _read(self, term: Term, field: Field, candidates: Documents) -> Frequencies:
        """Return the candidates whose folded text contains the term literally."""
        texts = self._segment.texts(field)
        if term.kind in (Kind.HAN, Kind.LITERAL):
            literal = term.text.encode()
            counted = ((number, texts[number].count(literal)) for number in candidates)
        else:
            pattern = byte_pattern(term)
            counted = ((number, len(pattern.findall(texts[number]))) for number in candidates)
        return {number: float(count) for number, count in counted if count}


def _cost(node: Node) -> int:
    """Order of evaluation inside AND: what narrows down cheaply first, exclusions last."""
    return {Term: 0, And: 1, Or: 2, Dates: 3, Everything: 4, Not: 5}[type(node)]
