"""What a model writes on the page: grey until checked, a mark for each verdict, markup never rendered."""

from __future__ import annotations

from ui.i18n import Texts
from ui.page.turn import Sentence, Turn, Written
from ui.page.writing import about, mark, progress

JA = Texts("ja")


def written(text: str, verdict: str, reason: str = "") -> Sentence:
    return Sentence(text, (1,), verified=verdict == "confirmed", verdict=verdict, reason=reason)


def test_each_verdict_has_its_mark_and_quotes_have_none() -> None:
    assert "確認済み" in mark(written("あ。", "confirmed"), JA)
    assert "一部確認" in mark(written("あ。", "partly", "「3」は、出典にありません。"), JA)
    assert "出典にありません" in mark(written("あ。", "partly", "「3」は、出典にありません。"), JA)
    assert "根拠未確認" in mark(written("あ。", "unverified"), JA)
    assert mark(Sentence("あ。", (1,)), JA) == ""


def test_words_are_grey_until_their_verdict_and_what_is_false_is_struck_out() -> None:
    html = progress(
        [written("一つ。", "confirmed"), written("二つ。", "contradicted", "逆です。")], "三つ<b>", JA
    )
    assert '<p class="sentence unchecked">三つ&lt;b&gt;</p>' in html
    assert "<s>二つ。</s>" in html
    assert "逆です。" in html
    assert "確認済み" in html


def test_the_model_its_time_and_its_tokens_are_named() -> None:
    assert "openai:m、1.2秒、30トークン" in about(Written("openai:m", total_s=1.23, n_tokens=30), JA)


def test_the_reason_why_the_answer_is_quoted_is_shown() -> None:
    html = about(Written("openai:m", "モデルにつながりません。"), JA)
    assert "引用で答えています。モデルにつながりません。" in html


def test_answers_of_before_have_no_model() -> None:
    filters = {"documents": [], "publishers": [], "fiscal_years": []}
    kept = {
        "question": "い", "asked": "い", "status": "answered", "filters": filters, "hits": [], "citations": [],
        "sentences": [{"text": "あ。", "citations": [], "focus": None, "verified": True}],
    }  # fmt: skip
    turn = Turn.from_json(kept)
    assert turn.written is None
    assert turn.sentences[0].verdict == ""
