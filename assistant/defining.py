"""The definition that a document gives of the very term that a question asks about."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.glossary import Glossary, Meaning, TermKind, term_key
from assistant.stretch import Quote
from index.hit import Hit
from index.store import Store

DOCUMENTS_KEPT = 64  # whose terms are held


class Definitions:
    """Looks up terms in the documents that were found, which is quick however many there are."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._glossary_of = lru_cache(maxsize=DOCUMENTS_KEPT)(self._read)  # an open store does not change

    def quote(self, term: str, hits: Sequence[Hit]) -> Quote | None:
        """Where one of the documents found says what the term means; `None` for "" or if none says so.

        A short name is looked up by its full one too. The quote's hit is one of those given, or, where the
        passage was not found, one of its own with the score of the best.
        """
        for document_id in dict.fromkeys(hit.passage.document_id for hit in hits) if term else ():
            glossary = self._glossary_of(document_id)
            for meaning in _meanings(glossary, term):
                quote = self._quote(meaning, hits)
                if quote:
                    return quote
        return None

    def _read(self, document_id: str) -> Glossary:
        return Glossary.of([self._store.document(document_id)])

    def _quote(self, meaning: Meaning, hits: Sequence[Hit]) -> Quote | None:
        known = {hit.passage.id: hit for hit in hits}
        for _, passage in self._store.passages_of(meaning.document_id):
            spans = passage.body.spans()
            is_there = spans and spans[0].start <= meaning.spans[0].start < spans[-1].end
            start = passage.text.find(meaning.text) if is_there else -1
            if start >= 0:
                hit = known.get(passage.id) or Hit(passage, hits[0].score)
                return Quote(hit, start, start + len(meaning.text))
        return None


def _meanings(glossary: Glossary, term: str) -> list[Meaning]:
    """What is said of the term, then of its full names; a full name by itself is no definition."""
    entry = glossary.look_up(term)
    own = list(entry.meanings) if entry else []
    full = [m.text for m in own if m.kind is TermKind.ABBREVIATION and term_key(m.text) != term_key(term)]
    more = [m for name in full if (found := glossary.look_up(name)) for m in found.meanings]
    return [m for m in (*own, *more) if m.kind is not TermKind.ABBREVIATION]
