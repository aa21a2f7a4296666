"""Migration moves everything both ways and embeds nothing; what cannot be moved stays where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.doctor import examine
from index.engine import Engine
from index.engine_local import LOCAL_ENGINE
from index.migrate import Makers, MigrateReport, migrate
from index.milvus import MilvusEngine
from index.milvus_collection import MilvusCollection
from index.milvus_rows import Row
from ingest.errors import EngineError, IndexMismatchError, IndexMissingError
from tests.index.milvus_lite_engine import engine_at, lite_engine, require_milvus
from tests.index.small_pipeline import (
    ANALYSER,
    DigestEmbedder,
    open_store,
    run_ingest,
    small_pipeline,
    write_files,
)

TEXTS = {f"{n:02d}.txt": f"第{n}条 会費は{n * 100}円とする。\n窓口は{n}階にある。\n" for n in range(1, 40)}
MAKERS = Makers("digest/1", ANALYSER, 8)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusEngine]:
    with lite_engine(tmp_path_factory.mktemp("milvus")) as opened:
        yield opened


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    run_ingest(write_files(tmp_path / "文書", TEXTS), index_dir=tmp_path / "index")
    return tmp_path / "index"


def move(index_dir: Path, target: Engine, *sources: Engine, makers: Makers = MAKERS) -> MigrateReport:
    return migrate(index_dir, target=target, sources=sources, makers=makers)


def everything(index_dir: Path, engine: Engine) -> dict[str, Any]:
    """All that an index holds, vectors bit by bit, and what it finds."""
    with open_store(index_dir, engine=engine) as store:
        ids = store.lexical.ids().tolist()
        questions = DigestEmbedder().embed_queries(["会費", "窓口"])
        return {
            "documents": store.documents(),
            "texts": [store.text(record.id) for record in store.documents()],
            "passages": list(zip(ids, store.passages(ids), strict=True)),
            "vectors": [store.dense.vectors_of(i).tobytes() for i in ids],
            "counts": (store.manifest.n_documents, store.manifest.n_passages, store.manifest.n_vectors),
            "frequencies": [store.lexical.document_frequency("body", term) for term in "会費窓口階第条百円"],
            "dense": [[i for i, _ in store.dense.search(question, k=20)] for question in questions],
            "lexical": {i for i, _ in store.lexical.search({"body": list("会費")}, boosts={}, k=200)},
        }


def test_there_and_back_loses_nothing(engine: MilvusEngine, index_dir: Path) -> None:
    before = everything(index_dir, LOCAL_ENGINE)
    there = move(index_dir, engine, engine)
    assert (there.source, there.target, there.warnings) == ("local", "milvus", ())
    assert (there.n_documents, there.n_passages, there.n_vectors) == before["counts"] == (39, 78, 156)
    assert everything(index_dir, engine) == before
    assert examine(index_dir, embedder="digest/1", pipeline=replace(small_pipeline(), engine=engine)) == []

    back = move(index_dir, LOCAL_ENGINE, engine)
    assert (back.source, back.target, back.warnings) == ("milvus", "local", ())
    assert everything(index_dir, LOCAL_ENGINE) == before
    assert examine(index_dir, embedder="digest/1", pipeline=small_pipeline()) == []
    assert list((index_dir / "milvus").iterdir()) == [index_dir / "milvus" / "id"], "nothing is left there"


def test_ingest_goes_on_where_the_index_was_moved_to(
    engine: MilvusEngine, index_dir: Path, tmp_path: Path
) -> None:
    move(index_dir, engine)
    (tmp_path / "文書" / "新.txt").write_text("新しい規程である。\n", encoding="utf-8")
    embedder = DigestEmbedder()
    report = run_ingest(
        tmp_path / "文書",
        index_dir=index_dir,
        embedder=embedder,
        pipeline=replace(small_pipeline(), engine=engine),
    )
    assert (report.added, report.n_passages) == (("新.txt",), 79)
    assert len(embedder.embedded) == 2


def test_moving_to_where_it_is_does_nothing(index_dir: Path) -> None:
    report = move(index_dir, LOCAL_ENGINE)
    assert (report.source, report.target, report.generation) == ("local", "local", 1)


@pytest.mark.parametrize(
    ("makers", "told"),
    [
        (replace(MAKERS, embedder="other/1"), "埋め込みモデルが違います"),
        (replace(MAKERS, analyser="other/1"), "日本語の解析器が違います"),
        (replace(MAKERS, dim=9), "次元が違います"),
    ],
)
def test_index_of_other_makers_is_not_moved(
    engine: MilvusEngine, index_dir: Path, makers: Makers, told: str
) -> None:
    with pytest.raises(IndexMismatchError, match=told):
        move(index_dir, engine, makers=makers)
    assert everything(index_dir, LOCAL_ENGINE)["counts"] == (39, 78, 156)


def test_server_that_is_away_leaves_the_index_where_it_is(index_dir: Path) -> None:
    require_milvus()
    before = everything(index_dir, LOCAL_ENGINE)
    with pytest.raises(EngineError, match="つながりません"):
        move(index_dir, engine_at("http://127.0.0.1:9", patience_s=0.5))
    assert everything(index_dir, LOCAL_ENGINE) == before
    assert examine(index_dir, embedder="digest/1", pipeline=small_pipeline()) == []


def test_index_can_be_fetched_from_a_server_that_is_gone(engine: MilvusEngine, index_dir: Path) -> None:
    before = everything(index_dir, LOCAL_ENGINE)
    move(index_dir, engine)
    report = move(index_dir, LOCAL_ENGINE, engine_at("http://127.0.0.1:9", patience_s=0.5))
    assert report.warnings[0].startswith("古い索引を片付けられませんでした")
    assert everything(index_dir, LOCAL_ENGINE) == before


def test_what_came_out_different_is_not_pointed_at(
    engine: MilvusEngine, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that keeps vectors at half precision, as some index types do."""
    before = everything(index_dir, LOCAL_ENGINE)
    sent = MilvusCollection.rows

    def coarse(self: MilvusCollection, only: Collection[int] | None = None) -> Iterator[Row]:
        yield from (replace(row, vector=row.vector.astype("f2").astype("f4")) for row in sent(self, only))

    monkeypatch.setattr(MilvusCollection, "rows", coarse)
    with pytest.raises(IndexMismatchError, match="台帳"):
        move(index_dir, engine)
    assert everything(index_dir, LOCAL_ENGINE) == before


def test_nothing_ingested_is_told(engine: MilvusEngine, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        move(tmp_path, engine)
