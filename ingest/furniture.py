"""Page furniture: running headers, footers and page numbers, told by how they come back."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from ingest.layout import Line, mask_digits

MIN_PAGES = 3  # a line that comes back on fewer pages may be text
MAX_CHARS = 60  # a running header is no longer
TITLE_CHARS = 8  # a running title is no shorter, or it may be the label of values
EDGE = 2  # lines from a page's top or bottom that count as its edge
NUMBER = re.compile(r"[0-9０-９]+")
DASHES = r"[-‐‑–—―−－ー\s]*"
PAGE_NUMBER = re.compile(rf"{DASHES}(?:p\.?|P\.?|page|ページ)?\s*#\s*(?:[/／]|頁|ページ)?{DASHES}$|.{{8,}}#$")
PAGE_GAP = 3  # empty lines between two pages
PAGE_LINES = 20  # a page has more lines on average than a paragraph
NAVIGATION_CHARS = 8  # a tab or button label is no longer
NAVIGATION_TIMES = 8  # and comes back on page after page
NAVIGATION_RUN = 3  # together with others of its kind


def find_furniture(lines: Sequence[Line]) -> set[int]:
    """Indices of running headers and footers among the lines as extracted.

    A line is furniture if it comes back on three pages or more
    - mostly at a page's edge, digits aside; its first appearance is kept, being a title as a rule;
    - or with a number in it that counts the pages (「- 3 -」, 「計画 12」).
    A line of digits alone is never furniture: it may be a value.
    """
    groups: dict[str, list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        groups[mask_digits(line.text)].append(n)
    edges = _edges(lines)
    out = _numbered_titles(lines, groups)
    for mask, members in groups.items():
        if len(members) < MIN_PAGES or mask == "#" or len(mask) > MAX_CHARS or mask.endswith("。"):
            continue
        if PAGE_NUMBER.match(mask) and _counts_pages([lines[n].text for n in members]):
            out.update(members)
        elif sum(n in edges for n in members) >= 0.6 * len(members):
            out.update(members[1:])
    return out


def _numbered_titles(lines: Sequence[Line], groups: dict[str, list[int]]) -> set[int]:
    """Running titles that stand next to a number alone, each time one higher, and these page numbers.

    The first appearance of the title is kept, being a title as a rule.
    """
    out: set[int] = set()
    for mask, members in groups.items():
        if len(members) < MIN_PAGES or not TITLE_CHARS <= len(mask) <= MAX_CHARS or mask.endswith("。"):
            continue
        if len({lines[n].text for n in members}) > 1:
            continue
        for side in (-1, 1):
            beside = [n + side for n in members if 0 <= n + side < len(lines)]
            numbers = [n for n in beside if lines[n].text.isdecimal() and len(lines[n].text) <= 4]
            if numbers[:1] == beside[1:2]:  # the first page often has none
                beside = beside[1:]
            every = (
                len(numbers) >= MIN_PAGES
                and numbers == beside[: len(numbers)]
                and len(numbers) >= len(beside) - 1
            )
            if every and _counts_pages([lines[n].text for n in numbers]):
                out.update(members[1:], numbers)
                last = len(lines) - 1  # the last page's number has no title under it
                if side < 0 and lines[last].text == str(int(lines[numbers[-1]].text) + 1):
                    out.add(last)
    return out


def _edges(lines: Sequence[Line]) -> set[int]:
    starts = [n for n, line in enumerate(lines) if line.starts_page]
    if len(starts) < MIN_PAGES:
        return set()
    return {n for start in starts for n in range(max(0, start - EDGE), min(len(lines), start + EDGE))}


def _counts_pages(texts: Sequence[str]) -> bool:
    """Whether the only number in each counts up by one from one appearance to the next."""
    numbers = [NUMBER.findall(text) for text in texts]
    if any(len(found) != 1 for found in numbers):
        return False
    values = [int(found[0]) for found in numbers]
    steps = [b - a for a, b in pairwise(values)]
    return all(step >= 1 for step in steps) and sum(step == 1 for step in steps) >= 0.7 * len(steps)


def find_navigation(lines: Sequence[Line]) -> set[int]:
    """Indices of short labels that stand together on page after page, as the tabs of slides do."""
    times: dict[str, int] = defaultdict(int)
    for line in lines:
        times[line.text] += 1
    short = [
        len(line.text) <= NAVIGATION_CHARS
        and times[line.text] >= NAVIGATION_TIMES
        and not line.text.isdecimal()
        for line in lines
    ]
    out: set[int] = set()
    start = 0
    for n in range(len(lines) + 1):
        if n < len(lines) and short[n]:
            continue
        if n - start >= NAVIGATION_RUN and len({lines[i].text for i in range(start, n)}) >= NAVIGATION_RUN:
            out.update(range(start, n))
        start = n + 1
    return out


def find_pages(lines: Sequence[Line]) -> set[int]:
    """Indices of lines that begin a page: below a form feed, or where gaps that are far apart show pages.

    Slides come out of extraction with an empty line or none between their boxes, and three or more between
    slides. Text whose paragraphs stand so far apart shows no pages.
    """
    if any(line.page is not None for line in lines):
        return {n for n, line in enumerate(lines) if line.starts_page}
    wide = [n for n, line in enumerate(lines) if line.gap >= PAGE_GAP]
    if len(wide) < MIN_PAGES or len(lines) / len(wide) < PAGE_LINES:
        return set()
    return set(wide)
