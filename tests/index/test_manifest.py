from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.manifest import FileDigest, Manifest
from ingest.errors import IndexMismatchError

TEXT = st.text(max_size=20)
COUNT = st.integers(0, 2**40)


def a_manifest(**fields: object) -> Manifest:
    known: dict[str, object] = {
        "embedder": "e5/1",
        "analyser": "fugashi/1",
        "pipeline": "p/1",
        "dim": 384,
        "n_documents": 1,
        "n_passages": 2,
        "n_vectors": 3,
        "files": {},
        "created": "2025-04-01T00:00:00+00:00",
    }
    return Manifest(**{**known, **fields})  # type: ignore[arg-type]


@given(
    st.builds(
        Manifest,
        embedder=TEXT,
        analyser=TEXT,
        pipeline=TEXT,
        dim=COUNT,
        n_documents=COUNT,
        n_passages=COUNT,
        n_vectors=COUNT,
        files=st.dictionaries(TEXT, st.builds(FileDigest, n_bytes=COUNT, sha256=TEXT), max_size=3),
        created=TEXT,
    )
)
def test_manifest_comes_back_from_its_text(manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"format": 1}', '{"format": 1, "files": 3}'])
def test_text_that_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(IndexMismatchError, match="壊れて"):
        Manifest.from_json(text)


def test_another_format_is_refused() -> None:
    fields = json.loads(a_manifest().to_json()) | {"format": 99}
    with pytest.raises(IndexMismatchError, match="版 99"):
        Manifest.from_json(json.dumps(fields))


def test_check_names_what_differs_and_what_to_run() -> None:
    manifest = a_manifest()
    manifest.check(embedder="e5/1", analyser="fugashi/1")
    with pytest.raises(IndexMismatchError, match=r"埋め込みモデル.*e5/1.*ruri/3"):
        manifest.check(embedder="ruri/3", analyser="fugashi/1")
    with pytest.raises(IndexMismatchError, match=r"解析器.*fugashi/1.*fugashi/2") as caught:
        manifest.check(embedder="e5/1", analyser="fugashi/2")
    assert "shirube ingest --rebuild" in caught.value.hint


def test_changed_cut_and_missing_files_are_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(b"1234")
    manifest = a_manifest(files={"a.bin": FileDigest.from_file(file)})
    manifest.check_digests(tmp_path)
    file.write_bytes(b"1235")
    manifest.check_sizes(tmp_path)
    with pytest.raises(IndexMismatchError, match="変わって"):
        manifest.check_digests(tmp_path)
    file.write_bytes(b"123")
    with pytest.raises(IndexMismatchError, match="途中で切れて"):
        manifest.check_sizes(tmp_path)
    file.unlink()
    with pytest.raises(IndexMismatchError, match="ないか"):
        manifest.check_sizes(tmp_path)
