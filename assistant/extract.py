"""The extractive answerer: the answer line first, then the best passages that it stands in or beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.asked_cell import asked_cell
from assistant.features import FEATURES, Candidates, Matrix
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.scorer import Scorer, default_scorer
from assistant.stretch import COMMAS, Quote, flat

AT_ONCE = frozenset({QuestionForm.LIST, QuestionForm.COMPARISON, QuestionForm.DEFINITION, QuestionForm.HOW})
ONE = frozenset({QuestionForm.FACT, QuestionForm.YES_NO})
LIKELY = 0.5
OTHER_YEAR = re.compile("前々?年|昨年|翌々?年")
CHANGE = re.compile("増|減|上回|下回|倍|年度?比")
BULLETS = "・○◯●■◆※"
MIN_FRESH = 0.1  # of the feature of that name: three pairs of characters that are not the question's
Run = list[tuple[int, int]]
"""Neighbouring sentences of a passage: half-open offsets."""
AROUND_CHARS = 2  # of a quote among several: its mark 「・」 and the line break


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much an answer may quote.

    Attributes:
        n_quotes: Stretches, the answer line included.
        max_chars: Characters of all of them together.
        line_chars: Characters up to which a clause of a sentence is the answer line.
        first_chars: Characters up to which neighbouring sentences are said as one in the first quote,
            which should answer briefly.
        whole_chars: Characters up to which the first quote's passage is said from its beginning.
        near: Share of the best hit's score from which another hit's passage is quoted too.
        near_one: The same where one fact is asked for.
        near_sure: The same where one fact is asked for and the documents are likelier than not to tell it.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 350
    line_chars: int = 60
    first_chars: int = 100
    whole_chars: int = 120
    near: float = 0.8
    near_one: float = 0.82
    near_sure: float = 0.87
    n_hits: int = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be said first."""

    candidates: Candidates
    words: WordWeights
    limits: ExtractLimits

    def open(self) -> NDArray[np.bool_]:
        """Which candidates fit; whether one can be cited is looked at when it is chosen."""
        room = self.limits.max_chars - AROUND_CHARS
        longest = np.where(self.candidates.is_whole, room, min(self.limits.first_chars, room))
        out: NDArray[np.bool_] = self.candidates.is_wanted & (self.candidates.chars <= longest)
        return out

    def best(self, weights: Matrix, allowed: NDArray[np.bool_]) -> int | None:
        """The place of the best allowed candidate that can be cited; the earlier of equal ones."""
        scores = self.candidates.features @ weights
        scores[~allowed] = -np.inf
        for n in np.argsort(-scores, kind="stable"):
            if scores[n] == -np.inf:
                break
            if self.candidates.quote(int(n)).around is not None:
                return int(n)
        return None


class Extractor:
    """Chooses quotes from hits by the question's words in them and by what it asks for."""

    def __init__(self, *, limits: ExtractLimits | None = None, scorer: Scorer | None = None) -> None:
        self.limits = limits or ExtractLimits()
        self._scorer = scorer or default_scorer()

    def extract(
        self, question: Question, words: WordWeights, matched: Sequence[MatchedHit], *,
        lines: Sequence[Quote] = (), probability: float | None = None,
    ) -> list[Quote]:  # fmt: skip
        """The quotes that answer, the answer line first, none saying only what another says.

        After the line come the passages of the best hits, in their order, as whole as they fit, its own from
        there on. Empty without hits. `lines`, if given, are the answer lines: one for each part of a
        question that has parts, or one that answers directly. `probability`, if known, is that the documents
        answer.
        """
        first = None if lines else self.first(question, self.choice(question, words, matched))
        lines = [first] if first else lines
        return self._grounded(lines, matched, self._near(question, probability)) if lines else []

    def choice(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Choice:
        """What can be said first."""
        return Choice(Candidates.of(question, words, matched), words, self.limits)

    def first(self, question: Question, choice: Choice, *, is_side: bool = False) -> Quote | None:
        """The answer line; `None` where nothing can be said.

        `is_side` tells that it is one side of a comparison: how much it differs from the other is no answer.
        """
        if not choice.limits.n_quotes:
            return None
        fitting = choice.open()
        new = fitting & (choice.candidates.features[:, FEATURES.index("fresh")] >= MIN_FRESH)
        # The question's own words answer it only with yes or no.
        for allowed in (fitting,) if question.form is QuestionForm.YES_NO else (new, fitting):
            best = choice.best(self._scorer.first, allowed)
            if best is not None:
                if is_side:
                    allowed &= _tell_no_change(choice.candidates)
                found = choice.candidates.matched[choice.candidates.hits[best]]
                cell = asked_cell(question, choice.words, found)
                return cell or _without_comma(
                    choice.candidates.quote(self._narrowed(question, choice, best, allowed))
                )
        return None

    def _narrowed(self, question: Question, choice: Choice, first: int, allowed: NDArray[np.bool_]) -> int:
        """The clause of the first stretch that answers alone, where one thing is asked for."""
        if question.form in AT_ONCE or question.asks_several:
            return first
        candidates = choice.candidates
        whole = candidates.stretches[first]
        inside = allowed & (candidates.hits == candidates.hits[first])
        inside &= candidates.chars <= self.limits.line_chars
        inside &= candidates.features[:, FEATURES.index("open")] == 0.0
        kind = candidates.features[:, FEATURES.index("kind")]
        inside &= kind >= kind[first]  # no clause without the kind of words that is asked for
        for n, some in enumerate(candidates.stretches):
            inside[n] &= whole.start <= some.start and some.end <= whole.end
            inside[n] &= not (inside[n] and _is_of_other_year(candidates.quote(n).text, question))
        best = choice.best(self._scorer.line, inside)
        return first if best is None else best

    def _near(self, question: Question, probability: float | None) -> float:
        """Share of the best score from which another passage is quoted too: one fact needs fewer."""
        if question.form not in ONE or question.asks_several:
            return self.limits.near
        is_sure = probability is not None and probability >= LIKELY
        return self.limits.near_sure if is_sure else self.limits.near_one

    def _grounded(self, lines: Sequence[Quote], matched: Sequence[MatchedHit], near: float) -> list[Quote]:
        """The lines that answer, then what else the best passages say."""
        said = list(lines)
        room = self.limits.max_chars - AROUND_CHARS - sum(len(line) + AROUND_CHARS for line in lines)
        for match, run in self._runs(lines, matched, near):
            if len(said) == self.limits.n_quotes:
                break
            quote = _fitting(match, _new(match, run, said), room)
            if quote and _adds(quote, said):
                said.append(quote)
                room -= len(quote) + AROUND_CHARS
        return said

    def _runs(
        self, lines: Sequence[Quote], matched: Sequence[MatchedHit], near: float
    ) -> Iterator[tuple[MatchedHit, Run]]:
        """Neighbouring sentences that may be said, in order.

        Of a longer passage, what stands before its line comes last. The sentence that a line is a clause of
        is among those that follow it.
        """
        line_of = {line.hit.passage.id: line for line in reversed(lines)}
        least = near * matched[0].hit.score
        left: list[tuple[MatchedHit, Run]] = []
        for match in matched:
            sentences = list(match.hit.passage.sentences)
            first = line_of.get(match.hit.passage.id)
            if first:
                before = [one for one in sentences if one[1] <= first.start]
                after = [one for one in sentences if one[1] > first.start and not _says(first, one)]
                if len(match.hit.passage.text) <= self.limits.whole_chars:
                    yield from ((match, run) for run in _in_order(before, after))
                    continue
                yield match, after
                left.append((match, before))
            elif match.hit.score >= least:
                yield match, sentences
        yield from left


def _is_of_other_year(clause: str, question: Question) -> bool:
    """Whether a clause begins with the year before or after, where the question names its year."""
    return bool(question.years and OTHER_YEAR.match(clause)) and not OTHER_YEAR.search(question.text)


def _without_comma(line: Quote) -> Quote:
    """A clause as a line of its own: the comma after it leads to nothing there."""
    return replace(line, end=line.end - 1) if line.text[-1:] in COMMAS and len(line) > 1 else line


def _tell_no_change(candidates: Candidates) -> NDArray[np.bool_]:
    """Which candidates do not say by how much something differs from something else."""
    texts = (candidates.quote(n).text for n in range(len(candidates.stretches)))
    return np.array([not CHANGE.search(text) for text in texts], dtype=np.bool_)


def _in_order(before: Run, after: Run) -> list[Run]:
    """One run if nothing was left out between them."""
    joined = [*before, *after]
    return [joined] if before and after and before[-1][1] == after[0][0] else [before, after]


def _says(quote: Quote, sentence: tuple[int, int]) -> bool:
    return quote.start <= sentence[0] and sentence[1] <= quote.end


def _fitting(match: MatchedHit, run: Run, room: int) -> Quote | None:
    """Sentences as one quote, as many as there is room for, no headings at its ends, if it can be cited."""
    sentences = match.hit.passage.sentences
    headings = {sentences[unit.sentence] for unit in match.reading.units if unit.is_heading}
    is_led = False
    while run and (run[0] in headings or (is_led and _is_bare(match, run[0]))):
        run, is_led = run[1:], True
    while run and (run[-1] in headings or run[-1][1] - run[0][0] > room):
        run = run[:-1]
    if not run or not match.reading.citable.allow(run[0][0], run[-1][1]):
        return None
    return Quote(match.hit, run[0][0], run[-1][1], (run[0][0], run[-1][1]))


def _is_bare(match: MatchedHit, sentence: tuple[int, int]) -> bool:
    """Whether it is a date or a number alone, which between headings is theirs."""
    return not any(map(str.isalpha, match.hit.passage.text[slice(*sentence)]))


def _new(match: MatchedHit, run: Run, said: Sequence[Quote]) -> Run:
    """The sentences but for those at either end that a quote says already."""
    told = "\n".join(flat(other.text) for other in said)
    new = [flat(match.hit.passage.text[start:end]).strip(BULLETS) not in told for start, end in run]
    if not any(new):
        return []
    return run[new.index(True) : len(new) - new[::-1].index(True)]


def _adds(quote: Quote, said: Sequence[Quote]) -> bool:
    """Whether a quote says what no other says."""
    text = flat(quote.text).lower()
    return not any(text in flat(other.text).lower() for other in said)
