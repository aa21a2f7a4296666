"""ProseChain: answers in the words of a chat model, every sentence checked against what it cites.

    question ──▶ AnswerChain ──▶ its hits ──▶ evidence ──▶ prompt ──▶ model ──▶ sentences ──▶ checked Answer

The quoted answer is made first: it says whether the documents answer at all,
and takes the model's place where the
model fails.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda, RunnablePassthrough

from assistant.answer import Answer, AnswerStatus
from assistant.chain import AnswerChain, Ask
from assistant.events import Checked, Done, Event, Words
from assistant.evidence import Evidence, gather, quoted_lines
from assistant.furigana import with_readings
from assistant.judge_prose import Judged, Sifter, why_not
from assistant.mode import Mode
from assistant.model_stream import ModelFailure, ModelStream, TimeLimits
from assistant.prose_prompt import messages_of
from assistant.prose_reader import Said, StreamReader
from index.hit import Hit
from index.store import Store
from ingest.document import Block, Document
from ingest.traced import Span

DOCUMENTS_KEPT = 8
MOST_CHARS = 1200  # of a written answer; a model that goes on is stopped


@dataclass(frozen=True, slots=True)
class ProseOptions:
    """How a chat model is asked.

    Attributes:
        evidence_tokens: What the evidence may take of the prompt.
        with_furigana: Whether easy Japanese gets readings, which the dictionary gives.
    """

    mode: Mode = Mode.PLAIN
    limits: TimeLimits = field(default_factory=TimeLimits)
    evidence_tokens: int = 1500
    with_furigana: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that a model said before, and the document id and ranges of each passage that it cited."""

    text: str
    passages: frozenset[tuple[str, tuple[Span, ...]]]


class ProseChain:
    """Asks a chat model with the hits of the quoting chain as evidence."""

    def __init__(
        self, chain: AnswerChain, model: Runnable[Any, Any], store: Store, *, name: str, options: ProseOptions
    ) -> None:
        self._chain = chain
        self._model = model
        self._name = name
        self._options = options
        self._records = {record.id: record for record in store.documents()}
        self._document = lru_cache(maxsize=DOCUMENTS_KEPT)(store.document)
        self.runnable: Runnable[str | Ask, Answer] = RunnableLambda(self._answer)

    @classmethod
    def without_model(cls, chain: AnswerChain, store: Store) -> ProseChain:
        """One that asks nobody and only judges again what was said before."""
        return cls(chain, RunnablePassthrough(), store, name="", options=ProseOptions())

    def stream(self, asked: str | Ask, *, mode: Mode | None = None) -> Generator[Event, None, None]:
        """Words as they come, each sentence once it is checked, at last the answer.

        While the model is silent, empty words come, so that who listens may leave.

        Closing the iterator stops the model's request. A failing model is no error: the answer says why it is
        the quoted one.
        """
        mode = mode or self._options.mode
        quoted = self._chain.runnable.invoke(asked)
        evidence = self._evidence(quoted) if quoted.status is AnswerStatus.ANSWERED else ()
        if mode is Mode.QUOTE or not evidence:
            yield Done(quoted)
            return
        sifter = self._sifter(quoted, evidence, mode)
        lines = quoted_lines(quoted, evidence)
        messages = messages_of(quoted.asked, evidence, mode=mode, lines=lines)
        stream = ModelStream(self._model, messages, self._options.limits)
        start = time.perf_counter()
        failure = ""
        try:
            yield from self._listen(stream, sifter, evidence)
        except ModelFailure as error:
            failure = str(error)
        answer = sifter.answer(failure or why_not(sifter, str(messages[0].content)))
        timings = {**quoted.timings, "write": time.perf_counter() - start}
        writing = answer.writing and replace(
            answer.writing, first_s=stream.first_s, total_s=timings["write"], n_tokens=stream.n_tokens
        )
        yield Done(replace(answer, writing=writing, timings=timings))

    def _listen(
        self, stream: ModelStream, sifter: Sifter, evidence: Sequence[Evidence]
    ) -> Iterator[Words | Checked]:
        reader = StreamReader(one.key for one in evidence)
        pieces = stream.pieces()
        n_chars = 0
        try:
            for piece in pieces:
                if not piece:  # nothing new: who listens may leave
                    yield Words("")
                    continue
                n_chars += len(piece)
                yield from _told(reader.feed(piece), sifter)
                if n_chars > MOST_CHARS or sifter.is_looping or sifter.is_astray:
                    return
        finally:
            pieces.close()
        yield from _told(reader.close(), sifter)

    def judge_again(self, asked: str | Ask, told: Sequence[Told]) -> Answer:
        """What would be shown of what a model said before, in the same words, as it is checked now."""
        quoted = self._chain.runnable.invoke(asked)
        evidence = self._evidence(quoted)
        sifter = self._sifter(quoted, evidence, self._options.mode)
        for one in told:
            keys = (piece.key for piece in evidence if _place(piece.hit) in one.passages)
            sifter.take(Said(one.text, tuple(keys)))
        return sifter.answer(why_not(sifter, rules=""))

    def _sifter(self, quoted: Answer, evidence: Sequence[Evidence], mode: Mode) -> Sifter:
        reads_out = self._options.with_furigana and mode is Mode.EASY
        return Sifter(
            quoted, evidence, self._records, mode=mode, model=self._name,
            finish=with_readings if reads_out else str,
        )  # fmt: skip

    def _answer(self, asked: str | Ask) -> Answer:
        for event in self.stream(asked):
            if isinstance(event, Done):
                return event.answer
        raise ValueError("a stream ends with an answer")

    def _evidence(self, quoted: Answer) -> tuple[Evidence, ...]:
        cited = {citation.passage_id: n for n, citation in reversed(list(enumerate(quoted.citations)))}
        hits = sorted(quoted.hits, key=lambda hit: cited.get(hit.passage.id, len(cited)))
        return gather(hits, self._records, self._block, max_tokens=self._options.evidence_tokens)

    def _block(self, hit: Hit) -> Block | None:
        """The table row that a hit begins in, which knows the headers of its cells."""
        if hit.passage.kind != "table_row":
            return None
        document: Document = self._document(hit.passage.document_id)
        start = hit.passage.body.start
        rows = (block for block in document.blocks if any(block.headers) and block.spans)
        return next((row for row in rows if row.spans[0].start <= start < row.spans[-1].end), None)


def _place(hit: Hit) -> tuple[str, tuple[Span, ...]]:
    return hit.passage.document_id, hit.passage.body.spans()


def _told(read: Iterator[Words | Said], sifter: Sifter) -> Iterator[Words | Checked]:
    for event in read:
        if isinstance(event, Words):
            yield event
        else:
            judged: Judged | None = sifter.take(event)
            if judged is not None:
                yield Checked(judged.sentence)
