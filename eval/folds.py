"""Leave one document out: what is learnt from questions is measured on documents it never saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Answer
from eval.dataset import Question
from eval.evaluate import evaluate
from eval.records import Record

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Fold:
    """One document left out.

    Attributes:
        document: Its source.
        learn: Questions none of whose evidence is in it.
        measure: Questions to measure, none of which is in `learn`.
    """

    document: str
    learn: tuple[Question, ...]
    measure: tuple[Question, ...]


def leave_one_document_out(questions: Sequence[Question]) -> list[Fold]:
    """A fold for each document that holds evidence, sorted by source; each question is measured once.

    A question with evidence in several documents is measured with the first of its evidence and learnt from
    in no fold that leaves one of them out. Those without evidence are dealt out in turn.

    Raises:
        ValueError: If fewer than two documents hold evidence.
    """
    documents = sorted({piece.doc for question in questions for piece in question.evidence})
    if len(documents) < 2:
        raise ValueError(f"leaving one document out needs two with evidence, not {len(documents)}")
    without = (question.id for question in questions if not question.evidence)
    dealt = {name: documents[n % len(documents)] for n, name in enumerate(without)}
    place = {q.id: q.evidence[0].doc if q.evidence else dealt[q.id] for q in questions}
    return [
        Fold(
            document=document,
            learn=tuple(
                question
                for question in questions
                if place[question.id] != document
                and all(piece.doc != document for piece in question.evidence)
            ),
            measure=tuple(question for question in questions if place[question.id] == document),
        )
        for document in documents
    ]


def evaluate_out_of_fold(
    questions: Sequence[Question],
    learn: Callable[[Sequence[Question]], Ask],
    original_of: Callable[[str], str],
    source_of: Callable[[str], str],
) -> Iterator[Record]:
    """A record for each question, asked of an assistant that learnt without its document.

    Args:
        questions: As `load_dataset` gives them.
        learn: Makes an assistant out of questions; called once a document.
        original_of: Document id to `Document.text`.
        source_of: Document id to `Document.source`.

    Raises:
        ValueError: If fewer than two documents hold evidence.
    """
    for fold in leave_one_document_out(questions):
        yield from evaluate(fold.measure, learn(fold.learn), original_of, source_of)
