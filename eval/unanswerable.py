"""Questions made unanswerable: the same question with its evidence, or its whole document, left out.

So answerable and unanswerable questions are of one form, and nothing but what is found can tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.dataset import Evidence, Question
from eval.text import COVERED_SHARE, bare, coverage, covers, states
from eval.without import Terms, without
from index.retrieve import lexical_fields
from index.store import Store
from ingest.passage import Passage
from ingest.tokenizer import Tokenizer

NEAR = 2  # passages before and after the evidence that may say the same
PART = 0.15  # of a piece of evidence that no passage covers by itself, from which a passage is part of it
MIN_CHARS = 12  # of a passage that can be recognised as a part of the evidence


class Removed(StrEnum):
    """What was left out."""

    NOTHING = "nothing"
    PASSAGES = "passages"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question and the store to put it to.

    Attributes:
        gone: `Passage.id` of those that are left out.
    """

    question: Question
    removed: Removed
    store: Store
    gone: frozenset[str]


class Remover:
    """Finds what has to go from one store for a question to have no answer there."""

    def __init__(self, store: Store, tokenizer: Tokenizer) -> None:
        self._store = store
        self._tokenizer = tokenizer
        self._documents = {record.source: record.id for record in store.documents()}
        self._titles = {record.source: record.title for record in store.documents()}
        self._passages = {source: store.passages_of(i) for source, i in self._documents.items()}
        self._terms: dict[int, Mapping[str, frozenset[str]]] = {}

    def title(self, source: str) -> str:
        """What a document is part of: files of one title are taken as one document.

        Raises:
            KeyError: If no such file is indexed.
        """
        return self._titles[source]

    def trials(self, question: Question) -> Iterator[Trial]:
        """The answerable question with everything there, without its evidence, without its documents.

        Raises:
            KeyError: If its evidence stands in a document that is not indexed.
        """
        yield Trial(question, Removed.NOTHING, self._store, frozenset())
        evidence = self._evidence(question)
        titles = {self._titles[piece.doc] for piece in question.evidence}
        whole = [source for source, title in self._titles.items() if title in titles]
        documents = {i: passage for source in whole for i, passage in self._passages[source]}
        for removed, passages in ((Removed.PASSAGES, evidence), (Removed.DOCUMENT, documents)):
            gone = {i: self._terms_of(i, passage) for i, passage in passages.items()}
            names = frozenset(passage.id for passage in passages.values())
            yield Trial(question, removed, without(self._store, gone), names)

    def _evidence(self, question: Question) -> dict[int, Passage]:
        """Passages that cover a piece of evidence, anywhere, and neighbours that say the answer."""
        found: dict[int, Passage] = {}
        facts = [fact for alternatives in question.key_facts for fact in alternatives]
        for piece in question.evidence:
            own = self._passages[piece.doc]
            places = _places(own, piece)
            for n in sorted({m for place in places for m in range(place - NEAR, place + NEAR + 1)}):
                if n in places or (0 <= n < len(own) and any(states(own[n][1].text, f) for f in facts)):
                    found[own[n][0]] = own[n][1]
        for passages in self._passages.values():
            found.update(
                (i, passage)
                for i, passage in passages
                if any(covers([passage.text], piece.quote) for piece in question.evidence)
            )
        return found

    def _terms_of(self, i: int, passage: Passage) -> Terms:
        if i not in self._terms:
            fields = lexical_fields(passage, self._tokenizer)
            self._terms[i] = {field: frozenset(terms) for field, terms in fields.items()}
        return self._terms[i]


def _places(passages: Sequence[tuple[int, Passage]], piece: Evidence) -> set[int]:
    """Places of the passages that hold a piece of evidence, or are a part of it."""
    texts = [passage.text for _, passage in passages]
    found = {
        n
        for n, text in enumerate(texts)
        if covers([text], piece.quote)
        or (len(bare(text)) >= MIN_CHARS and coverage(text, [piece.quote]) >= COVERED_SHARE)
    }
    return found or {n for n, text in enumerate(texts) if coverage(piece.quote, [text]) >= PART}
