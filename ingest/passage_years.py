"""Which fiscal years a passage is about, and who says so; rows divided between the cells of their years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.calendar import find_years
from ingest.document import Block, BlockKind, Document
from ingest.passage import YearSource
from ingest.relative_years import fiscal_years_of
from ingest.traced import Traced
from ingest.year_headers import UNTOLD

SAME_CHARS = 60  # of two years' cells that say the same and so make one passage
YEAR_HEADER = re.compile(rf" \d{{4}}年度$|{re.escape(UNTOLD)}$")
MOST_YEARS = 4  # a text about more years is about none of them
REMARK = "この欄が{years}のどの年度のものかは、原文の並びからは区別できません。"


@dataclass(frozen=True, slots=True)
class PassageYears:
    """Fiscal years, ascending, what says so, and a remark if it is in doubt."""

    years: tuple[int, ...]
    source: YearSource
    remark: str = ""


@dataclass(frozen=True, slots=True)
class RowPart:
    """Neighbouring cells of a row.

    Attributes:
        headers: Their labels.
        year_headers: Those labels that say which year's they are, if the row has year columns.
    """

    body: Traced
    headers: tuple[str, ...]
    year_headers: tuple[str, ...] = ()


def years_of(
    document: Document, text: str, section: Sequence[str], column_headers: Sequence[str]
) -> PassageYears:
    """The years of a passage from the first source that names any.

    Args:
        document: Its title and fiscal years; one year alone is what 今年度 means.
        text: The passage's own words.
        section: Titles above it.
        column_headers: Labels of the year columns that it stands in, if it does.
    """
    labels = [label for label in column_headers if label]
    if labels:
        years = tuple(sorted({mention.year for label in labels for mention in find_years(label)}))
        doubtful = [label.removesuffix(UNTOLD) for label in labels if label.endswith(UNTOLD)]
        remark = (
            REMARK.format(years="、".join(f"「{label}」" for label in doubtful[0].split("・")))
            if doubtful
            else ""
        )
        return PassageYears(years, YearSource.COLUMN, remark)
    anchor = document.fiscal_years[0] if len(document.fiscal_years) == 1 else None
    titles = {year for title in section for year in fiscal_years_of(title)}
    if len(titles) == 1:
        anchor = min(titles)
    for years, source in (
        (fiscal_years_of(text, anchor=anchor), YearSource.TEXT),
        (tuple(sorted(titles)), YearSource.SECTION),
        (document.fiscal_years, YearSource.DOCUMENT),
    ):
        if years and len(years) <= MOST_YEARS:
            return PassageYears(tuple(years), source)
    return PassageYears((), YearSource.NONE)


def year_parts(block: Block) -> Iterator[RowPart]:
    """A row divided where the year of its cells changes: first what stands before them, then each year's.

    Cells of two years that say the same in a few words are one part. A block that is not a recovered row
    with year columns is one part: in a row of numbers all years stand side by side and are read together.
    """
    if block.kind is not BlockKind.TABLE_ROW or not _has_year_cells(block):
        untold = tuple(dict.fromkeys(header for header in block.headers if header.endswith(UNTOLD)))
        yield RowPart(block.body, block.headers, untold)
        return
    parts: list[RowPart] = []
    marks: list[RowPart] = []  # after the years' cells: of whichever column, but of none of theirs
    start = 0
    for end, header in zip(block.cells, block.headers, strict=True):
        body = block.body[start:end]
        if not header and parts and parts[-1].headers and not any(map(str.isalnum, body.text)):
            marks.append(RowPart(body, ()))
            start = end + 1
            continue
        joins = parts and (not header or _says_same(parts[-1], body))
        if joins:
            body = Traced.joined([parts[-1].body, body], "\n")
            parts[-1] = RowPart(body, (*parts[-1].headers, *([header] if header else [])))
        else:
            parts.append(RowPart(body, (header,) if header else ()))
        start = end + 1
    if len(parts) == 2 and len(parts[1].headers) > 1:  # all years say the same few words
        yield RowPart(block.body, block.headers, parts[1].headers)
        return
    yield from (replace(part, year_headers=part.headers) for part in (*parts, *marks))


def _has_year_cells(block: Block) -> bool:
    """Whether its first cells have no label and later ones are labelled as `YearColumns` does it."""
    labels = [header for header in block.headers if header]
    return (
        len(set(labels)) >= 2 and not block.headers[0] and all(YEAR_HEADER.search(label) for label in labels)
    )


def _says_same(part: RowPart, body: Traced) -> bool:
    both = ["".join(text.split()) for text in (part.body.text, body.text)]
    return bool(part.headers) and both[0] == both[1] and len(both[0]) <= SAME_CHARS
