"""Short names that a document gives to full ones: 「潮見市国際交流協会（以下「協会」という。）」."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.document import Abbreviation, Block, BlockKind
from ingest.traced import Traced

SPACE = r"[ \u3000]?"
SHORTENED = re.compile(
    rf"{SPACE}[（(][^（()）「」『』\n]{{0,20}}?"
    rf"(?:以下[、,]?(?:単に|総称して)?|(?:略称|通称|愛称)[:：は]?){SPACE}"
    r"(?:[「『“\"](?P<quoted>[^「」『』“”\"\n]{1,30})[」』”\"]"
    r"|(?P<bare>[^、。「」『』（()）\sぁ-ん][^、。「」『』（()）\s]{0,19}?)(?=という|とする|と略|と呼|といい|と記|[)）]))"
)
ACRONYM = r"[A-ZＡ-Ｚ](?=[a-zａ-ｚ&＆-]?[A-ZＡ-Ｚ])[A-Za-zＡ-Ｚａ-ｚ&＆-]{1,9}"  # two capitals: Lab is a word
NAME = r"(?:[一-鿿ァ-ヶー々]|(?<=[一-鿿])な(?=[一-鿿]))"
LATIN = "A-Za-zＡ-Ｚａ-ｚ"
GLOSSED = re.compile(
    rf"(?<![{LATIN}][ \u3000])(?<![{LATIN}・一-鿿ァ-ヶー々])(?P<name>{NAME}{{4,30}})"
    rf"{SPACE}[（(](?P<acronym>{ACRONYM})[)）]"
    rf"|(?<![{LATIN}])(?P<acronym2>{ACRONYM}){SPACE}[（(](?P<name2>{NAME}{{4,30}})[)）]"
)
QUOTED_BEFORE = re.compile(r"[「『]([^「」『』\n]{2,60})[」』]$")
RUN = re.compile(r"[^\W_ぁ-ん]+(?:[・･&＆.-][^\W_ぁ-ん]+)*$")
LINK = re.compile(
    r"(?:[^\W_ぁ-ん]+(?:の|との?|及び|並びに|又は|若しくは|に関する|に係る|に要する|における|のための|を|・"
    r"|[ \u3000]))+$"
)
OPEN_LIST = re.compile(r"(?:及び|並びに|又は|若しくは|、)$")
ANY_MORE = re.compile(r"等$")
LEGAL_FORM = re.compile(r"(?:法人|会社)[ \u3000]?$")
LEADING = re.compile(r"^(?:[0-9０-９]{1,2}[.．、]|[①-⑳])")
FORMER = re.compile(r"[旧新]|改正[前後]")  # 旧法, of what it was before it was changed
PLACE = re.compile(r"[都道府県市区町村]$")
MOST_FULL = 60  # characters of a full name
MOST_GLOSSES = 2  # full names of one acronym; one with more is a code in a list (SIN for an office's towns)


def find_abbreviations(blocks: Sequence[Block]) -> tuple[Abbreviation, ...]:
    """The pairs that the blocks define, in reading order, each pair of names once."""
    found: dict[tuple[str, str], Abbreviation] = {}
    for block in blocks:
        if block.kind is not BlockKind.FURNITURE and ("（" in block.text or "(" in block.text):
            for pair in _in_body(block.body):
                found.setdefault((_squeezed(pair.short), _squeezed(pair.full)), pair)
    glosses = Counter(short for (short, _), pair in found.items() if not pair.is_declared)
    return tuple(
        pair for (short, _), pair in found.items() if pair.is_declared or glosses[short] <= MOST_GLOSSES
    )


def short_names(abbreviations: Sequence[Abbreviation], names: Sequence[str]) -> tuple[str, ...]:
    """The short names of what bears one of `names`: of the document or of who issued it."""
    wanted = {"".join(name.split()) for name in names if name}
    found = (_squeezed(pair.short) for pair in abbreviations if _squeezed(pair.full) in wanted)
    return tuple(short for short in dict.fromkeys(found) if not FORMER.match(short))


def _in_body(body: Traced) -> Iterator[Abbreviation]:
    pairs = [*_declared(body), *_glossed(body)]
    yield from sorted(pairs, key=lambda pair: min(pair.short.start, pair.full.start))


def _declared(body: Traced) -> Iterator[Abbreviation]:
    for found in SHORTENED.finditer(body.text):
        group = "quoted" if found["quoted"] else "bare"
        short = body[found.start(group) : found.end(group)].strip()
        start, end = _full_name(body.text[: found.start()], short.text)
        full = body[start:end].strip()
        is_told = (
            found["quoted"] is None
            or not OPEN_LIST.search(body.text[:start])
            or _shares(short.text, full.text)
        )
        if short and len(full) >= 2 and _squeezed(full) != _squeezed(short) and is_told:
            yield Abbreviation(short, full, is_declared=True)


def _glossed(body: Traced) -> Iterator[Abbreviation]:
    for found in GLOSSED.finditer(body.text):
        acronym, name = ("acronym", "name") if found["acronym"] else ("acronym2", "name2")
        short = body[found.start(acronym) : found.end(acronym)]
        if not PLACE.search(found[name]):
            yield Abbreviation(short, body[found.start(name) : found.end(name)], is_declared=False)


def _full_name(before: str, short: str) -> tuple[int, int]:
    """Where the full name stands at the end of what precedes the bracket.

    It is what stands in quotes there, else the last run without hiragana. The run is taken further over
    の, に関する and the like only if the short name is made of characters of the longer name in order.
    """
    quoted = QUOTED_BEFORE.search(before)
    if quoted:
        return quoted.start(1), quoted.end(1)
    end = len(before)
    run = RUN.search(before, max(0, end - MOST_FULL))
    start = run.start() if run else end
    if run and (legal := LEGAL_FORM.search(before[:start])):  # 一般財団法人 ○○協会
        form = RUN.search(before, max(0, legal.start() - MOST_FULL), legal.start() + 2)
        start = form.start() if form else start
    if not run or not _is_made_of(short, before[start:end]):
        link = LINK.search(before[max(0, end - MOST_FULL) : start])
        if link:
            longer = max(0, end - MOST_FULL) + link.start()
            start = longer if _is_made_of(short, before[longer:end]) else start
    leading = LEADING.match(before[start:end])
    return start + (leading.end() if leading else 0), end


def _is_made_of(short: str, full: str) -> bool:
    """Whether the characters of the short name stand in the full one in that order."""
    rest = iter(full)
    return all(char in rest for char in ANY_MORE.sub("", short))


def _shares(short: str, full: str) -> bool:
    """Whether the names have any character in common: else the full one may be the last of a list."""
    return not set(ANY_MORE.sub("", short)).isdisjoint(full)


def _squeezed(name: Traced) -> str:
    return "".join(name.text.split())
