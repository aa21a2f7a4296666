"""Headings and the section path, from numbering and form alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.layout import mask_digits

MAX_CHARS = 48  # a longer line is a sentence, not a heading
D = "[0-9０-９]"
# Japanese outlines, outermost first; symbols have no rank of their own and nest where they first appear.
NUMBERED = (
    ("編", re.compile(r"第[0-9０-９一二三四五六七八九十]+編")),
    ("章", re.compile(r"第[0-9０-９一二三四五六七八九十]+章|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ](?![a-zA-Z])")),
    ("節", re.compile(r"第[0-9０-９一二三四五六七八九十]+節")),
    ("条", re.compile(r"第[0-9０-９一二三四五六七八九十]+条")),
    (
        "1",
        re.compile(rf"{D}{{1,2}}(?:[-－.．]{D}{{1,2}})*(?:[.．、]\s*|[ 　]+)(?=(?:[^\W\d_]|[「『（(]).)"),
    ),
    ("(1)", re.compile(r"[(（][0-9０-９]{1,2}[)）]")),
    ("ア", re.compile(r"[ア-コ][ 　.．]|[(（][ア-コ][)）]")),
    ("①", re.compile(r"[①-⑳❶-❿⑴-⒇]")),
)
SYMBOL = re.compile(r"[○〇◎■□◆◇●▼★]")
SOFT_STYLES = frozenset("○〇◎■□◆◇●▼★") | {"①", "ア", "<>"}
SOFT_REACH = 2000
BRACKETED = re.compile(r"[＜<〈《【［\[〔][^＞>〉》】］\]〕]{1,44}[＞>〉》】］\]〕]$")
UNIT = re.compile(
    r"[0-9０-９,.．，]+\s*(?:名|人|日|年|月|時|分|件|回|校|部|円|千円|万円|億円|％|%|か国|か所|団体|都市|歳|号|階|ページ|頁)"
)
RUNNING_TITLE = re.compile(r"[^\W\d_][^0-9０-９\s、。（(]{5,29}$")
MIN_TIMES = 3  # a line that comes back less often may be anything
CONTENTS_LINE = re.compile(r"[…‥]{2,}\s*[0-9０-９]+$|(?:[.．・]\s?){4,}[0-9０-９]+$")  # １ 計画の概要 …… 2
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
    if style == "page":
        return -1
    if style == "<>":
        return len(NUMBERED)
    return order.get(style, 4.5)


def marker(text: str) -> str | None:
    """What a line's first characters number or mark it as, whatever follows."""
    for name, pattern in NUMBERED:
        found = pattern.match(text)
        if found and text[found.end() :].strip():
            return name
    return text[0] if SYMBOL.match(text) and len(text) > 2 else None


def heading_style(text: str) -> str | None:
    """The outline style of a line that reads like a heading, else `None`."""
    if not 2 <= len(text) <= MAX_CHARS or ENDS_AS_TEXT.search(text) or UNIT.match(text):
        return None
    return "<>" if BRACKETED.match(text) else marker(text)


def find_headings(texts: Sequence[str], *, in_table: Sequence[bool]) -> list[str | None]:
    """The style of each line that is a heading, `None` for the others.

    Neighbours with one kind of marker are a list, not headings: a heading has something under it. A
    bracketed label that comes back is a label of rows, not a heading; so is no line of a table of contents.
    A short line without marker that comes back on several pages is the running title of slides: style
    "page", outermost.
    """
    in_contents = [CONTENTS_LINE.search(text) is not None for text in texts]
    markers = [None if listed else marker(text) for text, listed in zip(texts, in_contents, strict=True)]
    times = Counter(mask_digits(text) for text in texts)
    out: list[str | None] = []
    for n, text in enumerate(texts):
        style = heading_style(text)
        around = markers[max(0, n - 1) : n] + markers[n + 1 : n + 2]
        listed = style is not None and style != "<>" and style in around
        label = style == "<>" and times[mask_digits(text)] >= MIN_TIMES
        if in_table[n] or in_contents[n] or n + 1 == len(texts) or listed or label:
            out.append(None)
        elif style is None and times[text] >= MIN_TIMES and RUNNING_TITLE.match(text):
            out.append("page")
        else:
            out.append(style)
    return out
