"""Text of pages that are pictures: a protocol that any engine can serve, and an adapter for tesseract.

An engine is handed one page as PNG and gives its lines in reading order, each with its box. What it gives
becomes part of `Document.text` like other lines, with a warning that names the pages.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ingest.errors import ReadError
from ingest.locator import Box

TIMEOUT_S = 120
MIN_CONFIDENCE = 30.0  # of 100, of a word; below it is a guess at a stain
COLUMNS = 12
WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


@dataclass(frozen=True, slots=True)
class OcrLine:
    """One line of a page as an engine read it; `box` in shares of the page from its top left corner."""

    text: str
    box: Box


class Ocr(Protocol):
    """Reads pictures of pages."""

    @property
    def signature(self) -> str:
        """Changes when the same picture would give another text."""

    def read_page(self, png: bytes) -> list[OcrLine]:
        """The lines of a page in reading order.

        Raises:
            ReadError: If the engine fails.
        """


class TesseractOcr:
    """The command `tesseract` with its Japanese data (Debian: tesseract-ocr, tesseract-ocr-jpn)."""

    def __init__(self, command: str = "tesseract", *, language: str = "jpn") -> None:
        found = shutil.which(command)
        if found is None:
            raise ReadError(
                "OCR の tesseract が見つかりません。tesseract-ocr と tesseract-ocr-jpn を入れるか、"
                "設定 ocr を off にしてください。"
            )
        self._command = found
        self._language = language

    @property
    def signature(self) -> str:
        """The command and its language."""
        return f"tesseract/{self._language}/1"

    def read_page(self, png: bytes) -> list[OcrLine]:
        """The lines of a page in reading order.

        Raises:
            ReadError: If the command fails or takes too long.
        """
        arguments = [self._command, "stdin", "stdout", "-l", self._language, "--psm", "3", "tsv"]
        try:
            run = subprocess.run(arguments, input=png, capture_output=True, timeout=TIMEOUT_S, check=True)  # noqa: S603
        except (OSError, subprocess.SubprocessError) as error:
            raise ReadError(
                "OCR の tesseract が失敗しました（日本語データがあるか確かめてください）。"
            ) from error
        return list(lines_of(run.stdout.decode("utf-8", "replace")))


def lines_of(table: str) -> Iterator[OcrLine]:
    """The lines of what `tesseract … tsv` prints: a page row with the size, then one row for each word."""
    words: list[tuple[str, float, float, float, float]] = []
    width = height = 1.0
    key: tuple[str, ...] = ()
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != COLUMNS:
            continue
        level, left, top, across, down = cells[0], *map(float, cells[6:10])
        if level == "1":
            width, height = max(1.0, across), max(1.0, down)
        if level != "5" or float(cells[10]) < MIN_CONFIDENCE or not cells[11].strip():
            continue
        if tuple(cells[1:5]) != key:
            yield from _line(words)
            words, key = [], tuple(cells[1:5])
        place = (left / width, top / height, (left + across) / width, (top + down) / height)
        words.append((cells[11].strip(), *place))
    yield from _line(words)


def _line(words: list[tuple[str, float, float, float, float]]) -> Iterator[OcrLine]:
    """The words as one line; a space stays only between two that are not Japanese."""
    if not words:
        return
    text = words[0][0]
    for word, *_ in words[1:]:
        is_latin = not (WIDE.match(text[-1]) or WIDE.match(word[0]))
        text += f" {word}" if is_latin else word
    yield OcrLine(
        text,
        (
            min(word[1] for word in words), min(word[2] for word in words),
            max(word[3] for word in words), max(word[4] for word in words),
        ),
    )  # fmt: skip
