"""Dates and times as a spreadsheet shows them, eras and days of the week too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta

from ingest.readers.format_code import Section, Token
from ingest.readers.numerals import WIDE_DIGITS, numeral

DATE_LETTERS = frozenset(
    {"year", "month", "day", "hour", "second", "weekday", "era", "era_year", "half", "elapsed"}
)
ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)
WEEKDAYS = "月火水木金土日"
MONTHS: tuple[str, ...] = ("January", "February", "March", "April", "May", "June", "July")
MONTHS += ("August", "September", "October", "November", "December")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LAST_SERIAL = 2_958_466  # the day after 9999-12-31
LEAP_BUG = 60  # Excel counts a 29 February 1900 that never was


def to_datetime(serial: float, *, from_1904: bool = False) -> datetime | None:
    """The moment that a serial number stands for, `None` if there is none."""
    if not 0 <= serial < LAST_SERIAL - (1462 if from_1904 else 0):
        return None
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if serial >= LEAP_BUG else 31)
    start = datetime.combine(first, time())
    return start + timedelta(seconds=round(serial * 86400, 3))


def show_date(serial: float, section: Section, *, from_1904: bool = False) -> str:
    """A serial number in a date format, "" if it is no date."""
    moment = to_datetime(serial, from_1904=from_1904)
    if moment is None:
        return ""
    tokens = section.tokens
    shows_part = any(kind == "second" and "." in text for kind, text in tokens)
    if not shows_part:
        moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    write = _writer(section.numerals)
    half_day = any(kind == "half" for kind, _ in tokens)
    return "".join(
        _shown(kind, text, moment, _Around(tokens, n, serial, half_day, section.first_is_gannen), write)
        for n, (kind, text) in enumerate(tokens)
    )


class _Around:
    """What a token's meaning depends on."""

    def __init__(self, tokens: Sequence[Token], n: int, serial: float, half_day: bool, gannen: bool) -> None:
        self.serial = serial
        self.half_day = half_day
        self.gannen = gannen
        before = [kind for kind, _ in tokens[:n] if kind in DATE_LETTERS and kind != "half"]
        after = [kind for kind, _ in tokens[n + 1 :] if kind in DATE_LETTERS and kind != "half"]
        elapsed = before[-1:] == ["elapsed"] and tokens[n][1] != ""
        self.is_minute = before[-1:] == ["hour"] or after[:1] == ["second"] or elapsed


def _shown(kind: str, text: str, moment: datetime, around: _Around, write: Callable[[int, int], str]) -> str:
    match kind:
        case "year":
            return write(moment.year if len(text) > 2 else moment.year % 100, 4 if len(text) > 2 else 2)
        case "month" if around.is_minute and len(text) <= 2:
            return write(moment.minute, len(text))
        case "month":
            return _name(MONTHS[moment.month - 1], text) if len(text) > 2 else write(moment.month, len(text))
        case "day":
            return _name(DAYS[moment.weekday()], text) if len(text) > 2 else write(moment.day, len(text))
        case "hour":
            return write((moment.hour % 12 or 12) if around.half_day else moment.hour, len(text))
        case "second":
            whole, _, places = text.partition(".")
            part = f".{moment.microsecond:06d}"[: len(places) + 1] if places else ""
            return write(moment.second, len(whole)) + part
        case "weekday":
            return WEEKDAYS[moment.weekday()] + ("曜日" if len(text) > 3 else "")
        case "era" | "era_year":
            return _era(kind, text, moment.date(), around, write)
        case "half":
            names = ("午前", "午後") if text.startswith("午") else ("AM", "PM")
            return names[moment.hour >= 12][: 1 if len(text) == 3 else 2]
        case "elapsed":
            per_day = {"h": 24, "m": 1440, "s": 86400}[text[0].lower()]
            return f"{int(round(around.serial * 86400, 3) * per_day / 86400):0{len(text)}d}"
        case "slash":
            return "/"
        case "point":
            return "."
    return text


def _era(kind: str, text: str, day: date, around: _Around, write: Callable[[int, int], str]) -> str:
    for start, name, letter in ERAS:
        if day >= start:
            if kind == "era":
                return name if len(text) > 2 else name[0] if len(text) == 2 else letter
            year = day.year - start.year + 1
            return "元" if year == 1 and around.gannen else write(year, min(len(text), 2))
    return "" if kind == "era" else write(day.year, 4)


def _name(name: str, text: str) -> str:
    return name[:3] if len(text) == 3 else name[0] if len(text) == 5 else name


def _writer(numerals: str) -> Callable[[int, int], str]:
    """Writes a number with at least so many digits."""
    if numerals == "1":
        return lambda n, width: numeral(n, "ideographDigital" if width > 2 else "japaneseCounting")
    if numerals == "2":
        return lambda n, _: numeral(n, "japaneseLegal")
    if numerals == "3":
        return lambda n, width: f"{n:0{width}d}".translate(WIDE_DIGITS)
    return lambda n, width: f"{n:0{width}d}"
