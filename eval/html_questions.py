"""One row of the HTML report for each question, which opens to what was asked, said and cited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.visible import visible_line, visible_text
from eval.dataset import Evidence, Question
from eval.lost import STAGE_LABELS, Stage
from eval.place import find_place, place_of, shown_place
from eval.records import Excerpt, Record, RecordStatus
from eval.report import ScoredQuestion
from eval.text import covers
from ingest.errors import ShirubeError

HITS_SHOWN = 5
HIT_CHARS = 240
MOST_ROWS = 2000  # a browser takes seconds for more; those that went wrong come first
STATUS_LABELS = {
    RecordStatus.ANSWERED: "回答した",
    RecordStatus.NOT_FOUND: "文書に記載がない、と答えた",
    RecordStatus.ERROR: "エラー",
}
SHORT_LABELS = {
    Stage.RIGHT: "正しい",
    Stage.ERROR: "エラー",
    Stage.NOT_READ: "読み取り",
    Stage.NOT_INDEXED: "索引",
    Stage.NOT_RETRIEVED: "検索",
    Stage.RANKED_LOW: "順位",
    Stage.WRONGLY_REFUSED: "誤って断った",
    Stage.EXTRACTED_WRONG: "抜き出し",
    Stage.WRONGLY_ANSWERED: "断らなかった",
}
SHOWN_SCORES = ("hit@1", "hit@5", "evidence@1000", "facts", "cited", "right", "supported", "refused")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the rows are made of.

    Attributes:
        text_of: Document id or source to the text as read; raises `KeyError` where there is none.
    """

    questions: Mapping[str, Question]
    records: Mapping[str, Record]
    text_of: Callable[[str], str]


def question_sections(scored: Sequence[ScoredQuestion], shown: Shown) -> Iterator[str]:
    """A section for each stage that lost questions, and one for those that are right, last."""
    left = MOST_ROWS
    for stage in (*(stage for stage in Stage if stage is not Stage.RIGHT), Stage.RIGHT):
        members = [one for one in scored if one.lost == stage]
        if not members:
            continue
        count = f'<span class="count">{len(members)} 件</span>'
        yield f'<h3 id="stage-{stage}">{STAGE_LABELS[stage]} {count}</h3>'
        yield from (_row(one, shown) for one in members[:left])
        if len(members) > left:
            yield f'<p class="quiet">ほか {len(members) - left} 件は records.jsonl にあります。</p>'
        left = max(0, left - len(members))


def _row(scored: ScoredQuestion, shown: Shown) -> str:
    question = shown.questions[scored.id]
    record = shown.records.get(scored.id) or Record(scored.id, RecordStatus.ERROR)
    stage = Stage(scored.lost)
    kind = "good" if stage is Stage.RIGHT else "bad"
    figures = " ".join(f"{name} {scored.scores[name]:.2g}" for name in SHOWN_SCORES if name in scored.scores)
    parts = [
        f'<details class="question"><summary><span class="badge {kind}">{SHORT_LABELS[stage]}</span>'
        f'<span class="asked">{visible_line(question.question)}</span>'
        f'<span class="meta">{visible_line(scored.id)} ・ {visible_line(question.type)}</span></summary>',
        f'<p class="quiet">{figures}</p>',
        _reference(question),
        _answer(record, shown),
        *(_evidence(piece, shown) for piece in question.evidence),
        _hits(question, record),
        "</details>",
    ]
    return "\n".join(part for part in parts if part)


def _reference(question: Question) -> str:
    if not question.answerable:
        return "<h4>正解</h4><p>文書に記載がない</p>"
    facts = "、".join(" または ".join(map(visible_line, group)) for group in question.key_facts)
    answer = f"<p>{visible_text(question.answer)}</p>" if question.answer else ""
    return f'<h4>正解</h4>{answer}<p class="quiet">要点: {facts}</p>'


def _answer(record: Record, shown: Shown) -> str:
    told = STATUS_LABELS[record.status]
    if record.confidence is not None:
        told += f"（確からしさ {record.confidence:.2f}）"
    said = visible_text(record.answer or record.message)
    sentences = "".join(
        f"<li>{visible_text(one.text)} "
        + "".join(f'<span class="marker">[{n + 1}]</span>' for n in one.citations)
        + "</li>"
        for one in record.sentences
    )
    body = f"<ul>{sentences}</ul>" if sentences else f'<p class="said">{said}</p>' if said else ""
    citations = "".join(
        f'<li value="{n}">{_citation(citation, shown)}</li>'
        for n, citation in enumerate(record.citations, start=1)
    )
    listed = f'<h4>引用</h4><ol class="citations">{citations}</ol>' if citations else ""
    return f"<h4>Shirube の回答: {told}</h4>{body}{listed}"


def _citation(citation: Excerpt, shown: Shown) -> str:
    text = _text(citation.document_id or citation.source, shown)
    place = place_of(text, citation.spans) if text is not None else None
    line = f"、{place.line} 行目" if place else ""
    where = f'<p class="quiet">{visible_line(citation.source)}{line}</p>'
    return f"<blockquote>{visible_text(citation.text)}</blockquote>{where}"


def _evidence(piece: Evidence, shown: Shown) -> str:
    text = _text(piece.doc, shown)
    place = find_place(text, piece.quote) if text is not None else None
    if text is None or place is None:
        why = "この文書は索引にありません" if text is None else "この引用は、文書の本文に見つかりません"
        return (
            f"<h4>根拠: {visible_line(piece.doc)}</h4>"
            f'<p class="note">{why}。</p><blockquote>{visible_text(piece.quote)}</blockquote>'
        )
    return (
        f"<h4>根拠: {visible_line(piece.doc)}、{place.line} 行目</h4>"
        f'<div class="original">{shown_place(text, place)}</div>'
    )


def _hits(question: Question, record: Record) -> str:
    if not record.hits:
        return ""
    rows = "".join(
        f"<li>{_covering(question, hit)}{visible_line(hit.text[:HIT_CHARS])}"
        f"{'…' if len(hit.text) > HIT_CHARS else ''}"
        f' <span class="quiet">{visible_line(hit.source)}</span></li>'
        for hit in record.hits[:HITS_SHOWN]
    )
    return f"<h4>候補の上位 {min(HITS_SHOWN, len(record.hits))} 件</h4><ol>{rows}</ol>"


def _covering(question: Question, hit: Excerpt) -> str:
    is_evidence = any(covers([hit.text], piece.quote) for piece in question.evidence)
    return '<span class="badge good">根拠</span> ' if is_evidence else ""


def _text(name: str, shown: Shown) -> str | None:
    try:
        return shown.text_of(name)
    except (KeyError, ShirubeError):
        return None
