"""What stands under a number though it is no heading: articles of rules, questions and their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.headings import marker
from ingest.layout import Line
from ingest.traced import Traced

KANJI = "[0-9０-９一二三四五六七八九十百]"
ARTICLE = re.compile(
    rf"(第{KANJI}+条(?:の{KANJI}+)*)(?:[ \u3000]+|(?=[（(]))([（(][^（）()]{{1,30}}[）)])?(?=.*。)"
)
CAPTION = re.compile(r"[（(][^（）()]{1,30}[）)]$")
QUESTION = re.compile(
    r"(?:[QＱ]|問)\s*[0-9０-９]{0,3}(?:[-－][0-9０-９]{1,2})?(?:[.．:：、)）]\s*|[ \u3000]+)\S"
)
ANSWER = re.compile(
    r"(?:[AＡ]|答え?|回答)\s*[0-9０-９]{0,3}(?:[-－][0-9０-９]{1,2})?(?:[.．:：、)）]|[ \u3000]|$)"
)
LONE_NUMBER = re.compile(rf"第[ \u3000]?{KANJI}+[ \u3000]?[編章節款目]$")
TITLE = re.compile(r"[^\W\d][^。、]{0,29}(?<!です|ます|する)$")
QUESTION_CHARS = 120
ANSWER_REACH = 3  # lines below a question within which its answer begins


def find_articles(texts: Sequence[str]) -> list[str]:
    """For each line the title of the article that it begins, 「第３条（組織）」, "" for the others.

    The caption may stand in brackets on the line before; that line is then part of the article.
    """
    out = [""] * len(texts)
    for n, text in enumerate(texts):
        found = ARTICLE.match(text)
        if not found:
            continue
        caption = found[2] or ""
        if not caption and n and CAPTION.match(texts[n - 1]):
            caption = texts[n - 1]
            out[n - 1] = found[1] + caption
        out[n] = found[1] + caption
    return out


def join_titles(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines, a number that stands alone (第１章) together with its title on the next line."""
    held: Line | None = None
    for line in lines:
        if held is not None and line.gap <= 1 and TITLE.match(line.text) and not marker(line.text):
            yield replace(held, body=Traced.joined([held.body, line.body], " "), open=line.open)
            held = None
            continue
        if held is not None:
            yield held
        held = line if LONE_NUMBER.match(line.text) else None
        if held is None:
            yield line
    if held is not None:
        yield held


def find_questions(texts: Sequence[str]) -> set[int]:
    """Indices of the questions (Ｑ１ …, 問２ …) that an answer (Ａ …, 答 …) follows."""
    return {
        n
        for n, text in enumerate(texts)
        if len(text) <= QUESTION_CHARS
        and QUESTION.match(text)
        and any(ANSWER.match(below) for below in texts[n + 1 : n + 1 + ANSWER_REACH])
    }
