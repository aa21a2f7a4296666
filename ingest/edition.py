"""Which state of a paper this is (素案, 改定, 第２版), and the date that it bears."""

from __future__ import annotations

import re
import unicodedata

from ingest.calendar import YearMention, find_years

FIRST_LINES = 15
LAST_LINES = 10
DATE_CHARS = 40  # a longer line with a date is text
D = "[0-9０-９]"
STATE = (
    r"素案|骨子案?|原案|改[定訂]案|改[定訂]版?|案|暫定版|速報値?|概要版|本編|資料編|中間(?:報告|まとめ)|最終(?:版|報告)|確定(?:版|値)"
    rf"|第{D}{{1,2}}[版稿]|{D}{{1,2}}訂版|(?:[Vv]er(?:sion)?[.．]? ?){D}[\d.]*"
)
ERA_YEAR = r"(?:令和|平成|昭和|[RHS]|20\d\d|２０)[0-9０-９元]{0,2}年?度?"
IN_BRACKETS = re.compile(
    rf"[（(【〔［\[～〜＜<][ \u3000]*(?P<date>{ERA_YEAR}(?:{D}{{1,2}}月)?(?:{D}{{1,2}}日)?)?[ \u3000]*"
    rf"(?P<state>{STATE})[ \u3000]*"
    r"[)）】〕］\]～〜＞>]"
)
AT_END = re.compile(
    rf"(?<=[一-鿿ァ-ヶー \u3000])(?P<state>素案|骨子案|改[定訂]版|概要版|暫定版|第{D}{{1,2}}版)[ \u3000]*$"
)
DATE = re.compile(
    rf"[./．／]?[ \u3000]*(?P<month>{D}{{1,2}})[ \u3000]*[月./．／](?:[ \u3000]*(?P<day>{D}{{1,2}})日?)?"
)
ISSUING = re.compile(r"発行|公表|策定|作成|改[定訂]|制定|施行")
AROUND_DATE = re.compile(
    r"[\s（）()【】〔〕・:：、]|現在|付け?|発行日?|公表|策定|作成|改[定訂]|制定|施行|[月火水木金土日]曜?日?"
)


def find_edition(text: str, title: str) -> str:
    """The state that the title or one of the first lines gives in brackets or at its end; "" if none does.

    A state in a sentence is none of the paper's: 「素案を公表した。」
    """
    for line in (title, *_lines(text)[:FIRST_LINES]):
        if line.endswith("。") or len(line) > 2 * DATE_CHARS:
            continue
        found = IN_BRACKETS.search(line) or AT_END.search(line)
        if found:
            return found["state"]
    return ""


def find_issued(text: str) -> str:
    """The date that stands by itself among the first lines, or with 発行 and the like among the last.

    Returns:
        `2023-08-15`, or `2023-08` where no day is given; "" if there is no such date.
    """
    lines = _lines(text)
    for line in lines[:FIRST_LINES]:
        if date := _lone_date(line):
            return date
    for line in reversed(lines[-LAST_LINES:]):
        if ISSUING.search(line) and (date := _lone_date(line)):
            return date
    return ""


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(x.split()) for x in text.splitlines()) if line]


def _lone_date(line: str) -> str:
    if len(line) > DATE_CHARS:
        return ""
    for mention in find_years(line):
        date = DATE.match(line, mention.end)
        rest = line[: mention.start] + (line[date.end() :] if date else "")
        if date and not mention.is_fiscal and not AROUND_DATE.sub("", rest):
            return _iso(mention, date)
    return ""


def _iso(mention: YearMention, date: re.Match[str]) -> str:
    month = int(unicodedata.normalize("NFKC", date["month"]))
    day = int(unicodedata.normalize("NFKC", date["day"])) if date["day"] else 0
    if not 1 <= month <= 12 or day > 31:
        return ""
    return f"{mention.year}-{month:02}" + (f"-{day:02}" if day else "")
