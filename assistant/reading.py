"""Reading: a passage cut into what may be said of it, apart from any question, and kept for the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from assistant.citable import CitableStretches
from assistant.parallel import without_years
from assistant.question import Question
from assistant.stretch import clauses, flat, is_heading, opens
from ingest.passage import Cell, Passage
from ingest.tokenizer import Tokenizer

MIN_SAID = 2  # letters and digits of what is said
MOST_UNITS = 40  # of a passage; what stands further down is not said
PASSAGES_KEPT = 1024  # some 30 KB each
LABELS_KEPT = 1024  # of columns, which all rows of a table share
LONGEST_LIST = 380  # characters of a list that is said as one
HEADED_CHARS = 40  # of a line that is cited together with the heading above it
LONGEST = 100  # characters up to which neighbouring sentences may be said as one


@dataclass(frozen=True, slots=True)
class Words:
    """The search terms of a text, and the runs of letters in which its character pairs stand."""

    terms: frozenset[str]
    letters: str

    @classmethod
    def of(cls, text: str, tokenizer: Tokenizer) -> Words:
        """Read a text."""
        return cls(frozenset(tokenizer.terms(text)), "\n".join(tokenizer.letter_runs(text)))

    def held(self, question: Question) -> frozenset[str]:
        """The question's terms and character pairs that the text holds."""
        pairs = (gram for gram in question.grams if gram in self.letters)
        return frozenset(chain(self.terms.intersection(question.terms), pairs))


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest stretch: a clause, a short sentence or a table cell.

    Attributes:
        sentence: 0-based place of its sentence in the passage.
        plain: Its text in lower-case compatibility forms without white space.
    """

    start: int
    end: int
    sentence: int
    is_heading: bool
    text: str
    plain: str
    words: Words


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A cell of a table row of known columns, in half-open offsets into the passage's text.

    Attributes:
        words: Its own, but for the years in it, which are compared as years.
        label_words: Those of its column's label, likewise.
    """

    start: int
    end: int
    label: str
    text: str
    words: Words
    label_words: Words


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring units that may be said as one.

    Attributes:
        first, stop: Half-open range of its units.
        start, end: Half-open offsets into the passage's text.
        is_sentence: Whether it is exactly one sentence, which is said whole however long it is.
        begins, ends: Whether it begins and ends where a sentence does.
        is_list: Whether it is a list: all neighbouring rows or items, as many as an answer holds.
    """

    first: int
    stop: int
    start: int
    end: int
    is_sentence: bool
    begins: bool
    ends: bool
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage holds for any question.

    Attributes:
        units: All of it, in order.
        stretches: What may be said; runs of nothing but headings answer nothing and are left out.
        context: The words of what the passage stands under.
        search_text: The passage with its context in the form of `plain`.
        citable: Tells what of it can be cited.
        rows: Its table rows of known columns.
    """

    passage: Passage
    units: tuple[Unit, ...]
    stretches: tuple[Stretch, ...]
    context: Words
    search_text: str
    citable: CitableStretches
    rows: tuple[tuple[ReadCell, ...], ...] = ()

    def around(self, stretch: Stretch) -> tuple[int, int] | None:
        """What is cited for a stretch: the sentences that it is of, or itself; `None` if neither can be."""
        said = (stretch.start, stretch.end)
        if self.citable.n_letters(*said) < MIN_SAID:
            return None
        first, last = self.units[stretch.first], self.units[stretch.stop - 1]
        sentences = self.passage.sentences
        whole = (sentences[first.sentence][0], sentences[last.sentence][1])
        wider = (said,) if stretch.is_list else (*self._headed(first, whole), whole, said)
        fitting = (b for b in wider if self.citable.allow(*b) and self.citable.keep_numbers(said, b))
        return next(fitting, None)

    def _headed(self, first: Unit, whole: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """A short line with the heading right above it, which tells what it is of."""
        above = next((unit for unit in self.units if unit.sentence == first.sentence - 1), None)
        if above and above.is_heading and whole[1] - whole[0] <= HEADED_CHARS:
            yield above.start, whole[1]


class PassageReader:
    """Reads passages and keeps those read last: what is asked today is much of what was asked before.

    It belongs to one state of an index: there a passage's id stands for its text.
    """

    def __init__(self, tokenizer: Tokenizer, *, longest: int = LONGEST) -> None:
        self._tokenizer = tokenizer
        self._longest = longest
        self.read = lru_cache(maxsize=PASSAGES_KEPT)(self._read)
        self._words = lru_cache(maxsize=LABELS_KEPT)(lambda text: Words.of(text, tokenizer))

    def _read(self, passage: Passage) -> Reading:
        units = tuple(_units(passage, self._tokenizer))
        stretches = tuple(_stretches(passage, units[:MOST_UNITS], longest=self._longest))
        return Reading(
            passage,
            units,
            stretches,
            Words.of(passage.context, self._tokenizer),
            flat(passage.search_text).lower(),
            CitableStretches(passage),
            tuple(tuple(_read_cells(passage, row, self._words)) for row in passage.rows),
        )


def _read_cells(
    passage: Passage, row: Sequence[Cell], words_of: Callable[[str], Words]
) -> Iterator[ReadCell]:
    for cell in row:
        text = passage.text[cell.start : cell.end]
        words, label_words = (words_of(without_years(one)) for one in (text, cell.label))
        yield ReadCell(cell.start, cell.end, cell.label, text, words, label_words)


def _units(passage: Passage, tokenizer: Tokenizer) -> Iterator[Unit]:
    """The units of a passage, in order; headings among them are marked."""
    lines = [passage.text[start:end] for start, end in passage.sentences]
    for n, (start, end) in enumerate(passage.sentences):
        heading = is_heading(lines[n], passage) or opens(lines[n], "".join(lines[n + 1 : n + 2]))
        for left, right in clauses(passage.text, start, end):
            text = passage.text[left:right]
            yield Unit(left, right, n, heading, text, flat(text).lower(), Words.of(text, tokenizer))


def _stretches(passage: Passage, units: Sequence[Unit], *, longest: int) -> Iterator[Stretch]:
    for first, stop in runs(units, longest=longest):
        some = units[first:stop]
        if all(unit.is_heading for unit in some):
            continue
        start, end = some[0].start, some[-1].end
        yield Stretch(
            first,
            stop,
            start,
            end,
            (start, end) in passage.sentences,
            first == 0 or units[first - 1].sentence != some[0].sentence,
            stop == len(units) or units[stop].sentence != some[-1].sentence,
        )
    for first, stop in lists(units, longest=LONGEST_LIST):
        start, end = units[first].start, units[stop - 1].end
        yield Stretch(first, stop, start, end, False, True, True, is_list=True)


def lists(units: Sequence[Unit], *, longest: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of neighbouring items or rows, none of them a heading, cut where they get too long."""
    first = 0
    while first < len(units):
        stop = first
        while stop < len(units) and _is_item(units, stop) and units[stop].end - units[first].start <= longest:
            stop += 1
        while stop > first and stop < len(units) and units[stop].sentence == units[stop - 1].sentence:
            stop -= 1  # no item is cut
        if units[first:stop] and units[stop - 1].sentence > units[first].sentence:
            yield first, stop
        first = max(stop, first + 1)


def _is_item(units: Sequence[Unit], n: int) -> bool:
    unit = units[n]
    return not unit.is_heading and not unit.text.rstrip().endswith(("。", "．"))


def runs(units: Sequence[Unit], *, longest: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of neighbouring units that may be said as one.

    Clauses of one sentence, or whole sentences: at most `longest` characters, or one sentence. None begins
    in the middle of one sentence and ends in another.
    """
    for first, unit in enumerate(units):
        begins = first == 0 or units[first - 1].sentence != unit.sentence
        for stop in range(first + 1, len(units) + 1):
            last = units[stop - 1]
            same = last.sentence == unit.sentence
            if last.end - unit.start > longest and not same:
                break
            ends = stop == len(units) or units[stop].sentence != last.sentence
            if (begins and ends) or (same and last.end - unit.start <= longest):
                yield first, stop
