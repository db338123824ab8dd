"""One state of a Whoosh index: its segments, read, changed, and written as the next state."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME
from whoosh.reading import SegmentReader

from docgen.search.whoosh_index.access import Segment


class IndexFiles(FileStorage):  # type: ignore[misc]
    """The files of one generation; what Whoosh leaves open when it meets broken bytes can be closed."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opened: list[Any] = []

    def open_file(self, name: str, **options: Any) -> Any:
        """Open a file, and remember it."""
        opened = super().open_file(name, **options)
        self._opened.append(opened)
        return opened

    def close_all(self) -> None:
        """Close what is still open."""
        for opened in self._opened:
            if not opened.is_closed:
                opened.close()
        self._opened.clear()


class Commit:
    """The segments of an index, changed, then written as its next state."""

    def __init__(self, files: IndexFiles) -> None:
        self._files = files
        self.folder = Path(files.folder)
        toc = index.TOC.read(files, _DEF_INDEX_NAME)
        self._schema, self._generation = toc.schema, toc.generation
        self.segments: list[Any] = toc.segments

    @contextlib.contextmanager
    def parts(self) -> Iterator[list[Segment]]:
        """Yield the content of the segments, in their order, to be read."""
        try:
            yield [
                Segment(SegmentReader(self._files, self._schema, segment, generation=self._generation))
                for segment in self.segments
            ]
        finally:
            self._files.close_all()

    def adopt(self, segments: Iterable[Any], room: Path) -> None:
        """Add segments that were built in the folder ``room``."""
        for segment in segments:
            for path in room.glob(f"{segment.segment_id()}.*"):
                path.rename(self.folder / path.name)
            self.segments.append(segment)

    def write(self) -> None:
        """Write the list of segments; those of which nothing is left are dropped, with their files."""
        self.segments = [segment for segment in self.segments if segment.doc_count()]
        index.TOC(self._schema, self.segments, self._generation + 1).write(self._files, _DEF_INDEX_NAME)
        index.clean_files(self._files, _DEF_INDEX_NAME, self._generation + 1, self.segments)
