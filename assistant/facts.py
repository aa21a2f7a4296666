"""Facts: the quantities, years, days and times that a text states, comparable however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from assistant.quantities import ERA_LETTERS, POWERS
from assistant.spelling import spelt_alike
from ingest.calendar import ERAS


class Bound(StrEnum):
    """How a quantity is limited."""

    NONE = ""
    ABOUT = "約"
    EXACTLY = "ちょうど"
    AT_LEAST = "以上"
    AT_MOST = "以下"
    BELOW = "未満"
    ABOVE = "超"
    SINCE = "以降"
    UNTIL = "以前"


class Edge(StrEnum):
    """Which end of a stretch of time a fact is."""

    NONE = ""
    START = "から"
    END = "まで"


@dataclass(frozen=True, slots=True)
class Fact:
    """One quantity, year, day or time.

    Attributes:
        kind: "year", "day" (of a year), "month", "time" or "amount".
        unit: Of an amount, in one spelling; of a year 年度 or 年; "" if none is written.
        start: Half-open offsets into the unified text.
        bound: How the quantity is limited.
        edge: Which end of a stretch of time it is.
        shown: As written.
    """

    kind: str
    value: Decimal
    unit: str
    bound: Bound
    edge: Edge
    start: int
    end: int
    shown: str


KANJI = {kanji: n for n, kanji in enumerate("〇一二三四五六七八九")}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE_KANJI = re.compile(
    r"(?<![一-龠\d])(?=[一二三四五六七八九十])(?=[^百千万億]*[百千万億])[一二三四五六七八九十百千万億]{2,}(?=[円人件名社台本部冊個世㎡])"
)
D = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
UNITS = (
    r"平方キロメートル|平方メートル|立方メートル|キロメートル|センチメートル|ミリメートル|メートル|"
    r"キログラム|ミリグラム|グラム|ヘクタール|リットル"
    r"|年度|平米|パーセント|ポイント|ページ|ドル|ユーロ|ウォン|トン|時間|分間|週間|日間|年間|年生|学期|世帯|"
    r"団体|言語|種類|事業|法人|企業|講座|教室"
    r"|[かカケヵヶ箇]所|箇所|[かカケヵヶ箇](?:国語|国|月|年|条)|町会|日目|年目|回目|km2|m2|m3|km|cm|"
    r"mm|kg|mg|ha|%|[mgtl](?![a-z])"
    r"|営業日|開庁日|月(?=を経過|以内|以上|ごと|につき|当たり|あたり|を超え)|[円度人名件回社校冊部枚台戸館店棟室席便本点種割倍歳才日週年分秒つ番号条項階泊頁組票隻匹頭羽球個機基床杯食組袋箱通丁株語問曲題議期輪艘着足両頭反畳坪斤缶皿束粒画編章節款桁段列番局式級色丁校歩]"
    r"|(?![以未超程前後内中目余弱強等時点増減])[一-龠](?![一-龠])"
)
SPELLING = {
    "名": "人", "才": "歳", "パーセント": "%", "m2": "平方メートル",
    "平米": "平方メートル", "km2": "平方キロメートル",
    "m3": "立方メートル", "ha": "ヘクタール",
    "mm": "ミリメートル", "mg": "ミリグラム", "m": "メートル",
    "km": "キロメートル", "kg": "キログラム", "g": "グラム", "t": "トン", "l": "リットル",
    "日間": "日", "年間": "年", "月": "か月",
    "分間": "分", "週間": "週", "箇所": "か所", "頁": "ページ", "種類": "種", "法人": "社", "企業": "社",
}  # fmt: skip
FACT = re.compile(
    rf"(?P<iso>(?<!\d)(?:19|20)\d\d[/.-]\d{{1,2}}[/.-]\d{{1,2}}(?!\d))"
    rf"|(?:(?P<era>令和|平成|昭和|大正|明治|(?<![a-z])[rhs]\.?)(?P<of_era>元|\d{{1,2}}(?!\d))|"
    rf"(?<![\d,.])(?P<west>(?:1[89]|20)\d\d)(?=年|\())"
    rf"(?:\([^()]{{1,8}}\))?(?P<fiscal>年度|年(?![間生]))?"
    rf"|(?:(?P<month>\d{{1,2}})|(?P<same>同))月(?P<day>\d{{1,2}})日|(?P<only>\d{{1,2}})月(?!間|を経過|以内|以上|ごと|につき|当たり|あたり|を超え)"
    rf"|(?P<half>午前|午後)?(?P<hour>\d{{1,2}})(?:時(?!間)(?:(?P<minute>\d{{1,2}})分|(?P<at_half>半))?|"
    rf":(?P<clock>\d\d)(?!\d))"
    rf"|(?P<below>{D})分の(?P<above>{D})"
    rf"|(?P<amount>(?:{D}[千万億兆百]{{0,2}})+)(?P<unit>{UNITS}|[ァ-ヺー]{{2,}})?"
    rf"|(?P<kanji>(?<!その)[一二三四五六七八九十]{{1,3}})(?P<counter>[かカヶ箇]所|[かカヶ箇]月|[週日年]間|"
    rf"[人名件日年回割つ週]|種類|言語|団体)(?:(?<=[かカヶ箇]月)|(?=[^一-龠]|[前後以間目分当未程超内一二三四五六七八九十]|$))"
)
AFTER = (
    (Bound.SINCE, r"以[降後]"), (Bound.UNTIL, r"以前"), (Bound.AT_LEAST, r"以上|を下回らな|から上(?!が)"),
    (Bound.AT_MOST,
    r"以[下内]|[をが]?超えて(?:は|も)?(?:なら|いけ)|を?超えな|を超えませ|[をが]?(?:限度|上限)|まで|が最大|[がを]限[りど度]"),
    (Bound.BELOW, r"未満|に満たな|を下回"), (Bound.ABOVE, r"を超|超(?!過)|を上回|余り|"
    r"より(?:も)?(?:上|高|大き|多|長|広)"),
    (Bound.AT_LEAST, r"[をが](?:下限|最低)"),
    (Bound.ABOUT, r"程度|前後|ほど|くらい|ぐらい|近[くい]|弱|強"),
)  # fmt: skip
BEFORE = (
    (Bound.ABOUT, r"約|およそ|おおよそ|おおむね|概ね|ほぼ"), (Bound.EXACTLY, r"ちょうど|きっかり"),
    (Bound.AT_MOST, r"最大(?:で"
    r"も|で)?|最長(?:でも)?|最高(?:でも)?|上限[がは]|限度額?[がは]"),
    (Bound.AT_LEAST, r"最低(?:でも)?|少なくとも|最短|下限[がは]"),
)  # fmt: skip
AFTER_RE = tuple((bound, re.compile(rf"\)?(?:{pattern})")) for bound, pattern in AFTER)
BEFORE_RE = tuple((bound, re.compile(rf"(?:{pattern})[、に]?(?:\d人)?$")) for bound, pattern in BEFORE)
EDGE = re.compile(r"(?:\([^()]{1,6}\))?前?(?:の?(?:午前|午後)?)(?P<edge>から|より(?!も)|まで|~|〜|～|-)")
ON_TO = re.compile(r"から|より|~|〜|～|-")
LOOKS_BACK = 8


def unified(text: str) -> str:
    """Compatibility forms, small letters, no white space inside a line; cells and lines stay apart."""
    circled = re.sub(r"[①-⑳❶-❿]", " ", text)
    flat = unicodedata.normalize("NFKC", circled).lower()
    flat = re.sub(r"(?<=\d月)の(?=\d{1,2}日)", "", flat)
    flat = LARGE_KANJI.sub(lambda found: str(_of_large(found[0])), flat)
    flat = re.sub(r"[^\S\n]+", "", re.sub(r"(?<=[a-z])[^\S\n]+(?=[a-z])", "_", flat))
    return spelt_alike(flat)


def _of_large(text: str) -> int:
    """一億二千万 is 120000000."""
    total = section = digit = 0
    for sign in text:
        if sign in KANJI:
            digit = KANJI[sign]
        elif sign in SMALL:
            section, digit = section + max(digit, 1) * SMALL[sign], 0
        else:
            total, section, digit = total + max(section + digit, 1) * 10 ** POWERS[sign], 0, 0
    return total + section + digit


@lru_cache(maxsize=2048)
def facts_of(text: str) -> tuple[Fact, ...]:
    """The facts of a unified text, in order."""
    return tuple(_facts(text))


def _facts(text: str) -> Iterator[Fact]:
    month = 0
    noon = None  # the last time in the afternoon, for what it goes on to: 午後1時から3時
    for found in FACT.finditer(text):
        bound, edge = _bound(text, found), _edge(text, found)
        for kind, value, unit in _read(found, month):
            if kind == "day":
                month = int(value) // 100
            if kind == "time":
                goes_on = noon and not found["half"] and ON_TO.fullmatch(text, noon.end, found.start())
                if goes_on and noon and noon.value < value + 1200 < 2400:
                    value += 1200
                noon = (
                    Fact(kind, value, unit, bound, edge, found.start(), found.end(), "")
                    if value >= 1200
                    else None
                )
            if unit in ("日", "回", "年") and text[found.start() - 1 : found.start()] == "第":
                unit += "目"
            yield Fact(kind, value, unit, bound, edge, found.start(), found.end(), found[0])


def _read(found: re.Match[str], month: int) -> Iterator[tuple[str, Decimal, str]]:
    groups = found.groupdict()
    if groups["iso"]:
        year, of_year, day = re.split(r"[/.-]", groups["iso"])
        yield "year", Decimal(year), ""
        yield "day", Decimal(int(of_year) * 100 + int(day)), ""
    elif groups["era"] or groups["west"]:
        yield "year", Decimal(_year(groups)), groups["fiscal"] or ""
    elif groups["day"]:
        yield "day", Decimal(int(groups["month"] or month) * 100 + int(groups["day"])), ""
    elif groups["only"]:
        yield "month", Decimal(groups["only"]), ""
    elif groups["hour"]:
        minute = int(groups["minute"] or groups["clock"] or (30 if groups["at_half"] else 0))
        hour = int(groups["hour"]) + (12 if groups["half"] == "午後" and int(groups["hour"]) < 12 else 0)
        yield "time", Decimal(hour * 100 + minute), ""
    elif groups["below"]:
        yield "amount", amount_of(groups["above"]) / amount_of(groups["below"]), "分の"
    elif groups["amount"]:
        unit = groups["unit"] or ""
        yield "amount", amount_of(groups["amount"]), spelt(unit)
    else:
        yield "amount", Decimal(_of_kanji(groups["kanji"])), spelt(groups["counter"])


def spelt(unit: str) -> str:
    """A unit in one spelling."""
    unit = re.sub(r"^[カケヵヶ箇](?=[所国月年条])", "か", unit)
    return SPELLING.get(unit, unit)


def amount_of(text: str) -> Decimal:
    """The value of digits with their magnitudes: 3万7,000 is 37000."""
    total = Decimal(0)
    for part in re.finditer(rf"({D})([百千万億兆]*)", text):
        power = sum(POWERS.get(sign, 2) for sign in part[2])
        total += Decimal(part[1].replace(",", "")).scaleb(power)
    return total


def _year(groups: dict[str, str | None]) -> int:
    if groups["west"]:
        return int(groups["west"])
    era = (groups["era"] or "").rstrip(".")
    zero, _ = ERAS[ERA_LETTERS.get(era, era)]
    return zero + (1 if groups["of_era"] == "元" else int(groups["of_era"] or 0))


def _of_kanji(text: str) -> int:
    if "十" not in text:
        return int("".join(str(KANJI[digit]) for digit in text))
    tens, _, ones = text.partition("十")
    return KANJI.get(tens, 1) * 10 + KANJI.get(ones, 0)


def _bound(text: str, found: re.Match[str]) -> Bound:
    before = text[max(0, found.start() - LOOKS_BACK) : found.start()]
    for bound, pattern in AFTER_RE:
        if pattern.match(text, found.end()):
            return bound
    return next((bound for bound, pattern in BEFORE_RE if pattern.search(before)), Bound.NONE)


def _edge(text: str, found: re.Match[str]) -> Edge:
    follows = EDGE.match(text, found.end())
    if not follows:
        return Edge.NONE
    return Edge.END if follows["edge"] == "まで" else Edge.START
