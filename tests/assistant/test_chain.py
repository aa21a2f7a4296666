"""One chain answers everywhere; every claim of an answer rests on a hit of the same answer."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from langchain_core.retrievers import BaseRetriever

from assistant.answer import Answer, AnswerStatus, SentenceRole
from assistant.chain import AnswerChain, Ask
from assistant.extract import ExtractLimits
from assistant.followup import Turn
from assistant.passage_retriever import PassageRetriever
from index.filters import Filters
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.calendar import years_in

ANSWERABLE = [
    "しおみ外国人ワンストップ窓口は何をするところですか。",
    "令和5年度の相談件数は何件でしたか。",
    "外国人市民会議の委員の任期は何年ですか。",
    "登録通訳者の派遣の謝礼はいくらですか。",
    "粗大ごみの申込方法の冊子は何部ありますか。",
    "通訳者の派遣はいつまでに申し込みますか。",
    "通訳タブレットの使用後に何をしますか。",
    "避難所で使う指さしシートは何言語ですか。",
]
OFF_TOPIC = ["量子コンピューターの誤り訂正符号", "アルプス山脈で最も高い峰", "zebra xylophone"]


def squeeze(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def answers(sample_chain: AnswerChain) -> list[Answer]:
    return [sample_chain.runnable.invoke(question) for question in ANSWERABLE]


def test_answer_keeps_the_limits(answers: list[Answer]) -> None:
    limits = ExtractLimits()
    for answer in answers:
        assert answer.status is AnswerStatus.ANSWERED
        assert 1 <= len(answer.sentences) <= limits.n_quotes
        assert sum(len(sentence.text) for sentence in answer.sentences) <= limits.max_chars


def test_each_sentence_says_its_citation_and_nothing_else(answers: list[Answer]) -> None:
    for answer in answers:
        assert [citation.marker for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
        cited = {citation.marker: citation for citation in answer.citations}
        assert {marker for sentence in answer.sentences for marker in sentence.citations} == set(cited)
        for sentence in answer.sentences:
            [marker] = sentence.citations
            assert squeeze(sentence.text) in squeeze(cited[marker].quote)
            assert sentence.verified


def test_answer_line_comes_first_and_the_rest_supports_it(answers: list[Answer]) -> None:
    for answer in answers:
        first, *others = answer.sentences
        assert first.role is SentenceRole.ANSWER
        assert {sentence.role for sentence in others} <= {SentenceRole.SUPPORT}


def test_each_citation_points_into_a_hit_and_its_ranges_say_the_quote(
    answers: list[Answer], sample_store: Store
) -> None:
    for answer in answers:
        passages = {hit.passage.id: hit.passage for hit in answer.hits}
        for citation in answer.citations:
            passage = passages[citation.passage_id]
            original = sample_store.text(citation.document_id)
            said = "".join(original[span.start : span.end] for span in citation.spans)
            assert squeeze(said) == squeeze(citation.quote)
            for line in citation.quote.split("\n"):  # a cell is cited with the one that names its row
                assert squeeze(line) in squeeze(passage.text)
            assert all(first.end <= second.start for first, second in pairwise(sorted(citation.spans)))
            whole = passage.body.spans()
            for span in citation.spans:
                assert any(outer.start <= span.start and span.end <= outer.end for outer in whole)


def test_focus_marks_words_within_the_sentence(answers: list[Answer]) -> None:
    marked = [
        sentence.text[slice(*sentence.focus)]
        for answer in answers
        for sentence in answer.sentences
        if sentence.focus
    ]
    assert any("件" in words for words in marked)
    assert all(words == words.strip() != "" for words in marked)


def test_comparison_of_two_years_says_a_line_for_each_first(sample_chain: AnswerChain) -> None:
    asked = "窓口通訳タブレットの配備は、令和3年度と令和4年度でそれぞれ何台ですか。"
    answer = sample_chain.runnable.invoke(asked)
    lines = [sentence for sentence in answer.sentences if sentence.role is SentenceRole.ANSWER]
    assert list(answer.sentences[:2]) == lines
    assert "３台" in lines[0].text
    assert "５台" in lines[1].text
    assert [line.label for line in lines] == [
        "令和3年度",
        "令和4年度",
    ]  # only the heads of the columns say it
    assert answer.text.startswith("・令和3年度：")
    assert all(not years_in(sentence.text) for sentence in answer.sentences if sentence.label)


def test_side_of_a_comparison_is_no_clause_about_the_difference(sample_chain: AnswerChain) -> None:
    answer = sample_chain.runnable.invoke("相談件数を令和4年度と令和5年度で比べてください。")
    lines = [sentence for sentence in answer.sentences if sentence.role is SentenceRole.ANSWER]
    assert len(lines) == 1  # one sentence tells both years: no clause of it is one side
    assert {"2,788", "2,315"} <= set(re.findall(r"[\d,]+(?= 件)", lines[0].text))


def test_line_about_one_year_is_no_clause_about_the_year_before(sample_chain: AnswerChain) -> None:
    answer = sample_chain.runnable.invoke("ワンストップ窓口の令和5年度の相談件数は何件でしたか。")
    assert "2,788" in answer.sentences[0].text
    assert not answer.sentences[0].text.startswith("前年度")


def test_comparison_that_one_row_answers_has_the_cell_of_each_year(sample_chain: AnswerChain) -> None:
    asked = "通訳タブレットの英語の利用回数は、令和4年度と令和5年度でそれぞれ何回でしたか。"
    first, second, *others = sample_chain.runnable.invoke(asked).sentences
    assert (first.label, first.text) == ("英語 › 令和4年度の利用回数", "318回")
    assert (second.label, second.text) == ("英語 › 令和5年度の利用回数", "402回")
    assert {one.role for one in others} <= {SentenceRole.SUPPORT}
    assert not any(one.label for one in others if "318回" in one.text)  # it tells both years


@pytest.mark.parametrize(
    ("asked", "label", "text"),
    [
        ("大会議室を夜間に1回使うと、いくらですか。", "大会議室 › 使用料（1回） › 夜間", "6,300円"),
        (
            "国際交流まつりの令和5年度の決算額はいくらですか。",
            "国際交流まつり › 令和5年度 › 決算額（千円）",
            "2,755",
        ),
        (
            "通訳者の派遣の令和4年度の決算額は、いくらでしたか。",
            "通訳者の派遣 › 令和4年度 › 決算額（千円）",
            "2,987",
        ),
        (
            "津波のとき、市民会館の体育館には何人が避難できますか。",
            "市民会館 › 受け入れられる人数 体育館",
            "210人",
        ),
    ],
)
def test_cell_of_a_table_answers_with_its_row_and_column(
    sample_chain: AnswerChain, asked: str, label: str, text: str
) -> None:
    answer = sample_chain.runnable.invoke(asked)
    first = answer.sentences[0]
    assert (first.label, first.text) == (label, text)
    assert answer.text.startswith(f"・{label}：{text}")
    assert squeeze(text) in squeeze(answer.citations[0].quote)
    assert label.split(" › ")[0] in answer.citations[0].quote


def test_row_with_the_most_is_followed_by_the_rows_that_it_was_compared_with(
    sample_chain: AnswerChain,
) -> None:
    answer = sample_chain.runnable.invoke("通訳タブレットの利用回数が最も多い言語は何ですか。")
    first, *others = (sentence.text for sentence in answer.sentences)
    assert "402回" in first
    assert any("371回" in other and "149回" in other for other in others)


def test_same_question_gives_the_same_answer(sample_chain: AnswerChain, answers: list[Answer]) -> None:
    assert [sample_chain.runnable.invoke(question) for question in ANSWERABLE] == answers


def test_chain_answers_from_several_threads_alike(sample_chain: AnswerChain, answers: list[Answer]) -> None:
    assert sample_chain.runnable.batch(ANSWERABLE) == answers
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(sample_chain.runnable.invoke, ANSWERABLE)) == answers


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_not_found_says_nothing_but_keeps_the_nearest_hits(sample_chain: AnswerChain, question: str) -> None:
    answer = sample_chain.runnable.invoke(question)
    assert answer.status is AnswerStatus.NOT_FOUND
    assert (answer.sentences, answer.citations) == ((), ())
    assert 0 < len(answer.hits) <= 20


@pytest.mark.parametrize("question", ["", " 　\n"])
def test_empty_question_finds_nothing(sample_chain: AnswerChain, question: str) -> None:
    answer = sample_chain.runnable.invoke(question)
    assert (answer.question, answer.status, answer.hits) == ("", AnswerStatus.NOT_FOUND, ())


def test_string_is_a_question_without_filters_and_history(
    sample_chain: AnswerChain, answers: list[Answer]
) -> None:
    assert [sample_chain.runnable.invoke(Ask(question)) for question in ANSWERABLE] == answers
    for answer in answers:
        assert answer.asked == answer.question
        assert answer.filters == Filters()


def test_filters_restrict_hits_and_citations_and_are_told(
    sample_chain: AnswerChain, sample_store: Store
) -> None:
    for record in sample_store.documents():
        filters = Filters(documents=frozenset({record.id}))
        answer = sample_chain.runnable.invoke(Ask("相談件数は何件でしたか。", filters))
        assert answer.filters == filters
        assert {hit.passage.document_id for hit in answer.hits} == {record.id}
        assert {citation.document_id for citation in answer.citations} <= {record.id}


def test_fiscal_year_and_publisher_filter_the_documents_that_answer(
    sample_chain: AnswerChain, sample_store: Store
) -> None:
    for filters in (Filters(fiscal_years=frozenset({2022})), Filters(publishers=frozenset({"潮見市"}))):
        allowed = filters.document_ids(sample_store.documents())
        answer = sample_chain.runnable.invoke(Ask("外国人市民会議の委員の任期は何年ですか。", filters))
        assert allowed
        assert {hit.passage.document_id for hit in answer.hits} <= allowed


def test_filters_that_match_no_document_give_not_found_without_hits(sample_chain: AnswerChain) -> None:
    filters = Filters(publishers=frozenset({"どこにも無い発行者"}))
    answer = sample_chain.runnable.invoke(Ask(ANSWERABLE[0], filters))
    assert (answer.status, answer.hits, answer.filters) == (AnswerStatus.NOT_FOUND, (), filters)


def test_follow_up_is_answered_as_the_question_that_it_means(sample_chain: AnswerChain) -> None:
    whole = sample_chain.runnable.invoke("令和4年度の相談件数は何件でしたか。")
    history = (Turn("令和5年度の相談件数は何件でしたか。"),)
    answer = sample_chain.runnable.invoke(Ask(" では令和4年度は？ ", history=history))
    assert answer.question == "では令和4年度は？"
    assert answer.asked == whole.question
    assert (answer.sentences, answer.citations, answer.hits) == (whole.sentences, whole.citations, whole.hits)


@pytest.fixture(scope="module")
def passages(sample_store: Store, sample_retriever: HybridRetriever) -> PassageRetriever:
    return PassageRetriever(retriever=sample_retriever, store=sample_store, k=6)


def test_passage_retriever_is_a_langchain_retriever_with_places(
    passages: PassageRetriever, sample_store: Store
) -> None:
    assert isinstance(passages, BaseRetriever)
    documents = passages.invoke("会報は年に何回届きますか。")
    assert len(documents) == 6
    assert len({document.id for document in documents}) == 6
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)
    records = {record.source: record for record in sample_store.documents()}
    for document in documents:
        place = document.metadata
        record = records[place["source"]]
        assert place["title"] == record.title
        assert isinstance(place["section"], list)
        assert place["page"] is None or place["page"] >= 1
        original = sample_store.text(record.id)
        said = "".join(original[start:end] for start, end in place["spans"])
        assert squeeze(said) == squeeze(document.page_content)
    assert documents[0].metadata["source"] == "kyokai_faq.md"


def test_passage_retriever_finds_the_same_one_by_one_and_in_threads(passages: PassageRetriever) -> None:
    one_by_one = [passages.invoke(question) for question in ANSWERABLE]
    assert passages.batch(ANSWERABLE, config={"max_concurrency": 4}) == one_by_one
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(passages.invoke, ANSWERABLE)) == one_by_one


def test_passage_retriever_takes_filters_for_each_query(
    passages: PassageRetriever, sample_store: Store
) -> None:
    record = sample_store.documents()[0]
    found = passages.invoke("相談件数", filters=Filters(documents=frozenset({record.id})))
    assert {document.metadata["source"] for document in found} == {record.source}
    assert {document.metadata["source"] for document in passages.invoke("相談件数")} != {record.source}


def test_passage_retriever_finds_nothing_for_an_empty_query(passages: PassageRetriever) -> None:
    assert passages.invoke("　") == []


def test_question_in_another_language_is_answered_without_a_probability(sample_chain: AnswerChain) -> None:
    answer = sample_chain.runnable.invoke("How many days before can I reserve a meeting room?")
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.probability is None
