"""Which stage lost a question: the first one after which the right answer could no longer be given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from eval.answers import cited, right
from eval.corpus import DocumentTexts
from eval.metrics import Case
from eval.records import RecordStatus
from eval.text import covers, rank_covered
from ingest.errors import ShirubeError

LOW_RANK = 5  # evidence that is complete only behind this rank was ranked low


class Stage(StrEnum):
    """Where a question ended, in the order of the pipeline."""

    RIGHT = "right"
    ERROR = "error"
    NOT_READ = "not_read"
    NOT_INDEXED = "not_indexed"
    NOT_RETRIEVED = "not_retrieved"
    RANKED_LOW = "ranked_low"
    WRONGLY_REFUSED = "wrongly_refused"
    EXTRACTED_WRONG = "extracted_wrong"
    WRONGLY_ANSWERED = "wrongly_answered"


STAGE_LABELS = {
    Stage.RIGHT: "正しい",
    Stage.ERROR: "エラーまたは記録なし",
    Stage.NOT_READ: "読み取りで失われた（根拠がどの文書の本文にもない）",
    Stage.NOT_INDEXED: "索引に入らなかった（根拠がどの箇所にもない）",
    Stage.NOT_RETRIEVED: "検索で見つからなかった（根拠が候補にない）",
    Stage.RANKED_LOW: f"順位が低かった（根拠がそろうのは {LOW_RANK + 1} 番目より後）",
    Stage.WRONGLY_REFUSED: "誤って断った（根拠は上位の候補にある）",
    Stage.EXTRACTED_WRONG: "抜き出しを誤った（根拠は上位の候補にある）",
    Stage.WRONGLY_ANSWERED: "断るべきところで答えた",
}

TextsOf = Callable[[str], DocumentTexts]


def lost_at(case: Case, texts_of: TextsOf | None = None) -> Stage:
    """The stage that lost the question, `RIGHT` if none did.

    All pieces of evidence are looked for, since the one that is missing is the likeliest reason. A piece
    that was ranked low but quoted all the same was not lost there.

    Args:
        case: One question with what was recorded for it.
        texts_of: Source of a document to its texts; without it a piece that was not read or indexed counts
            as not retrieved.
    """
    if right(case) == 1:
        return Stage.RIGHT
    if case.record.status is RecordStatus.ERROR:
        return Stage.ERROR
    if not case.question.answerable:
        return Stage.WRONGLY_ANSWERED
    texts = case.hit_texts
    ranks = [rank_covered(texts, quote) for quote in case.quotes]
    if None in ranks:
        return _before_retrieval(case, texts_of)
    if max(rank or 0 for rank in ranks) > LOW_RANK and cited(case) != 1:
        return Stage.RANKED_LOW
    is_refused = case.record.status is RecordStatus.NOT_FOUND
    return Stage.WRONGLY_REFUSED if is_refused else Stage.EXTRACTED_WRONG


def _before_retrieval(case: Case, texts_of: TextsOf | None) -> Stage:
    """Why a piece is in no hit."""
    if texts_of is None:
        return Stage.NOT_RETRIEVED
    stages = [Stage.NOT_RETRIEVED]
    for piece in case.question.evidence:
        if rank_covered(case.hit_texts, piece.quote) is None:
            try:
                stages.append(_kept_until(texts_of(piece.doc), piece.quote))
            except (KeyError, ShirubeError):
                stages.append(Stage.NOT_READ)
    order: Sequence[Stage] = list(Stage)
    return min(stages, key=order.index)


def _kept_until(texts: DocumentTexts, quote: str) -> Stage:
    if not covers(["\n".join(texts.blocks)], quote):
        return Stage.NOT_READ
    return Stage.NOT_RETRIEVED if covers(texts.passages, quote) else Stage.NOT_INDEXED
