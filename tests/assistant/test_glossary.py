from __future__ import annotations

import pytest

from assistant.defining import Definitions
from assistant.glossary import Glossary, TermKind, terms_of
from index.hit import Hit
from index.store import Store
from ingest.document import Document
from ingest.readers.text import read_text


@pytest.fixture(scope="module")
def documents(sample_store: Store) -> list[Document]:
    return [sample_store.document(record.id) for record in sample_store.documents()]


@pytest.fixture(scope="module")
def glossary(documents: list[Document]) -> Glossary:
    return Glossary.of(documents)


def test_every_meaning_is_what_its_ranges_say(glossary: Glossary, documents: list[Document]) -> None:
    texts = {document.id: document.text for document in documents}
    meanings = [meaning for entry in glossary.entries for meaning in entry.meanings]
    assert meanings
    for meaning in meanings:
        said = "".join(texts[meaning.document_id][span.start : span.end] for span in meaning.spans)
        if meaning.kind is TermKind.ABBREVIATION:  # its ranges hold the short name too
            assert "".join(meaning.text.split()) in "".join(said.split())
        else:
            assert "".join(said.split()) == "".join(meaning.text.split())
        edges = [edge for span in meaning.spans for edge in (span.start, span.end)]
        assert edges == sorted(edges)


@pytest.mark.parametrize(
    ("term", "kind", "said"),
    [
        ("やさしい日本語", TermKind.LISTED, "語彙や文法を簡単にし"),
        ("窓口職場", TermKind.DEFINITION, "とは、"),
        ("相談窓口", TermKind.ABBREVIATION, "しおみ外国人ワンストップ窓口"),
    ],
)
def test_term_is_found_with_what_it_means(glossary: Glossary, term: str, kind: TermKind, said: str) -> None:
    entry = glossary.look_up(term)
    assert entry is not None
    assert entry.meanings[0].kind is kind
    assert said in entry.meanings[0].text


def test_terms_come_once_and_in_order(glossary: Glossary) -> None:
    terms = [entry.term for entry in glossary.entries]
    assert len(terms) == len(set(terms))
    assert glossary.search("") == list(glossary.entries)


def test_search_puts_terms_before_meanings(glossary: Glossary) -> None:
    found = [entry.term for entry in glossary.search("日本語")]
    assert found[0] == "やさしい日本語"
    assert len(found) > 1
    assert glossary.search("量子コンピューター") == []


def test_spelling_of_a_term_does_not_count(glossary: Glossary) -> None:
    assert glossary.look_up("ＪＳＬ") == glossary.look_up(" jsl ")
    assert glossary.look_up("ない用語") is None


@pytest.mark.parametrize("term", ["日時", "場所", "電話", "https"])
def test_labels_are_no_terms(glossary: Glossary, term: str) -> None:
    assert glossary.look_up(term) is None


def test_definition_is_quoted_from_a_passage_that_was_not_found(sample_store: Store) -> None:
    record = next(r for r in sample_store.documents() if r.source == "yogoshu.txt")
    _, other = sample_store.passages_of(record.id)[0]
    quote = Definitions(sample_store).quote("やさしい日本語", [Hit(other, 1.0)])
    assert quote is not None
    assert quote.text.startswith("語彙や文法を簡単にし")
    assert quote.hit.passage.document_id == record.id


def test_nothing_is_quoted_for_a_term_that_is_not_explained(sample_store: Store) -> None:
    record = sample_store.documents()[0]
    _, passage = sample_store.passages_of(record.id)[0]
    definitions = Definitions(sample_store)
    assert definitions.quote("", [Hit(passage, 1.0)]) is None
    assert definitions.quote("量子コンピューター", [Hit(passage, 1.0)]) is None
    assert definitions.quote("やさしい日本語", []) is None


@pytest.mark.parametrize("label", ["設問3", "参考情報", "委員長コメント", "留意事項"])
def test_labels_of_remarks_are_no_terms(label: str) -> None:
    text = f"{label}：潮見市におけるオープンデータの使い方について伺います。\n前の文です。\n"
    assert not list(
        terms_of(Document("d" * 16, "a.txt", "調査票", "", (), "0" * 64, text, tuple(read_text(text))))
    )
