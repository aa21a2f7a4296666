"""Assistant: ask a question of one open store and get its cited answer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Answer
from assistant.chain import AnswerChain, Ask
from assistant.followup import Turn
from index.filters import NO_FILTERS, Filters
from index.timing import collected


class Assistant:
    """Answers questions through the answering chain, with fingerprint and timings added."""

    def __init__(self, chain: AnswerChain, *, fingerprint: str) -> None:
        self.chain = chain
        self.fingerprint = fingerprint

    def ask(self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()) -> Answer:
        """The answer of the chain; the same question to the same store always gives the same one.

        Its timings are in seconds: `embed` is part of `retrieve`, `total` is everything.

        Args:
            question: As the user typed it; `Answer.asked` tells what it was taken to mean.
            filters: Only documents that match are searched; `None` for all.
            history: The turns before, oldest first, from which an elliptical question is completed.
        """
        asked = Ask(question, filters or NO_FILTERS, tuple(history))
        start = time.perf_counter()
        with collected() as stages:
            answer = self.chain.runnable.invoke(asked)
        timings = {**stages, "total": time.perf_counter() - start}
        return replace(answer, fingerprint=self.fingerprint, timings=timings)
