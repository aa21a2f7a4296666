"""What the catalog tells about documents, and what it is told about passages."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ingest.document import NO_DETAILS, Details
from ingest.passage import Passage
from ingest.stored import decode_details, decode_json, encode_text

RECORD = (
    "id", "root", "source", "title", "publisher", "fiscal_years", "sha256", "warnings", "read_by",
    "prepared_by", "n_chars", "details",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """What the catalog knows of a document without opening its text.

    Attributes:
        root: The folder it was ingested from, absolute.
        read_by: Signature of what read the file; another one means that it must be read again.
        prepared_by: Signature of what cut it into passages and terms.
        n_chars: Code points of its text.
    """

    id: str
    root: str
    source: str
    title: str
    publisher: str
    fiscal_years: tuple[int, ...]
    sha256: str
    warnings: tuple[str, ...]
    read_by: str
    prepared_by: str
    n_chars: int
    details: Details = NO_DETAILS

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> Self:
        """The record that a row of the catalog's columns `RECORD` holds."""
        values = dict(zip(RECORD, row, strict=True))
        for name in ("fiscal_years", "warnings"):
            values[name] = tuple(decode_json(values[name]))
        values["details"] = decode_details(values["details"])
        return cls(**values)

    @property
    def path(self) -> Path:
        """Where the file is, or was."""
        return Path(self.root, self.source)


@dataclass(frozen=True, slots=True)
class PreparedPassage:
    """A passage with what search needs of it.

    Attributes:
        keys: `text_key` of each text that stands for it in the dense index.
        terms: Its search terms by field.
    """

    passage: Passage
    keys: tuple[bytes, ...]
    terms: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation belongs to the documents, and the digest of its manifest."""

    generation: int
    manifest: str

    @classmethod
    def of(cls, generation: int, manifest: bytes) -> Self:
        """What points at a generation whose manifest file holds these bytes."""
        return cls(generation, hashlib.sha256(manifest).hexdigest())


@dataclass(frozen=True, slots=True)
class CatalogStatistics:
    """Counts over the whole catalog; `n_vectors` counts the cache, over all embedders."""

    n_documents: int
    n_passages: int
    n_chars: int
    n_vectors: int


def text_key(text: str) -> bytes:
    """What a vector is filed under: the SHA-256 of the embedded text."""
    return hashlib.sha256(encode_text(text)).digest()
