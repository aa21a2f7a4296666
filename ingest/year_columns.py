"""Fiscal-year columns of flattened tables: which lines of a record belong to which year.

Where a table's header names fiscal years side by side, each record ends with one cell for each.
Extraction leaves these cells one under another, and nothing marks where the next begins. Several
signs tell: an empty line, two cells that begin alike, dates inside them, a cell that says all in one
phrase (実績なし). All divisions of a record are weighed, and a line is given to a year only if the
divisions that put it there outweigh the others clearly; otherwise its label says that it cannot be told.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from ingest.calendar import find_years, fiscal_year_of
from ingest.layout import Line
from ingest.traced import Traced
from ingest.year_headers import YearColumns

SURE = 0.8  # of the weight of all divisions: a line below it is given to no year
MOST_PLACES = 14  # at which cells of three years or more may begin
MOST_ATOMS = 150  # a longer record is not weighed: nothing says that it is one
KEPT = 4096  # what was found in texts that stand in many divisions
D = "[0-9０-９]"
SPACE = re.compile(r"(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f】］）」』])|(?<=[\d%]) +(?=[^\x00-\x7f])")
MARK = re.compile(r"[○〇◯◎×✕△▲●－―‐-]$")
WHOLE = re.compile(
    r"[（(]?(?:(?:実績|該当|実施|開催)(?:は)?(?:なし|無し)|なし|中止|未実施|休止|実施済み?|－|―|-|皆減|皆増)[)）]?$"
)
BULLET = re.compile(r"[・･○〇◯●◎■□◆◇※*＊⇒(（【\[［①-⑳]")
NUMBERED = frozenset("（(①")  # a list that one cell begins with and the other does not is the description's
TITLE = re.compile(r"[【\[［〔＜<].*[】\]］〕＞>]$")
MONTH = re.compile(
    rf"(?P<year>(?:令和|平成|[RHＲＨ])\s*(?:{D}{{1,2}}|元)年|20{D}{{2}}年)\s*(?P<month>{D}{{1,2}})月"
)
PLAN = re.compile(r"予定|～|〜|から|まで|以降")


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a record and the label of its column, "" for what stands before the years' cells."""

    body: Traced
    header: str


@dataclass(frozen=True, slots=True)
class _Atom:
    body: Traced
    gap: int  # empty lines before it; -1 if it stands on the line of the one before

    @property
    def text(self) -> str:
        return self.body.text


def split_record(lines: Sequence[Line], columns: YearColumns) -> list[Cell]:
    """The cells of one record in order: what stands before the years' cells, theirs, and marks after them."""
    atoms = list(_atoms(lines))
    end = len(atoms)
    while end > 2 and MARK.match(atoms[end - 1].text) and end > len(atoms) - 3:
        end -= 1
    if not 2 + len(columns.labels) <= end <= MOST_ATOMS:
        return _merged(atoms, [""] * len(atoms))
    labels = [*_labels(atoms[:end], columns), *[""] * (len(atoms) - end)]
    return _merged(atoms, labels)


def _atoms(lines: Sequence[Line]) -> Iterator[_Atom]:
    """Lines, and parts of lines that a space divides: the smallest pieces that may be a cell."""
    for line in lines:
        start, gap = 0, line.gap
        for space in SPACE.finditer(line.text):
            yield _Atom(line.body[start : space.start()], gap)
            start, gap = space.end(), -1
        yield _Atom(line.body[start:], gap)


def _labels(atoms: Sequence[_Atom], columns: YearColumns) -> list[str]:
    """The column label of each atom, by the weight of all divisions."""
    n_columns = len(columns.labels)
    divisions = {starts: _score(atoms, starts, columns) for starts in _divisions(atoms, n_columns)}
    if not divisions:
        return [""] * len(atoms)
    best = max(divisions.values())
    weights = {division: math.exp(score - best) for division, score in divisions.items()}
    total = sum(weights.values())
    out = []
    for n in range(len(atoms)):
        shares = [0.0] * (n_columns + 1)  # of what stands before the cells, and of each cell
        for starts, weight in weights.items():
            shares[bisect_right(starts, n)] += weight / total
        head, *cells = shares
        column = max(range(n_columns), key=cells.__getitem__)
        if column and cells[column] >= SURE:
            out.append(columns.header(column))
        elif sum(cells[1:]) <= 1 - SURE:  # at worst the row's description is taken for its first value
            out.append(columns.header(0) if cells[0] >= head else "")
        else:
            out.append(columns.untold)
    return out


def _divisions(atoms: Sequence[_Atom], n_columns: int) -> Iterator[tuple[int, ...]]:
    """Where the cells may begin, all of them; for three and more only at the likelier places."""
    places = [n for n in range(2, len(atoms)) if _may_start(atoms, n)]
    if n_columns > 2:
        likely = sorted(places, key=lambda n: (-_break(atoms, n), n))
        places = sorted(likely[:MOST_PLACES])
    return combinations(places, n_columns)


def _may_start(atoms: Sequence[_Atom], n: int) -> bool:
    """Whether a cell may begin at an atom: not at a mark."""
    text = atoms[n].text
    return bool(WHOLE.match(text)) or not (MARK.match(text) or (atoms[n].gap < 0 and len(text) < 2))


def _score(atoms: Sequence[_Atom], starts: Sequence[int], columns: YearColumns) -> float:
    """How well a division fits: the log of its weight."""
    first = starts[0]
    cells = [atoms[start:end] for start, end in pairwise((*starts, len(atoms)))]
    score = sum(_break(atoms, n) for n in starts) + sum(_alike(*pair) for pair in pairwise(cells))
    told = atoms[first - 1].text.endswith("。")  # a description ends as a sentence, before the values
    score += 3.0 * told
    ends = {cell[0].text.endswith("。") for cell in cells}
    score -= 1.5 * (len(ends) > 1) * (not told)
    score -= 0.7 * (atoms[first].gap == 0)
    score -= 0.7 * min(3, sum(atom.text.startswith(("・", "･")) for atom in atoms[:first]))
    for cell, year in zip(cells, columns.years, strict=True):
        score -= 2.5 * _says_more(cell) + 3.0 * (TITLE.match(cell[-1].text) is not None)
        score -= min(3.5, 0.7 * sum(atom.gap > 0 for atom in cell[1:]))
        score += _dates(cell, year)
    return score


def _says_more(cell: Sequence[_Atom]) -> bool:
    """Whether a phrase that is a cell by itself has company: only a title may stand above it."""
    said = [n for n, atom in enumerate(cell) if WHOLE.match(atom.text)]
    return any((n == 0 and len(cell) > 1) or (n > 0 and not TITLE.match(cell[n - 1].text)) for n in said)


def _break(atoms: Sequence[_Atom], n: int) -> float:
    """How much the place before an atom looks like an edge between cells."""
    here, before = atoms[n], atoms[n - 1]
    is_whole = bool(WHOLE.match(before.text) or WHOLE.match(here.text))
    if here.gap > 0:
        return 2.0
    if here.gap < 0:
        return 1.0 if is_whole or before.text.endswith("。") or before.text == here.text else -1.0
    if is_whole:
        return 1.5
    return -0.5 if BULLET.match(here.text) else -2.0


def _alike(one: Sequence[_Atom], other: Sequence[_Atom]) -> float:
    """Two years of one programme are told in the same words, and begin with the same ones."""
    left, right = _plain(one[0].text), _plain(other[0].text)
    shared = 0
    while shared < min(len(left), len(right), 12) and left[shared] == right[shared]:
        shared += 1
    score = 2.0 * shared / max(1, min(len(left), len(right), 12))
    kinds = {_kind(one[0].text), _kind(other[0].text)}
    score += 0.5 * (len(kinds) == 1) - 1.5 * (len(kinds) > 1 and bool(kinds & NUMBERED))
    pairs = [_pairs("".join(atom.text for atom in cell)) for cell in (one, other)]
    both = sum((pairs[0] & pairs[1]).values())
    sizes = [sum(pair.values()) for pair in pairs]
    score += 4.0 * 2 * both / max(1, sum(sizes))
    return score


@lru_cache(maxsize=KEPT)
def _pairs(text: str) -> Counter[str]:
    return Counter(a + b for a, b in pairwise(_plain(text)))


@lru_cache(maxsize=KEPT)
def _plain(text: str) -> str:
    return re.sub(r"[0-9０-９]+", "#", "".join(text.split()))


def _kind(text: str) -> str:
    found = BULLET.match(text)
    return found[0] if found else ""


def _dates(cell: Sequence[_Atom], year: int) -> float:
    """Dates of the column's own fiscal year speak for a division, later ones against it."""
    return max(-4.0, min(2.0, sum(_dated(atom.text, year) for atom in cell)))


@lru_cache(maxsize=KEPT)
def _dated(text: str, year: int) -> float:
    score = 0.0
    for mention in find_years(text):
        month = MONTH.match(text, mention.start)
        if not mention.is_fiscal and not month:
            continue
        named = _fiscal(mention.year, month)
        if named == year:
            score += 1.0
        elif named > year and not PLAN.search(text, mention.end, mention.end + 20):
            score -= 2.0
    return score


def _fiscal(year: int, month: re.Match[str] | None) -> int:
    number = int(month["month"]) if month else 0
    return fiscal_year_of(year, number) if 1 <= number <= 12 else year


def _merged(atoms: Sequence[_Atom], labels: Sequence[str]) -> list[Cell]:
    """Neighbouring atoms of one column as one cell; each atom without a label is its own."""
    out: list[Cell] = []
    for atom, label in zip(atoms, labels, strict=True):
        if out and label and out[-1].header == label:
            glue = " " if atom.gap < 0 else "\n"
            out[-1] = Cell(Traced.joined([out[-1].body, atom.body], glue), label)
        else:
            out.append(Cell(atom.body, label))
    return out
