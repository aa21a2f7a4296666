"""Headings and the section path, from numbering and form alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from ingest.layout import ANNEX, mask_digits

MAX_CHARS = 48  # a longer line is a sentence, not a heading
D = "[0-9０-９]"
# Japanese outlines, outermost first; symbols have no rank of their own and nest where they first appear.
KANJI = "[0-9０-９一二三四五六七八九十百]"
NUMBERED = (
    ("編", re.compile(rf"第{KANJI}+編")),
    ("章", re.compile(rf"第{KANJI}+章|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ](?![a-zA-Z])")),
    ("節", re.compile(rf"第{KANJI}+節")),
    ("款", re.compile(rf"第{KANJI}+款")),
    ("目", re.compile(rf"第{KANJI}+目")),
    ("条", re.compile(rf"第{KANJI}+条")),
    ("第1", re.compile(rf"第{KANJI}{{1,3}}[ \u3000、．.](?=[^\W\d])")),
    ("一", re.compile(r"[一二三四五六七八九十]{1,3}[ \u3000、．.](?=[^\W\d])")),
    (
        "1",
        re.compile(rf"{D}{{1,2}}(?:[-－.．]{D}{{1,2}})*(?:[.．、]\s*|[ 　]+)(?=(?:[^\W\d_]|[「『（(]).)"),
    ),
    ("(1)", re.compile(r"[(（](?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[)）]")),
    ("ア", re.compile(r"[ア-ソｱ-ｿイロハニホヘト][ \u3000.．]")),
    ("(ア)", re.compile(r"[(（][ア-ソｱ-ｿイロハニホヘト][)）]")),
    ("①", re.compile(r"[①-⑳❶-❿⑴-⒇㋐-㋾]")),
    ("ａ", re.compile(r"[ａ-ｚ][ \u3000.．]|[(（][a-zａ-ｚ][)）]")),
)
SYMBOL = re.compile(r"[○〇◎■□◆◇●▼★]")
SOFT_STYLES = frozenset("○〇◎■□◆◇●▼★") | {"①", "ア", "(ア)", "ａ", "<>"}
INNER_STYLES = ("項", "号", "発言")  # of places, see `ingest.clauses`
SYMBOL_RANK = 8.5  # as deep as (1), where nothing else tells
SOFT_REACH = 2000
BRACKETED = re.compile(r"[＜<〈《【［\[〔][^＞>〉》】］\]〕]{1,44}[＞>〉》】］\]〕]$")
UNIT = re.compile(
    r"[0-9０-９,.．，]+\s*(?:名|人|日|年|月|時|分|件|回|校|部|円|千円|万円|億円|％|%|か国|か所|団体|都市|歳|号|階|ページ|頁)"
)
RUNNING_TITLE = re.compile(r"[^\W\d_][^0-9０-９\s、。（(]{5,29}$")
MIN_TIMES = 3  # a line that comes back less often may be anything
CONTENTS_LINE = re.compile(r"[…‥]{2,}\s*[0-9０-９]+$|(?:[.．・]\s?){4,}[0-9０-９]+$")  # １ 計画の概要 …… 2
PART = re.compile(
    r"[^\W\d].{3,40}[（(](?:[0-9０-９]{1,2}[/／][0-9０-９]{1,2}|その[0-9０-９一二三四五])[)）]$"
)  # 題名（１/２）
CONTENTS_TITLE = re.compile(r"(?:目[ \u3000]*次|もくじ)$")
PAGE_AT_END = re.compile(r"[ \u3000…‥・.．]+(?:[PpＰ]\.?)?[0-9０-９]{1,3}$")
SPEAKER = re.compile(  # of a meeting's minutes
    r"[○〇◎●◆■][ \u3000]?[^\s。、（(]{0,12}(?:委員|会長|座長|議長|議員|事務局|課長|部長|局長|係長|室長|所長"
    r"|館長|校長|理事|監事|主査|主幹|参考人|市長|区長|町長|村長|知事|教育長|君|氏)"
    r"(?:[（(][^（）()]{1,12}[）)])?(?:[ \u3000：:]|$)"
)
ENDS_AS_TEXT = re.compile(r"[。、，,；;：:]$|(?:です|ます|した|する|れる|ある|いる|ない)$")


@dataclass(slots=True)
class Outline:
    """The headings that a place stands under; feed it headings in reading order."""

    _stack: list[tuple[str, str, int]] = field(default_factory=list)

    def enter(self, style: str, title: str, at: int) -> None:
        """Go under a heading at offset `at`: a style seen before closes what it opened, a new one nests."""
        styles = [known for known, _, _ in self._stack]
        if style in styles:
            del self._stack[styles.index(style) :]
        while self._stack and _rank(self._stack[-1][0]) > _rank(style):
            self._stack.pop()
        self._stack.append((style, title, at))

    def turn_page(self) -> None:
        """Leave the headings that nothing numbers: they do not reach over to another page."""
        self._stack = [entry for entry in self._stack if entry[0] not in SOFT_STYLES]

    def path(self, at: int) -> tuple[str, ...]:
        """Titles above offset `at`, outermost first.

        Numbered parts last until the next one. A heading that only a symbol, a circled number or brackets
        mark is forgotten after `SOFT_REACH` characters: nothing tells where what it heads ends.
        """
        return tuple(
            title
            for style, title, start in self._stack
            if style not in SOFT_STYLES or at - start <= SOFT_REACH
        )


def _rank(style: str) -> float:
    """How deep a style stands by custom; symbols take the place where they first appear."""
    order = {name: n for n, (name, _) in enumerate(NUMBERED)}
    if style in ("page", "part"):
        return -1 if style == "page" else -0.5
    if style == "附則":
        return 0.5
    if style == "<>":
        return len(NUMBERED)
    if style in INNER_STYLES:  # within whatever heading
        return len(NUMBERED) + 1 + INNER_STYLES.index(style)
    return order.get(style, SYMBOL_RANK)


def marker(text: str) -> str | None:
    """What a line's first characters number or mark it as, whatever follows."""
    for name, pattern in NUMBERED:
        found = pattern.match(text)
        if found and text[found.end() :].strip():
            return name
    return text[0] if SYMBOL.match(text) and len(text) > 2 else None


def heading_style(text: str) -> str | None:
    """The outline style of a line that reads like a heading, else `None`.

    A line with several marks of one kind (①中止 ②縮小) lists what they stand for.
    """
    if not 2 <= len(text) <= MAX_CHARS or ENDS_AS_TEXT.search(text) or UNIT.match(text):
        return None
    if SPEAKER.match(text):
        return None
    if ANNEX.match(text):
        return "附則"
    if BRACKETED.match(text):
        return "<>"
    style = marker(text)
    if style is not None and any(marker(part) == style for part in text.split()[1:]):
        return None
    return "part" if style is None and PART.match(text) else style


def find_contents(texts: Sequence[str]) -> set[int]:
    """Indices of a table of contents: the lines below 「目次」 that come again as a line or end in a page."""
    out: set[int] = set()
    for n, text in enumerate(texts):
        if not CONTENTS_TITLE.match(text):
            continue
        later = Counter(_title(below) for below in texts[n + 1 :])
        seen: set[str] = set()
        for m in range(n + 1, len(texts)):
            ends_in_page = [PAGE_AT_END.search(line) is not None for line in texts[m : m + 2]]
            title = _title(texts[m])
            is_entry = ends_in_page[0] or later[title] > 1 or (ends_in_page[-1] and marker(texts[m]))
            if not is_entry or title in seen:
                break
            seen.add(title)
            out.add(m)
    return out


def _title(entry: str) -> str:
    """An entry without its page number and white space."""
    return "".join(PAGE_AT_END.sub("", entry).split())


def find_headings(
    texts: Sequence[str], *, in_table: Sequence[bool], page_tops: Set[int] = frozenset()
) -> list[str | None]:
    """The style of each line that is a heading, `None` for the others.

    Neighbours with one kind of marker are a list, not headings: a heading has something under it; the rows of
    a table are no neighbours. A
    bracketed label that comes back is a label of rows, not a heading; so is no line of a table of contents.
    A short line without marker that comes back at the top of several pages is the running title of slides:
    style "page", outermost.

    Args:
        texts: Lines in reading order.
        in_table: For each whether it stands in a table.
        page_tops: Indices of the lines at the top of a page, where pages are known.
    """
    at_top = Counter(text for n, text in enumerate(texts) if n in page_tops)
    contents = find_contents(texts)
    in_contents = [n in contents or CONTENTS_LINE.search(text) is not None for n, text in enumerate(texts)]
    aside = [listed or table for listed, table in zip(in_contents, in_table, strict=True)]
    markers = [None if out else marker(text) for text, out in zip(texts, aside, strict=True)]
    times = Counter(mask_digits(text) for text in texts)
    out: list[str | None] = []
    for n, text in enumerate(texts):
        style = heading_style(text)
        around = markers[max(0, n - 1) : n] + markers[n + 1 : n + 2]
        listed = style is not None and style != "<>" and style in around
        label = style == "<>" and times[mask_digits(text)] >= MIN_TIMES
        if in_table[n] or in_contents[n] or n + 1 == len(texts) or listed or label:
            out.append(None)
        elif style is None and at_top[text] >= MIN_TIMES and RUNNING_TITLE.match(text):
            out.append("page")
        else:
            out.append(style)
    return out
