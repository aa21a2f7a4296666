"""Check of a chat model: connection, streaming, context length and speed, with what is wrong in Japanese."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_core.runnables import Runnable

from assistant.model_stream import ModelFailure, ModelStream, TimeLimits

COUNTING = "1から20までの数を、読点で区切って書いてください。"
CONTEXT_LINE = "潮見市の窓口は、平日の午前九時から午後五時まで開いています。"
PASSWORD = "しおかぜ"  # noqa: S105 - what the model is to find at the beginning of a long text
MIN_PIECES = 3
SLOW_TOKENS = 3.0  # a second, below which an answer of 150 tokens takes most of a minute


@dataclass(frozen=True, slots=True)
class ModelFinding:
    """What one step of the check found.

    Attributes:
        name: The step, in Japanese.
        is_good: Whether answers can be written with it.
        told: The figures or the reason, in Japanese.
    """

    name: str
    is_good: bool
    told: str


def check_model(
    model: Runnable[Any, Any], *, limits: TimeLimits, evidence_tokens: int
) -> Iterator[ModelFinding]:
    """The steps in order; a model that cannot be reached ends them."""
    stream = ModelStream(model, [HumanMessage(COUNTING)], limits)
    start = time.perf_counter()
    try:
        pieces = [piece for piece in stream.pieces() if piece]
    except ModelFailure as error:
        yield ModelFinding("接続", is_good=False, told=str(error))
        return
    total = time.perf_counter() - start
    text = "".join(pieces)
    if not text.strip():
        yield ModelFinding("接続", is_good=False, told="つながりましたが、何も答えませんでした。")
        return
    first = stream.first_s or 0.0
    yield ModelFinding("接続", is_good=True, told=f"答えました。最初の言葉まで {first:.1f} 秒。")
    streams = len(pieces) >= MIN_PIECES
    told = (
        f"{len(pieces)} 回に分けて届きました。"
        if streams
        else "一度に届きました。答えは、全部できてから出ます。"
    )
    yield ModelFinding("逐次出力", is_good=streams, told=told)
    n_tokens = stream.n_tokens or len(pieces)
    speed = n_tokens / max(total - first, 0.001)
    slow = "" if speed >= SLOW_TOKENS else "遅いので、答えが時間切れで引用に替わることがあります。"
    yield ModelFinding("速さ", is_good=not slow, told=f"毎秒 {speed:.0f} トークン。{slow}")
    yield _context(model, limits, evidence_tokens)


def _context(model: Runnable[Any, Any], limits: TimeLimits, evidence_tokens: int) -> ModelFinding:
    """Whether a text as long as the evidence may be is read whole: what stands first must be found."""
    filler = CONTEXT_LINE * (evidence_tokens // len(CONTEXT_LINE) + 1)
    asked = f"合言葉は「{PASSWORD}」です。\n{filler}\n\nはじめに書いてある合言葉だけを答えてください。"
    try:
        text = "".join(ModelStream(model, [HumanMessage(asked)], limits).pieces())
    except ModelFailure as error:
        return ModelFinding("長さ", is_good=False, told=f"{evidence_tokens} 字の資料で失敗しました。{error}")
    if PASSWORD in text:
        return ModelFinding("長さ", is_good=True, told=f"{evidence_tokens} 字の資料を読めました。")
    return ModelFinding(
        "長さ",
        is_good=False,
        told=f"{evidence_tokens} 字の資料の初めを読み落としました。evidence_tokens を下げてください。",
    )
