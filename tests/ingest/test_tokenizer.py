import threading

import pytest

from ingest.tokenizer import Tokenizer, default_tokenizer, normalize


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("令和３年度の窓口", ["令和", "3", "年度", "窓口"]),
        ("ガイドを配布しました", ["ガイド", "配布"]),
        ("㈱潮見 ｶﾞｲﾄﾞ", ["株", "潮見", "ガイド"]),
        ("市⾧と会談した", ["市長", "会談"]),
        ("TMC Navi", ["tmc", "navi"]),
        ("", []),
        ("。、「」", []),
    ],
)
def test_terms_are_normalised_content_words(text, terms):
    assert default_tokenizer().terms(text) == terms


def test_terms_join_inflected_forms():
    tokenizer = default_tokenizer()
    assert tokenizer.terms("学んだ") == tokenizer.terms("学ぶ") == tokenizer.terms("学びます")


def test_bigrams_stay_within_runs_and_are_normalised():
    assert default_tokenizer().bigrams("市⾧、Ａ1 可") == ["市長", "a1"]


def test_normalize_unifies_width_and_radicals():
    assert normalize("㈱Ａ⾧ｶﾞ") == "(株)a長ガ"


def test_tokenizer_may_be_shared_by_threads():
    tokenizer = Tokenizer()
    texts = [
        "潮見市国際交流協会の事業報告",
        "外国人相談窓口の受付時間は午前九時から",
        "多文化共生推進計画の基本目標",
    ]
    expected = [tokenizer.terms(text) for text in texts]
    wrong: list[str] = []

    def work() -> None:
        for _ in range(200):
            wrong.extend(
                text for text, terms in zip(texts, expected, strict=True) if tokenizer.terms(text) != terms
            )

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
