"""The organisation that issued a paper, where one dominates it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

HEAD_LINES = 10
HEAD_WEIGHT = 4
LEAST_SCORE = 4
LEAD = 2  # the winner's score over the second's

PREFECTURES = (
    "北海道|青森県|岩手県|宮城県|秋田県|山形県|福島県|茨城県|栃木県|群馬県|埼玉県|千葉県|東京都|神奈川県|新潟県|富山県|石川県"
    "|福井県|山梨県|長野県|岐阜県|静岡県|愛知県|三重県|滋賀県|京都府|大阪府|兵庫県|奈良県|和歌山県|鳥取県|島根県|岡山県|広島県"
    "|山口県|徳島県|香川県|愛媛県|高知県|福岡県|佐賀県|長崎県|熊本県|大分県|宮崎県|鹿児島県|沖縄県"
)
WARDS = (
    "千代田区|中央区|港区|新宿区|文京区|台東区|墨田区|江東区|品川区|目黒区|大田区|世田谷区|渋谷区|中野区|杉並区|豊島区|北区"
    "|荒川区|板橋区|練馬区|足立区|葛飾区|江戸川区"
)
CITY = r"(?!区?市町村)(?:(?![内外各全他同本両]|市[区町]|町村)[一-鿿ヶケ々]){1,5}?[市町村](?!区?町村|村)"
KANJI = "一-鿿ァ-ヶー々"
LEGAL = (
    r"(?:(?:一般|公益)(?:財団|社団)法人|(?:地方)?独立行政法人|国立大学法人|社会福祉法人|特定非営利活動法人)"
    rf"[ 　]?[{KANJI}]{{2,25}}"
)
OFFICE = r"(?:役所|役場|教育委員会|議会|条例|総合計画|基本計画|民生活|職員)"
BUREAU = rf"[{KANJI}]{{1,10}}(?:局|部|課|室|庁)"
BODY = re.compile(
    rf"(?P<legal>{LEGAL})|(?<![{KANJI}])(?P<area>{WARDS})|(?:{PREFECTURES})(?P<inner>{WARDS}|{CITY})"
    rf"|(?P<prefecture>{PREFECTURES})"
    rf"|(?<![{KANJI}])(?P<city>{CITY})(?={OFFICE}|[ 　]?{BUREAU})"
)
SHORTENED = re.compile(rf"(?P<name>{LEGAL})[ 　]*[（(]以下[、,]?[ 　]*「(?P<alias>[^」\n]{{2,20}})」")
TITLED = re.compile(rf"[「『\s　]*(?P<name>{WARDS}|{CITY})(?=[{KANJI}])")
ISSUED = re.compile(
    r"(?:発行者?|編集・?発行|発行・?編集|作成|編集)(?:者|元)?[ 　]*[:：／/][ 　]*"
    r"(?P<name>[^\s　:：、。（(]{2,30}"
    r"(?:[都道府県市区町村局部課室係庁省会社]|財団|機構|センター|事務所|大学))"
    r"(?=[\s　（(、。]|$)",
    re.MULTILINE,
)


def guess_publisher(text: str, *, title: str = "") -> str:
    """The organisation that a text says issued it, or the one that it names far more than others.

    The title and the first and last lines weigh more than the rest. "" if none leads clearly: a
    text about many cities has no publisher that could be guessed.
    """
    issued = ISSUED.search(text)
    if issued:
        return issued["name"]
    scores: Counter[str] = Counter(_names(text))
    lines = [line for line in text.splitlines() if line.strip()]
    for line in dict.fromkeys(chain([title], lines[:HEAD_LINES], lines[-HEAD_LINES:])):
        for name in set(_names(line)):
            scores[name] += HEAD_WEIGHT
    for found in SHORTENED.finditer(text):  # 「（以下「協会」という。）」
        scores[found["name"].strip()] += HEAD_WEIGHT + text.count(found["alias"])
    named = TITLED.match(title)
    if named:
        scores[named["name"]] += HEAD_WEIGHT
    ranked = scores.most_common(2)
    if not ranked or ranked[0][1] < LEAST_SCORE:
        return ""
    if len(ranked) == 2 and ranked[0][1] < LEAD * ranked[1][1]:
        return ""
    return ranked[0][0]


def _names(text: str) -> list[str]:
    """Organisations in order; a corporation by its full name, a city or prefecture by its own."""
    return [(found["inner"] or found[0]).strip() for found in BODY.finditer(text)]
