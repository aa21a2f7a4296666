"""Questions that ask in two steps or about two years, split so that each part is looked up by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from assistant.followup import Turn, complete
from assistant.parallel import year_stretches
from assistant.topic import ASKING
from index.hit import Hit
from ingest.calendar import YearMention, find_years

MOST_PARTS = 2
COMPARES = re.compile(
    r"比べ|比較|違|変わ|変化|増え|減|推移|それぞれ|どちら|\bcompare|\bdiffer"
    r"|相比|区别|區別|비교|차이"
)
TIED = re.compile(
    r"[ 　]*(?:(?:における|から|と"
    r"|に(?:かけて)?|で|の|は|や|、|,|・|and|年?和|년과)[ 　]*)?"
)
SECOND = re.compile(  # 「…で、その窓口は…」: what follows is asked about what is found first
    r"(?P<end>で|し|であり|り|き|て)?[、,][ 　]*"
    r"(?=(?:その|同じ|それ)(?!後|他|ほか|ぞれ|まま|ため|うち|上|際))"
)
LINK = re.compile(r"[。？?]?[ 　]*(?:また|なお|さらに|そして)?$")
ASKS = re.compile(rf"{ASKING.pattern}|か[。？?]?$|教えて|知りたい")


@dataclass(frozen=True, slots=True)
class Part:
    """A question that is a part of another.

    Attributes:
        follows: Whether it asks about what the part before finds.
        year: The year that it is about and the other part is not, as the question writes it; "" for a step.
    """

    text: str
    follows: bool = False
    year: str = ""


def split(question: str) -> tuple[Part, ...]:
    """The two parts of a question that needs two looks; empty for every other.

    「令和2年度と令和3年度で比べて」 becomes one question for each year, 「…は何で、それはいつ…」 one
    question and one about its answer.
    """
    return _by_year(question) or _by_step(question)


def _by_year(question: str) -> tuple[Part, ...]:
    years = {mention.year: mention for mention in find_years(question)}
    if len(years) != MOST_PARTS or not COMPARES.search(question):
        return ()
    stretches = year_stretches(question)
    mentions = [m for m in find_years(question) if m.end - m.start <= 12]
    if len(stretches) > 4 or len({mention.year for mention in mentions}) != MOST_PARTS:
        return ()
    return tuple(
        Part(
            _without(question, [m for m in mentions if m.year != year]),
            year=question[named.start : named.end],
        )
        for year, named in years.items()
    )


def _without(question: str, mentions: list[YearMention]) -> str:
    """The question without some years and the particles that tie them to it."""
    for mention in reversed(mentions):
        tied = TIED.match(question, mention.end)
        question = question[: mention.start] + question[tied.end() if tied else mention.end :]
    return question


def _by_step(question: str) -> tuple[Part, ...]:
    found = next((one for one in SECOND.finditer(question) if ASKS.search(question[: one.start()])), None)
    if not found:
        return ()
    first, second = LINK.sub("", question[: found.start()]), question[found.end() :]
    if not ASKS.search(second):
        return ()
    asked = first if first.endswith("か") else f"{first}ですか"
    return Part(f"{asked}。"), Part(complete(second, [Turn(f"{asked}。")]), follows=True)


def spread(hits: Sequence[Hit], found: Sequence[Sequence[Hit]], *, k: int) -> tuple[Hit, ...]:
    """The best hit of the whole question, then those of its parts in turn, then its others; none twice."""
    turns = [hit for row in zip_longest(*found) for hit in row if hit is not None]
    by_passage: dict[str, Hit] = {}
    for hit in (*hits[:1], *turns, *hits[1:]):
        by_passage.setdefault(hit.passage.id, hit)
    return tuple(by_passage.values())[:k]
