"""What stands within a heading: paragraphs (項) and items (号) of articles, turns of a meeting's speakers.

Such a place names what stands there without parting it from its neighbours: several may share a passage.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from ingest.articles import find_articles
from ingest.headings import find_headings
from ingest.layout import ANNEX

KANJI = "一二三四五六七八九十"
PARAGRAPH = re.compile(r"([0-9０-９]{1,2})[ \u3000]+(?=[^\W\d])")
ITEM = re.compile(
    rf"(?:[(（]([0-9０-９]{{1,2}}|[{KANJI}]{{1,3}})[)）][ \u3000]*|([{KANJI}]{{1,3}})[ \u3000]+)(?=\S)"
)
ROLE = (
    r"(?:委員長?|会長|座長|議長|議員|事務局|課長|部長|局長|係長|室長|所長|館長|校長|理事|監事|主査|主幹|参考人"
    r"|市長|区長|町長|村長|知事|教育長|参加者|質問者|回答者|司会)"
)
NAME = rf"[^\s。、：:（）()【】「」]{{0,12}}{ROLE}(?:[（(][^（）()]{{1,12}}[）)])?"
SPEAKER = re.compile(
    rf"(?:[○〇◎●◆■][ \u3000]?({NAME})(?:[ \u3000：:]|$)|[【〔［\[]({NAME})[】〕］\]]"
    rf"|({NAME})(?:[：:]|\u3000))"
    r"(?=.*[。？！])"  # else it is a list of offices and who holds them
)
MIN_TURNS = 3  # with fewer it may be a list of offices
INNER_TITLE = re.compile(r"第[0-9]+[項号]$|.+の発言$")

Place = tuple[str, str]  # the style that `Outline.enter` takes, and the title


def find_marks(
    texts: Sequence[str], *, in_table: Sequence[bool]
) -> list[tuple[str | None, str, list[Place]]]:
    """For each text its style as a heading, the article that it begins, and the places, if any."""
    styles, articles = find_headings(texts, in_table=in_table), find_articles(texts)
    places = find_places(texts, articles, [style is not None for style in styles])
    return list(zip(headings_but(styles, places), articles, places, strict=True))


def find_places(
    texts: Sequence[str], articles: Sequence[str], is_heading: Sequence[bool]
) -> list[list[Place]]:
    """For each line the places that begin with it, outermost first; most lines begin none.

    Args:
        texts: Lines or paragraphs in reading order.
        articles: The title of the article that each begins, "" for the others.
        is_heading: Whether each is a heading.
    """
    out: list[list[Place]] = [[] for _ in texts]
    starts = [
        n
        for n, (text, article) in enumerate(zip(texts, articles, strict=True))
        if ANNEX.match(text)
        or (is_heading[n] and not PARAGRAPH.match(text) and not ITEM.match(text))
        or (article and text.startswith("第"))
    ]
    for start, stop in pairwise([*starts, len(texts)]):
        if articles[start]:
            _add_clauses(texts, range(start, stop), out)
        elif ANNEX.match(texts[start]) and texts[start].startswith("附"):
            _add_clauses(texts, range(start, stop), out, first=0)
    for n, speaker in _speakers(texts).items():
        out[n].append(("発言", f"{speaker}の発言"))
    return out


def headings_but(styles: Sequence[str | None], places: Sequence[list[Place]]) -> list[str | None]:
    """The styles of headings, without those lines that are paragraphs or items of an article."""
    return [
        None if any(style in ("項", "号") for style, _ in found) else style
        for style, found in zip(styles, places, strict=True)
    ]


def _add_clauses(texts: Sequence[str], lines: range, out: list[list[Place]], *, first: int = 1) -> None:
    """Paragraphs and items that count on; the first paragraph of an article has no number."""
    has_paragraphs = any(_paragraph(texts[n]) == 2 for n in lines) and not (
        first and any(_paragraph(texts[n]) == 1 for n in lines)
    )
    paragraph, item = first, 0
    if has_paragraphs and first:
        out[lines.start].append(("項", "第1項"))
    for n in lines[1:]:
        if has_paragraphs and _paragraph(texts[n]) == paragraph + 1:
            paragraph, item = paragraph + 1, 0
            out[n].append(("項", f"第{paragraph}項"))
        elif _item(texts[n]) == item + 1:
            item += 1
            out[n].append(("号", f"第{item}号"))


def _paragraph(text: str) -> int:
    found = PARAGRAPH.match(text)
    return int(found[1]) if found else 0


def _item(text: str) -> int:
    found = ITEM.match(text)
    return _number(found[1] or found[2]) if found else 0


def _number(digits: str) -> int:
    """(１２), 十二, 三."""
    if digits[0] not in KANJI:
        return int(unicodedata.normalize("NFKC", digits))
    tens, ten, ones = digits.rpartition("十")
    return (10 * ((KANJI.index(tens) + 1) if tens in KANJI and tens else 1) if ten else 0) + (
        KANJI.index(ones) + 1 if len(ones) == 1 else 0
    )


def _speakers(texts: Sequence[str]) -> dict[int, str]:
    """Who begins to speak at which line, if the document is the minutes of a meeting."""
    found = {
        n: re.sub(r"\s+", "", next(filter(None, match.groups())))
        for n, text in enumerate(texts)
        if (match := SPEAKER.match(text)) and text[match.end() :].strip()
    }
    return found if len(found) >= MIN_TURNS else {}


def without_places(section: Sequence[str]) -> tuple[str, ...]:
    """A section path without what stands within its last heading."""
    path = tuple(section)
    while path and INNER_TITLE.match(path[-1]):
        path = path[:-1]
    return path


def common_path(sections: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What neighbours that differ at most in their places share: each place that all of them have."""
    path = sections[0]
    while path and INNER_TITLE.match(path[-1]) and any(other[: len(path)] != path for other in sections):
        path = path[:-1]
    return path
