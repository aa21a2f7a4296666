"""The sample documents indexed by the real pipeline, with vectors that need no model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.abstain import AnswerabilityModel
from assistant.chain import AnswerChain
from index.build import IngestOptions, ingest
from index.embed import Embedder
from index.pipeline import Pipeline, no_progress
from index.retrieve import HybridRetriever, embed_texts, lexical_fields
from index.store import Store
from ingest.chunk import chunk
from ingest.files import find_files
from ingest.metadata import load_declarations
from ingest.read import read
from ingest.tokenizer import Tokenizer, default_tokenizer
from tests.fakes import TermEmbedder

SAMPLE = Path(__file__).parents[2] / "sample"


@contextmanager
def indexed_sample(index_dir: Path, embedder: Embedder) -> Iterator[Store]:
    """The sample documents, read, cut and indexed as they are for users."""
    tokenizer = default_tokenizer()
    declarations = load_declarations(SAMPLE)
    pipeline = Pipeline(
        signature="sample/1",
        analyser=Tokenizer.signature,
        find=lambda path: find_files([path], max_file_mb=20),
        read=lambda found: read(found.path, root=found.root, metadata=declarations),
        chunk=chunk,
        embed_texts=embed_texts,
        lexical_fields=lambda passage: lexical_fields(passage, tokenizer),
    )
    ingest(
        [SAMPLE],
        index_dir=index_dir,
        embedder=embedder,
        pipeline=pipeline,
        options=IngestOptions(),
        on_progress=no_progress,
    )
    with Store.open(
        index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature
    ) as store:
        yield store


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with indexed_sample(tmp_path_factory.mktemp("sample") / "index", TermEmbedder()) as store:
        yield store


@pytest.fixture(scope="session")
def sample_retriever(sample_store: Store) -> HybridRetriever:
    return HybridRetriever(sample_store, TermEmbedder(), default_tokenizer())


@pytest.fixture(scope="session")
def sample_chain(sample_store: Store, sample_retriever: HybridRetriever) -> AnswerChain:
    """Answers when the best hit holds half of the question's words: hashed terms say nothing of meaning."""
    model = AnswerabilityModel({"covered": 2.0}, intercept=-1.0, threshold=0.5)
    return AnswerChain(sample_store, sample_retriever, default_tokenizer(), answerability=model)
