"""Values: whether two facts state the same, in whatever unit each writes it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from assistant.facts import Bound, Fact
from ingest.calendar import ERAS

ERA_ZERO = ERAS["令和"][0]
RATES = {"分の": 0, "倍": 0, "割": -1, "%": -2}
SIZES = {  # of units in which a text may tell the same: 1週間 and 7日
    "週": (7, "日"), "日": (1, "日"), "年": (12, "か月"), "か月": (1, "か月"), "時間": (60, "分"),
    "分": (1, "分"),
    "キロメートル": (100000, "cm"), "メートル": (100, "cm"), "cm": (1, "cm"), "センチメートル": (1, "cm"),
    "トン": (1000, "キログラム"), "キログラム": (1, "キログラム"), "ヘクタール": (10000, "平方メートル"),
    "平方メートル": (1, "平方メートル"),
}  # fmt: skip

SHORT = {  # of which unit only the context tells: 10キロ
    "キロ": ("キロメートル", "キログラム"), "ミリ": ("ミリメートル", "ミリグラム"),
    "センチ": ("センチメートル", "cm"),
}  # fmt: skip
NO_THINGS = frozenset(
    {*SIZES, *RATES, "か年", "円", "人", "歳", "度", "倍", "時", "回", "ページ"}
)  # what 3つ does not count


def same(one: Fact, other: Fact) -> bool:
    """Whether two facts state the same value in the same unit; a bare number in a table fits any unit."""
    if one.kind == "month" and other.kind == "day":
        return one.value == other.value // 100
    if one.kind != other.kind:
        return _same_fiscal(one, other) or _same_fiscal(other, one)
    if other.unit in SHORT.get(one.unit, ()) or one.unit in SHORT.get(other.unit, ()):
        return one.value == other.value
    if one.kind == "amount" and one.unit != other.unit and {one.unit, other.unit} <= SIZES.keys():
        (size, of), (other_size, of_other) = SIZES[one.unit], SIZES[other.unit]
        return of == of_other and one.value * size == other.value * other_size
    if one.value != other.value:
        return (_rate(one) is not None and _rate(one) == _rate(other)) or _rounds(one, other)
    units = {one.unit, other.unit}
    return one.kind != "amount" or len(units) == 1 or "" in units or ("つ" in units and not units & NO_THINGS)


def _same_fiscal(year: Fact, bare: Fact) -> bool:
    """Whether 4年度 is told for 令和4年度, whose era it leaves out."""
    return (
        year.kind == "year"
        and year.unit == bare.unit == "年度"
        and bare.kind == "amount"
        and year.value == bare.value + ERA_ZERO
    )


def _rate(fact: Fact) -> Decimal | None:
    """A share however it is written: 1,000分の1 is 0.1%."""
    power = RATES.get(fact.unit) if fact.kind == "amount" else None
    return None if power is None else fact.value.scaleb(power)


def _rounds(said: Fact, given: Fact) -> bool:
    """Whether what is said to be about so much is the amount given, rounded to the digits that it has."""
    if said.bound is not Bound.ABOUT or said.kind != "amount" or said.unit != given.unit or not said.value:
        return False
    kept = Decimal(1).scaleb(
        said.value.normalize().adjusted() - len(said.value.normalize().as_tuple().digits) + 1
    )
    if said.value / kept < 10:
        return False  # one digit alone says too little
    return any(given.value.quantize(kept, way) == said.value for way in (ROUND_HALF_UP, ROUND_DOWN))
