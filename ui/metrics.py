"""Metrics: what the server counts and times, in the text that Prometheus reads."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LEGS = ("terms", "dense")  # each must find something now and then
ABOUT = {
    "shirube_questions_total": ("counter", "Questions answered, by status."),
    "shirube_searches_total": ("counter", "Searches."),
    "shirube_problems_total": ("counter", "Questions and searches that failed, by kind of error."),
    "shirube_leg_silent": ("gauge", "Questions in a row for which a leg of the retrieval found nothing."),
    "shirube_stage_seconds": ("histogram", "Seconds of each stage of a question; total is all of them."),
}


class Metrics:
    """Counts since the server began. Safe from several threads."""

    def __init__(self, *, alarm_after: int) -> None:
        """Start at zero.

        Args:
            alarm_after: Questions in a row for which a leg found nothing, from which on that is an alarm.
        """
        self._alarm_after = alarm_after
        self._lock = threading.Lock()
        self._questions: Counter[str] = Counter()
        self._problems: Counter[str] = Counter()
        self._n_searches = 0
        self._silent = dict.fromkeys(LEGS, 0)
        self._stages: dict[str, tuple[list[int], float]] = {}

    def count_answer(self, answer: Mapping[str, object]) -> None:
        """Count an answer as `ui.as_json.answer_json` gives it."""
        timings, hits = answer.get("timings_s"), answer.get("hits")
        with self._lock:
            self._questions[str(answer.get("status"))] += 1
            for stage, seconds in (timings if isinstance(timings, Mapping) else {}).items():
                counts, total = self._stages.setdefault(stage, ([0] * (len(BOUNDS_S) + 1), 0.0))
                counts[bisect_left(BOUNDS_S, seconds)] += 1
                self._stages[stage] = counts, total + seconds
        self._count_legs(hits if isinstance(hits, list) else [])

    def count_search(self, hits: Sequence[Mapping[str, object]]) -> None:
        """Count a search and what it found."""
        with self._lock:
            self._n_searches += 1
        self._count_legs(hits)

    def count_problem(self, kind: str) -> None:
        """Count what failed."""
        with self._lock:
            self._problems[kind] += 1

    def alarms(self) -> list[str]:
        """What an administrator should look at, as Japanese sentences."""
        with self._lock:
            silent = [leg for leg, n in self._silent.items() if n >= self._alarm_after]
        names = {"terms": "語の検索", "dense": "意味の検索"}
        return [f"{names[leg]}が、続けて {self._alarm_after} 回以上何も見つけていません。" for leg in silent]

    def lines(self, gauges: Mapping[str, float]) -> Iterator[str]:
        """Every figure; `gauges` are those of the index."""
        with self._lock:
            samples = {
                "shirube_questions_total": [
                    (f'{{status="{s}"}}', n) for s, n in sorted(self._questions.items())
                ],
                "shirube_searches_total": [("", self._n_searches)],
                "shirube_problems_total": [(f'{{kind="{k}"}}', n) for k, n in sorted(self._problems.items())],
                "shirube_leg_silent": [(f'{{leg="{leg}"}}', n) for leg, n in self._silent.items()],
            }
            stages = {name: (list(counts), total) for name, (counts, total) in sorted(self._stages.items())}
        for name, found in samples.items():
            yield from _head(name)
            yield from (f"{name}{labels} {n}" for labels, n in found)
        yield from _head("shirube_stage_seconds")
        for stage, (counts, total) in stages.items():
            yield from _histogram(stage, counts, total)
        for name, value in gauges.items():
            yield f"# TYPE {name} gauge"
            yield f"{name} {value:g}"

    def _count_legs(self, hits: Sequence[Mapping[str, object]]) -> None:
        found = {leg for hit in hits for leg in _legs(hit)}
        with self._lock:
            for leg in LEGS:
                self._silent[leg] = 0 if leg in found else self._silent[leg] + 1


def _legs(hit: Mapping[str, object]) -> list[str]:
    legs = hit.get("legs")
    return list(legs) if isinstance(legs, Mapping) else []


def _head(name: str) -> Iterator[str]:
    kind, told = ABOUT[name]
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} {kind}"


def _histogram(stage: str, counts: Sequence[int], total: float) -> Iterator[str]:
    name, n = "shirube_stage_seconds", 0
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), counts, strict=True):
        n += count
        yield f'{name}_bucket{{stage="{stage}",le="{bound}"}} {n}'
    yield f'{name}_sum{{stage="{stage}"}} {total:.6f}'
    yield f'{name}_count{{stage="{stage}"}} {n}'
