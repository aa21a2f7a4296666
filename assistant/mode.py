"""Mode: in which way an answer is written."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How an answer is written."""

    PLAIN = "plain"  # 普通
    LIST = "list"  # 箇条書き
    EASY = "easy"  # やさしい日本語
    QUOTE = "quote"  # 引用のみ: no model takes part
