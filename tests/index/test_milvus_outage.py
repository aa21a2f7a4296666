"""A Milvus that goes away and comes back loses nothing. The server is milvus-lite in a process of its own that is
killed (SIGKILL) and started again on its folder; no cluster could be tried here."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.doctor import examine
from index.generation import generation_dir
from index.milvus import MilvusEngine
from index.pipeline import Progress, Stage
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import EngineError
from tests.index.milvus_lite_engine import LiteServer, engine_at
from tests.index.small_pipeline import (
    DigestEmbedder,
    open_store,
    run_ingest,
    small_pipeline,
    texts_in,
    write_files,
)
from tests.index.test_crash import a_state, put

pytestmark = pytest.mark.slow
KILLS = 10
REPOSITORY = Path(__file__).parents[2]
LINES = 1200  # of two vectors each: five batches


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiteServer]:
    lite = LiteServer(tmp_path / "milvus")
    lite.start()
    try:
        yield lite
    finally:
        lite.kill()


def lines_of(word: str) -> str:
    return "".join(f"{word}第{n}号の会費は{n}円である。\n" for n in range(LINES))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", {"多.txt": lines_of("")})


class Cut:
    """Kills the server when so much of a stage is done; another thread brings it back."""

    def __init__(
        self, server: LiteServer, at: int, back_after_s: float | None, stage: Stage = Stage.INDEX
    ) -> None:
        self._stage = stage
        self._server = server
        self._at = at
        self._back_after_s = back_after_s
        self.was = False
        self._thread = threading.Thread(target=self._bring_back)

    def __call__(self, progress: Progress) -> None:
        if progress.stage is self._stage and progress.done >= self._at and not self.was:
            self.was = True
            self._server.kill()
            if self._back_after_s is not None:
                self._thread.start()

    def _bring_back(self) -> None:
        time.sleep(self._back_after_s or 0)
        self._server.start()

    def wait(self) -> None:
        if self._back_after_s is not None:
            self._thread.join()


def check_whole(index_dir: Path, engine: MilvusEngine, n_passages: int) -> None:
    pipeline = replace(small_pipeline(), engine=engine)
    assert examine(index_dir, embedder="digest/1", pipeline=pipeline) == []
    with open_store(index_dir, engine=engine) as store:
        assert len(store.lexical.ids()) == n_passages
        with Catalog.open(index_dir / FILE_NAME) as catalog:
            engine.verify(catalog, generation_dir(index_dir, store.generation), store.manifest)
        [passage] = store.passages([store.lexical.search({"grams": ["会費"]}, boosts={}, k=1)[0][0]])
        assert "会費" in passage.text


@pytest.mark.parametrize("at", [0, 400, 800, LINES])
def test_ingest_waits_for_a_server_that_is_killed_and_comes_back(
    server: LiteServer, folder: Path, tmp_path: Path, at: int
) -> None:
    engine, index_dir = engine_at(server.uri, patience_s=60), tmp_path / "index"
    cut = Cut(server, at, back_after_s=1.0)
    report = run_ingest(
        folder, index_dir=index_dir, pipeline=replace(small_pipeline(), engine=engine), on_progress=cut
    )
    cut.wait()
    assert cut.was
    assert (report.n_passages, report.warnings) == (LINES, ())
    check_whole(index_dir, engine, LINES)


def test_small_change_waits_for_the_server_too(server: LiteServer, folder: Path, tmp_path: Path) -> None:
    engine, index_dir = engine_at(server.uri, patience_s=60), tmp_path / "index"
    pipeline = replace(small_pipeline(), engine=engine)
    run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    [name] = engine.server.call("list_collections")
    (folder / "新.txt").write_text("新しい会費の規程である。\n", encoding="utf-8")
    cut = Cut(server, 0, back_after_s=1.0, stage=Stage.EMBED)
    run_ingest(folder, index_dir=index_dir, pipeline=pipeline, on_progress=cut)
    cut.wait()
    assert cut.was
    check_whole(index_dir, engine, LINES + 1)
    assert engine.server.call("list_collections") == [name]


def test_server_that_stays_away_leaves_the_old_state_and_the_next_ingest_goes_on(
    server: LiteServer, folder: Path, tmp_path: Path
) -> None:
    engine, index_dir = engine_at(server.uri, patience_s=2), tmp_path / "index"
    pipeline = replace(small_pipeline(), engine=engine)
    first = run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    write_files(folder, {"多.txt": lines_of("改めた"), "新.txt": "新しい会費の規程である。\n"})
    with pytest.raises(EngineError, match="つながりません"):
        run_ingest(folder, index_dir=index_dir, pipeline=pipeline, on_progress=Cut(server, 400, None))
    with pytest.raises(EngineError, match="つながりません"):
        open_store(index_dir, engine=engine)

    server.start()
    check_whole(index_dir, engine, first.n_passages)
    embedder = DigestEmbedder()
    again = run_ingest(folder, index_dir=index_dir, pipeline=pipeline, embedder=embedder)
    assert (again.n_passages, embedder.embedded) == (first.n_passages + 1, [])
    check_whole(index_dir, engine, again.n_passages)
    assert len(engine.server.call("list_collections")) == 1, "what was begun is cleared away"


def test_open_reader_fails_clearly_while_the_server_is_away_and_goes_on_afterwards(
    server: LiteServer, folder: Path, tmp_path: Path
) -> None:
    engine, index_dir = engine_at(server.uri, patience_s=2), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=replace(small_pipeline(), engine=engine))
    question = DigestEmbedder().embed_queries(["会費"])[0]
    with open_store(index_dir, engine=engine) as store:
        before = store.dense.search(question, k=5)
        server.kill()
        began = time.monotonic()
        with pytest.raises(EngineError, match="つながりません"):
            store.dense.search(question, k=5)
        assert time.monotonic() - began < 10
        server.start()
        assert store.dense.search(question, k=5) == before


INGEST = """
import sys
from dataclasses import replace
from pathlib import Path
from tests.index.milvus_lite_engine import engine_at
from tests.index.small_pipeline import run_ingest, small_pipeline
pipeline = replace(small_pipeline(), engine=engine_at(sys.argv[3]))
run_ingest(Path(sys.argv[1]), index_dir=Path(sys.argv[2]), pipeline=pipeline, on_progress=lambda p: print(p.stage, flush=True))
"""


def kill_while_ingesting(folder: Path, index_dir: Path, uri: str, *, after: int, delay_s: float) -> None:
    """SIGKILL a real ingest, not its server, after so many reports of progress."""
    command = [sys.executable, "-c", INGEST, str(folder), str(index_dir), uri]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stdout
        for _ in range(after):
            process.stdout.readline()
        time.sleep(delay_s)
        process.kill()


def small_change(name: str) -> dict[str, str]:
    common = {f"共通{n}.txt": f"第{n}条 共通の定め。\n" * 3 for n in range(12)}
    return {**common, "可変.txt": f"{name}の定め。\n"}


@pytest.mark.parametrize("state", [a_state, small_change])
def test_killed_ingest_leaves_the_old_or_the_new_state_and_no_collection_for_good(
    server: LiteServer, tmp_path: Path, state: Callable[[str], dict[str, str]]
) -> None:
    engine, folder, index_dir = engine_at(server.uri), tmp_path / "規程", tmp_path / "index"
    pipeline = replace(small_pipeline(), engine=engine)
    states = [state("甲"), state("乙")]
    put(folder, states[0])
    run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    moments, old = random.Random(7), states[0]
    for n in range(KILLS):
        new = states[1] if old == states[0] else states[0]
        put(folder, new)
        after = moments.randrange(9, 24)  # while reading, embedding, sending
        delay_s = moments.uniform(0, 0.5)
        kill_while_ingesting(folder, index_dir, server.uri, after=after, delay_s=delay_s)
        found = texts_in(index_dir, engine)
        assert found in (old, new), f"kill {n} after report {after}"
        old = found
    put(folder, states[0])
    (folder / "終.txt").write_text("終わりの定め。\n", encoding="utf-8")
    run_ingest(folder, index_dir=index_dir, pipeline=pipeline)
    assert examine(index_dir, embedder="digest/1", pipeline=pipeline) == []
    assert len(engine.server.call("list_collections")) == 1
