from __future__ import annotations

from collections import Counter

import pytest

from assistant.answer import Answer, AnswerStatus
from assistant.ask import Assistant
from assistant.chain import AnswerChain
from assistant.offer import offers
from assistant.suggest import MOST_TRIES, suggest
from index.filters import Filters
from index.store import Store
from ingest.document import Block, BlockKind, Document
from ingest.traced import Traced


@pytest.fixture(scope="module")
def assistant(sample_chain: AnswerChain) -> Assistant:
    return Assistant(sample_chain, fingerprint="")


@pytest.mark.parametrize("n", [0, 1, 6, 12])
def test_suggestions_are_at_most_n_none_twice_and_always_the_same(sample_store: Store, n: int) -> None:
    suggested = suggest(sample_store, n)
    assert len(suggested) == len(set(suggested)) == n
    assert suggested == suggest(sample_store, 12)[:n]


def test_negative_n_is_refused(sample_store: Store) -> None:
    with pytest.raises(ValueError, match="-1"):
        suggest(sample_store, -1)


def test_checked_suggestions_are_answered_and_of_many_documents(
    sample_store: Store, assistant: Assistant
) -> None:
    suggested = suggest(sample_store, 6, assistant.ask)
    assert len(suggested) == 6
    answers = [assistant.ask(question) for question in suggested]
    assert all(answer.status is AnswerStatus.ANSWERED for answer in answers)
    assert len({answer.citations[0].document_id for answer in answers}) >= 5


def test_suggestions_are_of_more_than_one_kind(sample_store: Store, assistant: Assistant) -> None:
    suggested = suggest(sample_store, 6, assistant.ask)
    endings = {question[-6:] for question in suggested}
    assert len(endings) >= 2, suggested


def test_suggestions_keep_to_the_documents_that_match(sample_store: Store, assistant: Assistant) -> None:
    faq = next(record for record in sample_store.documents() if record.source == "kyokai_faq.md")
    filters = Filters(documents=frozenset({faq.id}))
    suggested = suggest(sample_store, 3, assistant.ask, filters=filters)
    assert len(suggested) == 3
    assert {assistant.ask(question).citations[0].document_id for question in suggested} == {faq.id}
    assert suggest(sample_store, 3, filters=Filters(documents=frozenset({"無い"}))) == []


def test_what_is_not_answered_is_not_suggested_and_asking_ends(sample_store: Store) -> None:
    asked: list[str] = []

    def never(question: str) -> Answer:
        asked.append(question)
        return Answer(question, AnswerStatus.NOT_FOUND)

    assert suggest(sample_store, 6, never) == []
    assert 0 < len(asked) <= MOST_TRIES * len(sample_store.documents())


def test_question_about_a_cell_names_its_own_column_only() -> None:
    body = Traced.from_original("公園管理業務\n都市整備課")
    headers = ("業務 › 名称", "体制 › 担当部署")
    row = Block(BlockKind.TABLE_ROW, body, (), headers=headers, cells=(6, len(body)))
    document = Document("d" * 16, "a.xlsx", "業務一覧", "", (), "0" * 64, body.text, (row,))
    assert [offer.question for offer in offers(document, Counter())] == [
        "公園管理業務の担当部署はどこですか。"
    ]
