"""The scale bench on a few hundred passages: what it measures is really there."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from eval.scale import ALL, DrawnEmbedder, build_scale, change, drawn_vectors, recall, retrieve_times
from eval.scale import SIGNATURE as MADE_BY
from eval.scale_plot import growth
from eval.scale_text import documents, questions
from index.store import Store
from ingest.tokenizer import Tokenizer


def test_documents_are_the_beginning_of_more() -> None:
    few, more = list(documents(60)), list(documents(200))
    assert [len(made.passages) for made in few] == [50, 10]
    assert few[0] == more[0]
    for made in few:
        assert all(
            p.body.closed(made.document.text).text == p.text in made.document.text for p in made.passages
        )


def test_index_is_built_asked_and_changed(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    base = rng.standard_normal((50, 16)).astype(np.float32)
    base /= np.linalg.norm(base, axis=1, keepdims=True)
    asked = drawn_vectors(base, 5, rng)
    embedder = DrawnEmbedder(questions(5), asked)
    took = build_scale(tmp_path / "index", 300, base, embedder)
    assert took.keys() == {"catalog_s", "index_s"}

    def opened() -> Store:
        return Store.open(
            tmp_path / "index", embedder_signature=MADE_BY, analyser_signature=Tokenizer.signature
        )

    with opened() as store:
        assert store.statistics().n_passages == 300
        assert set(recall(store, tmp_path / "index", asked).values()) == {1.0}
        assert len(retrieve_times(store, embedder, questions(5))[ALL]) == 5
    changed = change(tmp_path / "index", tmp_path / "added", base, embedder)
    assert min(changed.add_s, changed.remove_s) > 0
    with opened() as store:
        assert store.statistics().n_passages == 300


def test_plot_is_well_formed() -> None:
    root = ElementTree.fromstring(growth({"ms": [(1e4, 3.0), (1e6, 80.0)], "MB": []}))
    assert root.tag.endswith("svg")
    assert len(root.findall(".//{*}circle")) == 2
