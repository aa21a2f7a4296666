"""Furigana: readings after the words in kanji, as the dictionary gives them and never as a model does."""

from __future__ import annotations

import re

from ingest.tokenizer import HIRAGANA, default_tokenizer

KANJI = r"[㐀-鿿豈-﫿々〆ヶ]"
RUNS = re.compile(rf"({KANJI}+)")
# 3日 is みっか, 七日 なのか, 利用日 りようび: no reading is better than a wrong one.
NUMBER = re.compile(r"[0-9０-９〇一二三四五六七八九十百千万億]")
CHANGING = frozenset("日人方")


def with_readings(text: str) -> str:
    """A text with the reading in brackets after each run of kanji; what has one already keeps it."""
    parts: list[str] = []
    at = 0
    for surface, reading in default_tokenizer().readings(text):
        start = text.index(surface, at)
        parts.append(text[at:start])
        at = start + len(surface)
        before, after = text[max(0, start - 1) : start], text[at : at + 1]
        follows = bool(surface in CHANGING and RUNS.match(before))
        unsure = bool(NUMBER.match(before) or NUMBER.match(surface)) or follows
        parts.append(
            surface if unsure or not reading or after in tuple("（(") else read_out(surface, reading)
        )
    return "".join(parts) + text[at:]


def read_out(word: str, reading: str) -> str:
    """A word with the reading of its kanji alone: 申し込み, もうしこみ is 申（もう）し込（こ）み."""
    runs = [run for run in RUNS.split(word) if run]
    pattern = "".join("(.+?)" if RUNS.fullmatch(run) else re.escape(run.translate(HIRAGANA)) for run in runs)
    found = re.fullmatch(pattern, reading)
    if found is None:
        return f"{word}（{reading}）" if RUNS.search(word) else word
    read = iter(found.groups())
    return "".join(f"{run}（{next(read)}）" if RUNS.fullmatch(run) else run for run in runs)
