"""Suggested questions, drawn from the documents themselves."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from assistant.answer import Answer, AnswerStatus, Citation
from assistant.offer import Kind, Offer, offers, titles
from index.filters import NO_FILTERS, Filters
from index.store import Store
from ingest.document import Document

MOST_DOCUMENTS = 30  # are looked at
MOST_TRIES = 10  # questions of one document that are asked
GOOD_KINDS = (Kind.ASKED, Kind.DEFINITION, Kind.HEADING)
MORE_CHARS = 15  # that an answer must say beyond the words of the heading


def suggest(
    store: Store,
    n: int = 6,
    ask: Callable[[str], Answer] | None = None,
    *,
    filters: Filters | None = None,
) -> list[str]:
    """Questions for somebody who does not know the documents, varied over documents and kinds of question.

    Headings that are questions, definitions, other headings and rows of tables make them; headings that
    several documents have, dates, bare numbers and labels do not. The same documents always give the same
    ones.

    Args:
        store: The documents.
        n: Most questions to return; there may be fewer.
        ask: The assistant. With it, only questions are taken that it answers, beginning at the very place
            that they were drawn from; up to ten a document are asked. Without, nothing is checked.
        filters: Only documents that match are looked at.

    Raises:
        ValueError: If `n` is negative.
        ShirubeError: As `ask` does.
    """
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    documents = _chosen(store, filters or NO_FILTERS)
    seen = Counter(title for document in documents for title in titles(document.blocks))
    own = [sorted(offers(document, seen), key=lambda offer: offer.kind) for document in documents]
    own.sort(key=lambda offered: offered[0].kind if offered else max(Kind) + 1)
    turns = deque(_taken(_varied(offered, first=place), ask) for place, offered in enumerate(own))
    drawn: list[str] = []
    while turns and len(drawn) < n:
        turn = turns.popleft()
        question = next(turn, None)
        if question is not None:
            turns.append(turn)
            drawn += [question] if question not in drawn else []
    return drawn


def _chosen(store: Store, filters: Filters) -> list[Document]:
    """The documents that are looked at: all, or so many at even distances."""
    records = [record for record in store.documents() if filters.matches(record)]
    step = max(1, -(-len(records) // MOST_DOCUMENTS))
    return [store.document(record.id) for record in records[::step]]


def _varied(offered: Sequence[Offer], *, first: int) -> list[Offer]:
    """One offer of each good kind in turn, beginning with another kind for each document; then the rest."""
    kinds = [[offer for offer in offered if offer.kind is kind] for kind in GOOD_KINDS]
    kinds = [offers_of_kind for offers_of_kind in kinds if offers_of_kind]
    start = first % len(kinds) if kinds else 0
    rounds = zip_longest(*kinds[start:], *kinds[:start])
    good = [offer for one_of_each in rounds for offer in one_of_each if offer is not None]
    return [*good, *(offer for offer in offered if offer.kind not in GOOD_KINDS)]


def _taken(offered: Sequence[Offer], ask: Callable[[str], Answer] | None) -> Iterator[str]:
    """The questions of one document, asked one by one as they are needed."""
    for offer in offered if ask is None else offered[:MOST_TRIES]:
        if ask is None or _is_answered(offer, ask(offer.question)):
            yield offer.question


def _is_answered(offer: Offer, answer: Answer) -> bool:
    """Whether the answer begins where the question was drawn, and says more than its words."""
    if answer.status is not AnswerStatus.ANSWERED:
        return False
    inside = [_is_inside(citation, offer) for citation in answer.citations]
    said = sum(len(c.quote) for c, is_inside in zip(answer.citations, inside, strict=True) if is_inside)
    return inside[0] and (said >= len(offer.words) + MORE_CHARS or offer.kind is Kind.ROW)


def _is_inside(citation: Citation, offer: Offer) -> bool:
    """Whether a citation touches the place that the question was drawn from."""
    overlaps = any(span.start < offer.end and offer.start < span.end for span in citation.spans)
    return citation.document_id == offer.document_id and overlaps
