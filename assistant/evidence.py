"""Evidence: what a chat model may use, each item under a key that is drawn anew for each request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.answer import Answer, SentenceRole
from assistant.check import Ground
from index.hit import Hit
from ingest.document import Block, BlockKind
from ingest.document_record import DocumentRecord
from ingest.sentences import sentence_bounds

KEY_SIGNS = "BCDFGHJKMNPQRSTVWXZ"  # no vowels, so that no key is a word; nothing that looks like a digit
KEY_CHARS = 4
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
# What speaks to a model and not to a reader is no evidence. Seen in documents that were made to mislead.
INSTRUCTS = re.compile(
    r"(?:指示|命令|プロンプト|ルール)を?(?:すべて|全て)?(?:無視|忘れ)|と(?:だけ)?(?:答え|回答し|"
    r"出力し|返答し)(?:よ|ろ|て|なさい|ること)|システムプロンプト"
    r"|(?:AI|アシスタント|言語モデル)(?:は|へ|に告ぐ|への指示)|ignore (?:all |the )?(?:previous|"
    r"above)|system prompt|<\|"
    r"?(?:im_start|system|assistant)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One hit as a model reads it and as a sentence is checked against it.

    Attributes:
        key: By which it is cited, in this request only.
        place: Title › section › page.
        ground: What it says; sentences that speak to a model are blanks in it.
        ranges: Half-open offsets of `ground.text` with those of the passage that they stand for, in order.
    """

    key: str
    place: str
    ground: Ground
    hit: Hit
    ranges: tuple[tuple[int, int, int, int], ...]

    def in_passage(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the passage that a stretch of the ground stands for; `None` for a header."""
        for low, high, first, last in self.ranges:
            if low <= start < high:
                if high - low == last - first:
                    return first + start - low, min(last, first + end - low)
                return first, last
        return None


def new_keys(n: int) -> list[str]:
    """`n` different keys that nobody can guess."""
    keys: dict[str, None] = {}
    while len(keys) < n:
        keys["".join(secrets.choice(KEY_SIGNS) for _ in range(KEY_CHARS))] = None
    return list(keys)


def gather(
    hits: Sequence[Hit],
    documents: dict[str, DocumentRecord],
    block_of: Callable[[Hit], Block | None],
    *,
    max_tokens: int,
) -> tuple[Evidence, ...]:
    """The hits in order as far as the budget goes; a character counts as a token, to be on the safe side."""
    chosen: list[Evidence] = []
    left = max_tokens
    for hit, key in zip(hits, new_keys(len(hits)), strict=True):
        record = documents[hit.passage.document_id]
        one = _evidence(hit, key, record, block_of(hit))
        cost = len(one.ground.text) + len(one.place) + KEY_CHARS + 6
        if cost > left and chosen:
            continue
        if one.ground.text.strip():
            chosen.append(one)
            left -= cost
    return tuple(chosen)


def _evidence(hit: Hit, key: str, record: DocumentRecord, block: Block | None) -> Evidence:
    passage = hit.passage
    page = f"{passage.page}頁" if passage.page else ""
    title = record.title if JAPANESE.search(record.title) else ""  # else it is a file's name
    place = " › ".join(part for part in (title, *passage.section, page) if part)
    context = f"{place}\n{passage.context}"
    headers = block.headers if block and passage.kind is BlockKind.TABLE_ROW else ()
    if not any(headers):
        text = without_instructions(passage.text)
        return Evidence(key, place, Ground(text, context), hit, ((0, len(text), 0, len(text)),))
    text, ranges = _as_table(passage.text, headers)
    return Evidence(key, place, Ground(without_instructions(text), context), hit, ranges)


def _as_table(text: str, headers: tuple[str, ...]) -> tuple[str, tuple[tuple[int, int, int, int], ...]]:
    """A row under its headers with `|` between cells, whichever way its cells stand in the passage."""
    lines = text.split("\n")
    if len(lines) != len(headers):
        return text, ((0, len(text), 0, len(text)),)
    header = " | ".join(" ".join(label.split()) or "－" for label in headers)
    row = " | ".join(" ".join(line.split()) or "－" for line in lines)
    start = len(header) + 1
    return f"{header}\n{row}", ((start, start + len(row), 0, len(text)),)


def quoted_lines(quoted: Answer, evidence: Sequence[Evidence]) -> list[tuple[str, str]]:
    """The lines of a quoted answer with the keys of their evidence; none that speaks to a model."""
    keys = {one.hit.passage.id: one.key for one in evidence}
    passages = {citation.marker: citation.passage_id for citation in quoted.citations}
    lines = [one for one in quoted.sentences if one.role is SentenceRole.ANSWER]
    return [
        (" ".join(line.labelled.split()), key)
        for line in lines
        for key in (keys.get(passages[line.citations[0]]),)
        if key and not INSTRUCTS.search(line.text)
    ]


def without_instructions(text: str) -> str:
    """The text with blanks in the place of every sentence that speaks to a model; its length stays."""
    if not INSTRUCTS.search(text):
        return text
    kept = list(text)
    for start, end in sentence_bounds(text):
        if INSTRUCTS.search(text[start:end]):
            kept[start:end] = " " * (end - start)
    return "".join(kept)


def merged(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches in order, those that touch as one."""
    out = sorted(stretches)
    for n, (one, other) in reversed(list(enumerate(pairwise(out)))):
        if other[0] <= one[1] + 1:
            out[n : n + 2] = [(one[0], max(one[1], other[1]))]
    return out
