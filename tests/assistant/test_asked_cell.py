"""The cell that answers: where the row that a question names meets the column that it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.asked_cell import asked_cell
from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import PassageReader
from assistant.stretch import Quote
from index.hit import Hit
from ingest.passage import Cell
from ingest.tokenizer import default_tokenizer
from tests.fakes import passage_of

TOKENIZER = default_tokenizer()
ROOMS = ("室名", "定員", "使用料（円） › 午前", "使用料（円） › 夜間", "予約先", "休館日")
LARGE = ("大ホール", "400人", "12,000", "18,500", "施設課", "毎週月曜日")
SMALL = ("音楽練習室", "12人", "900", "1,350", "生涯学習課", "第3火曜日")


def hit_of(labels: Sequence[str], *rows: Sequence[str]) -> Hit:
    text = "\n".join(cell for row in rows for cell in row)
    at, cells = 0, []
    for row in rows:
        own = []
        for label, cell in zip(labels, row, strict=True):
            own.append(Cell(at, at + len(cell), label))
            at += len(cell) + 1
        cells.append(tuple(own))
    return Hit(replace(passage_of(text), rows=tuple(cells)), 1.0)


def cell_for(question: str, hit: Hit) -> Quote | None:
    asked = Question.from_text(question, TOKENIZER)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    [found] = match(asked, [hit], PassageReader(TOKENIZER))
    return asked_cell(asked, words, found)


@pytest.mark.parametrize(
    ("question", "label", "text"),
    [
        ("大ホールの夜間の使用料はいくらですか。", "大ホール › 使用料（円） › 夜間", "18,500"),
        ("音楽練習室は午前いくらで使えますか。", "音楽練習室 › 使用料（円） › 午前", "900"),
        ("音楽練習室の定員は何人ですか。", "音楽練習室 › 定員", "12人"),
        ("大ホールはどの課に申し込みますか。", "大ホール › 予約先", "施設課"),
        ("音楽練習室の休館日は何曜日ですか。", "音楽練習室 › 休館日", "第3火曜日"),
    ],
)
def test_cell_where_row_and_column_meet(question: str, label: str, text: str) -> None:
    quote = cell_for(question, hit_of(ROOMS, LARGE, SMALL))
    assert quote is not None
    assert (quote.label, quote.text) == (label, text)
    cited = "\n".join(quote.hit.passage.text[start:end] for start, end in quote.pieces)
    assert label.split(" › ")[0] in cited
    assert text in cited


@pytest.mark.parametrize(
    "question",
    [
        "大ホールの使用料はいくらですか。",  # of which time?
        "市民プールの夜間の使用料はいくらですか。",  # no such row
        "大ホールはなぜ休館しますか。",
        "大ホールの定員と休館日をそれぞれ教えてください。",
        "大ホールの空調は何年に直しましたか。",  # no such column
    ],
)
def test_no_cell_where_it_is_not_clear_which(question: str) -> None:
    assert cell_for(question, hit_of(ROOMS, LARGE, SMALL)) is None


YEARS = ("区分", "令和4年度（件）", "令和5年度（件）")


@pytest.mark.parametrize(("year", "text"), [("令和4年度", "3,120"), ("2023年度", "4,075")])
def test_year_of_the_question_chooses_the_column(year: str, text: str) -> None:
    quote = cell_for(f"{year}の窓口の相談は何件ですか。", hit_of(YEARS, ("窓口の相談", "3,120", "4,075")))
    assert quote is not None
    assert quote.text == text


def test_year_of_the_question_chooses_the_row() -> None:
    rows = (("令和4年度", "3,120", "1,081"), ("令和5年度", "4,075", "1,196"))
    quote = cell_for("令和5年度の苦情件数は何件ですか。", hit_of(("年度", "相談件数", "苦情件数"), *rows))
    assert quote is not None
    assert (quote.label, quote.text) == ("令和5年度 › 苦情件数", "1,196")


def test_label_tells_no_number_that_nothing_cited_tells() -> None:
    labels = ("区分", "料金（1回2時間まで）", "時間")
    quote = cell_for(
        "テニスコートの料金はいくらですか。", hit_of(labels, ("テニスコート", "1,600円", "9時から21時"))
    )
    assert quote is not None
    assert quote.label == "テニスコート › 料金"
