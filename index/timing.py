"""Seconds per stage of one question, collected without passing a stopwatch through every call."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_stages: ContextVar[dict[str, float] | None] = ContextVar("stages", default=None)


@contextmanager
def collected() -> Iterator[dict[str, float]]:
    """Collect what `timed` measures inside the block: seconds by stage, empty at first."""
    stages: dict[str, float] = {}
    token = _stages.set(stages)
    try:
        yield stages
    finally:
        _stages.reset(token)


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Add the block's time to a stage of the collection around it, if there is one."""
    start = time.perf_counter()
    try:
        yield
    finally:
        stages = _stages.get()
        if stages is not None:
            stages[stage] = stages.get(stage, 0.0) + time.perf_counter() - start
