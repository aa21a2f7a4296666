"""Whether a report reaches the values that were asked for."""

from __future__ import annotations

from collections.abc import Iterable

from eval.labels import LOWER_IS_BETTER
from eval.report import Report


def unmet(report: Report, floors: Iterable[tuple[str, float]]) -> list[str]:
    """What falls short, in Japanese, one clause each; nothing if all is well.

    Args:
        report: What was measured.
        floors: Measure and the value that it has to reach, or where lower is better, not to exceed. A
            measure that applies to no question falls short.
    """
    told = []
    for name, wanted in floors:
        score = report.overall.get(name)
        if score is None:
            told.append(f"{name} を測れる質問がありません")
        elif name in LOWER_IS_BETTER and score.mean > wanted:
            told.append(f"{name} が {score.mean:.3f} で、{wanted:.3f} を上回りました")
        elif name not in LOWER_IS_BETTER and score.mean < wanted:
            told.append(f"{name} が {score.mean:.3f} で、{wanted:.3f} に届きません")
    return told
