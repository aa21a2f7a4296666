"""Numbers as a spreadsheet shows them: the number formats of Excel, applied to the stored values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from ingest.readers.date_format import DATE_LETTERS, show_date
from ingest.readers.format_code import Section, Token, read_sections
from ingest.readers.numerals import WIDE_DIGITS, numeral

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    49: "@",
    41: '#,##0;-#,##0;"-"',
    42: '"¥"#,##0;"¥"-#,##0;"¥-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"',
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((27, 36, 50, 57), "ge.m.d"),
    **dict.fromkeys((28, 29, 51, 54, 58), 'ggge"年"m"月"d"日"'),
    **dict.fromkeys((34, 52, 55), 'yyyy"年"m"月"'),
    **dict.fromkeys((35, 53, 56), 'm"月"d"日"'),
}  # those of a Japanese Excel, which a file names by number only
DIGITS = frozenset("0#?")
MAX_PLACES = 30
LARGEST = 1e15  # beyond it the stored digits end


def show_number(value: float, code: str, *, from_1904: bool = False) -> str:
    """A number in a format, as it is shown in a cell that is wide enough."""
    sections = _sections(code)
    section, is_plain = _choose(sections, value)
    if value != value or abs(value) == float("inf"):
        return str(value)
    if any(kind in DATE_LETTERS for kind, _ in section.tokens):
        return show_date(value, section, from_1904=from_1904) or show_general(value)
    if not any(kind in ("digit", "general") for kind, _ in section.tokens):
        return "".join(text for kind, text in section.tokens if kind == "literal")
    shown = _with_digits(value if is_plain else abs(value), section)
    return _in_numerals(shown, section.numerals) if section.numerals else shown


def show_text(value: str, code: str) -> str:
    """A text in a format: `@"様"` adds to it, `;;;` hides it."""
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[0]
    if len(sections) < 4 and not any(kind == "text" for kind, _ in section.tokens):
        return value
    return "".join(
        value if kind == "text" else text for kind, text in section.tokens if kind in ("text", "literal")
    )


def show_general(value: float) -> str:
    """A number without a format: at most ten digits, as Excel shows them."""
    if value == int(value) and abs(value) < 1e11:
        return str(int(value))
    shown = f"{value:.10g}"
    return shown.replace("e", "E")


@lru_cache(maxsize=1000)
def _sections(code: str) -> Sequence[Section]:
    return read_sections(code)


def _choose(sections: Sequence[Section], value: float) -> tuple[Section, bool]:
    """The section for a value, and whether its minus sign is still to be written."""
    if any(section.condition for section in sections):
        for section in sections:
            if section.holds(value):
                return section, True
        return sections[-1], True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _with_digits(value: float, section: Section) -> str:
    tokens = section.tokens
    if any(kind == "general" for kind, _ in tokens):
        shown = show_general(value)
        return "".join(
            shown if kind == "general" else text for kind, text in tokens if kind in ("general", "literal")
        )
    if any(kind == "exponent" for kind, _ in tokens):
        n_places = sum(len(text) for text in _part(tokens, after_point=True))
        mantissa, _, power = f"{value:.{min(n_places, MAX_PLACES)}E}".partition("E")
        return f"{mantissa}E{int(power):+03d}"
    if any(kind == "slash" for kind, _ in tokens):
        return _fraction(value, tokens)
    number = Decimal(repr(value)) * (Decimal(100) ** sum(kind == "percent" for kind, _ in tokens))
    number /= Decimal(1000) ** section.n_thousands
    places = "".join(_part(tokens, after_point=True))
    number = (
        number.quantize(Decimal(1).scaleb(-min(len(places), MAX_PLACES)), ROUND_HALF_UP)
        if abs(number) < LARGEST
        else number
    )
    whole, _, rest = f"{abs(number):f}".partition(".")
    while rest.endswith("0") and len(rest) > 0 and places[len(rest) - 1 : len(rest)] in ("#", "?"):
        rest = rest[:-1]
    sign = "-" if number < 0 else ""
    return _filled(sign, whole, rest, section)


def _part(tokens: Sequence[Token], *, after_point: bool) -> list[str]:
    """The places for digits before or after the decimal point."""
    found: list[str] = []
    is_after = False
    for kind, text in tokens:
        is_after = is_after or kind == "point"
        if kind == "exponent":
            break
        if kind == "digit" and is_after == after_point:
            found.append(text)
    return found


def _filled(sign: str, whole: str, rest: str, section: Section) -> str:
    """The format's places filled from the left; what has no place of its own goes to the first."""
    places = "".join(_part(section.tokens, after_point=False))
    n_zeros = len(places) - min((n for n, place in enumerate(places) if place == "0"), default=len(places))
    digits = ("" if whole == "0" and not n_zeros else whole).rjust(n_zeros, "0")
    left = len(digits)
    n_place, out, is_after = len(places), [sign], False
    for kind, text in section.tokens:
        if kind == "point":
            is_after = True
            out.append("." if rest else "")
        elif kind == "digit" and is_after:
            out.append(rest[: len(text)])
            rest = rest[len(text) :]
        elif kind == "digit":
            for _ in text:
                take = max(left - n_place + 1, 0)
                for _ in range(take):
                    out.append(digits[len(digits) - left])
                    left -= 1
                    if section.is_grouped and left and left % 3 == 0:
                        out.append(",")
                n_place -= 1
        elif kind in ("literal", "percent"):
            out.append(text)
    return "".join(out)


def _fraction(value: float, tokens: Sequence[Token]) -> str:
    below = next((text for (kind, _), (_, text) in pairwise(tokens) if kind == "slash"), "?")
    most = int("9" * min(len(below), 5)) if not below.isdecimal() or set(below) <= {"0"} else int(below)
    part = Fraction(abs(value) % 1).limit_denominator(max(most, 1))
    whole = int(abs(value)) + (part == 1)
    sign = "-" if value < 0 else ""
    if part in (0, 1):
        return f"{sign}{whole}"
    return f"{sign}{f'{whole} ' if whole else ''}{part.numerator}/{part.denominator}"


def _in_numerals(shown: str, style: str) -> str:
    """Digits as the format wants them: 千二百 for [DBNum1], 壱 for [DBNum2], １２ for [DBNum3]."""
    if style == "3":
        return shown.translate(WIDE_DIGITS)
    name = "japaneseCounting" if style == "1" else "japaneseLegal"
    return re.sub(r"[1-9][0-9]{0,3}(?![0-9])", lambda digits: numeral(int(digits[0]), name), shown)
