"""Questions made unanswerable by taking away the documents of their evidence.

Both kinds of question then have one form, so that a refusal says something about the documents and nothing
about how the question is put.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from eval.dataset import Question

SUFFIX = "/without"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A question, and the documents that are left to search.

    Attributes:
        documents: Ids, never empty.
    """

    question: Question
    documents: frozenset[str]


def without_evidence(questions: Iterable[Question], ids: Mapping[str, str]) -> Iterator[HeldOut]:
    """For each answerable question its unanswerable twin; none where no document would be left.

    A document that happens to say the same as the evidence makes the twin answerable after all: look at what
    was answered.

    Args:
        questions: Those with evidence.
        ids: Document id by source, of all documents.
    """
    for question in questions:
        lacking = {piece.doc for piece in question.evidence}
        left = frozenset(name for source, name in ids.items() if source not in lacking)
        if question.answerable and left:
            twin = {"id": question.id + SUFFIX, "answerable": False, "evidence": (), "key_facts": ()}
            yield HeldOut(question.model_copy(update=twin | {"wrong_year_facts": (), "answer": ""}), left)
