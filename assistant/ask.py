"""Assistant: ask a question of one open store and get its cited answer."""

from __future__ import annotations

import time
from dataclasses import replace

from assistant.answer import Answer
from assistant.chain import AnswerChain
from index.timing import collected


class Assistant:
    """Answers questions through the answering chain, with fingerprint and timings added."""

    def __init__(self, chain: AnswerChain, *, fingerprint: str) -> None:
        self.chain = chain
        self.fingerprint = fingerprint

    def ask(self, question: str) -> Answer:
        """The answer of the chain; the same question to the same store always gives the same one.

        Its timings are in seconds: `embed` is part of `retrieve`, `total` is everything.
        """
        start = time.perf_counter()
        with collected() as stages:
            answer = self.chain.runnable.invoke(question)
        timings = {**stages, "total": time.perf_counter() - start}
        return replace(answer, fingerprint=self.fingerprint, timings=timings)
