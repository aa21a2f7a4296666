"""Records of flattened tables: cells that extraction left one under another, told apart again.

What tells a record's start is that it comes back: a number alone on a line and under it a label that
stands there again and again, or numbers that count the records, or a date at the head of each row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.headings import heading_style
from ingest.layout import Line, cells

MIN_RECORDS = 4
MAX_LABEL = 40  # characters of a label that records share
D = "[0-9０-９]"
ERA_OR_YEAR = rf"(?:(?:令和|平成|昭和|[RHS])\s*(?:{D}+|元)\s*[年.]|{D}{{4}}\s*[年./])"
DATE = rf"{ERA_OR_YEAR}\s*{D}{{1,2}}\s*[月./]\s*(?:{D}{{1,2}}\s*日?)?"
ORDINAL = rf"第\s*{D}+\s*[回部]"
ROW_HEAD = re.compile(rf"[①-⑳]?\s*(?:[(（][前後]期[)）])?\s*(?:{DATE}|{ORDINAL})(?=$|[\s～~〜、:：(（])")
LATER_HEAD = re.compile(rf"[^\W\d]\S{{0,11}}[ 　]+{DATE}")
DATED_LABEL = re.compile(r"(?:日|日時|日程|期間|時期|年月)$")
LEGEND_MARK = re.compile(r"[①-⑳❶-❿○〇◎●△▲×✕☆★■□◆◇※]")
UNIT_LINE = re.compile(r"[（(［\[]?(?:単位|注|※|凡例)[:：・]?.{1,40}$")
HEADER_CELL = re.compile(r"[^\W\d][^\d。、]{1,9}$")
YEAR_CELL = re.compile(
    rf"(?:(?:令和|平成|昭和|大正|[RHSＲＨＳ])(?:{D}{{1,2}}|元)(?:年度?)?|(?:19|20|１９|２０){D}{{2}}年度?)"
    r"(?:[（(][^\W\d]{1,8}[）)]|[^\W\d]{1,8})?$"
)
REMARKS = re.compile(r"備考|摘要|注記?$|特記")  # a column that is often empty
HAS_DIGIT = re.compile(D)
ENDING = frozenset(
    {"編", "章", "節", "款", "目", "条", "第1", "1"}
)  # styles of headings that no cell looks like
FAR = 60  # lines between two records of one table at the most
NEAR = 40  # lines within which dated rows of one table follow each other
MIN_ROWS = 3


def find_record_starts(lines: Sequence[Line]) -> set[int]:
    """Indices of the lines at which a record begins."""
    return _labelled(lines) | _counted(lines)


def table_extents(lines: Sequence[Line], starts: set[int]) -> list[bool]:
    """For each line whether it stands within the run of records of a flattened table.

    The last record ends at a numbered heading after an empty line, and is at most three times as long as
    the usual one.
    """
    if not starts:
        return [False] * len(lines)
    first, last = min(starts), max(starts)
    sizes = sorted(b - a for a, b in pairwise(sorted(starts)))
    end = min(len(lines) - 1, last + 3 * (sizes[len(sizes) // 2] if sizes else 1))
    after = (n for n in range(last + 2, end + 1) if lines[n].gap and heading_style(lines[n].text) in ENDING)
    end = next(after, end + 1) - 1
    return [first <= n <= end for n in range(len(lines))]


def record_labels(lines: Sequence[Line], start: int, shared: set[str]) -> tuple[str, ...]:
    """The labels under a record's number that other records share, in order."""
    out = []
    for line in lines[start + 1 : start + 4]:
        if line.text not in shared:
            break
        out.append(line.text)
    return tuple(out)


def shared_labels(lines: Sequence[Line], starts: set[int]) -> set[str]:
    """Texts that stand within three lines under the starts of several records."""
    counts = Counter(
        line.text for n in starts for line in lines[n + 1 : n + 4] if len(line.text) <= MAX_LABEL
    )
    return {text for text, times in counts.items() if times >= 3 and not text.isdecimal()}


def find_row_starts(lines: Sequence[Line]) -> set[int]:
    """Indices of lines that begin a dated or numbered row, where three or more stand close together.

    「令和5年9月15日」 with 「第1回」 under it, or with 「～」 and another date, begins one row, not two.
    """
    heads = [n for n, line in enumerate(lines) if ROW_HEAD.match(line.text) and len(line.text) <= 80]
    out: set[int] = set()
    for n, at in enumerate(heads):
        near = [other for other in heads[max(0, n - 2) : n + 3] if abs(other - at) <= NEAR]
        follows = n > 0 and _same_row(lines, heads[n - 1], at)
        if len(near) >= MIN_ROWS and not follows:
            out.add(at)
    return out


def _same_row(lines: Sequence[Line], first: int, second: int) -> bool:
    """Whether between two row heads nothing stands but the head itself, or a tilde."""
    between = [line.text for line in lines[first + 1 : second]]
    head_only = ROW_HEAD.sub("", lines[first].text).strip(" 　～~〜") == ""
    return head_only and all(text in ("～", "~", "〜") for text in between)


def find_column_headers(lines: Sequence[Line], rows: set[int]) -> dict[int, tuple[str, ...]]:
    """The lines that name columns, with their labels: those with a row under them, and their like elsewhere.

    A row is one of `rows`, or a line of as many cells or more; names and titles are also words side by side.
    """
    labels = {n: found for n, line in enumerate(lines) if (found := column_headers(line.text))}
    heads = {" ".join(found) for n, found in labels.items() if _stands_over_row(lines, n, labels, rows)}
    return {n: found for n, found in labels.items() if " ".join(found) in heads}


def _stands_over_row(
    lines: Sequence[Line], n: int, labels: dict[int, tuple[str, ...]], rows: set[int]
) -> bool:
    """Whether under a line of labels stands a row, or two more lines of labels at most and then a row."""
    below = next((m for m in range(n + 1, min(n + 4, len(lines))) if m not in labels), None)
    if below is None:
        return False
    dated = LATER_HEAD.match(lines[below].text) and any(map(DATED_LABEL.search, labels[n][1:]))
    n_labels = len(labels[n]) - (REMARKS.match(labels[n][-1]) is not None)
    if below in rows or dated or len(cells(lines[below].text)) >= n_labels:
        return True
    like = [lines[m].text.split() for m in range(below, min(below + 2, len(lines)))]
    return len(like) == 2 and all(
        len(parts) == len(labels[n]) >= 3 and any(map(HAS_DIGIT.search, parts)) for parts in like
    )


def find_later_dated(lines: Sequence[Line], labels: dict[int, tuple[str, ...]]) -> set[int]:
    """Indices of rows whose date is not their first cell, under labels that say so (国名 実施日 開催地).

    A row alone counts, too: the labels above it tell that it is one.
    """
    out: set[int] = set()
    for n, found in labels.items():
        if DATED_LABEL.search(found[0]) or not any(DATED_LABEL.search(label) for label in found[1:]):
            continue
        first = next((m for m in range(n + 1, min(n + 4, len(lines))) if m not in labels), None)
        if first is None or not LATER_HEAD.match(lines[first].text):
            continue
        reach = first
        for m in range(first, len(lines)):
            if m - reach > NEAR or m in labels or (m > first and heading_style(lines[m].text) in ENDING):
                break
            if LATER_HEAD.match(lines[m].text):
                out.add(m)
                reach = m
    return out


def is_legend(text: str) -> bool:
    """Whether a line tells what marks stand for (①中止 ②縮小), or the unit of amounts."""
    parts = text.split()
    marks = [found[0] for part in parts if (found := LEGEND_MARK.match(part))]
    return (len(marks) == len(parts) >= 2 and len(set(marks)) == len(marks)) or bool(UNIT_LINE.match(text))


def column_headers(text: str) -> tuple[str, ...]:
    """The labels of a line such as 「実施日 開催方法 参加者数」, else an empty tuple."""
    labels = text.split()
    named = [HEADER_CELL.match(label) is not None or YEAR_CELL.match(label) is not None for label in labels]
    return tuple(labels) if len(labels) >= 2 and all(named) else ()


def _labelled(lines: Sequence[Line]) -> set[int]:
    """A number alone whose next line is a label that stands under several such numbers."""
    numbered = [n for n in range(len(lines) - 1) if lines[n].text.isdecimal() and len(lines[n].text) <= 4]
    under = Counter(lines[n + 1].text for n in numbered if not lines[n + 1].text.isdecimal())
    starts = [
        n for n in numbered if under[lines[n + 1].text] >= MIN_RECORDS and len(lines[n + 1].text) <= MAX_LABEL
    ]
    return set(starts) if len(starts) >= MIN_RECORDS else set()


def _counted(lines: Sequence[Line]) -> set[int]:
    """Numbers alone on a line that count 1, 2, 3 … at record distance, four or more in a row."""
    out: set[int] = set()
    run: list[int] = []
    for n, line in enumerate(lines):
        if not line.text.isdecimal() or len(line.text) > 4:
            continue
        if run and int(line.text) == int(lines[run[-1]].text) + 1 and 2 <= n - run[-1] <= FAR:
            run.append(n)
            continue
        if len(run) >= MIN_RECORDS:
            out.update(run)
        run = [n] if int(line.text) == 1 else []
    return out | (set(run) if len(run) >= MIN_RECORDS else set())
