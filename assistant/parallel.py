"""Parallel terms: 英語 takes the place of ベトナム語 in the question before, 令和2年度 that of 令和3年度."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.topic import NOW, Phrase, is_year, phrases
from ingest.calendar import era_label, find_years

CLASS = frozenset(
    "語版区市県都府町村課係局校館期回号条章級型編"
)  # one character that makes two terms parallel
THING = re.compile(
    r"(?:会議|委員会|教室|講座|訓練|事業|制度|計画|窓口|センター|協会|大会|まつり|祭り?|フェア|研修"
    r"|補助金|助成金|手当|給付金|条例|要綱"
    r"|方針|調査|サービス|イベント|ガイド|ガイドブック|冊子|パンフレット|アプリ|サイト|学校|図書館|会報"
    r"|用語集)$"
)
JOINED = re.compile(r"[ 　]*(?:[・、,～〜~\-－]|と|から|及び|または|又は)?[ 　]*")
MONTH = re.compile(r"[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}日)?")
BARE_YEAR = re.compile(r"(?P<n>[0-9０-９]{1,2}|元|[一二三四五六七八九十]{1,3})(?P<unit>年度?)")
SHIFTS = (  # from the year of the question before
    (re.compile(r"(?:その|同じ)?(?:前々年|一昨々年)度?|(?:その)?2年前"), -2),
    (re.compile(r"(?:その)?(?:前年度?|(?:1つ|一つ|ひとつ)?前の年度?|1年前)"), -1),
    (re.compile(r"(?:その)?(?:翌年度?|次年度|(?:1つ|一つ|ひとつ)?次の年度?|1年後)"), 1),
    (re.compile(r"(?:その)?翌々年度?"), 2),
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Years that a text names side by side, in half-open offsets.

    Attributes:
        year: The last of them, `None` if only the day of asking tells (今年度).
    """

    start: int
    end: int
    year: int | None
    is_fiscal: bool


def year_stretches(text: str) -> list[Stretch]:
    """The years of a text in order; neighbours joined by a comma or 「と」 are one stretch."""
    found = [Stretch(m.start, m.end, m.year, m.is_fiscal) for m in find_years(text)]
    found += [Stretch(m.start(), m.end(), None, m[0].endswith("度")) for m in NOW.finditer(text)]
    joined: list[Stretch] = []
    for one in sorted(found, key=lambda stretch: (stretch.start, stretch.end)):
        last = joined[-1] if joined else None
        if last and (one.start < last.end or JOINED.fullmatch(text, last.end, one.start)):
            joined[-1] = Stretch(last.start, max(last.end, one.end), one.year, one.is_fiscal)
        else:
            joined.append(one)
    return joined


def absolute_year(words: str, previous: str) -> str:
    """「前年度」 or 「2年度」 as a year that names its era, by the year of the question before.

    What is no such year, or has none to count from, comes back as it is.
    """
    flat = unicodedata.normalize("NFKC", words)
    known = [stretch for stretch in year_stretches(previous) if stretch.year is not None]
    if not known or known[-1].year is None:
        return words
    unit = "年度" if known[-1].is_fiscal else "年"
    for pattern, shift in SHIFTS:
        if pattern.fullmatch(flat):
            return era_label(known[-1].year + shift) + unit
    bare = BARE_YEAR.fullmatch(flat)
    era = re.match(r"\D+", era_label(known[-1].year))
    return f"{era[0].removesuffix('元')}{bare['n']}{bare['unit']}" if bare and era else words


def with_year(text: str, year: str) -> str | None:
    """A text with its year replaced, `None` if it names none.

    Of several years the last counts that is one of the same kind, calendar or fiscal.
    """
    stretches = year_stretches(text)
    alike = [stretch for stretch in stretches if stretch.is_fiscal == year.endswith("度")] or stretches
    if not alike:
        return None
    end = alike[-1].end
    month = MONTH.match(text, end)
    if month and MONTH.search(year):
        end = month.end()
    elif month:
        year = year.removesuffix("度")
    return text[: alike[-1].start] + year + text[end:]


def without_years(text: str) -> str:
    """A text without its years and the particles that tie them to it."""
    for stretch in reversed(year_stretches(text)):
        tied = re.compile(r"[ 　]*(?:における|には|では|の|に|は|、)?").match(text, stretch.end)
        text = text[: stretch.start] + text[tied.end() if tied else stretch.end :]
    return text


def substituted(term: Phrase, previous: str) -> str | None:
    """The question before with the term in the place of the one parallel to it, `None` if none is.

    Parallel are terms that end in the same word (避難訓練, 防災訓練) or the same mark of a class (英語,
    中国語); failing that, two that both name a thing that is run or issued. The longest common ending
    decides, then the first place.
    """
    own = [phrase for phrase in phrases(previous) if not is_year(phrase.text)]
    if any(term.text in phrase.text for phrase in own):
        return None
    parts = [part for phrase in own for part in _heads(phrase)]
    best = max(parts, key=lambda part: _likeness(term, part), default=None)
    if best is None or not _likeness(term, best):
        things = [phrase for phrase in own if THING.search(phrase.text)] if THING.search(term.text) else []
        best = things[0] if things else None
    return previous[: best.start] + term.text + previous[best.end :] if best else None


def _heads(phrase: Phrase) -> list[Phrase]:
    """A phrase and its beginnings: of ベトナム語相談件数 also ベトナム語."""
    found = []
    for n in range(len(phrase.words), 0, -1):
        words = phrase.words[:n]
        found.append(Phrase(phrase.start, phrase.start + len("".join(words)), words))
    return [head for head in found if head.is_specific]


def _likeness(term: Phrase, other: Phrase) -> int:
    """Characters of the words that both end in, or 1 for a mark of a class; 0 if they are not parallel."""
    common = 0
    for one, two in zip(reversed(term.words), reversed(other.words), strict=False):
        if one != two:
            break
        common += len(one)
    if common >= 2 or (common and term.text[-1] in CLASS):
        return common if common < len(term.text) else 0
    alike = term.text[-1] == other.text[-1] and term.text[-1] in CLASS
    return int(alike and len(term.text) > 1 and len(other.text) > 1)
