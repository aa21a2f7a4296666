"""Page furniture of a PDF: what comes back at the edge of its pages, and the printed page numbers."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from ingest.layout import mask_digits
from ingest.readers.pdf_text import PlacedLine

MARGIN = 0.12  # share of the page at its top and bottom where furniture stands
MIN_PAGES = 3  # that show it
FEW_PAGES = 4  # in a document of so many, two are enough
TITLE = 1.2  # times the size of its smallest appearance
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

    A line is furniture if, digits aside, it comes back at the same height of the page's edge; an appearance
    that is larger than the others is a title and kept.
    """
    numbers = _page_numbers(lines, n_pages)
    out = set(numbers) | _above_vertical(lines)
    groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        if n not in out and _is_edge(line.share) and len(line.text) <= MAX_CHARS:
            groups[mask_digits(line.text), line.share < 0.5].append(n)
    for members in groups.values():
        for found in _at_one_height(members, lines):
            pages = sorted({lines[n].page for n in found})
            least = 2 if n_pages <= FEW_PAGES else MIN_PAGES
            if len(pages) >= least and len(pages) >= MIN_SHARE * (pages[-1] - pages[0] + 1):
                smallest = min(lines[n].size for n in found)
                out.update(n for n in found if lines[n].size <= TITLE * smallest)
    labels = {lines[n].page: label for n, label in numbers.items()}
    return out, labels


def _above_vertical(lines: Sequence[PlacedLine]) -> set[int]:
    """Level lines at the edge of pages that are written downwards."""
    down: dict[int, int] = defaultdict(int)
    for line in lines:
        down[line.page] += len(line.text) if line.is_vertical else -len(line.text)
    return {
        n for n, line in enumerate(lines)
        if not line.is_vertical and down[line.page] > 0 and _is_edge(line.share)
    }  # fmt: skip


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
