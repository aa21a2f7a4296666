"""VectorFile: the vectors of one shard, in a file that says what made them and shows any change.

The first line is a JSON object, `VectorHeader`. Blocks follow: how many texts and how many bytes of token
vectors (4 and 8 bytes), the keys (32 each), the vectors (float32), for each text how many tokens it has (4)
and the packed token vectors, then a SHA-256 over the block and the digest before it. The last block is
empty. All numbers are little-endian. Digests that build on one another show what is lost, changed or out of
place, and how much of a file that was being written when its process was killed is whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from index.shard import Shard
from ingest.errors import ShirubeError

FORMAT = 1
END = ".vectors"
KEY_BYTES = DIGEST_BYTES = 32
SIZES = Struct("<IQ")
FLOAT, COUNT = np.dtype("<f4"), np.dtype("<u4")
MOST_HEADER_BYTES = 4096
# Of a block: what is read at once stays small, whatever a file says.
MOST_TEXTS = 4096
MOST_TOKEN_BYTES = 1 << 30
UNIT = 0.01  # how far from 1 the length of a vector may be


class VectorFileError(ShirubeError):
    """A file of vectors is not what was written, or holds what no embedder gives."""

    hint = "そのファイルを除き、shirube embed で同じシャードを計算し直してください。索引はそのままです。"


class UnreadableFileError(VectorFileError):
    """A file of vectors cannot be opened, whatever is in it."""

    hint = "ファイルの場所と、読む権限を確かめてください。索引はそのままです。"


@dataclass(frozen=True, slots=True)
class VectorHeader:
    """What a file says of itself.

    Attributes:
        embedder: Signature of what made the vectors.
        work: Digest of the work list.
        shard: Which part of it, from 1 to `n_shards`.
        n_texts: How many vectors are in the file once it is whole.
        token_bytes: Bytes of one packed token vector, 0 if the embedder gives none.
    """

    embedder: str
    dim: int
    work: str
    shard: int
    n_shards: int
    n_texts: int
    token_bytes: int
    format: int = FORMAT

    def file_name(self) -> str:
        """What a file of this shard is named."""
        return f"{self.shard}-of-{self.n_shards}{END}"

    def line(self) -> bytes:
        """The first line of the file."""
        return json.dumps(asdict(self), sort_keys=True).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Block:
    """Some texts by ascending key, each with its vector and, if there are any, its packed token vectors."""

    keys: Sequence[bytes]
    vectors: Vectors
    tokens: Sequence[bytes] | None


class VectorWriter:
    """Writes a header at once, then block by block."""

    def __init__(self, file: BinaryIO, header: VectorHeader) -> None:
        self._file = file
        self._token_bytes = header.token_bytes
        self._digest = sha256(header.line()).digest()
        file.write(header.line())

    def add(self, block: Block) -> None:
        """Write some texts that come after all before them."""
        if len(block.keys):
            self._write(block)

    def finish(self) -> None:
        """Say that nothing follows."""
        self._write(Block([], np.empty((0, 0), dtype=np.float32), None))

    def _write(self, block: Block) -> None:
        codes = b"".join(block.tokens or ())
        counts = [len(data) // self._token_bytes for data in block.tokens or ()]
        parts = [
            SIZES.pack(len(block.keys), len(codes)), b"".join(block.keys),
            np.ascontiguousarray(block.vectors, dtype=FLOAT).tobytes(),
            np.array(counts, dtype=COUNT).tobytes(), codes,
        ]  # fmt: skip
        self._digest = sha256(self._digest + b"".join(parts)).digest()
        self._file.write(b"".join([*parts, self._digest]))


@dataclass(frozen=True, slots=True)
class VectorFile:
    """A file of vectors, of which the header has been read."""

    path: Path
    header: VectorHeader

    @classmethod
    def open(cls, path: Path) -> VectorFile:
        """Read what a file says of itself.

        Raises:
            VectorFileError: If it is none of ours, of another format, or cannot be opened.
        """
        try:
            if not path.is_file():  # a pipe would be waited for
                raise UnreadableFileError(f"ベクトルのファイルではありません: {path}")
            with path.open("rb") as file:
                fields = json.loads(file.readline(MOST_HEADER_BYTES))
            is_known = fields["format"] == FORMAT
            header = VectorHeader(**fields) if is_known else None
        except OSError as error:
            raise UnreadableFileError(
                f"ベクトルのファイルを開けません: {path}（{error.strerror}）。"
            ) from error
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise VectorFileError(f"ベクトルのファイルではないか、壊れています: {path}") from error
        if header is None:
            raise VectorFileError(f"ベクトルのファイルの形式（版 {fields['format']}）は読めません: {path}")
        if not _is_possible(header):
            raise VectorFileError(f"ベクトルのファイルの見出しが正しくありません: {path}")
        return cls(path, header)

    @property
    def shard(self) -> Shard:
        """Which part of the work list it holds."""
        return Shard(self.header.shard, self.header.n_shards)

    def blocks(self) -> Iterator[Block]:
        """All that is in it, each block checked before it is given.

        Raises:
            VectorFileError: If it is cut short or changed, holds a text of another shard or one twice, or a
                vector that is not finite or not of unit length; blocks before that are as they were written.
        """
        n, last = 0, b""
        try:
            with self.path.open("rb") as file:
                digest = sha256(file.readline(MOST_HEADER_BYTES)).digest()
                while True:
                    digest, block = self._next(file, digest)
                    if not block.keys:
                        break
                    self._check(block, last)
                    n, last = n + len(block.keys), block.keys[-1]
                    yield block
                if file.read(1) or n != self.header.n_texts:
                    raise self._wrong("の件数が見出しと違います")
        except OSError as error:
            raise self._wrong(f"を読めません（{error.strerror}）") from error

    def _next(self, file: BinaryIO, digest: bytes) -> tuple[bytes, Block]:
        dim, width = self.header.dim, self.header.token_bytes
        sizes = self._read(file, SIZES.size)
        n, n_codes = SIZES.unpack(sizes)
        n_fixed = n * (KEY_BYTES + FLOAT.itemsize * dim + (COUNT.itemsize if width else 0))
        if (
            n > MOST_TEXTS
            or n_codes > MOST_TOKEN_BYTES
            or file.tell() + n_fixed + n_codes > self.path.stat().st_size
        ):
            raise self._wrong("が途中で切れているか、壊れています")
        data = self._read(file, n_fixed + n_codes)
        following = sha256(digest + sizes + data).digest()
        if self._read(file, DIGEST_BYTES) != following:
            raise self._wrong("の内容が、書かれたときと違います（チェックサムが合いません）")
        keys = [data[at : at + KEY_BYTES] for at in range(0, n * KEY_BYTES, KEY_BYTES)]
        at = n * KEY_BYTES
        vectors = np.frombuffer(data, dtype=FLOAT, count=n * dim, offset=at).reshape(n, dim)
        tokens = self._tokens(data[at + vectors.nbytes :], n) if width else None
        return following, Block(keys, vectors, tokens)

    def _tokens(self, data: bytes, n: int) -> list[bytes]:
        counts: NDArray[np.uint32] = np.frombuffer(data, dtype=COUNT, count=n)
        sizes = counts.astype(np.int64) * self.header.token_bytes
        if counts.nbytes + sizes.sum() != len(data):
            raise self._wrong("のトークンの数が合いません")
        ends = counts.nbytes + np.cumsum(sizes)
        return [data[start:end] for start, end in zip(ends - sizes, ends, strict=True)]

    def _check(self, block: Block, last: bytes) -> None:
        shard, keys = self.shard, block.keys
        if not all(shard.holds(key) for key in keys) or sorted({*keys, last}) != [last, *keys]:
            raise self._wrong("に、ほかのシャードの文か、同じ文が二度あります")
        if not np.isfinite(block.vectors).all():
            raise self._wrong("に、数でない値（NaN か無限大）を含むベクトルがあります")
        if np.abs(np.linalg.norm(block.vectors, axis=1) - 1).max() > UNIT:
            raise self._wrong("に、長さが 1 でないベクトルがあります")

    def _read(self, file: BinaryIO, n: int) -> bytes:
        data = file.read(n)
        if len(data) != n:
            raise self._wrong("が途中で切れています")
        return data

    def _wrong(self, told: str) -> VectorFileError:
        return VectorFileError(f"シャード {self.shard} のファイル {self.path} {told}。")


def _is_possible(header: VectorHeader) -> bool:
    numbers = (header.dim, header.shard, header.n_shards, header.n_texts, header.token_bytes)
    if not all(type(number) is int and 0 <= number < 1 << 40 for number in numbers):
        return False
    return type(header.embedder) is type(header.work) is str and (
        1 <= header.shard <= header.n_shards and 1 <= header.dim < 1 << 16 and header.token_bytes < 1 << 16
    )
