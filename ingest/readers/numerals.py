"""Numerals of automatic numbering, as a reader sees them on paper: 1, １, 一, 壱, ア, イ, ①, iv, (a), 甲."""

from __future__ import annotations

from collections.abc import Callable

KANJI = "〇一二三四五六七八九"
LEGAL = "零壱弐参四五六七八九"
AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
HALF_AIUEO = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
MOST = 9999  # no list of an office goes on beyond it


def numeral(n: int, style: str) -> str:
    """A number in a style that WordprocessingML names (`w:numFmt`); unknown ones are written 1, 2, 3."""
    if style in ("none", "bullet"):
        return ""
    written = STYLES.get(style)
    return written(n) if written is not None and 0 < n <= MOST else str(n)


def _kanji(n: int) -> str:
    """With 十, 百, 千: 十二."""
    parts = []
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            parts.append(("" if digit == 1 and unit else KANJI[digit]) + unit)
    return "".join(parts)


def _legal(n: int) -> str:
    parts = []
    for size, unit in ((1000, "阡"), (100, "百"), (10, "拾"), (1, "")):
        digit, n = divmod(n, size)
        if digit:
            parts.append(LEGAL[digit] + unit)
    return "".join(parts)


def _digits(n: int) -> str:
    return "".join(KANJI[int(digit)] for digit in str(n))


def _roman(n: int) -> str:
    parts = []
    for value, letters in ROMAN:
        times, n = divmod(n, value)
        parts.append(letters * times)
    return "".join(parts)


def _letters(n: int) -> str:
    """A … z, aa, bb, as Word goes on."""
    times, at = divmod(n - 1, 26)
    return chr(ord("a") + at) * (times + 1)


def _from(series: str) -> Callable[[int], str]:
    return lambda n: series[(n - 1) % len(series)]


def _enclosed(first: str, most: int) -> Callable[[int], str]:
    """Characters that follow one another from `first`; beyond `most` plain digits."""
    return lambda n: chr(ord(first) + n - 1) if n <= most else str(n)


def _circled(n: int) -> str:
    if n <= 20:
        return chr(0x2460 + n - 1)
    if n <= 35:
        return chr(0x3251 + n - 21)
    return chr(0x32B1 + n - 36) if n <= 50 else f"({n})"


STYLES: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda n: f"{n:02d}",
    "decimalFullWidth": lambda n: str(n).translate(WIDE_DIGITS),
    "decimalFullWidth2": lambda n: str(n).translate(WIDE_DIGITS),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _enclosed("⒈", 20),
    "decimalEnclosedParen": _enclosed("⑴", 20),
    "numberInDash": lambda n: f"- {n} -",
    "japaneseCounting": _kanji,
    "chineseCounting": _kanji,
    "chineseCountingThousand": _kanji,
    "taiwaneseCountingThousand": _kanji,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "japaneseLegal": _legal,
    "ideographTraditional": _from(STEMS),
    "ideographZodiac": _from(BRANCHES),
    "ideographEnclosedCircle": _enclosed("㊀", 10),
    "aiueo": _from(HALF_AIUEO),
    "aiueoFullWidth": _from(AIUEO),
    "iroha": _from(IROHA),
    "irohaFullWidth": _from(IROHA),
    "lowerLetter": _letters,
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda n: _roman(n).upper(),
}
