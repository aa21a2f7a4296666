"""The row of a table that holds the most or the least, where a question asks which one does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.question import Question
from assistant.stretch import Quote
from index.hit import Hit
from index.store import Store
from ingest.passage import Passage

MOST = re.compile(
    r"(?:最も|もっとも|一番|いちばん|1番)[^。？?]{0,20}?(?:多|大き|高|長)|最多|最大(?!で?(?:いく|何|どれ))|最高|\bmost\b|\blargest\b|\bhighest\b"
)
LEAST = re.compile(
    r"(?:最も|もっとも|一番|いちばん|1番)[^。？?]{0,20}?(?:少な|小さ|低|短)|最少|最小|最低(?!で?(?:いく|何|どれ))|\bleast\b|\bsmallest\b|\blowest\b"
)
SUMS = re.compile(r"^[\s・○]*(?:合\s*計|総\s*計|小\s*計|計|総数|全体|平均)")
NUMBER = re.compile(r"(?<![\d.,第])\d[\d,]*(?:\.\d+)?(?![\d年月日時分秒号条頁階歳~～/.-]|\s*(?:年|月|日|号))")
ORDINAL = re.compile(r"第\s*\d+\s*回")  # 20回 is an amount, 第20回 is none
COUNTER = re.compile(r"\s*([一-龠々%]|か所|カ所|ヶ所|か国)")
NAME = re.compile(r"[^\W\d_]{2}")  # of what the numbers are
LOOKED_AT = 3  # hits, from the best, whose tables are compared
MIN_ROWS = 3
LONGEST_ROW = 240  # characters; a longer sentence is no row


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a passage that may be a row, with the numbers in it."""

    passage: Passage
    start: int
    end: int
    numbers: tuple[float, ...]
    counters: tuple[str, ...]


class Extremes:
    """Compares the rows of the sections that were found."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def quote(self, question: Question, hits: Sequence[Hit]) -> Quote | None:
        """The row that no other row of its section exceeds, or undercuts, in any of its numbers.

        Which column is meant need not be known for that. `None` if the question asks for no such row, or if
        no section of the best hits has one: at least three rows with as many numbers each, and one of them
        ahead. The quote's hit is one of those given, or one of its own with the score of the best.
        """
        flat = unicodedata.normalize("NFKC", question.text)
        sign = 1 if MOST.search(flat) else -1 if LEAST.search(flat) else 0
        sections = dict.fromkeys((h.passage.document_id, h.passage.section) for h in hits[:LOOKED_AT])
        for document_id, section in sections if sign else ():
            passages = [p for _, p in self._store.passages_of(document_id) if p.section == section]
            row = ahead([row for passage in passages for row in rows_of(passage)], sign)
            if row:
                known = {hit.passage.id: hit for hit in hits}
                hit = known.get(row.passage.id) or Hit(row.passage, hits[0].score)
                return Quote(hit, row.start, row.end, (row.start, row.end))
        return None


def rows_of(passage: Passage) -> Iterable[Row]:
    """The sentences with numbers; sums and averages of others are none."""
    for start, end in passage.sentences:
        text = ORDINAL.sub(" ", unicodedata.normalize("NFKC", passage.text[start:end]))
        is_row = len(text) <= LONGEST_ROW and not text.rstrip().endswith("。")
        if not is_row or SUMS.match(text) or not NAME.search(text):
            continue
        found = list(NUMBER.finditer(text))
        counters = [COUNTER.match(text, number.end()) for number in found]
        if found:
            yield Row(
                passage,
                start,
                end,
                tuple(float(number[0].replace(",", "")) for number in found),
                tuple(counter[1] if counter else "" for counter in counters),
            )


def ahead(rows: Sequence[Row], sign: int) -> Row | None:
    """The row that is ahead of all comparable ones: of the most common shape, in each number at least equal.

    Args:
        rows: Of one section.
        sign: 1 for the most, -1 for the least.
    """
    shapes = [row.counters for row in rows]
    common = max(dict.fromkeys(shapes), key=shapes.count, default=())
    alike = [row for row in rows if row.counters == common]
    if len(alike) < MIN_ROWS:
        return None
    best = max(alike, key=lambda row: sum(sign * number for number in row.numbers))
    others = [row for row in alike if row is not best]
    leads = all(
        all(sign * a >= sign * b for a, b in zip(best.numbers, row.numbers, strict=True))
        and best.numbers != row.numbers
        for row in others
    )
    return best if leads else None
