"""Embedder: text in, unit vectors out. One file per engine beside this one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

# "～" is a piece of the vocabulary of the models served here (10～20); NFKC would make it an ASCII tilde.
KEPT_BY_NFKC = "～"
# A control token that a document happens to spell must stay text.
CONTROL_TOKEN = re.compile(r"<(?=(?:/?s|pad|unk|mask)>)")
UNENCODABLE = re.compile("[\ud800-\udfff]")


class Embedder(Protocol):
    """Turns questions and passages into vectors whose inner product is their similarity."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def signature(self) -> str:
        """Names the model, the digest of its weights and what is done to a text before it.

        Two embedders with one signature give vectors that may stand in one index.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, float32 `(n, dim)` in the order given; no text gives `(0, dim)`.

        Raises:
            EmbedderError: If the model cannot be loaded.
        """
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, float32 `(n, dim)` in the order given; no text gives `(0, dim)`.

        Raises:
            EmbedderError: If the model cannot be loaded.
        """
        ...


class BatchEmbedder(Embedder, Protocol):
    """An embedder that hands out vectors while it works, so that they can be stored and counted."""

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions in `texts` and their vectors, batch by batch, each position once, in any order.

        Raises:
            EmbedderError: If the model cannot be loaded.
        """
        ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text as one vector and, from the same run of the model, as one vector for each of its tokens.

    Attributes:
        vector: `(dim,)`, of unit length.
        tokens: `(n, dim)`, each of unit length; those of a prefix and the control tokens are left out.
    """

    vector: Vectors
    tokens: Vectors


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that can also give the vectors of a text's tokens."""

    def encode_query(self, text: str) -> Encoded:
        """One question; its vector is that of `embed_queries`.

        Raises:
            EmbedderError: If the model cannot be loaded.
        """
        ...

    def encode_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoded]]]:
        """Positions in `texts` and what they became, batch by batch, each position once, in any order.

        Raises:
            EmbedderError: If the model cannot be loaded.
        """
        ...


def clean_text(text: str) -> str:
    """The text as the models were trained to see it; every engine of one signature applies the same.

    NFKC joins what an engine that maps single characters leaves apart (ｶﾞ, a kana followed by a combining
    mark). NUL, which would end a C string, is dropped, and so are lone surrogates, which have no UTF-8.
    """
    if not text.isprintable():  # NUL and surrogates are not
        text = UNENCODABLE.sub("", text).replace("\0", "")
    if not unicodedata.is_normalized("NFKC", text):
        text = KEPT_BY_NFKC.join(unicodedata.normalize("NFKC", part) for part in text.split(KEPT_BY_NFKC))
    return CONTROL_TOKEN.sub("< ", text) if "<" in text else text


def encoded_from(hidden: Sequence[Vectors], *, n_prefix: int) -> Encoded:
    """What the last layer over the windows of a text, control tokens included, makes of the text.

    Its vector is the mean of the windows' means, weighted by their tokens.

    Args:
        hidden: `(n, dim)` of each window, `<s>` and `</s>` among its tokens.
        n_prefix: Tokens at the beginning that are a prefix, not text.
    """
    total = sum(rows.mean(axis=0) * (len(rows) - 2) for rows in hidden)
    tokens = np.concatenate([rows[1:-1] for rows in hidden])[n_prefix:]
    return Encoded(total / np.linalg.norm(total), tokens / np.linalg.norm(tokens, axis=1, keepdims=True))


def vectors_alone(
    batches: Iterator[tuple[list[int], list[Encoded]]],
) -> Iterator[tuple[list[int], Vectors]]:
    """The same batches without the token vectors."""
    for positions, encoded in batches:
        yield positions, np.stack([one.vector for one in encoded])


def gather(batches: Iterator[tuple[list[int], Vectors]], *, n_texts: int, dim: int) -> Vectors:
    """Put the rows of all batches in the order of their texts, `(n_texts, dim)`.

    Raises:
        ValueError: If a text got no vector.
    """
    vectors = np.zeros((n_texts, dim), dtype=np.float32)
    n_filled = 0
    for positions, rows in batches:
        vectors[positions] = rows
        n_filled += len(positions)
    if n_filled != n_texts:
        raise ValueError(f"{n_texts} texts, {n_filled} vectors")
    return vectors
