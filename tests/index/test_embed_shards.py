"""Embedding in shards and taking them in: the same index as without, whatever happens on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index.embed_shard
import index.import_vectors
from index.build import IngestOptions, plan
from index.embed import Encoded, Vectors
from index.embed_shard import ShardReport, embed_shard
from index.import_vectors import DoubleShardError, MissingShardError, OtherTextsError
from index.shard import Shard
from index.vector_file import END, Block, UnreadableFileError, VectorFile, VectorFileError, VectorWriter
from index.whole_file import parts_of
from index.work_list import OtherModelError, write_work_list
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import IndexMissingError, ShirubeError
from tests.index.small_pipeline import (
    DigestEmbedder,
    open_store,
    run_ingest,
    small_pipeline,
    texts_in,
    write_files,
)

TEXTS = {f"{n:02d}.txt": "".join(f"第{n}号の{m}項、費用は{n * m}円。\n" for m in range(6)) for n in range(12)}
N_SHARDS = 3


class TokenDigests(DigestEmbedder):
    """Gives vectors of tokens too: of each character one."""

    def encode_query(self, text: str) -> Encoded:
        return self._encoded(text)

    def encode_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoded]]]:
        for n in reversed(range(len(texts))):  # as an embedder that begins with the longest may
            yield [n], [self._encoded(texts[n])]

    def _encoded(self, text: str) -> Encoded:
        return Encoded(self.embed_passages([text])[0], DigestEmbedder.embed_passages(self, list(text)))


class Dies(DigestEmbedder):
    """Ends as a killed process would, after so many texts."""

    def __init__(self, left: int = 30) -> None:
        super().__init__()
        self.left = left

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().embed_passages(texts)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.embed_shard, "BLOCK", 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", TEXTS)


def planned(folder: Path, tmp_path: Path, embedder: DigestEmbedder | None = None) -> Path:
    """A work list of what the index lacks."""
    embedder = embedder or DigestEmbedder()
    made = plan([folder], index_dir=tmp_path / "索引", embedder=embedder, pipeline=small_pipeline())
    write_work_list(tmp_path / "仕事", made.texts, embedder=embedder.signature, dim=embedder.dim)
    return tmp_path / "仕事"


def computed(work: Path, number: int, embedder: DigestEmbedder | None = None) -> ShardReport:
    return embed_shard(work, Shard(number, N_SHARDS), out=work, embedder=embedder or DigestEmbedder())


@pytest.fixture
def work(folder: Path, tmp_path: Path) -> Path:
    """All shards of all texts."""
    work = planned(folder, tmp_path)
    for number in range(1, N_SHARDS + 1):
        computed(work, number)
    return work


def vectors_in(index_dir: Path) -> list[tuple[object, ...]]:
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        return catalog._database.rows("SELECT embedder, key, data, tokens FROM vector ORDER BY embedder, key")


def refused(folder: Path, work: Path, tmp_path: Path, error: type[ShirubeError]) -> str:
    """What is told; before and afterwards the index is the same."""
    index_dir = tmp_path / "索引"
    before = vectors_in(index_dir)
    with pytest.raises(error) as told:
        run_ingest(folder, index_dir=index_dir, options=IngestOptions(vectors=work))
    assert vectors_in(index_dir) == before
    with pytest.raises(IndexMissingError):
        open_store(index_dir)
    assert told.value.hint.endswith("。")
    return told.value.message


@pytest.mark.parametrize("kind", [DigestEmbedder, TokenDigests])
def test_index_is_the_same_as_when_embedded_here(
    folder: Path, tmp_path: Path, kind: type[DigestEmbedder]
) -> None:
    work = planned(folder, tmp_path, kind())
    reports = [computed(work, number, kind()) for number in range(1, N_SHARDS + 1)]
    assert sum(report.n_embedded for report in reports) == 12 * 6 * 2
    embedder = kind()
    report = run_ingest(
        folder, index_dir=tmp_path / "索引", embedder=embedder, options=IngestOptions(vectors=work)
    )
    assert (report.n_imported, report.n_embedded) == (12 * 6 * 2, 0)
    run_ingest(folder, index_dir=tmp_path / "別", embedder=kind())
    assert vectors_in(tmp_path / "索引") == vectors_in(tmp_path / "別")
    assert texts_in(tmp_path / "索引") == TEXTS
    with open_store(tmp_path / "索引") as one, open_store(tmp_path / "別") as other:
        assert (one.tokens is None) == (kind is DigestEmbedder)
        question = kind().embed_queries(["費用はいくらか。"])[0]
        assert one.dense.search(question, k=20) == other.dense.search(question, k=20)


def test_plan_changes_nothing_and_lists_only_what_lacks_a_vector(folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "索引"
    run_ingest(folder, index_dir=index_dir)
    before = vectors_in(index_dir)
    write_files(folder, {"03.txt": TEXTS["03.txt"] + "新しい項。\n", "新.txt": "届出。\n"})
    (folder / "04.txt").unlink()
    made = plan([folder], index_dir=index_dir, embedder=DigestEmbedder(), pipeline=small_pipeline())
    assert sorted(made.texts.values()) == ["03\n新しい項。", "届出。", "新\n届出。", "新しい項。"]
    assert vectors_in(index_dir) == before
    assert texts_in(index_dir) == TEXTS


def test_plan_for_another_model_lists_all_that_stays(folder: Path, tmp_path: Path) -> None:
    run_ingest(folder, index_dir=tmp_path / "索引")
    (folder / "04.txt").unlink()
    other = DigestEmbedder("digest/2")
    made = plan([folder], index_dir=tmp_path / "索引", embedder=other, pipeline=small_pipeline())
    assert len(made.texts) == 11 * 6 * 2


def test_what_changed_since_the_plan_is_embedded_here(folder: Path, work: Path, tmp_path: Path) -> None:
    write_files(folder, {"新.txt": "届出。\n"})
    (folder / "04.txt").unlink()
    embedder = DigestEmbedder()
    report = run_ingest(
        folder, index_dir=tmp_path / "索引", embedder=embedder, options=IngestOptions(vectors=work)
    )
    assert (report.n_imported, report.n_embedded) == (11 * 6 * 2, 2)
    wanted = {**TEXTS, "新.txt": "届出。\n"}
    del wanted["04.txt"]
    assert texts_in(tmp_path / "索引") == wanted
    run_ingest(folder, index_dir=tmp_path / "別")
    assert vectors_in(tmp_path / "索引") == vectors_in(tmp_path / "別")


def test_killed_shard_is_gone_on_with_and_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    work = planned(folder, tmp_path)
    wanted = computed(work, 1).path
    data = wanted.read_bytes()
    wanted.unlink()
    with pytest.raises(KeyboardInterrupt):
        computed(work, 1, Dies())
    (part,) = parts_of(wanted)
    assert not wanted.exists()
    part.write_bytes(part.read_bytes()[:-3])  # the last block did not reach the disk
    report = computed(work, 1)
    assert report.n_texts - report.n_embedded == 20
    assert wanted.read_bytes() == data
    assert parts_of(wanted) == []


def test_shard_that_is_there_is_not_computed_again(work: Path) -> None:
    embedder = DigestEmbedder()
    report = computed(work, 2, embedder)
    assert (report.n_embedded, embedder.embedded) == (0, [])


def test_shard_of_an_older_list_is_computed_again(folder: Path, work: Path, tmp_path: Path) -> None:
    write_files(folder, {"新.txt": "届出。\n"})
    planned(folder, tmp_path)
    report = computed(work, 2)
    assert report.n_embedded == report.n_texts > 0
    assert "混ざっています" in refused(folder, work, tmp_path, DoubleShardError)


def test_two_runs_of_one_shard_do_no_harm(folder: Path, tmp_path: Path) -> None:
    work = planned(folder, tmp_path)

    class Overtaken(DigestEmbedder):
        def embed_passages(self, texts: Sequence[str]) -> Vectors:
            if not self.embedded:
                computed(work, 1)  # another machine begins later, is done first and clears away
            return super().embed_passages(texts)

    report = computed(work, 1, Overtaken())
    assert [path.name for path in work.glob(f"*{END}*")] == [report.path.name]
    assert sum(len(block.keys) for block in VectorFile.open(report.path).blocks()) == report.n_texts


def test_abandoned_parts_do_not_pile_up(folder: Path, tmp_path: Path) -> None:
    work = planned(folder, tmp_path)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            computed(work, 1, Dies(15))
        for part in work.glob("*.part"):
            os.utime(part, (1, 1))
    assert len(list(work.glob("*.part"))) == 1


def test_more_shards_than_texts_are_empty_files(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "文書", {"a.txt": "届出。\n"})
    work = planned(folder, tmp_path)
    reports = [embed_shard(work, Shard(n, 9), out=work, embedder=DigestEmbedder()) for n in range(1, 10)]
    assert sorted(report.n_texts for report in reports)[-3:] in ([0, 1, 1], [0, 0, 2])
    report = run_ingest(folder, index_dir=tmp_path / "索引", options=IngestOptions(vectors=work))
    assert (report.n_imported, report.n_embedded) == (2, 0)


def test_import_that_was_interrupted_goes_on(
    folder: Path, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, done = Catalog.put_vectors, []

    def put_and_die(self: Catalog, embedder: str, keys: Sequence[bytes], *rest: Any, **options: Any) -> None:
        if len(done) > 40:
            raise KeyboardInterrupt
        put(self, embedder, keys, *rest, **options)
        done.extend(keys)

    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "put_vectors", put_and_die)
        with pytest.raises(KeyboardInterrupt):
            run_ingest(folder, index_dir=tmp_path / "索引", options=IngestOptions(vectors=work))
    assert 40 < len(vectors_in(tmp_path / "索引")) == len(done) < 144
    report = run_ingest(folder, index_dir=tmp_path / "索引", options=IngestOptions(vectors=work))
    assert (report.n_imported, report.n_embedded) == (144 - len(done), 0)
    assert texts_in(tmp_path / "索引") == TEXTS


def test_missing_shards_are_named(folder: Path, work: Path, tmp_path: Path) -> None:
    (work / f"2-of-3{END}").unlink()
    assert "シャード 2/3 の" in refused(folder, work, tmp_path, MissingShardError)
    shutil.rmtree(work)
    work.mkdir()
    assert "ありません" in refused(folder, work, tmp_path, MissingShardError)


def test_shard_that_is_there_twice_is_named(folder: Path, work: Path, tmp_path: Path) -> None:
    shutil.copy(work / f"2-of-3{END}", work / f"写し{END}")
    assert "シャード 2/3 のファイルが二つあります" in refused(folder, work, tmp_path, DoubleShardError)


def test_shards_of_two_partitions_are_refused(folder: Path, work: Path, tmp_path: Path) -> None:
    embed_shard(work, Shard(1, 2), out=work, embedder=DigestEmbedder())
    assert "混ざっています" in refused(folder, work, tmp_path, DoubleShardError)


def test_shards_of_another_model_are_refused(folder: Path, work: Path, tmp_path: Path) -> None:
    options = IngestOptions(vectors=work)
    for other in (DigestEmbedder("digest/2"), DigestEmbedder(dim=16)):
        with pytest.raises(OtherModelError, match="digest/1、8 次元"):
            run_ingest(folder, index_dir=tmp_path / "索引", embedder=other, options=options)
    with pytest.raises(VectorFileError, match="トークン"):
        run_ingest(folder, index_dir=tmp_path / "索引", embedder=TokenDigests(), options=options)


def test_every_cut_and_every_changed_byte_is_refused(folder: Path, work: Path, tmp_path: Path) -> None:
    path = work / f"2-of-3{END}"
    data = path.read_bytes()
    rng = np.random.default_rng(5)
    for at in [0, 1, 200, len(data) - 1, *rng.integers(0, len(data), 20).tolist()]:
        path.write_bytes(data[:at])
        assert path.name in refused(folder, work, tmp_path, VectorFileError)
        changed = bytearray(data)
        changed[at] ^= 1 << int(rng.integers(0, 8))
        path.write_bytes(changed)
        refused(folder, work, tmp_path, ShirubeError)
    path.write_bytes(data + b"x")
    assert path.name in refused(folder, work, tmp_path, VectorFileError)


def forged(path: Path, change: object) -> None:
    """The file anew with sound digests, but with blocks that were changed before."""
    file = VectorFile.open(path)
    blocks = list(file.blocks())
    with path.open("wb") as target:
        writer = VectorWriter(target, file.header)
        for block in blocks:
            writer.add(change(block))  # type: ignore[operator]
        writer.finish()


def with_vectors(block: Block, change: Vectors) -> Block:
    return replace(block, vectors=(block.vectors * change).astype(np.float32))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda block: with_vectors(block, np.float32(np.nan)), "NaN"),
        (lambda block: with_vectors(block, np.float32(np.inf)), "NaN"),
        (lambda block: with_vectors(block, np.float32(2)), "長さが 1 でない"),
        (lambda block: with_vectors(block, np.float32(-1)), "この機械で計算したものと違います"),
        (lambda block: replace(block, keys=[*block.keys[:-1], block.keys[0]]), "二度"),
        (lambda block: replace(block, keys=[bytes(32), *block.keys[1:]]), "ほかのシャード"),
        (lambda block: Block(block.keys[1:], block.vectors[1:], None), "件数"),
    ],
)
def test_what_no_embedder_gives_is_refused(
    folder: Path, work: Path, tmp_path: Path, change: object, told: str
) -> None:
    forged(work / f"1-of-3{END}", change)
    assert told in refused(folder, work, tmp_path, VectorFileError)


def test_file_that_asks_for_much_memory_is_refused(folder: Path, work: Path, tmp_path: Path) -> None:
    path = work / f"1-of-3{END}"
    header = VectorFile.open(path).header
    huge = replace(header, dim=65_535, token_bytes=65_535, n_texts=1 << 39, n_shards=1 << 39)
    path.write_bytes(huge.line() + b"\xff" * 200)
    with pytest.raises(VectorFileError, match="途中で切れているか、壊れています"):
        list(VectorFile.open(path).blocks())
    path.write_bytes(b"[" * 4096)
    refused(folder, work, tmp_path, VectorFileError)


def test_what_is_no_file_is_not_waited_for(folder: Path, work: Path, tmp_path: Path) -> None:
    (work / f"フォルダー{END}").mkdir()
    assert "フォルダー" in refused(folder, work, tmp_path, UnreadableFileError)


def test_files_of_other_texts_are_refused_rather_than_all_embedded_here(
    folder: Path, work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.import_vectors, "MOST_LACKING", 10)
    for path in folder.iterdir():
        path.write_text(path.read_text("utf-8").replace("費用", "経費"), encoding="utf-8")
    assert "144 文のうち 144 文" in refused(folder, work, tmp_path, OtherTextsError)
