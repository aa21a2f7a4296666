"""Views of a large index share its files, and still know nothing of what is hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import index.build
import index.dense_large
import index.engine_local
import index.update
import index.view
from index.access import Access
from index.generation import generation_dir
from index.store import Store
from tests.fakes import TermEmbedder
from tests.ui.served import open_small, settings_of
from ui.pipeline import build_pipeline
from ui.settings import Settings

GROUP = "人事課"
N, N_HIDDEN = 40, 12
QUESTIONS = ("会議室の予約は何日前までですか。", "内示は何号で伝えますか。", "駐車場の利用料")


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.update, "MOST_EXACT", 5)
    monkeypatch.setattr(index.engine_local, "MOST_EXACT", 5)
    monkeypatch.setattr(index.view, "MOST_OWN", 5)
    monkeypatch.setattr(index.dense_large, "FEW", 5)


def write(folder: Path) -> list[Path]:
    """Documents of which the last ones are hidden; only those speak of 内示."""
    folder.mkdir()
    for n in range(N):
        own = (
            f"内示の第{n}号は、人事課の会議室で伝える。"
            if n >= N - N_HIDDEN
            else f"駐車場の利用料は{n}円とする。"
        )
        text = f"# 規程{n}\n\n会議室の予約は、{n + 2}日前までに申し込む。\n\n## その他\n\n{own}\n"
        (folder / f"規程{n:02d}.md").write_text(text, encoding="utf-8")
    entries = [
        f'[[document]]\nfile = "規程{n:02d}.md"\ngroups = ["{GROUP}"]\n' for n in range(N - N_HIDDEN, N)
    ]
    (folder / "documents.toml").write_text("\n".join(entries), encoding="utf-8")
    return sorted(folder.glob("*.md"))


def made(settings: Settings, paths: list[Path]) -> Settings:
    index.build.ingest(
        paths, index_dir=settings.index_dir, embedder=TermEmbedder(), pipeline=build_pipeline(settings)
    )
    return settings


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The view of somebody of no group, and an index in which what is hidden never was."""
    paths = write(tmp_path / "文書")
    whole = made(settings_of(tmp_path / "全部"), paths)
    alone = made(settings_of(tmp_path / "一部"), paths[: N - N_HIDDEN])
    with open_small(whole, Access(frozenset())) as view, open_small(alone) as other:
        yield view.store, other.store


def test_view_counts_only_what_may_be_seen(stores: tuple[Store, Store]) -> None:
    view, alone = stores
    assert view.dense.n_vectors == alone.dense.n_vectors
    assert view.lexical.n_passages == alone.lexical.n_passages == view.statistics().n_passages
    assert view.statistics() == alone.statistics()
    assert view.manifest.n_documents == N - N_HIDDEN
    for term in ("会議室", "予約", "内示", "人事", "駐車場", "利用"):
        assert view.lexical.document_frequency("body", term) == alone.lexical.document_frequency("body", term)
        assert view.lexical.idf(term) == alone.lexical.idf(term)


def test_view_finds_the_same_by_words_and_by_meaning(stores: tuple[Store, Store]) -> None:
    view, alone = stores
    for term in ("会議室", "予約", "内示", "利用"):
        found, expected = (s.lexical.search({"body": [term]}, boosts={}, k=99) for s in stores)
        assert len(found) == len(expected), term
        # All that is left of the others is how long a passage is on average.
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], rel=0.02), term
    for vector in TermEmbedder().embed_queries(list(QUESTIONS)):
        near, expected = (s.dense.search(vector, k=5) for s in (view, alone))
        assert [s for _, s in near] == pytest.approx([s for _, s in expected], abs=1e-6)
        assert not {i for i, _ in near} - set(view.ids_of_documents(r.id for r in view.documents()))


def test_view_answers_without_what_is_hidden(tmp_path: Path) -> None:
    settings = made(settings_of(tmp_path), write(tmp_path / "文書"))
    with open_small(settings, Access(frozenset([GROUP]))) as opened:
        assert "号" in opened.assistant.ask(QUESTIONS[1]).text
    with open_small(settings, Access(frozenset())) as opened:
        hits = opened.retriever.retrieve(QUESTIONS[1], k=50)
        assert hits
        assert not [hit for hit in hits if "内示" in hit.passage.text]
        assert "内示" in opened.assistant.ask(QUESTIONS[1]).searched.unknown


def test_view_changes_no_file_of_the_index(tmp_path: Path) -> None:
    settings = made(settings_of(tmp_path), write(tmp_path / "文書"))
    folder = generation_dir(settings.index_dir, 1)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix != ".lock"}
    with open_small(settings, Access(frozenset())) as opened:
        assert opened.retriever.retrieve(QUESTIONS[0], k=5)
    with open_small(settings) as opened:
        opened.store.check_digests()
        assert opened.store.lexical.document_frequency("body", "内示") == N_HIDDEN
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*") if p.suffix != ".lock"} == before


def test_part_of_an_index_has_the_vectors_of_the_part(stores: tuple[Store, Store]) -> None:
    view, _ = stores
    seen = view.ids_of_documents(record.id for record in view.documents())
    hidden = max(seen) + 1
    assert len(view.dense.vectors_of(hidden)) == 0
    assert view.dense.scores(np.ones(TermEmbedder.dim, dtype=np.float32), [hidden]) == {}
    assert len(view.dense.vectors_of(max(seen))) == 1
