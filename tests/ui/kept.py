"""Answers as the history keeps them, without an index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ui.history_file import FILE_NAME, HistoryFile

TEXT = "会議室の予約は、利用日の七日前までに\n総務課へ申し込む。取消しは前日までとする。"
FIRST = (0, 28)  # of TEXT: its first sentence, over two lines


def answer(question: str = "会議室はいつまでに予約しますか。", **fields: Any) -> dict[str, Any]:
    """What `ui.as_json.answer_json` makes of one cited sentence."""
    quote = TEXT[slice(*FIRST)].replace("\n", "")
    citation = {
        "marker": 1, "document_id": "文書", "source": "kitei.txt", "path": "/srv/文書/kitei.txt",
        "title": "会議室使用規程", "section": ["会議室使用規程", "第2章 予約"], "page": 3, "line": 12,
        "quote": quote, "spans": [list(FIRST)],
    }  # fmt: skip
    sentence = {"text": quote, "citations": [1], "focus": [12, 17], "verified": True}
    return {
        "question": question, "status": "answered", "answer": quote, "sentences": [sentence],
        "citations": [citation], "hits": [], "fingerprint": "0123456789ab", "timings_s": {},
    } | fields  # fmt: skip


def not_found(question: str = "食堂の献立は何ですか。") -> dict[str, Any]:
    """What it makes of a question that the documents do not answer."""
    hit = {
        "title": "会議室使用規程",
        "section": ["第5章 雑則"],
        "page": None,
        "line": 40,
        "source": "kitei.txt",
    }
    return answer(question, status="not_found", answer="", sentences=[], citations=[], hits=[hit])


@contextmanager
def history_file(folder: Path) -> Iterator[HistoryFile]:
    with HistoryFile(folder / FILE_NAME) as file:
        yield file
