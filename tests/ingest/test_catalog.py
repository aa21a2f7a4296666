from __future__ import annotations

import sqlite3
from array import array
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.catalog import Catalog
from ingest.document import Abbreviation, Block, BlockKind, Details, Document
from ingest.document_record import Pointer, PreparedPassage, text_key
from ingest.errors import CatalogError, IndexMismatchError, IndexMissingError
from ingest.locator import WHOLE, Locator, Page, PageKind
from ingest.passage import Passage
from ingest.traced import Span, Traced

SIGNATURES = ("read/1", "prepared/1")
TEXTS = st.text(st.characters(), max_size=40)  # with surrogates, NUL and 𠮷
WORDS = st.lists(TEXTS, max_size=3).map(tuple)


@st.composite
def traced(draw: st.DrawFn, original: str) -> Traced:
    """Pieces of the original, in any order, with inserted white space and a decoded entity between them."""
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(original)))
        parts.append(Traced.from_original(original, start, draw(st.integers(start, len(original)))))
        if draw(st.booleans()):
            parts.append(Traced.decoded("&", start, start + 5))
    return Traced.joined(parts, draw(st.sampled_from(["", " ", "\n"])))


SHARES = st.integers(0, WHOLE).map(lambda n: n / WHOLE)
SPANS = st.builds(Span, st.integers(0, 10**9), st.integers(0, 10**9))
PAGES = st.builds(
    Page,
    number=st.integers(1, 9999),
    span=SPANS,
    kind=st.sampled_from(PageKind),
    label=TEXTS,
    name=TEXTS,
    width=st.floats(0, 10000),
    height=st.floats(0, 10000),
)
LOCATORS = st.builds(
    Locator,
    span=SPANS,
    page=st.integers(1, 9999),
    box=st.none() | st.tuples(SHARES, SHARES, SHARES, SHARES),
    edges=st.lists(st.integers(0, WHOLE), max_size=5).map(lambda values: array("H", values)),
    is_vertical=st.booleans(),
    cell=TEXTS,
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(TEXTS)
    blocks = st.builds(
        Block,
        kind=st.sampled_from(BlockKind),
        body=traced(text),
        section=WORDS,
        page=st.none() | st.integers(1, 99),
        headers=WORDS,
        cells=st.lists(st.integers(0, 50), max_size=3).map(tuple),
    )
    abbreviations = st.builds(Abbreviation, short=traced(text), full=traced(text), is_declared=st.booleans())
    return Document(
        id=draw(st.text("0123456789abcdef", min_size=16, max_size=16)),
        source=draw(TEXTS),
        title=draw(TEXTS),
        publisher=draw(TEXTS),
        fiscal_years=tuple(draw(st.lists(st.integers(1900, 2100), max_size=3))),
        sha256="0" * 64,
        text=text,
        blocks=tuple(draw(st.lists(blocks, max_size=3))),
        warnings=draw(WORDS),
        pages=tuple(draw(st.lists(PAGES, max_size=3))),
        locators=tuple(draw(st.lists(LOCATORS, max_size=3))),
        details=Details(draw(WORDS), draw(TEXTS), "2023-08", "https://example.jp/", (("title", 0.7),)),
        abbreviations=tuple(draw(st.lists(abbreviations, max_size=2))),
    )


@st.composite
def passages(draw: st.DrawFn, document: Document, order: int) -> PreparedPassage:
    body = draw(traced(document.text))
    sentences = tuple((0, n) for n in range(draw(st.integers(0, 3))))
    passage = Passage(
        id=f"{document.id}-{order:05d}",
        document_id=document.id,
        order=order,
        kind=draw(st.sampled_from(BlockKind)),
        body=body,
        sentences=sentences,
        context=draw(TEXTS),
        section=draw(WORDS),
        page=draw(st.none() | st.integers(1, 99)),
        line=draw(st.integers(1, 99)),
    )
    terms = draw(st.dictionaries(st.sampled_from(["title", "body"]), st.lists(TEXTS, max_size=3)))
    return PreparedPassage(passage, (text_key(passage.search_text),), terms)


def a_document(document_id: str = "a" * 16, text: str = "休暇は年20日。\n病気休暇は別に定める。") -> Document:
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, Traced.from_original(text, text.index(line), text.index(line) + len(line)))
        for line in text.split("\n")
    )
    return Document(document_id, f"{document_id[:4]}.txt", "休暇", "市", (2024,), "0" * 64, text, blocks)


def its_passages(document: Document) -> list[PreparedPassage]:
    return [
        PreparedPassage(
            Passage(
                f"{document.id}-{n:05d}",
                document.id,
                n,
                b.kind,
                b.body,
                ((0, len(b.body)),),
                "",
                (),
                None,
                n + 1,
            ),
            (text_key(b.text), text_key(f"{b.text}。")),
            {"body": list(b.text)},
        )
        for n, b in enumerate(document.blocks)
    ]


def commit(catalog: Catalog, *documents: Document, delete: tuple[str, ...] = (), generation: int = 1) -> None:
    for document in documents:
        catalog.pending.put(document, its_passages(document), root="/役所", signatures=SIGNATURES)
    for document_id in delete:
        catalog.pending.delete(document_id)
    with catalog.transaction():
        catalog.pending.apply()
        catalog.set_pointer(Pointer(generation, f"digest {generation}"))
    catalog.pending.clear()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_documents_and_passages_come_back_exactly_as_they_were_put(
    data: st.DataObject, tmp_path: Path
) -> None:
    document = data.draw(documents())
    prepared = [data.draw(passages(document, order)) for order in range(data.draw(st.integers(0, 3)))]
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        catalog.pending.put(document, prepared, root="/役所", signatures=SIGNATURES)
        with catalog.transaction():
            catalog.pending.apply()
        catalog.pending.clear()
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        assert catalog.document(document.id) == replace(document, locators=())
        assert catalog.locators(document.id) == document.locators
        assert catalog.text(document.id) == document.text
        stored = catalog.passages_of(document.id)
        assert [passage for _, passage in stored] == [p.passage for p in prepared]
        assert catalog.abbreviations().get(document.id, ()) == document.abbreviations
        ids = {i for i, _ in stored}
        assert [terms for i, terms in catalog.all_terms() if i in ids] == [dict(p.terms) for p in prepared]
        (record,) = [record for record in catalog.documents() if record.id == document.id]
        assert (record.source, record.title, record.publisher) == (
            document.source,
            document.title,
            document.publisher,
        )
        assert (record.fiscal_years, record.warnings) == (document.fiscal_years, document.warnings)
        assert (record.read_by, record.prepared_by, record.root) == (*SIGNATURES, "/役所")
        assert record.n_chars == len(document.text)


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        (
            Document,
            "id source title publisher fiscal_years sha256 text blocks warnings pages locators abbreviations details",
        ),
        (Block, "kind body section page headers cells"),
        (
            Passage,
            "id document_id order kind body sentences context section page line years years_from remark rows",
        ),
    ],
)
def test_every_field_is_one_that_the_catalog_stores(kind: type, stored: str) -> None:
    """A new field with a default would otherwise be lost in silence."""
    assert {field.name for field in fields(kind)} == set(stored.split())


def test_file_name_that_is_no_unicode_is_stored(tmp_path: Path) -> None:
    document = Document("b" * 16, "\udc83\udc65.txt", "", "", (), "0" * 64, "本文", ())
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, document)
        assert [record.source for record in catalog.documents()] == ["\udc83\udc65.txt"]


def test_staged_documents_are_invisible_until_applied(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    with Catalog.open(path, writable=True) as catalog:
        catalog.pending.put(a_document(), its_passages(a_document()), root="/役所", signatures=SIGNATURES)
        assert catalog.pending
        assert catalog.documents() == []
    with Catalog.open(path, writable=True) as catalog:
        assert not catalog.pending
        assert catalog.documents() == []


def test_passage_ids_are_never_given_twice(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    seen: set[int] = set()
    for generation in range(1, 4):
        with Catalog.open(path, writable=True) as catalog:
            commit(catalog, a_document(), generation=generation)
            ids = {i for i, _ in catalog.all_passages()}
            assert len(ids) == 2
            assert not ids & seen
            seen |= ids
            commit(catalog, delete=(a_document().id,), generation=generation)
            assert list(catalog.all_passages()) == []


def test_put_replaces_the_document_of_the_same_id(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, a_document())
        commit(catalog, a_document(text="改めた。"))
        assert catalog.text(a_document().id) == "改めた。"
        assert [passage.text for _, passage in catalog.all_passages()] == ["改めた。"]
        assert catalog.statistics().n_passages == 1


def test_delete_takes_the_passages_along_and_leaves_other_documents(tmp_path: Path) -> None:
    other = a_document("b" * 16)
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, a_document(), other)
        commit(catalog, delete=(a_document().id,))
        assert [record.id for record in catalog.documents()] == [other.id]
        assert {passage.document_id for _, passage in catalog.all_passages()} == {other.id}
        with pytest.raises(KeyError):
            catalog.text(a_document().id)


def test_passages_come_in_the_order_asked_for(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, a_document(), a_document("b" * 16))
        ids = [i for i, _ in catalog.all_passages()]
        by_id = dict(catalog.all_passages())
        assert catalog.passages(ids[::-1]) == [by_id[i] for i in ids[::-1]]
        assert catalog.passages([ids[0]] * 1200) == [by_id[ids[0]]] * 1200
        assert catalog.passage_ids([by_id[ids[2]].id, "なし"]) == {by_id[ids[2]].id: ids[2]}
        with pytest.raises(KeyError):
            catalog.passages([max(ids) + 1])


def test_neighbours_stand_right_before_and_after_in_the_same_document(tmp_path: Path) -> None:
    long = a_document("b" * 16, text="一。\n二。\n三。")
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, long, a_document("c" * 16, text="独り。"))
        first, second, third = [i for i, _ in catalog.passages_of(long.id)]
        alone = catalog.passages_of("c" * 16)[0][0]
        assert catalog.neighbours([second, alone, third, 999]) == {second: [first, third], third: [second]}
        assert catalog.neighbours([]) == {}


def test_a_failed_transaction_changes_nothing(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, a_document())
        catalog.pending.delete(a_document().id)
        with pytest.raises(RuntimeError), catalog.transaction():  # noqa: PT012 - it must fail half-way
            catalog.pending.apply()
            catalog.set_pointer(Pointer(2, ""))
            raise RuntimeError
        assert catalog.pointer() == Pointer(1, "digest 1")
        assert catalog.text(a_document().id)


def test_a_reader_keeps_seeing_the_state_it_opened(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    with Catalog.open(path, writable=True) as writer:
        commit(writer, a_document())
        with Catalog.open(path) as reader:
            commit(writer, a_document("b" * 16), delete=(a_document().id,), generation=2)
            assert reader.pointer() == Pointer(1, "digest 1")
            assert [record.id for record in reader.documents()] == [a_document().id]
            assert {passage.document_id for _, passage in reader.all_passages()} == {a_document().id}
        with Catalog.open(path) as reader:
            assert reader.pointer() == Pointer(2, "digest 2")


def test_vectors_come_back_under_every_passage_that_holds_their_text(tmp_path: Path) -> None:
    one, two = a_document(), a_document("b" * 16)
    keys = [key for p in its_passages(one) for key in p.keys]
    values = np.random.default_rng(0).standard_normal((len(keys), 5)).astype(np.float32)
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, one, two)
        assert len(catalog.lacking("m/1")) == 4
        with pytest.raises(CatalogError, match="足りません"):
            catalog.vectors("m/1", 5)
        catalog.put_vectors("m/1", keys, values)
        assert catalog.lacking("m/1") == []
        assert catalog.lacking("m/2") == [i for i, _ in catalog.all_passages()]
        assert catalog.has_vector("m/1", keys[0])
        assert not catalog.has_vector("m/2", keys[0])
        ids, found = catalog.vectors("m/1", 5)
        assert ids.tolist() == [i for i, _ in catalog.all_passages() for _ in range(2)]
        assert np.array_equal(found, np.concatenate([values, values]))
        with pytest.raises(CatalogError, match="次元"):
            catalog.vectors("m/1", 6)


def test_vectors_of_texts_that_nobody_holds_are_dropped(tmp_path: Path) -> None:
    document = a_document()
    keys = [key for p in its_passages(document) for key in p.keys]
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        commit(catalog, document)
        catalog.put_vectors("m/1", [*keys, b"x" * 32], np.ones((len(keys) + 1, 2), dtype=np.float32))
        catalog.drop_unused_vectors()
        assert catalog.statistics().n_vectors == len(keys)
        assert not catalog.has_vector("m/1", b"x" * 32)


def test_empty_catalog_has_nothing(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "catalog.sqlite", writable=True) as catalog:
        assert catalog.pointer() is None
        assert catalog.roots() == []
        ids, vectors = catalog.vectors("m/1", 3)
        assert (ids.shape, vectors.shape) == ((0,), (0, 3))
        assert catalog.passages([]) == []


def test_reading_what_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        Catalog.open(tmp_path / "なし" / "catalog.sqlite")


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    Catalog.open(path, writable=True).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for writable in (True, False):
        with pytest.raises(IndexMismatchError, match="版 99"):
            Catalog.open(path, writable=writable)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    for writable in (True, False):
        with pytest.raises(IndexMismatchError, match="壊れて"):
            Catalog.open(path, writable=writable)


def test_a_folder_that_cannot_be_made_is_a_catalog_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogError):
        Catalog.open(tmp_path / "file" / "catalog.sqlite", writable=True)
