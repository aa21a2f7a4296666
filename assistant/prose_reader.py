"""Reader: a model's stream in, sentences with their citations out; half a key is never shown.

Only the keys of this request are citations, in any bracket or none. What looks like a key and is none is
dropped; (1), ① and 【1】 are text, as Japanese outlines use them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.events import Words
from assistant.evidence import KEY_CHARS, KEY_SIGNS

OPEN = "[［【〔(（「〈《{<"
CLOSE = "]］】〕)）」〉》}>"
BETWEEN = " 　,、，・;；/\t"
ENDS = "。！？!?\n"
LONGEST_HELD = 64  # characters held back at most while a key may be coming


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is complete, and the keys that it cites, in order."""

    text: str
    keys: tuple[str, ...]


class StreamReader:
    """Reads a stream piece by piece; `feed` as it comes, `close` at its end."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = frozenset(keys)
        self._held = ""
        self._sentence = ""
        self._cited: list[str] = []
        self._ended = False
        signs = f"{OPEN}{CLOSE}{BETWEEN}"
        # Each part matches in one way only, so that no text takes longer than its length.
        self._mark = re.compile(
            rf"(?P<open>[{re.escape(OPEN)}]?)(?<![A-Za-z0-9])(?P<key>[{KEY_SIGNS}]{{{KEY_CHARS}}})(?![A-Za-z0-9])"
        )
        self._half = re.compile(rf"[{re.escape(OPEN)}][{KEY_SIGNS}]{{0,{KEY_CHARS - 1}}}\Z")
        self._tail = re.compile(rf"(?:[{re.escape(signs)}]|[{KEY_SIGNS}]){{1,{LONGEST_HELD}}}\Z")

    def feed(self, piece: str) -> Iterator[Words | Said]:
        """What is certain after one more piece."""
        self._held += piece.replace("\r", "")
        tail = self._tail.search(self._held)
        cut = tail.start() if tail else len(self._held)
        ready, self._held = self._held[:cut], self._held[cut:]
        yield from self._read(ready)

    def close(self) -> Iterator[Words | Said]:
        """What is left at the end."""
        ready, self._held = self._half.sub("", self._held), ""
        yield from self._read(ready)
        yield from self._finish()

    def _read(self, text: str) -> Iterator[Words | Said]:
        at = 0
        for found in self._mark.finditer(text):
            if not found["open"] and found["key"] not in self._keys:
                continue  # a bare word of capitals is text
            yield from self._show(text[at : found.start()])
            if found["key"] in self._keys:
                self._cited.append(found["key"])
            at = found.end()
            while at < len(text) and text[at] in CLOSE + (
                BETWEEN if _key_follows(self._mark, text, at) else ""
            ):
                at += 1
        yield from self._show(text[at:])

    def _show(self, text: str) -> Iterator[Words | Said]:
        shown: list[str] = []
        for char in text:
            if self._ended and not char.isspace() and char not in ENDS + CLOSE:
                if shown:
                    yield Words("".join(shown))
                    shown = []
                yield from self._finish()
            if char == "\n" and not self._sentence.strip():
                continue
            self._sentence += char
            shown.append(char)
            self._ended = self._ended or char in ENDS
        if shown:
            yield Words("".join(shown))

    def _finish(self) -> Iterator[Said]:
        text, keys = self._sentence.strip(), tuple(dict.fromkeys(self._cited))
        self._sentence, self._cited, self._ended = "", [], False
        if text:
            yield Said(text, keys)


def _key_follows(mark: re.Pattern[str], text: str, at: int) -> bool:
    rest = text[at : at + LONGEST_HELD].lstrip(BETWEEN + CLOSE)
    return mark.match(rest) is not None
