"""The numbers that a text states, as values: 1億2,000万 is 120,000,000 and H30 is 2018."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from unicodedata import normalize

from ingest.calendar import ERAS

ERA_LETTERS = {"s": "昭和", "h": "平成", "r": "令和"}
POWERS = {"千": 3, "万": 4, "億": 8, "兆": 12}

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# m and t (明治, 大正) are no era letters here: after NFKC ㎡ is "m2".
TOKEN = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|(?<![a-z])[rhs])(?P<year>元|\d{1,2})(?!\d)"
    rf"|(?P<amount>(?:{NUMBER}[千万億兆]{{1,3}})+(?:{NUMBER})?)"
    rf"|(?P<plain>{NUMBER})"
    r"|(?P<first>元)(?=年)"
)
PART = re.compile(rf"(?P<number>{NUMBER})(?P<units>[千万億兆]{{0,3}})")
CIRCLED = re.compile(r"[①-⑳❶-❿]")
LIST_MARKER = re.compile(r"(?m)^[^\S\n]*(?:[(（]?\d{1,2}[)）]|\d{1,2}[.．、](?!\d))")
GAP = re.compile(r"\s*\n\s*|(?<=[\d.,])\s+(?=[\d.,])")


def stated(text: str) -> set[Decimal]:
    """The value of each number in a text, read once and whole; list markers at a line's start are none.

    White space between two digits, and every line break, ends a number: 「15 3人」 states 15 and 3.
    """
    return {value for value, _ in _tokens(GAP.sub("|", _unified(LIST_MARKER.sub(" ", text))))}


def held(text: str) -> set[Decimal]:
    """Every value that a text can be said to hold, read with and without the white space in its numbers.

    Never less than `stated`, as a ground should be: (1) counts, and the 3 of 令和3年 beside 2021. Circled
    numbers are list markers in both.
    """
    text = _unified(text)
    values: set[Decimal] = set()
    for reading in (GAP.sub("|", text), text):
        for value, digits in _tokens(reading):
            values |= {value, digits}
    return values


def ungrounded(text: str, grounds: Iterable[str]) -> set[Decimal]:
    """Numbers that the text states and none of the grounds holds."""
    wanted = stated(text)
    for ground in grounds:
        wanted -= held(ground)
    return wanted


def masked(text: str) -> str:
    """The text in compatibility forms and small letters, without white space, each number as `0`."""
    return TOKEN.sub("0", "".join(_unified(text).split()))


def _unified(text: str) -> str:
    # NFKC would make 122 of ①22.
    return normalize("NFKC", CIRCLED.sub("|", text)).lower()


def _tokens(text: str) -> Iterator[tuple[Decimal, Decimal]]:
    """Each number's value, and the value of its digits alone where an era stands before them."""
    for match in TOKEN.finditer("".join(text.split())):
        if match["era"]:
            digits = Decimal(1 if match["year"] == "元" else match["year"])
            year_zero, _ = ERAS[ERA_LETTERS.get(match["era"], match["era"])]
            yield year_zero + digits, digits
        elif match["first"]:
            yield Decimal(1), Decimal(1)
        else:
            value = _value(match[0])
            yield value, value


def _value(amount: str) -> Decimal:
    total = Decimal(0)
    for part in PART.finditer(amount):
        total += Decimal(part["number"].replace(",", "")).scaleb(sum(POWERS[unit] for unit in part["units"]))
    return total
