"""The numbers that a text states, as values: 3万7,000 = 37000, 令和3年 = R3 = 2021, 元年 = 1."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from eval.text import squeezed

# The Western year is the number of the era year plus this.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "r": 2018, "h": 1988, "s": 1925}
UNITS = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# m and t (明治, 大正) are no era letters here: after NFKC ㎡ is "m2".
TOKEN = re.compile(
    r"(?P<era>令和|平成|昭和|大正|明治|(?<![a-z])[rhs])(?P<year>元|\d{1,2})(?!\d)"
    rf"|(?P<amount>(?:{NUMBER}[千万億兆]+)+(?:{NUMBER})?)"
    rf"|(?P<plain>{NUMBER})"
    r"|(?P<first>元)(?=年)"
)
PART = re.compile(rf"(?P<number>{NUMBER})(?P<units>[千万億兆]*)")
CIRCLED = re.compile(r"[①-⑳❶-❿]")
LIST_MARKER = re.compile(r"(?m)^[^\S\n]*(?:[(（]?\d{1,2}[)）]|\d{1,2}[.．、](?!\d))")
GAP = re.compile(r"\s*\n\s*|(?<=[\d.,])\s+(?=[\d.,])")


def stated(text: str) -> set[Decimal]:
    """Values of the numbers in a text, each number once and whole; list markers at a line's start are none.

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


def _unified(text: str) -> str:
    # NFKC would make 122 of ①22.
    return unicodedata.normalize("NFKC", CIRCLED.sub("|", text)).lower()


def _tokens(text: str) -> Iterator[tuple[Decimal, Decimal]]:
    """Each number's value, and the value of its digits alone where an era stands before them."""
    for match in TOKEN.finditer(squeezed(text)):
        if match["era"]:
            digits = Decimal(1 if match["year"] == "元" else match["year"])
            yield digits + ERAS[match["era"]], digits
        elif match["first"]:
            yield Decimal(1), Decimal(1)
        else:
            value = _value(match[0])
            yield value, value


def _value(amount: str) -> Decimal:
    total = Decimal(0)
    for part in PART.finditer(amount):
        value = Decimal(part["number"].replace(",", ""))
        for unit in part["units"]:
            value *= UNITS[unit]
        total += value
    return total
