"""Fast reading gives what Whoosh's public interface gives (it looks behind that of one exact version)."""

from __future__ import annotations

import pytest
import whoosh
from whoosh import index

from docgen.search.fold import fold
from docgen.search.tokens import tokens
from docgen.search.whoosh_index.access import segments
from docgen.search.whoosh_index.engine import WhooshEngine


@pytest.fixture
def reader(engine: WhooshEngine, document):
    engine.add(
        [document(f"{n}", "合同" * (n % 3 + 1) + ("验收" if n % 2 else "") + "HT-1") for n in range(150)]
    )
    engine.remove(["7", "100"])
    folder = next(engine._store.folder.glob("g-*"))
    with index.open_dir(str(folder)).reader() as opened:
        yield opened


def test_the_version_is_the_one_it_was_written_for() -> None:
    assert whoosh.__version__ == (2, 7, 5)


def test_postings_of_every_token(reader) -> None:
    (segment,) = segments(reader)
    for token in reader.lexicon("text"):
        blocks = list(segment.postings("text", token))
        matcher = reader.postings("text", token)
        expected = []
        while matcher.is_active():
            expected.append((matcher.id(), matcher.weight()))
            matcher.next()
        found = [pair for ids, weights in blocks for pair in zip(ids, weights, strict=True)]
        assert [pair for pair in found if pair[0] not in segment.deleted] == expected
        assert segment.frequency("text", token) == len(found)
    assert list(segment.postings("text", "没有".encode())) == []
    assert segment.frequency("text", "没有".encode()) == 0


def test_columns_of_every_document(reader) -> None:
    (segment,) = segments(reader)
    facets, values = segment.facet("f_type")

    assert (segment.size, sorted(segment.deleted)) == (150, [7, 100])
    for number in reader.all_doc_ids():
        text = reader.stored_fields(number)["document"][9]
        folded = bytes(segment.texts("text")[number]).decode()
        assert folded == fold(text)
        assert segment.numbers("size")[number] == len(folded)
        assert segment.numbers("day")[number] == 20230401
        assert values[facets[number]].decode() == "服务合同"
    assert {token.decode() for token in segment.tokens("text", b"")} == set(
        tokens("合同合同验收ht-1合同ht-1")
    )
    assert [token.decode() for token in segment.tokens("text", "合".encode())] == ["合同"]
