"""The answering chain: LangChain runnables from a question to a cited answer.

    question ──▶ complete, analyse ──▶ retrieve ──▶ judge and quote ──▶ Answer

The command line, the page and the API all answer through `AnswerChain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from langchain_core.documents import Document as LangChainDocument
from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from assistant.abstain import Judge, learnt_model
from assistant.announced import Announced
from assistant.answer import Answer, AnswerSentence, AnswerStatus, Citation, SentenceRole
from assistant.asked import QuestionForm
from assistant.asked_cell import asked_cell
from assistant.cite import cite, shared
from assistant.defining import Definitions
from assistant.extract import Extractor
from assistant.extreme import Extremes
from assistant.followup import Turn, complete
from assistant.match import MatchedHit, WordWeights, match
from assistant.passage_retriever import PassageRetriever
from assistant.question import Question, focus, is_foreign
from assistant.reading import PassageReader
from assistant.searched import look_for
from assistant.split import Part, split, spread
from assistant.stretch import Quote
from assistant.verify import is_supported
from index.filters import NO_FILTERS, Filters
from index.hit import Hit
from index.retrieve import GRAMS, TERMS, Retriever
from index.store import Store
from index.timing import timed
from ingest.calendar import years_in
from ingest.relative_years import find_all_years
from ingest.tokenizer import Tokenizer

PART_HITS = 4  # of each part of a question that needs two looks
CARRIED_CHARS = 100  # of what the first step found, which the second is searched with
TEXTS_KEPT = 8  # documents whose text is held to check quotes against


def one_side(question: Question) -> Question:
    """A part of a comparison as a question by itself, which asks for one thing."""
    form = QuestionForm.FACT if question.form is QuestionForm.COMPARISON else question.form
    return replace(question, form=form, asks_several=False)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of the chain; a string stands for a question without filters and history.

    Attributes:
        text: The question as the user typed it.
        filters: Only documents that match are searched.
        history: The turns before, oldest first, from which an elliptical question is completed.
    """

    text: str
    filters: Filters = NO_FILTERS
    history: tuple[Turn, ...] = ()


State = dict[str, Any]
"""What travels along the chain: `ask` and the `question` it means, then `documents` too."""


class AnswerChain:
    """Builds the chain over one open store; `runnable` is the LCEL chain itself."""

    def __init__(
        self, store: Store, retriever: Retriever, tokenizer: Tokenizer, *,
        extractor: Extractor | None = None, answerability: Judge | None = None, k: int = 20,
    ) -> None:  # fmt: skip
        self._store = store
        self._tokenizer = tokenizer
        self._reader = PassageReader(tokenizer)
        self._extractor = extractor or Extractor()
        self._answerability = answerability or learnt_model("bundled")
        self._documents = {record.id: record for record in store.documents()}
        self._definitions = Definitions(store)
        self._extremes = Extremes(store)
        self._announced = Announced(store)
        self._text_of = lru_cache(maxsize=TEXTS_KEPT)(store.text)
        self._passages = PassageRetriever(retriever=retriever, store=store, k=k)
        self.runnable: Runnable[str | Ask, Answer] = (
            RunnableLambda(self._analyse) | RunnableLambda(self._retrieve) | RunnableLambda(self._answer)
        )

    def _analyse(self, asked: str | Ask) -> State:
        ask = Ask(asked) if isinstance(asked, str) else asked
        completed = complete(ask.text, ask.history)
        return {"ask": ask, "question": Question.from_text(completed, self._tokenizer)}

    def _retrieve(self, state: State, config: RunnableConfig) -> State:
        question: Question = state["question"]
        ask: Ask = state["ask"]
        documents = self._passages.invoke(question.text, config, filters=ask.filters)
        return {**state, "documents": documents}

    def _answer(self, state: State) -> Answer:
        ask: Ask = state["ask"]
        answer = self._say(state["question"], state["documents"], ask.filters)
        return replace(answer, question=ask.text.strip(), filters=ask.filters)

    def _say(self, question: Question, documents: Sequence[LangChainDocument], filters: Filters) -> Answer:
        """The answer to a complete question from what was retrieved for it."""
        hits = tuple(document.metadata["hit"] for document in documents)
        with timed("answer"):
            words, matched = self._matched(question, hits)
            probability = self._probability(question, words, matched, hits)
            if not hits or (probability is not None and probability < self._answerability.threshold):
                return self._not_found(question, hits, probability)
            retrieved, parts = hits, split(question.text)
            lines: list[Quote] = []
            if parts:
                found_for = self._found_for(parts, filters)
                hits = spread(hits, found_for, k=self._passages.k)
                if not any(part.follows for part in parts):
                    lines = self._in_one_table(parts, hits) or self._lines(parts, found_for)
            direct = self._extremes.quote(question, hits) or self._definitions.quote(question.term, hits)
            if direct:
                lines, hits = [direct], _with_first(direct.hit, hits)
            if hits is not retrieved:
                words, matched = self._matched(question, hits)
            quotes = self._extractor.extract(question, words, matched, lines=lines, probability=probability)
            following = self._announced.after(quotes[0], hits) if quotes and len(lines) < 2 else []
            if following:
                hits = _with_last(following, hits)
                matched = _in_reading_order(quotes[0], matched, match(question, following, self._reader))
                quotes = self._extractor.extract(
                    question, words, matched, lines=quotes[:1], probability=probability
                )
            quotes = [_of_year(quote, parts) for quote in quotes]
            said = self._quoting(question, quotes, hits, n_lines=max(1, len(lines)))
            return replace(said, probability=probability)

    def _probability(
        self, question: Question, words: WordWeights, matched: Sequence[MatchedHit], hits: Sequence[Hit]
    ) -> float | None:
        """That the documents answer; `None` for a question in another language: its words tell nothing."""
        if is_foreign(question.text):
            return None
        return self._answerability.probability(question, words, matched, hits)

    def _not_found(self, question: Question, hits: tuple[Hit, ...], probability: float | None) -> Answer:
        """That the documents do not say, and what was looked for."""
        searched = look_for(question.text, self._store.lexical, self._tokenizer)
        not_found = AnswerStatus.NOT_FOUND
        return Answer(question.text, not_found, hits=hits, probability=probability, searched=searched)

    def _matched(self, question: Question, hits: Sequence[Hit]) -> tuple[WordWeights, list[MatchedHit]]:
        """What the question's words tell, and which of them the best hits hold."""
        words = WordWeights.from_question(
            question,
            term_idf=lambda word: self._store.lexical.idf(word, field=TERMS),
            gram_idf=lambda word: self._store.lexical.idf(word, field=GRAMS),
        )
        return words, match(question, hits[: self._extractor.limits.n_hits], self._reader)

    def _found_for(self, parts: Sequence[Part], filters: Filters) -> list[Sequence[Hit]]:
        """Hits for each part of a question; the second step is searched with what the first found."""
        found: list[Sequence[Hit]] = []
        for part in parts:
            before = found[-1][0].passage.text[:CARRIED_CHARS] if part.follows and found[-1:] != [[]] else ""
            query = f"{part.text}\n{before}".strip()
            found.append(self._passages.retriever.retrieve(query, k=PART_HITS, filters=filters))
        return found

    def _in_one_table(self, parts: Sequence[Part], hits: Sequence[Hit]) -> list[Quote]:
        """The cells of one passage that answer each part, if one of the best hits has them."""
        asked = [one_side(Question.from_text(part.text, self._tokenizer)) for part in parts]
        for hit in hits[:PART_HITS]:
            read = [(one, *self._matched(one, [hit])) for one in asked if hit.passage.rows]
            cells = [cell for one, words, [found] in read if (cell := asked_cell(one, words, found))]
            if len({cell.pieces for cell in cells}) == len(parts):
                return cells
        return []

    def _lines(self, parts: Sequence[Part], found: Sequence[Sequence[Hit]]) -> list[Quote]:
        """What answers each part by itself; none where one sentence answers several.

        After the first, another hit of its section and of the year asked for comes before all others.
        """
        lines: list[Quote] = []
        for part, hits in zip(parts, found, strict=True):
            asked = one_side(Question.from_text(part.text, self._tokenizer))
            beside = [hit for hit in hits if lines and _is_beside(hit, lines[0].hit)]
            of_year = [hit for hit in beside if not asked.years.isdisjoint(hit.passage.years)]
            words, matched = self._matched(asked, of_year or hits)
            choice = self._extractor.choice(asked, words, matched)
            line = self._extractor.first(asked, choice, is_side=True)
            if lines and lines[0].label:  # the other side is told by the same table
                table = match(asked, [lines[0].hit, *beside], self._reader)
                line = next(filter(None, (asked_cell(asked, words, one) for one in table)), line)
            if line and not any(line.overlaps(other) for other in lines):
                lines.append(line)
        return lines if len(lines) == len(parts) else []

    def _quoting(
        self, question: Question, quotes: Sequence[Quote], hits: tuple[Hit, ...], *, n_lines: int
    ) -> Answer:
        """An answer that says its quotes, each with its citation."""
        cited, places = shared(quotes)
        citations = tuple(cite(quote, self._documents, marker=n) for n, quote in enumerate(cited, start=1))
        sentences = tuple(
            AnswerSentence(
                text=quote.text,
                citations=(place + 1,),
                focus=focus(quote.text, question) if n < n_lines else None,
                verified=is_supported(quote.text, [self._original(citations[place])], question=question.text),
                role=SentenceRole.ANSWER if n < n_lines else SentenceRole.SUPPORT,
                label=quote.label,
            )
            for n, (quote, place) in enumerate(zip(quotes, places, strict=True))
        )
        status = AnswerStatus.ANSWERED if sentences else AnswerStatus.NOT_FOUND
        return Answer(question.text, status, sentences, citations, hits)

    def _original(self, citation: Citation) -> str:
        """What the ranges of a citation say in the document as it is stored."""
        text = self._text_of(citation.document_id)
        return "\n".join(text[span.start : span.end] for span in citation.spans)


def _with_first(hit: Hit, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """As many hits, a direct answer's among them, first if it was not found."""
    known = any(other.passage.id == hit.passage.id for other in hits)
    return hits if known else (hit, *hits)[: len(hits)]


def _with_last(following: Sequence[Hit], hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """As many hits, those that follow among them, last if they were not found."""
    known = {hit.passage.id for hit in hits}
    new = [hit for hit in following if hit.passage.id not in known]
    return (*hits[: len(hits) - len(new)], *new)


def _in_reading_order(
    line: Quote, matched: Sequence[MatchedHit], following: Sequence[MatchedHit]
) -> list[MatchedHit]:
    """A line's hit, what follows it in the document, then the others."""
    first = [match for match in matched if match.hit.passage.id == line.hit.passage.id]
    known = {match.hit.passage.id for match in (*first, *following)}
    return [*first, *following, *(match for match in matched if match.hit.passage.id not in known)]


def _of_year(quote: Quote, parts: Sequence[Part]) -> Quote:
    """A quote with the compared year that it is of, where its words do not tell it but its place does.

    The place is its column or heading; else the year named last before it.
    """
    compared = {year: part.year for part in parts for year in years_in(part.year)}
    mentions = find_all_years(quote.hit.passage.text) if compared else []
    if quote.label or not compared or any(quote.start <= mention.start < quote.end for mention in mentions):
        return quote
    columns = {year for row in quote.hit.passage.rows for cell in row for year in years_in(cell.label)}
    if len(columns & compared.keys()) > 1:
        return quote  # a row has cells of both
    own = compared.keys() & set(quote.hit.passage.years)
    if len(own) > 1:
        own &= {mention.year for mention in [m for m in mentions if m.end <= quote.start][-1:]}
    return replace(quote, label=compared[own.pop()]) if len(own) == 1 else quote


def _is_beside(hit: Hit, other: Hit) -> bool:
    """Whether two hits are of one section, such as the cells of two years."""
    one, two = hit.passage, other.passage
    return (one.document_id, one.section) == (two.document_id, two.section) and one.id != two.id
