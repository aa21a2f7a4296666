"""The report as one HTML file: no script, nothing from elsewhere, all text of documents escaped."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.visible import visible_line
from eval.dataset import Question
from eval.html_questions import Shown, question_sections
from eval.labels import GROUP_LABELS, LABELS, LOWER_IS_BETTER
from eval.lost import STAGE_LABELS, Stage
from eval.plot import bar, reliability
from eval.records import Record
from eval.report import Report, Score, ScoredQuestion
from eval.table import count_line, signature_line

CSS = Path(__file__).with_name("report.css")
PLOTTED = ("hit@5", "evidence@1000", "facts", "right")
MOST_MEMBERS = 30  # of a group that is plotted, the largest first
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def render_report(
    report: Report,
    questions: Sequence[Question],
    records: Iterable[Record],
    text_of: Callable[[str], str],
) -> str:
    """The whole page.

    Args:
        report: As `summarize` gave it.
        questions: Those of the report.
        records: In any order.
        text_of: Document id or source to the text as read; raises `KeyError` where there is none.
    """
    shown = Shown({one.id: one for one in questions}, {one.id: one for one in records}, text_of)
    body = "\n".join(
        [
            "<h1>評価の結果</h1>",
            f"<p>{count_line(report)}</p>",
            *_headline(report),
            *_lost(report),
            *_groups(report),
            *_measures(report),
            *_timings(report),
            *_calibration(report),
            f'<h2>条件</h2><p class="signature">{visible_line(signature_line(report.signature))}</p>',
            '<h2 id="questions">質問ごと</h2>',
            *_questions(report.per_question, shown),
        ]
    )
    return (
        '<!DOCTYPE html>\n<html lang="ja"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>評価の結果</title>\n<style>\n{CSS.read_text(encoding='utf-8')}</style></head>\n"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )


def _headline(report: Report) -> Iterator[str]:
    """The few figures that most people want."""
    cards = []
    for name in ("right", "hit@5", "facts", "cited", "refused", "false_refusal"):
        score = report.overall.get(name)
        if score is not None:
            cards.append(
                f'<div class="card"><div class="figure">{_figure(name, score.mean)}</div>'
                f'<div>{LABELS[name]}</div><div class="quiet">{name}、95 % {_interval(name, score)}、'
                f"n = {score.n}</div></div>"
            )
    yield f'<div class="cards">{"".join(cards)}</div>'


def _lost(report: Report) -> Iterator[str]:
    counts = report.lost.get("", {})
    yield "<h2>どこで失われたか</h2>"
    rows = [
        (
            f'<a href="#stage-{stage}">{STAGE_LABELS[stage]}</a>',
            str(counts[stage]),
            bar(counts[stage], most=report.questions),
        )
        for stage in Stage
        if stage in counts
    ]
    yield _table(("段階", "件数", ""), rows, left=(2,))
    types = [label for label in report.lost if label]
    if len(types) > 1:
        yield "<details><summary>種類ごとに見る</summary>"
        stages = [stage for stage in Stage if stage in counts]
        header = ("種類", *(STAGE_LABELS[stage].split("（")[0] for stage in stages))
        yield _table(
            header,
            [(visible_line(t), *(str(report.lost[t].get(stage, 0)) for stage in stages)) for t in types],
        )
        yield "</details>"


def _groups(report: Report) -> Iterator[str]:
    meanings = "、".join(f"{name} は「{LABELS[name]}」" for name in PLOTTED)
    yield f'<p class="quiet">下の表で、{meanings}。細い線は 95 % 区間です。</p>'
    for group, members in report.groups.items():
        if len(members) < 2:
            continue
        yield f"<h2>{GROUP_LABELS[group]}ごと</h2>"
        largest = sorted(members.items(), key=lambda item: -item[1]["right"].n)[:MOST_MEMBERS]
        if len(largest) < len(members):
            yield f'<p class="quiet">{len(members)} 通りのうち、質問の多い {len(largest)} 通りです。</p>'
        names = [name for name in PLOTTED if any(name in scores for scores in members.values())]
        rows = [
            (visible_line(label), str(scores["right"].n), *(_plotted(name, scores) for name in names))
            for label, scores in largest
        ]
        yield _table((GROUP_LABELS[group], "n", *names), rows, left=range(2, 2 + len(names)))


def _plotted(name: str, scores: Mapping[str, Score]) -> str:
    score = scores.get(name)
    if score is None:
        return "–"
    return f'<span class="value">{score.mean:.2f}</span>{bar(score.mean, low=score.low, high=score.high)}'


def _measures(report: Report) -> Iterator[str]:
    yield "<h2>すべての指標</h2>"
    rows = []
    for name, score in report.overall.items():
        is_rate = not name.endswith("_chars")
        plot = bar(score.mean, low=score.low, high=score.high) if is_rate else ""
        arrow = " ↓" if name in LOWER_IS_BETTER else ""
        rows.append(
            (
                f"{name}{arrow}",
                _figure(name, score.mean),
                _interval(name, score),
                str(score.n),
                plot,
                LABELS[name],
            )
        )
    yield _table(("指標", "値", "95 % 区間", "n", "", "意味"), rows, left=(4, 5))


def _timings(report: Report) -> Iterator[str]:
    if not report.timings:
        return
    yield "<h2>時間</h2>"
    most = max(timing.p95_s for timing in report.timings.values()) or 1.0
    rows = [
        (
            visible_line(stage),
            f"{timing.p50_s * 1000:.1f}",
            f"{timing.p95_s * 1000:.1f}",
            bar(timing.p50_s, low=timing.p50_s, high=timing.p95_s, most=most),
            str(timing.n),
        )
        for stage, timing in report.timings.items()
    ]
    yield _table(("処理", "p50 (ms)", "p95 (ms)", "", "n"), rows, left=(3,))


def _calibration(report: Report) -> Iterator[str]:
    if not report.calibration:
        return
    yield "<h2>確からしさ</h2>"
    yield (
        '<p class="quiet">横は示した確からしさ、縦は文書に答えがあった割合です。'
        "斜めの線に近いほど正直です。</p>"
    )
    yield reliability(report.calibration)
    rows = [
        (
            f"{b.low:.1f}–{b.high:.1f}",
            str(b.n),
            f"{b.confidence:.2f}",
            f"{b.answerable:.2f}",
            f"{b.right:.2f}",
        )
        for b in report.calibration
    ]
    yield _table(("範囲", "n", "示した平均", "答えがあった割合", "正しかった割合"), rows)


def _questions(scored: Sequence[ScoredQuestion], shown: Shown) -> Iterator[str]:
    yield '<p class="quiet">行を開くと、質問と回答、引用、原文での根拠の場所が見えます。</p>'
    yield from question_sections(scored, shown)


def _figure(name: str, value: float) -> str:
    return f"{value:.0f}" if name.endswith("_chars") else f"{value:.3f}"


def _interval(name: str, score: Score) -> str:
    return f"{_figure(name, score.low)}–{_figure(name, score.high)}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, left: Container[int] = ()) -> str:
    """A table of cells that are HTML already, numbers to the right, the first column and `left` to the left.

    It scrolls by itself on a narrow screen.
    """
    side = [' class="left"' if n in left else "" for n in range(len(header))]
    head = "".join(f'<th scope="col"{side[n]}>{cell}</th>' for n, cell in enumerate(header))
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td{side[n]}>{cell}</td>" for n, cell in enumerate(row[1:], start=1))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
