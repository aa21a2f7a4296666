"""What a sentence announces (次のとおり, 以下の4つ) stands below it, often in passages of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.stretch import Quote
from index.hit import Hit
from index.store import Store
from ingest.passage import Passage

ANNOUNCES = re.compile(
    r"(?:(?<![0-9０-９一-龠々%％])(?:以下|次)|下記|下表|次表|左記)の"
    r"(?:(?:とお|通)り|[^。、]{0,24}?[のをでにはがと])|次に掲げる|(?<![0-9０-９一-龠々%％])以下に"
)
LAST_SENTENCE = re.compile(r"[^。\n]+[。：:]?\s*$")
MOST_PASSAGES = 2
MOST_CHARS = 350


def announces(text: str) -> bool:
    """Whether the last sentence of a text only says that something follows."""
    last = LAST_SENTENCE.search(text)
    return last is not None and ANNOUNCES.search(last[0]) is not None


class Announced:
    """Finds what follows an answer line that announces it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def after(self, line: Quote, hits: Sequence[Hit]) -> list[Hit]:
        """The passages after a line's own that stand under the same headings; none if it announces nothing.

        Those among the hits are given with the score of the line's hit, the others as hits of that score.
        """
        start, end = line.cited
        if not announces(line.hit.passage.text[start:end]):
            return []
        known = {hit.passage.id: hit for hit in hits}
        return [
            replace(known.get(passage.id) or Hit(passage, 0.0), score=line.hit.score)
            for passage in self._below(line.hit.passage)
        ]

    def _below(self, passage: Passage) -> Iterator[Passage]:
        path, n_chars = passage.section, 0
        names = [f"{passage.document_id}-{passage.order + n:05d}" for n in range(1, MOST_PASSAGES + 1)]
        ids = self._store.passage_ids(names)
        for name in names:
            if name not in ids or n_chars >= MOST_CHARS:
                return
            (following,) = self._store.passages([ids[name]])
            if following.section[: len(path)] != path:
                return
            n_chars += len(following.text)
            yield following
