"""Taking in vectors that other machines computed: all files are checked before any of them counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path

from index.embed import BatchEmbedder, Embedder, TokenEmbedder
from index.pipeline import OnProgress, Progress, Stage
from index.vector_file import END, Block, VectorFile, VectorFileError
from index.vectors import embedded
from index.work_list import OtherModelError
from ingest.catalog import Catalog
from ingest.errors import ShirubeError

PROBES = 4  # texts of each file that are embedded here as well
LEAST_COSINE = (
    0.98  # between the vectors of one text from two engines; .99 is the least seen of the model's two
)
MOST_TOLD = 8  # shards that are named
MOST_LACKING = 1000  # texts that are embedded here without a word, however few the files held


class MissingShardError(ShirubeError):
    """A folder does not hold all shards of a work list."""

    hint = (
        "足りないシャードを shirube embed で計算するか、計算した機械から写して、もう一度実行してください。"
        "索引はそのままです。"
    )


class DoubleShardError(ShirubeError):
    """A folder holds a shard twice, or shards of several lists or partitions."""

    hint = (
        "今の一覧から計算したものだけを残し、ほかは別の場所に移してから、もう一度実行してください。"
        "索引はそのままです。"
    )


class OtherTextsError(ShirubeError):
    """Most of the texts that need vectors are not in the files."""

    hint = (
        "shirube ingest --plan で残りの一覧を作って計算するか、--vectors を付けずに取り込んでください"
        "（取り込んだベクトルは使われます）。"
    )


def check_vector_files(folder: Path, embedder: Embedder | BatchEmbedder) -> tuple[VectorFile, ...]:
    """The files of a folder, every byte of which is as it was written, by number of shard.

    Raises:
        MissingShardError: If not all shards of the list are there.
        DoubleShardError: If there are more.
        OtherModelError: If another embedder made one.
        VectorFileError: If one is damaged, or holds what no embedder gives.
    """
    paths = sorted(folder.glob(f"*{END}"))
    if not paths:
        raise MissingShardError(f"ベクトルのファイル（*{END}）がありません: {folder}")
    files = sorted((VectorFile.open(path) for path in paths), key=lambda file: file.header.shard)
    for file in files:
        _check_maker(file, embedder)
    _check_set(files)
    for file in files:
        for _ in file.blocks():  # each is checked before it is given
            pass
    return tuple(files)


def import_vectors(
    files: Sequence[VectorFile],
    catalog: Catalog,
    embedder: Embedder | BatchEmbedder,
    texts: Mapping[bytes, str],
    on_progress: OnProgress,
) -> int:
    """Put the vectors of those texts, given by their `text_key`, that have none yet into the catalog.

    Some texts of each file are embedded here too and compared: a machine that computes wrongly shows. Each
    block is committed at once; after an interruption only what is missing is put.

    Returns:
        How many texts got their vector.

    Raises:
        VectorFileError: If a file has changed since it was checked, or holds vectors of other texts.
        OtherTextsError: If more than half of the texts, and more than a few, have no vector even then.
    """
    lacking = {key for key in texts if not catalog.has_vector(embedder.signature, key)}
    n_lacking = len(lacking)
    for file in files:
        is_tried = False
        for block in file.blocks():
            rows = [n for n, key in enumerate(block.keys) if key in lacking]
            if not rows:
                continue
            if not is_tried:
                _try(file, block, rows, texts, embedder)
                is_tried = True
            keys = [block.keys[n] for n in rows]
            tokens = None if block.tokens is None else [block.tokens[n] for n in rows]
            catalog.put_vectors(embedder.signature, keys, block.vectors[rows], tokens=tokens)
            lacking.difference_update(keys)
            on_progress(Progress(Stage.EMBED, n_lacking - len(lacking), n_lacking))
    if len(lacking) > max(MOST_LACKING, len(texts) / 2):
        raise OtherTextsError(
            f"ベクトルの要る {len(texts):,} 文のうち {len(lacking):,} 文がファイルにありません"
            "（一覧を作ってから文書や shirube の版が変わっています）。"
        )
    return n_lacking - len(lacking)


def _check_maker(file: VectorFile, embedder: Embedder | BatchEmbedder) -> None:
    header = file.header
    if (header.embedder, header.dim) != (embedder.signature, embedder.dim):
        made, now = (
            f"{name}、{dim} 次元"
            for name, dim in ((header.embedder, header.dim), (embedder.signature, embedder.dim))
        )
        raise OtherModelError(
            f"ベクトルのファイル {file.path} は別の埋め込みモデルのものです"
            f"（ファイルは「{made}」、今の設定は「{now}」）。"
        )
    if header.token_bytes != (embedder.dim // 2 if isinstance(embedder, TokenEmbedder) else 0):
        raise VectorFileError(
            f"ベクトルのファイル {file.path} のトークンのベクトルが、今の設定と合いません。"
        )


def _check_set(files: Sequence[VectorFile]) -> None:
    """That the files are all parts of one list, none twice."""
    first = files[0].header
    for file in files:
        if (file.header.work, file.header.n_shards) != (first.work, first.n_shards):
            raise DoubleShardError(
                f"別の一覧か、別の分け方のファイルが混ざっています: {files[0].path}、{file.path}"
            )
    for one, other in pairwise(files):
        if one.header.shard == other.header.shard:
            raise DoubleShardError(f"シャード {one.shard} のファイルが二つあります: {one.path}、{other.path}")
    n_missing = first.n_shards - len(files)
    if n_missing:
        there = {file.header.shard for file in files}
        missing = islice((n for n in range(1, first.n_shards + 1) if n not in there), MOST_TOLD)
        told = "、".join(f"{number}/{first.n_shards}" for number in missing)
        more = f"など {n_missing} 個" if n_missing > MOST_TOLD else ""
        raise MissingShardError(f"シャード {told} {more}のファイルがありません: {files[0].path.parent}")


def _try(
    file: VectorFile,
    block: Block,
    rows: Sequence[int],
    texts: Mapping[bytes, str],
    embedder: Embedder | BatchEmbedder,
) -> None:
    tried = rows[:: max(1, len(rows) // PROBES)][:PROBES]
    for positions, vectors, tokens in embedded(embedder, [texts[block.keys[n]] for n in tried]):
        for at, position in enumerate(positions):
            n = tried[position]
            is_near = float(vectors[at] @ block.vectors[n]) >= LEAST_COSINE
            n_bytes = None if block.tokens is None else len(block.tokens[n])
            if not is_near or (tokens is not None and len(tokens[at]) != n_bytes):
                raise VectorFileError(
                    f"シャード {file.shard} のファイル {file.path} のベクトルは、"
                    "同じ文をこの機械で計算したものと違います。"
                )
