"""Scale: indexes of any size, of drawn text and vectors, and what searching and changing them takes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.scale_text import SEED, Made, documents
from index.build import build_again, ingest, remove
from index.embed import Vectors
from index.filters import Filters
from index.pipeline import Pipeline
from index.retrieve import GRAMS, TERMS, HybridRetriever, embed_texts
from index.store import Store
from index.writing import writing
from ingest.catalog import FILE_NAME, Catalog
from ingest.document_record import PreparedPassage, text_key
from ingest.files import Found, Skipped
from ingest.passage import Passage
from ingest.tokenizer import Tokenizer, default_tokenizer

SIGNATURE = "scale/1"
N_ADDED = 1_000
DOCUMENTS_AT_ONCE = 200
AROUND = 0.35  # how far a drawn vector is from the one it is drawn around, in differences of two others
K = 10
ALL = "すべて"
WIDE, NARROW = "1課（10%）", "20文書"


class DrawnEmbedder:
    """Vectors that were made before: those of questions by their text, those of passages in the catalog."""

    signature = SIGNATURE

    def __init__(self, questions: Sequence[str], vectors: Vectors) -> None:
        self._known = dict(zip(questions, vectors, strict=True))
        self.dim: int = vectors.shape[1]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Looked up."""
        return np.stack([self._known[text] for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Refused: every vector of a passage is drawn before.

        Raises:
            ValueError: Always.
        """
        raise ValueError(f"{len(texts)} passages without a drawn vector")


@dataclass(frozen=True, slots=True)
class Changed:
    """Seconds that adding and removing `N_ADDED` passages took, without their embedding."""

    add_s: float
    remove_s: float


def scale_pipeline(added: Sequence[Made] = ()) -> Pipeline:
    """The steps of an ingest, where a file stands for a drawn document of the same name."""
    by_source = {made.document.source: made for made in added}
    by_id = {made.document.id: made for made in added}

    def find(path: Path) -> Iterator[Found | Skipped]:
        for file in sorted(path.glob("*.txt")):
            yield Found(path=file, root=path, source=file.name)

    return Pipeline(
        signature=SIGNATURE,
        analyser=Tokenizer.signature,
        find=find,
        read=lambda found: by_source[found.source].document,
        chunk=lambda document: by_id[document.id].passages,
        embed_texts=embed_texts,
        lexical_fields=_fields,
    )


def drawn_vectors(base: Vectors, n: int, rng: np.random.Generator) -> Vectors:
    """Unit vectors around real ones: one of them, moved along the difference of two others."""
    one, two, three = (base[rng.integers(0, len(base), n)] for _ in range(3))
    moved = one + AROUND * (two - three)
    found: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
    return found


def build_scale(index_dir: Path, n_passages: int, base: Vectors, embedder: DrawnEmbedder) -> dict[str, float]:
    """Fill a catalog and make its search indexes; seconds of both. The first vectors are the real ones."""
    pipeline, rng = scale_pipeline(), np.random.default_rng((SEED, 1))
    started = time.perf_counter()
    with writing(index_dir, may_reset=True, thorough=False) as catalog:
        made = documents(n_passages)
        done = 0
        while some := list(islice(made, DOCUMENTS_AT_ONCE)):
            keys = []
            for one in some:
                prepared = [_prepared(passage, pipeline) for passage in one.passages]
                keys += [passage.keys[0] for passage in prepared]
                catalog.pending.put(one.document, prepared, root="/shiomi", signatures=(SIGNATURE, SIGNATURE))
            real = base[done : done + len(keys)]
            drawn = drawn_vectors(base, len(keys) - len(real), rng)
            catalog.put_vectors(SIGNATURE, keys, np.concatenate([real, drawn]))
            with catalog.transaction():
                catalog.pending.apply()
            catalog.pending.clear()
            done += len(keys)
    filled_s = time.perf_counter() - started
    build_again(index_dir=index_dir, embedder=embedder, pipeline=pipeline)
    return {"catalog_s": filled_s, "index_s": time.perf_counter() - started - filled_s}


def change(index_dir: Path, folder: Path, base: Vectors, embedder: DrawnEmbedder) -> Changed:
    """Ingest `N_ADDED` more passages as files, then remove them again; only that is timed."""
    added = list(documents(N_ADDED, prefix="added"))
    folder.mkdir(parents=True, exist_ok=True)
    for made in added:
        (folder / made.document.source).write_bytes(made.document.text.encode())
    pipeline = scale_pipeline(added)
    with writing(index_dir, may_reset=False, thorough=False) as catalog:
        keys = [text_key(passage.search_text) for made in added for passage in made.passages]
        catalog.put_vectors(SIGNATURE, keys, drawn_vectors(base, len(keys), np.random.default_rng(SEED)))
    started = time.perf_counter()
    ingest([folder], index_dir=index_dir, embedder=embedder, pipeline=pipeline)
    add_s = time.perf_counter() - started
    started = time.perf_counter()
    remove([made.document.id for made in added], index_dir=index_dir, embedder=embedder, pipeline=pipeline)
    return Changed(add_s, time.perf_counter() - started)


def filters_of(store: Store) -> dict[str, Filters]:
    """No filter, a wide and a narrow one."""
    records = store.documents()
    some = frozenset(record.id for record in records[:: max(1, len(records) // 20)][:20])
    wide = Filters(publishers=frozenset({records[0].publisher}))
    return {ALL: Filters(), WIDE: wide, NARROW: Filters(documents=some)}


def retrieve_times(store: Store, embedder: DrawnEmbedder, questions: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of the whole retrieval of each question but for its embedding, by filter; once warmed up."""
    retriever = HybridRetriever(store, embedder, default_tokenizer())
    times: dict[str, list[float]] = {}
    for name, filters in filters_of(store).items():
        for question in questions:
            retriever.retrieve(question, k=K, filters=filters)
        times[name] = []
        for question in questions:
            started = time.perf_counter()
            retriever.retrieve(question, k=K, filters=filters)
            times[name].append(time.perf_counter() - started)
    return times


def recall(store: Store, index_dir: Path, vectors: Vectors) -> dict[str, float]:
    """The share of the ten nearest of each question by exact search that the dense leg finds, by filter."""
    chosen = {
        name: None
        if filters.is_empty
        else store.ids_of_documents(filters.document_ids(store.documents()) or ())
        for name, filters in filters_of(store).items()
    }
    exact: dict[str, _Nearest] = {name: _Nearest(len(vectors)) for name in chosen}
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        for ids, values in catalog.vector_packs(SIGNATURE, store.dense.dim):
            scores = vectors @ values.T
            for name, only in chosen.items():
                part = np.isin(ids, only.ids) if only is not None else slice(None)
                exact[name].add(ids[part], scores[:, part])
    found: dict[str, float] = {}
    for name, only in chosen.items():
        lists = [{i for i, _ in store.dense.search(v, k=K, only=only)} for v in vectors]
        shared = [len(some & set(near.tolist())) for some, near in zip(lists, exact[name].ids, strict=True)]
        found[name] = float(np.mean(shared)) / K
    return found


class _Nearest:
    """The ten nearest of each question so far."""

    def __init__(self, n: int) -> None:
        self.ids: NDArray[np.int64] = np.full((n, K), -1, dtype=np.int64)
        self._scores = np.full((n, K), -np.inf, dtype=np.float32)

    def add(self, ids: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        all_ids = np.concatenate([self.ids, np.broadcast_to(ids, scores.shape)], axis=1)
        all_scores = np.concatenate([self._scores, scores], axis=1)
        best = np.argpartition(-all_scores, K - 1, axis=1)[:, :K]
        self.ids = np.take_along_axis(all_ids, best, axis=1)
        self._scores = np.take_along_axis(all_scores, best, axis=1)


def _prepared(passage: Passage, pipeline: Pipeline) -> PreparedPassage:
    return PreparedPassage(passage, tuple(pipeline.keyed_texts(passage)), _fields(passage))


def _fields(passage: Passage) -> dict[str, list[str]]:
    """The terms of its parts, each analysed once: to analyse is not what is measured here."""
    parts = [passage.context, *(passage.sentence(n).text for n in range(len(passage.sentences)))]
    terms, grams = zip(*(_terms(part) for part in parts), strict=True)
    return {TERMS: [t for some in terms for t in some], GRAMS: [g for some in grams for g in some]}


@cache
def _terms(part: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    tokenizer = default_tokenizer()
    return tuple(tokenizer.terms(part)), tuple(tokenizer.bigrams(part))
