"""Assistant: ask a question of one open store and get its cited answer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answer import Answer
from assistant.chain import AnswerChain, Ask
from assistant.events import Done, Event
from assistant.followup import Turn
from assistant.mode import Mode
from index.filters import NO_FILTERS, Filters
from index.timing import collected

if TYPE_CHECKING:  # a question without a model must not wait for what asks one
    from assistant.prose import ProseChain


class Assistant:
    """Answers questions through the answering chain, with fingerprint and timings added."""

    def __init__(self, chain: AnswerChain, *, fingerprint: str, prose: ProseChain | None = None) -> None:
        self.chain = chain
        self.fingerprint = fingerprint
        self.prose = prose

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        mode: Mode | None = None,
    ) -> Iterator[Event]:
        """Words and checked sentences as they come, at last the answer, which `ask` would give.

        Leaving the iterator stops the model. Without a model, or in the mode `QUOTE`, only the answer comes.
        """
        if self.prose is None or mode is Mode.QUOTE:
            yield Done(self._quoted(question, filters, history))
            return
        asked = Ask(question, filters or NO_FILTERS, tuple(history))
        start = time.perf_counter()
        for event in self.prose.stream(asked, mode=mode):
            if not isinstance(event, Done):
                yield event
                continue
            timings = {**event.answer.timings, "total": time.perf_counter() - start}
            yield Done(replace(event.answer, fingerprint=self.fingerprint, timings=timings))

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        mode: Mode | None = None,
    ) -> Answer:
        """The answer; without a model, the same question to the same store always gives the same one.

        Its timings are in seconds: `embed` is part of `retrieve`, `total` is everything.

        Args:
            question: As the user typed it; `Answer.asked` tells what it was taken to mean.
            filters: Only documents that match are searched; `None` for all.
            history: The turns before, oldest first, from which an elliptical question is completed.
            mode: How a model writes it; as set, if left out. Without a model it is quoted.
        """
        for event in self.stream(question, filters=filters, history=history, mode=mode):
            if isinstance(event, Done):
                return event.answer
        raise ValueError("a stream ends with an answer")

    def quote(self, question: str) -> Answer:
        """The quoted answer, which needs no model."""
        return self._quoted(question, None, ())

    def _quoted(self, question: str, filters: Filters | None, history: Sequence[Turn]) -> Answer:
        asked = Ask(question, filters or NO_FILTERS, tuple(history))
        start = time.perf_counter()
        with collected() as stages:
            answer = self.chain.runnable.invoke(asked)
        timings = {**stages, "total": time.perf_counter() - start}
        return replace(answer, fingerprint=self.fingerprint, timings=timings)
