"""The quotes of an answer: few, short, apart from each other, and each inside its hit."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citable import MIN_LETTERS, MOST_SPANS
from assistant.extract import (
    ExtractLimits,
    Extractor,
)
from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import MIN_SAID, PassageReader
from assistant.stretch import Quote
from index.hit import Hit
from ingest.document import BlockKind
from ingest.tokenizer import default_tokenizer
from tests.fakes import hits_of, passage_of

TOKENIZER = default_tokenizer()
READER = PassageReader(TOKENIZER)


def quotes(question: str, hits: list[Hit], limits: ExtractLimits | None = None) -> list[Quote]:
    asked = Question.from_text(question, TOKENIZER)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    return Extractor(limits=limits).extract(asked, words, match(asked, hits, READER))


def texts(question: str, hits: list[Hit], limits: ExtractLimits | None = None) -> list[str]:
    return [quote.text for quote in quotes(question, hits, limits)]


def test_sentence_that_holds_the_questions_words_comes_first():
    hits = hits_of("食堂は地下にある。相談窓口は令和5年に移転した。売店は2階にある。")
    [first, *_] = texts("相談窓口はいつ移転しましたか。", hits, ExtractLimits(first_chars=20))
    assert first == "相談窓口は令和5年に移転した。"


def test_sentence_of_the_wanted_kind_wins_among_equals():
    hits = hits_of("会費は条例で定める。会費は二種類ある。会費は年2,000円とする。")
    limits = ExtractLimits(n_quotes=1, first_chars=15)
    assert texts("会費はいくらですか。", hits, limits) == ["会費は年2,000円とする。"]


def test_clause_that_breaks_off_before_what_is_told_is_no_line():
    hits = hits_of("九月三日に海原市で開いた感染症の会議に、職員と保健師が出席した。")
    [first, *_] = texts("海原市で開いた感染症の会議はいつですか。", hits)
    assert first == hits[0].passage.text


def test_lines_given_come_first_and_their_passages_follow():
    first, second, other = hits_of(
        "令和4年度の相談は120件。窓口は一つである。",
        "令和5年度の相談は240件。窓口は二つである。",
        "相談は無料である。",
    )
    asked = Question.from_text("相談は令和4年度と令和5年度で何件ですか。", TOKENIZER)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    lines = [Quote(hit, 0, hit.passage.sentences[0][1]) for hit in (first, second)]
    matched = match(asked, [first, second, other], READER)
    said = Extractor(limits=ExtractLimits(near=0.4)).extract(asked, words, matched, lines=lines)
    assert [quote.text for quote in said] == [
        "令和4年度の相談は120件。", "令和5年度の相談は240件。", "窓口は一つである。", "窓口は二つである。",
    ]  # fmt: skip


def test_better_hit_wins_among_equal_sentences():
    hits = hits_of("施設の会費の額は別に定める。", "団体の会費の額は別に定める。")
    assert texts("会費の額", hits, ExtractLimits(n_quotes=1)) == ["施設の会費の額は別に定める。"]


def test_what_is_said_already_is_not_said_again():
    hits = hits_of("会費は2,000円です。", "会費は２，０００円\nです。", "入会の手続は窓口で行う。")
    said = texts("会費と入会の手続は？", hits, ExtractLimits(near_one=0.0))
    assert len(said) == 2
    assert sum("会費" in text for text in said) == 1


def test_passages_of_the_best_hits_follow_the_line_whole_and_what_stands_before_it_last():
    first = passage_of(
        "１ 会費\n会費は役員会で定める。額は年に2,000円とする。納期は6月とする。",
        order=9,
        section=("１ 会費",),
    )
    others = hits_of("会費の領収書は出さない。", "会費の時効は5年である。")
    hits = [Hit(first, 1.0), Hit(others[0].passage, 0.9), Hit(others[1].passage, 0.5)]
    limits = ExtractLimits(first_chars=20, near_one=0.8, whole_chars=0)
    assert texts("会費の額はいくらですか。", hits, limits) == [
        "額は年に2,000円とする。", "納期は6月とする。", "会費の領収書は出さない。", "会費は役員会で定める。",
    ]  # fmt: skip
    short = ExtractLimits(first_chars=20, near_one=0.8)
    assert texts("会費の額はいくらですか。", hits, short) == [
        "額は年に2,000円とする。", "会費は役員会で定める。", "納期は6月とする。", "会費の領収書は出さない。",
    ]  # fmt: skip
    all_hits = ExtractLimits(first_chars=20, near_one=0.0, n_quotes=5)
    assert len(texts("会費の額はいくらですか。", hits, all_hits)) == 5


def test_one_fact_takes_fewer_passages_and_fewer_still_where_it_is_likely_told():
    hits = [
        Hit(hit.passage, score)
        for hit, score in zip(
            hits_of(
                "会費は2,000円とする。", "会費は年に払う。", "会費は窓口で払う。", "会費は役員会で定める。"
            ),
            (1.0, 0.92, 0.85, 0.81),
            strict=True,
        )
    ]

    def n_said(question: str, probability: float | None) -> int:
        asked = Question.from_text(question, TOKENIZER)
        words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
        return len(Extractor().extract(asked, words, match(asked, hits, READER), probability=probability))

    assert [n_said("会費はいくらですか。", chance) for chance in (None, 0.3, 0.7)] == [3, 3, 2]
    assert n_said("会費について定めたことをすべて挙げてください。", 0.7) == 4


def test_sentence_at_the_end_of_a_passage_is_not_said_twice():
    hits = hits_of("会費は2,000円とする。", "納期は6月とする。・会費は2,000円とする。")
    asked = Question.from_text("会費と納期について教えてください。", TOKENIZER)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    line = Quote(hits[0], 0, len(hits[0].passage.text))
    limits = ExtractLimits(near=0.0, near_one=0.0)
    said = Extractor(limits=limits).extract(asked, words, match(asked, hits, READER), lines=[line])
    assert [quote.text for quote in said] == ["会費は2,000円とする。", "納期は6月とする。"]


def test_line_says_more_than_the_question_but_where_yes_or_no_is_asked():
    hits = hits_of("想定される課題\n財源の確保である。")
    assert "財源の確保" in texts("想定される課題は何ですか。", hits)[0]
    hits = hits_of("会費は不要です。窓口は二階にあります。")
    assert texts("会費は不要ですか。", hits)[0] == "会費は不要です。"


def test_list_that_is_asked_for_is_said_whole():
    items = "\n".join(f"・{name}の整備に関する事業" for name in ("公園", "道路", "河川", "港湾", "学校"))
    hits = hits_of(f"対象となる事業は次のとおりです。\n{items}")
    assert texts("対象となる事業をすべて挙げてください。", hits, ExtractLimits(first_chars=30))[0] == items


def test_heading_alone_answers_nothing():
    passage = passage_of("２ 会費の額\n年に2,000円とする。", section=("２ 会費の額",))
    for text in texts("会費の額", [Hit(passage, 1.0)], ExtractLimits(first_chars=8)):
        assert text != "２ 会費の額"
    only = passage_of("【会費の額】", section=())
    assert texts("会費の額", [Hit(only, 1.0)]) == []


def test_single_long_sentence_is_quoted_whole_or_not_at_all():
    long = "会費は" + "とても" * 60 + "高い。"
    assert texts("会費", hits_of(long)) == [long]
    assert texts("会費", hits_of(long), ExtractLimits(max_chars=100)) == []


@pytest.mark.parametrize("hits", [[], hits_of(""), hits_of("1\n2\n3"), hits_of("。", "―")])
def test_nothing_to_quote_gives_no_quotes(hits):
    assert quotes("会費はいくらですか。", hits) == []


def test_question_without_words_still_gets_short_quotes():
    assert quotes("？", hits_of("会費は2,000円です。"))[0].text == "会費は2,000円です。"


SENTENCE = st.lists(
    st.sampled_from(["会費", "は", "2,000円", "令和5年", "窓口", "で", "扱う", "○", "1", "　"]),
    min_size=1,
    max_size=12,
).map("".join)
PASSAGE = st.lists(st.tuples(SENTENCE, st.sampled_from("。\n")), max_size=8).map(
    lambda parts: "".join(sentence + end for sentence, end in parts)
)
LIMITS = st.builds(
    ExtractLimits,
    n_quotes=st.integers(0, 5),
    max_chars=st.integers(0, 120),
    first_chars=st.integers(1, 60),
    near=st.floats(0, 1),
)


@given(st.lists(PASSAGE, max_size=5), LIMITS)
def test_quotes_keep_all_limits(passages, limits):
    hits = hits_of(*passages)
    chosen = quotes("会費は窓口でいくらですか。", hits, limits)
    assert len(chosen) <= limits.n_quotes
    assert sum(len(quote) for quote in chosen) <= limits.max_chars
    for quote in chosen:
        text = quote.hit.passage.text
        assert quote.hit in hits
        assert 0 <= quote.start < quote.end <= len(text)
        assert sum(map(str.isalnum, quote.text)) >= MIN_SAID
        start, end = quote.cited
        assert start <= quote.start < quote.end <= end
        letters, n_spans = (
            sum(map(str.isalnum, text[start:end])),
            len(quote.hit.passage.body[start:end].spans()),
        )
        assert n_spans <= MOST_SPANS
        assert letters >= MIN_LETTERS * n_spans
    for one, other in combinations(chosen, 2):
        around = one is chosen[0] and other.start <= one.start and one.end <= other.end
        assert around or not one.overlaps(other)  # a ground may hold the clause that the line is
    for n, quote in enumerate(chosen):
        assert all("".join(quote.text.split()) not in "".join(one.text.split()) for one in chosen[:n])


@given(st.lists(PASSAGE, min_size=1, max_size=4))
def test_same_hits_give_the_same_quotes(passages):
    hits = hits_of(*passages)
    assert quotes("会費はいくら", hits) == quotes("会費はいくら", hits)


@pytest.mark.parametrize(
    ("question", "passage", "no_line"),
    [
        ("公園で火を使えますか。", "届け出をして許可を受けた場合を除き、公園の中で火を使うことはできない。", "場合を除き、"),
        ("公園の鍵は誰が持っていますか。", "公園の鍵は誰が持っていますか？\n管理人が公園の鍵を持っています。", "持っていますか？"),
        ("公園の使用料の区分はどれですか。", "公園の使用料の区分は次のとおりです。\n広場と野球場の二つに公園を分ける。", "次のとおりです。"),
    ],
)  # fmt: skip
def test_what_only_leads_to_an_answer_is_no_line(question: str, passage: str, no_line: str) -> None:
    [first, *_] = texts(question, hits_of(passage))
    assert not first.endswith(no_line)


def test_clause_that_leads_on_may_be_the_line_where_it_holds_what_is_asked_for() -> None:
    hits = hits_of(
        "新しい利用の基準は令和7年10月1日から始まる期間に適用されることとなるため、各課は準備を早めに進めておくこと。"
    )
    [first, *_] = texts("新しい利用の基準はいつから適用されますか。", hits)
    assert "令和7年10月1日" in first


def test_figures_are_no_line_without_the_label_of_their_row() -> None:
    row = passage_of("第二会議室の利用件数\n1,229\n981\n147")
    row = replace(row, kind=BlockKind.TABLE_ROW, sentences=((0, len(row.text)),))
    [first, *_] = texts("第二会議室の利用件数はどれだけですか。", [Hit(row, 1.0)])
    assert first.startswith("第二会議室")


def test_words_that_only_ask_choose_no_line():
    """No document asks, so 何 and 「何件」 are the rarest words of all."""
    hits = hits_of("住まいの相談は388件、教育の相談は342件であった。", "ネパール語 247件\n英語 318件")
    asked = Question.from_text("ネパール語は何件ですか。", TOKENIZER)
    rare = {"何": 9.0, "何件": 9.0, "です": 9.0, "すか": 9.0, "は何": 9.0}
    words = WordWeights.from_question(
        asked, term_idf=lambda term: rare.get(term, 1.0), gram_idf=lambda gram: rare.get(gram, 0.2)
    )
    assert not {"何", "何件", "です", "すか", "は何"} & words.telling().both().keys()
    assert {"ネパール", "語"} <= words.telling().terms.keys()
    line = Extractor().extract(asked, words, match(asked, hits, READER))[0]
    assert line.text.startswith("ネパール語")
