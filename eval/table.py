"""The report as a table for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from eval.compare import Comparison
from eval.labels import GROUP_LABELS, LABELS
from eval.lost import STAGE_LABELS, Stage
from eval.report import Report, Score, Timing

GROUP_COLUMNS = ("hit@1", "hit@5", "evidence@1000", "facts", "cited", "right")
MOST_MEMBERS = 40  # of a group that is printed: a corpus may have thousands of documents
MOST_COLUMNS = 10


def format_table(report: Report) -> str:
    """The report as text for a terminal: measures, then the groups, then timings and the signature."""
    parts = [count_line(report), aligned(_measure_rows(report.overall), left=(0, 4))]
    for group, members in report.groups.items():
        if 1 < len(members) <= MOST_MEMBERS:
            parts.append(aligned(_group_rows(GROUP_LABELS[group], members), left=(0,)))
        elif len(members) > MOST_MEMBERS:
            parts.append(f"{GROUP_LABELS[group]}は {len(members)} 通りあり、report.json に載せました。")
    if len(report.lost.get("", {})) > 0:
        parts.append(aligned(_lost_rows(report), left=(0,)))
    if report.timings:
        parts.append(aligned(_timing_rows(report.timings), left=(0,)))
    if report.signature:
        parts.append(signature_line(report.signature))
    return "\n\n".join(parts)


def signature_line(signature: Mapping[str, str]) -> str:
    """Everything that shaped the run, in one line: `name:value|name:value`."""
    return "|".join(f"{name}:{value}" for name, value in signature.items())


def display_width(text: str) -> int:
    """Columns that the text takes in a terminal: full-width characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def count_line(report: Report) -> str:
    """How many questions there are, and of which kind."""
    unanswerable = report.questions - report.answerable
    line = f"質問 {report.questions} 件（答えられる {report.answerable} 件、答えられない {unanswerable} 件）"
    return f"{line}、記録のない質問 {report.missing} 件" if report.missing else line


def _measure_rows(scores: Mapping[str, Score]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("指標", "値", "95 % 区間", "n", "意味")]
    for name, score in scores.items():
        digits = 1 if name.endswith("_chars") else 3
        interval = f"{score.low:.{digits}f}–{score.high:.{digits}f}"
        rows.append((name, f"{score.mean:.{digits}f}", interval, str(score.n), LABELS[name]))
    return rows


def _group_rows(label: str, members: Mapping[str, Mapping[str, Score]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(label, "n", *GROUP_COLUMNS)]
    for member, scores in members.items():
        cells = (f"{scores[name].mean:.3f}" if name in scores else "-" for name in GROUP_COLUMNS)
        rows.append((member, str(scores["right"].n), *cells))
    return rows


def _lost_rows(report: Report) -> list[tuple[str, ...]]:
    types = [label for label in report.lost if label]
    shown = types if len(types) <= MOST_COLUMNS else []
    rows: list[tuple[str, ...]] = [("どこで失われたか", "計", *shown)]
    for stage in Stage:
        if stage in report.lost[""]:
            counts = (str(report.lost[label].get(stage, 0)) for label in ("", *shown))
            rows.append((STAGE_LABELS[stage], *counts))
    return rows


def _timing_rows(timings: Mapping[str, Timing]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("処理", "p50 (ms)", "p95 (ms)", "n")]
    for stage, timing in timings.items():
        rows.append((stage, f"{timing.p50_s * 1000:.1f}", f"{timing.p95_s * 1000:.1f}", str(timing.n)))
    return rows


def aligned(rows: Sequence[Sequence[str]], *, left: Sequence[int]) -> str:
    """Rows with aligned columns, numbers to the right, the columns `left` to the left."""
    widths = [max(display_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for n, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - display_width(cell))
            cells.append(cell + padding if n in left else padding + cell)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def format_difference(found: Comparison) -> str:
    """The measures of two runs side by side as text for a terminal."""
    return aligned(_difference_rows(found), left=(0,))


def format_comparison(found: Comparison, *, most_chars: int = 120) -> str:
    """Two runs side by side as text for a terminal: measures, then the questions that changed.

    Args:
        found: What `compare` gave.
        most_chars: Of each answer that is shown.
    """
    left_out = found.n_only_a + found.n_only_b
    parts = [
        f"A: {found.a}\nB: {found.b}\n共通の質問 {found.n_common} 件"
        + (f"（片方だけにある {left_out} 件は除く）" if left_out else ""),
        format_difference(found),
    ]
    for is_better, told in ((False, "悪くなった質問"), (True, "良くなった質問")):
        changed = [one for one in found.changed if one.is_better is is_better]
        lines = [f"{told} {len(changed)} 件"]
        for one in changed:
            lines += [
                f"  {one.id}  {one.question}",
                f"    {one.because}: {_stage(one.lost_a)} → {_stage(one.lost_b)}",
                f"    A: {_cut(one.answer_a, most_chars)}",
                f"    B: {_cut(one.answer_b, most_chars)}",
            ]
        parts.append("\n".join(lines))
    if found.signature:
        rows = [f"{name}: {one or '-'} → {other or '-'}" for name, (one, other) in found.signature.items()]
        parts.append("\n".join(["条件の違い", *rows]))
    return "\n\n".join(parts)


def _difference_rows(found: Comparison) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("指標", "A", "B", "差", "95 % 区間", "p", "n", "")]
    verdicts = {True: "良", False: "悪", None: ""}
    for name, one in found.measures.items():
        digits = 1 if name.endswith("_chars") else 3
        figures = (f"{one.a:.{digits}f}", f"{one.b:.{digits}f}", f"{one.difference:+.{digits}f}")
        interval = f"{one.low:+.{digits}f}–{one.high:+.{digits}f}"
        rows.append((name, *figures, interval, f"{one.p:.3f}", str(one.n), verdicts[one.is_better]))
    return rows


def _stage(name: str) -> str:
    return STAGE_LABELS[Stage(name)] if name in set(Stage) else name


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
