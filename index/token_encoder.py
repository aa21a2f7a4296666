"""TokenEncoder: the bundled model on numpy alone, one vector per token, for single questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.weights import PackedModel, find_weights, parse_weights, release_pages

Matrix = NDArray[np.float32]

# Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: erf to 1.5e-7.
ERF_P = np.float32(0.3275911)
ERF_A = [np.float32(a) for a in (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer of the encoder; matrices stand ready to be multiplied from the right."""

    qkv: Matrix
    qkv_bias: Matrix
    out: Matrix
    out_bias: Matrix
    out_norm: tuple[Matrix, Matrix]
    inner: Matrix
    inner_bias: Matrix
    outer: Matrix
    outer_bias: Matrix
    outer_norm: tuple[Matrix, Matrix]


class TokenEncoder:
    """multilingual-e5-small without PyTorch: 85 MB, ready in half a second, a question in some 20 ms.

    Only the rows of the word embedding that a text needs are unpacked. Threads may share one encoder.

    Args:
        weights: See `find_weights`.

    Raises:
        EmbedderError: If the weights are not to be had.
    """

    def __init__(self, weights: Path | None = None) -> None:
        data = find_weights(weights)
        self._packed = parse_weights(data)
        tensors, dim = self._packed.tensors, self._packed.dim
        self._positions = tensors["emb.pos"].unpack().reshape(-1, dim) + tensors["emb.type"].unpack()[:dim]
        self._norm = (tensors["emb.ln.w"].unpack(), tensors["emb.ln.b"].unpack())
        self._layers = [_layer(self._packed, n) for n in range(self._packed.n_layers)]
        release_pages(data)  # all of the file was read to check it; of the words few are needed
        # Each thread of a BLAS waits for the others by spinning: on a PC with other work a question took
        # 2 to 4 s with two threads, .2 s with one.
        threadpool_limits(limits=1, user_api="blas")

    @property
    def packed(self) -> PackedModel:
        """What the weights file says, for the tokenizer."""
        return self._packed

    def encode(self, ids: Sequence[int]) -> Matrix:
        """The last layer over `<s>`, the ids and `</s>`: `(len(ids) + 2, dim)`, not normalised.

        Raises:
            ValueError: If there are more ids than the model has positions for.
        """
        words = self._packed.vocabulary
        tokens = [words.bos, *ids, words.eos]
        if len(tokens) > self._packed.n_positions:
            raise ValueError(f"{len(ids)} tokens, at most {self._packed.n_positions - 2} fit")
        dim, table = self._packed.dim, self._packed.tensors["emb.word"]
        embedded = np.stack([table.unpack(i * dim, (i + 1) * dim) for i in tokens])
        hidden = _normed(embedded + self._positions[: len(tokens)], self._norm, self._packed.norm_eps)
        for layer in self._layers:
            hidden = self._through(layer, hidden)
        return hidden

    def _through(self, layer: _Layer, hidden: Matrix) -> Matrix:
        eps, n_heads = self._packed.norm_eps, self._packed.n_heads
        n, dim = hidden.shape
        parts = (hidden @ layer.qkv + layer.qkv_bias).reshape(n, 3, n_heads, dim // n_heads)
        query, key, value = parts.transpose(1, 2, 0, 3)
        weights = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(dim // n_heads))
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        context = (weights @ value).transpose(1, 0, 2).reshape(n, dim)
        hidden = _normed(hidden + context @ layer.out + layer.out_bias, layer.out_norm, eps)
        inner = _gelu(hidden @ layer.inner + layer.inner_bias)
        return _normed(hidden + inner @ layer.outer + layer.outer_bias, layer.outer_norm, eps)


def _layer(packed: PackedModel, n: int) -> _Layer:
    parts: Mapping[str, Matrix] = {
        name.removeprefix(f"l{n}."): tensor.unpack()
        for name, tensor in packed.tensors.items()
        if name.startswith(f"l{n}.")
    }
    dim, inner = packed.dim, packed.n_inner
    return _Layer(
        qkv=np.concatenate([parts[f"{part}.w"].reshape(dim, dim).T for part in "qkv"], axis=1),
        qkv_bias=np.concatenate([parts[f"{part}.b"] for part in "qkv"]),
        out=np.ascontiguousarray(parts["ao.w"].reshape(dim, dim).T),
        out_bias=parts["ao.b"],
        out_norm=(parts["aln.w"], parts["aln.b"]),
        inner=np.ascontiguousarray(parts["fi.w"].reshape(inner, dim).T),
        inner_bias=parts["fi.b"],
        outer=np.ascontiguousarray(parts["fo.w"].reshape(dim, inner).T),
        outer_bias=parts["fo.b"],
        outer_norm=(parts["oln.w"], parts["oln.b"]),
    )


def _normed(values: Matrix, norm: tuple[Matrix, Matrix], eps: float) -> Matrix:
    centred = values - values.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(eps))
    normed: Matrix = centred / spread * norm[0] + norm[1]
    return normed


def _gelu(values: Matrix) -> Matrix:
    scaled = np.abs(values) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + ERF_P * scaled)
    tail = np.zeros_like(t)
    for a in reversed(ERF_A):
        tail = (tail + a) * t
    erf = np.copysign(1 - tail * np.exp(-scaled * scaled), values)
    activated: Matrix = np.float32(0.5) * values * (1 + erf)
    return activated
