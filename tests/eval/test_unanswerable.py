"""What is left out is found by no leg, and nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eval.dataset import Question, load_dataset
from eval.unanswerable import Removed, Remover, Trial
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.tokenizer import default_tokenizer
from tests.assistant.conftest import SAMPLE, indexed_sample
from tests.fakes import TermEmbedder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with indexed_sample(tmp_path_factory.mktemp("sample") / "index", TermEmbedder()) as opened:
        yield opened


@pytest.fixture(scope="module")
def trials(store: Store) -> list[Trial]:
    remover = Remover(store, default_tokenizer())
    questions = [q for q in load_dataset(SAMPLE / "questions.jsonl") if q.answerable][:8]
    return [trial for question in questions for trial in remover.trials(question)]


def found(trial: Trial, k: int = 20) -> list[str]:
    retriever = HybridRetriever(trial.store, TermEmbedder(), default_tokenizer())
    return [hit.passage.id for hit in retriever.retrieve(trial.question.question, k=k)]


def test_each_question_is_asked_three_times(trials: list[Trial]) -> None:
    assert [trial.removed for trial in trials] == [*Removed] * (len(trials) // 3)
    assert all(bool(trial.gone) == (trial.removed is not Removed.NOTHING) for trial in trials)


def test_what_is_left_out_is_not_found_and_others_take_its_place(trials: list[Trial]) -> None:
    for trial in trials:
        ids = found(trial)
        assert not trial.gone & set(ids)
        assert len(ids) == 20


def test_document_is_left_out_as_a_whole(trials: list[Trial]) -> None:
    for trial in trials:
        if trial.removed is Removed.DOCUMENT:
            gone = {name.rsplit("-", 1)[0] for name in trial.gone}
            assert not gone & {name.rsplit("-", 1)[0] for name in found(trial)}


def test_words_are_as_rare_as_if_it_had_never_been_there(trials: list[Trial], store: Store) -> None:
    term = "やさしい"
    for trial in trials:
        assert trial.store.lexical.document_frequency("body", term) <= store.lexical.document_frequency(
            "body", term
        )


def test_a_question_about_a_document_that_is_not_indexed_cannot_be_tried(store: Store) -> None:
    question = Question.model_validate_json(
        '{"id":"x","question":"？","type":"t","answerable":true,"key_facts":[["a"]],'
        '"evidence":[{"doc":"nai.txt","quote":"ない"}]}'
    )
    with pytest.raises(KeyError, match="nai"):
        list(Remover(store, default_tokenizer()).trials(question))


def test_what_is_left_out_is_not_read_either(trials: list[Trial], store: Store) -> None:
    documents = [record.id for record in store.documents()]
    everything = {passage.id for i in documents for _, passage in store.passages_of(i)}
    for trial in trials:
        read = {passage.id for i in documents for _, passage in trial.store.passages_of(i)}
        assert read == everything - trial.gone
