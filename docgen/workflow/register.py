"""Which places are free: serials and numbers of documents, filed ones and those just promised."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Iterable
from datetime import date
from itertools import count

from docgen.archive.catalogue import Catalogue
from docgen.archive.legal import fold_key
from docgen.archive.queries import FiledVersion
from docgen.batch.aside import Highest
from docgen.forms.types import DocType

#: Documents whose serial is remembered until they are filed: those of the rows in hand, and many more.
_REMEMBERED = 10_000
#: A number that can be counted on from.
_COUNTED = re.compile(r"(.*-)?([0-9]{1,15})", re.DOTALL)
#: Project (folded), type, and date where the type recurs: inside it documents differ by their serial.
_Shelf = tuple[str, str, str]


class Register:
    """Serials and numbers that are free, in the archive and among those that this register has given out.

    What it gives out depends on the archive and on the order of asking only.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        #: Numbers (folded) that are filed, of those that are asked for next; ``None``: not known.
        self._filed: frozenset[str] | None = None
        #: Shelf and number (folded) -> serial of documents that are not filed yet; only the last ones.
        self._promised: OrderedDict[tuple[_Shelf, str], str] = OrderedDict()
        #: Serials (folded) that were taken when the shelf was asked; only the last shelves.
        self._taken: OrderedDict[_Shelf, set[str]] = OrderedDict()
        #: Last place given out on each shelf, and last number by project and start of the number.
        self._last = Highest()

    def look_up(self, numbers: Iterable[str]) -> None:
        """Ask the catalogue once for all ``numbers`` of which `place` is asked next."""
        self._filed = self._catalogue.numbers_filed(numbers)

    def day_of(self, doc_type: DocType, project: str, number: str) -> date | None:
        """Return the date of the filed document of this project and type with ``number``, whatever it is."""
        if self._filed is not None and fold_key(number) not in self._filed:
            return None
        same = (one for one in self._catalogue.with_doc_id(number) if one.type_id == doc_type.id)
        return next((one.date for one in same if fold_key(one.project) == fold_key(project)), None)

    def is_free(self, number: str) -> bool:
        """Return whether no filed document has ``number``."""
        return not self._catalogue.numbers_filed([number])

    def place(
        self, doc_type: DocType, project: str, day: date, number: str, earlier: str | None = None
    ) -> tuple[str, list[FiledVersion]]:
        """Return the serial of the document with ``number``, and its filed versions, newest first.

        A document without a number of its own is the first of its project, type (and date).

        Args:
            doc_type: Its type.
            project: Its project.
            day: Its date.
            number: Its own number.
            earlier: The serial that it had before, which it keeps if that is still free.
        """
        if not number:
            return "", self._catalogue.document(doc_type, project, day)
        shelf, key = _shelf(doc_type, project, day), fold_key(number)
        if self._filed is None or key in self._filed:
            filed = self._catalogue.numbered(doc_type, project, day, number)
            if filed:
                return filed[0].serial, filed
        if (shelf, key) not in self._promised:
            taken = self._taken_serials(shelf, doc_type, project, day)
            kept = earlier if earlier is not None and fold_key(earlier) not in taken else None
            serial = self._free_serial(shelf, taken) if kept is None else kept
            self._promise(shelf, key, serial)
        return self._promised[shelf, key], []

    def _promise(self, shelf: _Shelf, key: str, serial: str) -> None:
        self._promised[shelf, key] = serial
        if len(self._promised) > _REMEMBERED:
            self._promised.popitem(last=False)

    def new_doc_id(self, project: str, proposed: str) -> str:
        """Return the number ``proposed``; of one that counts (`<start>-<0001>`) the next not given out."""
        match = _COUNTED.fullmatch(proposed)
        if match is None:
            return proposed
        start, digits = match[1] or "", match[2]
        last = self._last.get("number", fold_key(project), start)
        number = max(int(digits), last + 1)
        self._last.note(number, "number", fold_key(project), start)
        return f"{start}{number:0{len(digits)}d}"

    def keep(self, doc_type: DocType, project: str, day: date, serial: str, doc_id: str) -> None:
        """Note a place that an earlier run gave out: what is given out next lies behind it."""
        shelf = _shelf(doc_type, project, day)
        place = 1 if not serial else int(serial) if serial.isascii() and serial.isdigit() else 0
        self._last.note(place, "place", *shelf)
        if match := _COUNTED.fullmatch(doc_id):
            self._last.note(int(match[2]), "number", fold_key(project), match[1] or "")

    def reconsider(self, doc_type: DocType, project: str, day: date, number: str) -> None:
        """Forget what was promised to a document: someone else filed there meanwhile."""
        shelf = _shelf(doc_type, project, day)
        self._promised.pop((shelf, fold_key(number)), None)
        self._taken.pop(shelf, None)

    def _taken_serials(self, shelf: _Shelf, doc_type: DocType, project: str, day: date) -> set[str]:
        if shelf not in self._taken:
            self._taken[shelf] = self._catalogue.taken_serials(doc_type, project, day)
            if len(self._taken) > _REMEMBERED:
                self._taken.popitem(last=False)
        return self._taken[shelf]

    def _free_serial(self, shelf: _Shelf, taken: Collection[str]) -> str:
        for place in count(self._last.get("place", *shelf) + 1):
            serial = "" if place == 1 else f"{place:02d}"
            if serial not in taken:
                self._last.note(place, "place", *shelf)
                return serial
        raise AssertionError("count() does not end")


def _shelf(doc_type: DocType, project: str, day: date) -> _Shelf:
    return fold_key(project), doc_type.id, day.isoformat() if doc_type.recurring else ""
