"""The row that holds the most or the least: found where one is ahead in every number, and only there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pytest

from assistant.extreme import Extremes, ahead, rows_of
from assistant.question import Question
from index.hit import Hit
from index.store import Store
from ingest.passage import Passage
from ingest.tokenizer import default_tokenizer
from tests.fakes import passage_of

SECTION = ("窓口の利用",)


@dataclass
class OneDocument:
    """A store of one document's passages."""

    passages: Sequence[Passage]

    def passages_of(self, document_id: str) -> list[tuple[int, Passage]]:
        return [(n, p) for n, p in enumerate(self.passages) if p.document_id == document_id]


def found(question: str, *texts: str, n_hits: int = 1) -> str | None:
    passages = [passage_of(text, section=SECTION, order=n) for n, text in enumerate(texts)]
    hits = [Hit(passage, 1 / (n + 1)) for n, passage in enumerate(passages[:n_hits])]
    extremes = Extremes(cast("Store", cast("Any", OneDocument(passages))))
    quote = extremes.quote(Question.from_text(question, default_tokenizer()), hits)
    return quote.text if quote else None


ROWS = "東出張所 120件 30件\n西出張所 480件 55件\n南出張所 77件 12件\n合計 677件 97件"


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("相談が最も多かった出張所はどこですか。", "西出張所 480件 55件"),
        ("一番件数の少ない出張所はどこですか。", "南出張所 77件 12件"),
        ("西出張所の相談は何件ですか。", None),
        ("相談は最大何件まで受け付けますか。", None),
    ],
)
def test_row_with_the_most_or_the_least_is_found_where_one_is_asked_for(
    question: str, row: str | None
) -> None:
    assert found(question, ROWS) == row


def test_times_that_something_is_done_are_amounts() -> None:
    rows = "英語 8時30分から 318回\nタイ語 9時から 56回\n中国語 10時から 149回"
    assert found("利用が最も多い言語は何ですか。", rows) == "英語 8時30分から 318回"


def test_rows_of_the_section_that_were_not_found_are_compared_too() -> None:
    assert (
        found("相談が最も多かった出張所はどこですか。", "東出張所 120件\n南出張所 77件", "西出張所 480件")
        == "西出張所 480件"
    )


@pytest.mark.parametrize(
    "text",
    [
        "東出張所 120件 90件\n西出張所 480件 55件\n南出張所 77件 12件",  # each is ahead in another column
        "東出張所 120件\n西出張所 480件",
        "東出張所 480件\n西出張所 480件\n南出張所 77件",
        "120\n480\n77",
        "令和3年4月\n令和4年4月\n令和5年4月",
    ],
)
def test_nothing_is_said_where_no_row_is_surely_ahead(text: str) -> None:
    assert found("相談が最も多かった出張所はどこですか。", text) is None


def test_numbers_of_dates_and_ordinals_are_no_amounts() -> None:
    [row] = rows_of(passage_of("令和5年6月21日 第 28 回 参加者 1,198 名"))
    assert (row.numbers, row.counters) == ((1198.0,), ("名",))
    assert ahead([row], 1) is None
