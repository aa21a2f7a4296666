"""Rows: table rows however a text sets them: with tabs, blanks, slashes or all in one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

GAP = re.compile(r"[ \u3000]+")
SLASH = re.compile(r"[/／]")
PROSE = re.compile(r"[。！？!?]|(?<![\d０-９])[：:]|[：:](?![\d０-９])|(?:です|ます|した|する|ある|いる)$")
NUMBER = re.compile(r"^[△▲＋+－−-]?(?:約|第|月額|年額|日額)?[\d０-９]")
YEARLY = re.compile(r"^(?:令和|平成|昭和)?[\d０-９元]{1,4}年度?(?:[(（][^()（）]*[)）])?$")
BARE_YEAR = re.compile(r"(?:19|20)\d\d")
RULE = re.compile(r"[\s|:：-]+")
MIN_CELLS, MAX_CELLS = 3, 9


@lru_cache(maxsize=256)
def barred(text: str) -> str:
    """A text of the same length whose table rows have `|` between their cells, one row a line."""
    lines = [_outer_off(line.replace("\t", "|")) for line in text.split("\n")]
    lines = [line for one in lines for line in _slashed(one).split("\n")]
    lines = [line for one in lines for line in _unrolled(one).split("\n")]
    return "\n".join(_aligned(lines))


def is_rule(text: str) -> bool:
    """Whether a line only draws the line below a header (|---|---|)."""
    return "-" in text and RULE.fullmatch(text) is not None


def is_header(cells: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row names columns: no cell of it is a number of what the cell below counts too."""
    if are_years(cells[1:]) and not are_years(below[1:]):
        return True
    return not any(
        (_is_number(one) and _is_number(other) and _sort(one) == _sort(other)) or _count_alike(one, other)
        for one, other in zip(cells[1:], below[1:], strict=True)
    )


def are_years(cells: Sequence[str]) -> bool:
    """Whether all cells are bare years: 2019, 2020."""
    return len(cells) > 1 and all(BARE_YEAR.fullmatch(cell) for cell in cells)


def _count_alike(one: str, other: str) -> bool:
    """Whether two cells count the same thing in words: 定員20人 and 定員15人."""
    bare = re.sub(r"[\d０-９]+", "", one)
    return (
        len(bare) > 2 and bare != one and bare == re.sub(r"[\d０-９]+", "", other) and not YEARLY.match(one)
    )


def _is_number(cell: str) -> bool:
    return bool(NUMBER.match(cell)) and not YEARLY.match(cell)


def _sort(cell: str) -> str:
    return re.sub(r"^[千万億百]+", "", re.split(r"\d", cell)[-1])


def _outer_off(line: str) -> str:
    """A row without the bars at its ends, blanks in their places."""
    flat = line.strip()
    if len(flat) < 3 or "|" not in flat[1:-1] or is_rule(flat):
        return line
    start = line.index("|") if flat[0] == "|" else -1
    end = line.rindex("|") if flat[-1] == "|" else -1
    return "".join(" " if at in (start, end) else char for at, char in enumerate(line))


def _slashed(line: str) -> str:
    """Rows that a line has side by side, `A 3円/B 5円`, each on a line of its own."""
    parts = SLASH.split(line)
    label = GAP.search(line.lstrip())
    widths = [len(GAP.split(part.strip())) for part in parts]
    if label and len(parts) > 2 and set(widths[1:]) == {widths[0] - 1} and widths[1] > 1:
        return SLASH.sub("\n", GAP.sub(lambda found: "\n" * len(found[0]), line.lstrip(), count=1)).rjust(
            len(line)
        )
    counts = {len(GAP.split(part.strip())) for part in parts}
    return SLASH.sub("\n", line) if len(parts) > 1 and len(counts) == 1 and counts != {1} else line


def _unrolled(line: str) -> str:
    """A table whose rows have run together, one row a line, if its cells follow a pattern of numbers."""
    gaps = list(GAP.finditer(line.strip()))
    if "|" in line or PROSE.search(line) or len(gaps) < 5:
        return line
    lead = len(line) - len(line.lstrip())
    cells = GAP.split(line.strip())
    kinds = [_is_number(cell) for cell in cells]
    for width in range(2, MAX_CELLS + 1):
        rows = [kinds[at : at + width] for at in range(0, len(kinds), width)]
        same = all(row == rows[-1] for row in rows[1:]) and any(rows[-1]) and not rows[-1][0]
        if (
            len(kinds) % width == 0
            and len(rows) > 2 - (not any(rows[0]))
            and same
            and (rows[0] == rows[-1] or not any(rows[0]))
        ):
            signs = list(line)
            for n, gap in enumerate(gaps, start=1):
                signs[lead + gap.start()] = "|" if n % width else "\n"
            return "".join(signs)
    return line


def _aligned(lines: Sequence[str]) -> list[str]:
    """Lines with as many blanks as their neighbour, and a number at least, are rows of a table."""
    widths = [_width(line) for line in lines]
    found = []
    for n, line in enumerate(lines):
        beside = {*widths[max(0, n - 1) : n], *widths[n + 1 : n + 2]}
        found.append(_with_bars(line) if widths[n] and widths[n] in beside else line)
    return found


def _width(line: str) -> int:
    """How many cells a line of blanks has; 0 if it is no row."""
    if "|" in line or PROSE.search(line.strip()):
        return 0
    cells = GAP.split(line.strip())
    return len(cells) if MIN_CELLS <= len(cells) <= MAX_CELLS else 0


def _with_bars(line: str) -> str:
    lead = len(line) - len(line.lstrip())
    end = len(line.rstrip())
    signs = list(line)
    for gap in GAP.finditer(line, lead, end):
        signs[gap.start()] = "|"
    return "".join(signs)
