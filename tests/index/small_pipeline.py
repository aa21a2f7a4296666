"""A pipeline and an embedder that are real but small: lines of text files, vectors from their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.access import EVERYTHING, Access
from index.build import IngestOptions, IngestReport, ingest
from index.engine import Engine
from index.engine_local import LOCAL_ENGINE
from index.pipeline import OnProgress, Pipeline, no_progress
from index.store import Store
from ingest.document import Block, BlockKind, Document
from ingest.errors import ReadError
from ingest.files import Found, Skipped
from ingest.passage import Passage
from ingest.traced import Traced

ANALYSER = "characters/1"


def find(path: Path) -> Iterator[Found | Skipped]:
    root = path if path.is_dir() else path.parent
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        source = file.relative_to(root).as_posix()
        if file.suffix == ".txt":
            yield Found(path=file, root=root, source=source)
        elif file.is_file() or file.suffix == ".closed":
            yield Skipped(source=source, message="読めない形式です。", hint="txt にしてください。")


def read(found: Found) -> Document:
    data = found.path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ReadError("文字コードが分かりません。") from error
    blocks, at = [], 0
    for line in text.splitlines(keepends=True):
        body = Traced.from_original(text, at, at + len(line)).strip()
        at += len(line)
        if body:
            blocks.append(Block(BlockKind.PARAGRAPH, body))
    return Document(
        id=hashlib.sha256(f"{found.root}\n{found.source}".encode()).hexdigest()[:16],
        source=found.source,
        title=found.path.stem,
        publisher="",
        fiscal_years=(),
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=tuple(blocks),
        warnings=("文字化けがあります。",) if "〓" in text else (),
    )


def chunk(document: Document) -> Iterator[Passage]:
    for order, block in enumerate(document.blocks):
        yield Passage(
            id=f"{document.id}-{order:05d}",
            document_id=document.id,
            order=order,
            kind=block.kind,
            body=block.body,
            sentences=((0, len(block.body)),),
            context=document.title,
            section=(),
            page=None,
            line=order + 1,
        )


def embed_texts(passage: Passage) -> Sequence[str]:
    return [passage.search_text, passage.text]


def lexical_fields(passage: Passage) -> Mapping[str, Sequence[str]]:
    text = passage.text
    return {
        "title": [passage.context],
        "body": list(text),
        "grams": [text[n : n + 2] for n in range(len(text) - 1)],
    }


def small_pipeline(signature: str = "small/1") -> Pipeline:
    return Pipeline(
        signature=signature,
        analyser=ANALYSER,
        find=find,
        read=read,
        chunk=chunk,
        embed_texts=embed_texts,
        lexical_fields=lexical_fields,
    )


class DigestEmbedder:
    """Unit vectors drawn from the digest of the text: equal for equal texts, otherwise unrelated."""

    def __init__(self, signature: str = "digest/1", dim: int = 8) -> None:
        self.signature = signature
        self.dim = dim
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        for n, text in enumerate(texts):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
            rows[n] = np.random.default_rng(seed).standard_normal(self.dim)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    embed_queries = embed_passages


def write_files(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run_ingest(
    *paths: Path,
    index_dir: Path,
    embedder: DigestEmbedder | None = None,
    pipeline: Pipeline | None = None,
    options: IngestOptions | None = None,
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    return ingest(
        paths,
        index_dir=index_dir,
        embedder=embedder or DigestEmbedder(),
        pipeline=pipeline or small_pipeline(),
        options=options or IngestOptions(),
        on_progress=on_progress,
    )


def open_store(
    index_dir: Path,
    embedder: str = "digest/1",
    analyser: str = ANALYSER,
    access: Access = EVERYTHING,
    engine: Engine = LOCAL_ENGINE,
) -> Store:
    return Store.open(
        index_dir, embedder_signature=embedder, analyser_signature=analyser, access=access, engine=engine
    )


def texts_in(index_dir: Path, engine: Engine = LOCAL_ENGINE) -> dict[str, str]:
    """Source and text of every document, after checking that both search legs answer for each passage."""
    with open_store(index_dir, engine=engine) as store:
        store.check_digests()
        found = {}
        embedder = DigestEmbedder()
        for record in store.documents():
            found[record.source] = store.text(record.id)
            for i, passage in store.passages_of(record.id):
                question = embedder.embed_queries([passage.text])[0]
                assert store.dense.scores(question, [i])[i] > 0.999
                assert store.lexical.search({"body": list(passage.text)}, boosts={}, k=1, only=[i]), (
                    passage.text
                )
        assert store.lexical.n_passages == store.statistics().n_passages
        return found
