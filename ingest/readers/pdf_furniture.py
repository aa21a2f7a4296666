"""Page furniture of a PDF: what comes back at the edge of its pages, and the printed page numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from ingest.layout import mask_digits
from ingest.readers.pdf_text import PlacedLine

MARGIN = 0.12  # share of the page at its top and bottom where furniture stands
MIN_PAGES = 3  # that show it; of shorter documents, all pages, and two at least
MIN_SHARE = 0.3  # of the pages from its first to its last appearance
MAX_CHARS = 60
SAME_PLACE = 0.02  # of the page's height
NUMBER = re.compile(
    r"[-‐‑–—―−－ー~〜\s]*(?:[pPＰ][.．]?\s*)?([0-9０-９]{1,4})(?:\s*[/／]\s*[0-9０-９]{1,4})?(?:頁|ページ)?[-‐‑–—―−－ー~〜\s]*"
)
ROMAN = re.compile(r"[-‐–—\s]*([ivxIVXⅰ-ⅹⅠ-Ⅹ]{1,6})[-‐–—\s]*")
LOWEST = 0.06  # share of the page at its edge where a lone number is a page's


def find_furniture(lines: Sequence[PlacedLine], n_pages: int) -> tuple[set[int], dict[int, str]]:
    """Indices of furniture among the lines, and the printed number of each page that has one.

    A line is furniture if, digits aside, it comes back at the same height of the page's edge; its first
    appearance is kept if it has no number in it, being a title as a rule.
    """
    numbers = _page_numbers(lines, n_pages)
    out = set(numbers)
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        if n not in out and _is_edge(line.share) and len(line.text) <= MAX_CHARS:
            groups[mask_digits(line.text), line.share < 0.5].append(n)
    for (mask, _), members in groups.items():
        for found in _at_one_height(members, lines):
            pages = sorted({lines[n].page for n in found})
            least = min(MIN_PAGES, max(2, n_pages))
            if len(pages) >= least and len(pages) >= MIN_SHARE * (pages[-1] - pages[0] + 1):
                out.update(found if "#" in mask else found[1:])
    labels = {lines[n].page: label for n, label in numbers.items()}
    return out, labels


def _is_edge(share: float) -> bool:
    return share < MARGIN or share > 1 - MARGIN


def _at_one_height(members: Sequence[int], lines: Sequence[PlacedLine]) -> list[list[int]]:
    out: list[list[int]] = []
    for n in sorted(members, key=lambda n: lines[n].share):
        if out and lines[n].share - lines[out[-1][0]].share <= SAME_PLACE:
            out[-1].append(n)
        else:
            out.append([n])
    return [sorted(group) for group in out]


def _page_numbers(lines: Sequence[PlacedLine], n_pages: int) -> dict[int, str]:
    """Index and printed number of the lines that are a page's number: those that keep step with the pages.

    A document too short to show it has its lone numbers at the very edge taken for them.
    """
    found: dict[int, tuple[int, str]] = {}
    for n, line in enumerate(lines):
        if not _is_edge(line.share):
            continue
        match = NUMBER.fullmatch(line.text)
        if match:
            label = unicodedata.normalize("NFKC", match[1])
            found[n] = (int(label) - line.page, label)
        elif roman := ROMAN.fullmatch(line.text):
            found[n] = (-(10**6), unicodedata.normalize("NFKC", roman[1]))
    steps: dict[int, int] = defaultdict(int)
    for step, _ in found.values():
        steps[step] += 1
    out: dict[int, str] = {}
    for n, (step, label) in found.items():
        at_edge = lines[n].share < LOWEST or lines[n].share > 1 - LOWEST
        if steps[step] >= MIN_PAGES or (n_pages < MIN_PAGES and at_edge) or (at_edge and steps[step] == 2):
            out[n] = label
    return out
