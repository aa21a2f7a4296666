"""Pipeline: the steps from a folder to search entries, and what they report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from index.engine import Engine
from index.engine_local import LOCAL_ENGINE
from ingest.document import Document
from ingest.document_record import PreparedPassage, text_key
from ingest.files import Found, Skipped
from ingest.passage import Passage


class Stage(StrEnum):
    """What an ingest is doing."""

    FIND = "find"
    READ = "read"
    EMBED = "embed"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is.

    Attributes:
        done: Files, texts or passages, depending on the stage.
        total: `None` while it is not known.
        item: The file that is next, "" if that says nothing.
    """

    stage: Stage
    done: int
    total: int | None
    item: str = ""


OnProgress = Callable[[Progress], None]


def no_progress(progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The steps from a folder to search entries.

    Attributes:
        signature: Changes when any of the steps would give something else for the same file; documents
            made under another signature are then made again.
        analyser: Signature of what makes the terms; part of `signature` too.
        find: The files of one folder or file, and what was passed over.
        read: One file as a document; raises `ReadError`.
        chunk: The passages of a document, in reading order.
        embed_texts: The texts that stand for a passage in the dense index.
        lexical_fields: Its search terms by field of the lexical index.
        read_signature: What a document depends on besides the bytes of its file, such as an entry about
            it in a file beside it.
        engine: What holds the search indexes.
    """

    signature: str
    analyser: str
    find: Callable[[Path], Iterable[Found | Skipped]]
    read: Callable[[Found], Document]
    chunk: Callable[[Document], Iterable[Passage]]
    embed_texts: Callable[[Passage], Sequence[str]]
    lexical_fields: Callable[[Passage], Mapping[str, Sequence[str]]]
    read_signature: Callable[[Found], str] | None = None
    engine: Engine = LOCAL_ENGINE

    def read_by(self, found: Found) -> str:
        """What is recorded with a document, to tell whether its file must be read again."""
        if self.read_signature is None:
            return self.signature
        return f"{self.signature}|{self.read_signature(found)}"

    def prepare(self, document: Document, texts: dict[bytes, str]) -> Iterator[PreparedPassage]:
        """Cut a document into passages and make what search needs, one at a time: a file may hold many.

        The texts to embed are added to `texts` meanwhile.
        """
        for passage in self.chunk(document):
            new = self.keyed_texts(passage)
            texts.update(new)
            yield PreparedPassage(passage, tuple(new), self.lexical_fields(passage))

    def keyed_texts(self, passage: Passage) -> dict[bytes, str]:
        """The texts that stand for a passage, by the key of their vector; equal texts are one."""
        return {text_key(text): text for text in self.embed_texts(passage)}
