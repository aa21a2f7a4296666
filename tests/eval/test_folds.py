from __future__ import annotations

import pytest

from eval.dataset import Evidence
from eval.folds import evaluate_out_of_fold, leave_one_document_out

ORIGINAL = "受付は5月1日から始める。"


@pytest.fixture
def questions(build):
    def asked(name, *documents):
        evidence = tuple(Evidence(doc=doc, quote="受付は5月1日から") for doc in documents)
        return build.question(id=name, question=name, evidence=evidence, answerable=bool(documents))

    return [
        asked("a1", "a.txt"), asked("a2", "a.txt"), asked("b1", "b.txt"), asked("ab", "a.txt", "b.txt"),
        asked("c1", "c.txt"), asked("none1"), asked("none2"), asked("none3"), asked("none4"),
    ]  # fmt: skip


def test_each_question_is_measured_once_and_never_learnt_from_in_its_own_fold(questions):
    folds = leave_one_document_out(questions)
    assert [fold.document for fold in folds] == ["a.txt", "b.txt", "c.txt"]
    measured = [question.id for fold in folds for question in fold.measure]
    assert sorted(measured) == sorted(question.id for question in questions)
    for fold in folds:
        assert not {q.id for q in fold.learn} & {q.id for q in fold.measure}
        assert all(piece.doc != fold.document for q in fold.learn for piece in q.evidence)
    assert [q.id for q in folds[0].measure] == ["a1", "a2", "ab", "none1", "none4"]
    assert "ab" not in {q.id for q in folds[1].learn}
    assert "ab" in {q.id for q in folds[2].learn}


def test_every_question_is_asked_of_an_assistant_that_learnt_without_it(build, questions):
    passage = build.passage("d1", ORIGINAL, 0, 9)
    learnt: list[set[str]] = []

    def learn(given):
        known = {question.id for question in given}
        learnt.append(known)

        def ask(text):
            assert text not in known
            return build.answer(text, passage)

        return ask

    records = list(evaluate_out_of_fold(questions, learn, lambda _: ORIGINAL, lambda _: "a.txt"))
    assert len(learnt) == 3
    assert {record.id for record in records} == {question.id for question in questions}


def test_one_document_cannot_be_left_out(build):
    with pytest.raises(ValueError, match="not 1"):
        leave_one_document_out([build.question("受付は5月1日から")])
