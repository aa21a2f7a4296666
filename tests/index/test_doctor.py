from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.dense import DenseIndex
from index.doctor import Part, examine, repair
from index.generation import FOLDER, generation_dir
from index.lexical import LexicalEntry, LexicalIndex
from index.manifest import FILE_NAME as MANIFEST_FILE
from index.manifest import FileDigest, Manifest
from ingest.catalog import FILE_NAME, Catalog
from ingest.document_record import Pointer
from ingest.errors import IndexMissingError
from tests.index.small_pipeline import DigestEmbedder, run_ingest, small_pipeline, texts_in, write_files

TEXTS = {"休暇.txt": "年次休暇は20日。\n", "旅費.txt": "旅費は実費。\n"}


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    run_ingest(write_files(tmp_path / "文書", TEXTS), index_dir=tmp_path / "索引")
    return tmp_path / "索引"


def found(index_dir: Path) -> list[Part]:
    return [f.part for f in examine(index_dir, embedder="digest/1", pipeline=small_pipeline())]


def mend(index_dir: Path) -> None:
    repair(index_dir, embedder=DigestEmbedder(), pipeline=small_pipeline())
    assert found(index_dir) == []
    assert texts_in(index_dir) == TEXTS


def sign_again(index_dir: Path) -> None:
    """Let manifest and catalog agree with what was changed behind their back."""
    folder = generation_dir(index_dir, 1)
    manifest = Manifest.from_json((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    files = {name: FileDigest.from_file(folder / name) for name in manifest.files if (folder / name).exists()}
    for path in folder.glob("lexical/*"):
        if path.suffix != ".lock":
            files[path.relative_to(folder).as_posix()] = FileDigest.from_file(path)
    text = Manifest(
        manifest.embedder, manifest.analyser, manifest.pipeline, manifest.dim, manifest.n_documents,
        manifest.n_passages, manifest.n_vectors, files, manifest.created,
    ).to_json().encode()  # fmt: skip
    (folder / MANIFEST_FILE).write_bytes(text)
    with Catalog.open(index_dir / FILE_NAME, writable=True) as catalog:
        catalog.set_pointer(Pointer.of(1, text))


def test_sound_index_has_no_findings(index_dir: Path) -> None:
    assert found(index_dir) == []


@pytest.mark.parametrize("name", ["dense.faiss", "manifest.json", "reader.lock", "lexical/probe.json"])
def test_lost_file_is_found_and_made_again(index_dir: Path, name: str) -> None:
    (generation_dir(index_dir, 1) / name).unlink()
    assert found(index_dir) == [Part.MANIFEST]
    mend(index_dir)


def test_changed_byte_of_a_search_index_is_found_and_made_again(index_dir: Path) -> None:
    path = generation_dir(index_dir, 1) / "dense.faiss"
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)
    assert found(index_dir) == [Part.MANIFEST]
    mend(index_dir)


def test_other_vectors_under_a_right_signature_are_found(index_dir: Path) -> None:
    path = generation_dir(index_dir, 1) / "dense.faiss"
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        ids, vectors = catalog.vectors("digest/1", 8)
    DenseIndex.build(ids, np.roll(vectors, 1, axis=0)).save(path)
    sign_again(index_dir)
    assert found(index_dir) == [Part.DENSE]
    mend(index_dir)


def test_other_passages_in_the_lexical_index_are_found(index_dir: Path) -> None:
    folder = generation_dir(index_dir, 1) / "lexical"
    shutil.rmtree(folder)
    LexicalIndex.build(folder, [LexicalEntry(7, {"body": ["旅"]}), LexicalEntry(8, {"body": ["費"]})])
    sign_again(index_dir)
    assert found(index_dir) == [Part.LEXICAL]
    mend(index_dir)


def test_lost_vectors_are_found_and_embedded_again(index_dir: Path) -> None:
    with closing(sqlite3.connect(index_dir / FILE_NAME)) as connection:
        connection.execute("DELETE FROM vector")
        connection.commit()
    assert Part.VECTORS in found(index_dir)
    mend(index_dir)


def test_what_a_crash_left_is_found_and_cleared_away(index_dir: Path) -> None:
    (index_dir / FOLDER / "000009").mkdir()
    (index_dir / "restoring").mkdir()
    assert found(index_dir) == [Part.LEFTOVERS]
    mend(index_dir)


def test_lost_original_is_news_not_damage(index_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "文書" / "旅費.txt").unlink()
    [finding] = examine(index_dir, embedder="digest/1", pipeline=small_pipeline())
    assert (finding.part, finding.is_derived) == (Part.FILES, False)
    assert "旅費.txt" in finding.message


def test_damaged_catalog_cannot_be_derived(index_dir: Path) -> None:
    path = index_dir / FILE_NAME
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(data)
    [finding] = examine(index_dir, embedder="digest/1", pipeline=small_pipeline())
    assert (finding.part, finding.is_derived) == (Part.CATALOG, False)
    assert "restore" in finding.hint


def test_missing_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        examine(tmp_path, embedder="digest/1", pipeline=small_pipeline())
