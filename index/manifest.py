"""Manifest: what built a generation, and the digests of its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from ingest.errors import IndexMismatchError

FORMAT = 1
FILE_NAME = "manifest.json"
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class FileDigest:
    """Size in bytes and SHA-256 of one file."""

    n_bytes: int
    sha256: str

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read the whole file once."""
        with path.open("rb") as file:
            return cls(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation folder says about itself.

    Attributes:
        embedder: Signature of what made the vectors.
        analyser: Signature of what made the search terms.
        pipeline: Signature of what read and cut the documents.
        dim: Length of a vector.
        files: Digest of each file, by its path below the generation folder, with `/`.
        created: UTC, ISO 8601.
        engine: Which engine holds the search indexes.
    """

    embedder: str
    analyser: str
    pipeline: str
    dim: int
    n_documents: int
    n_passages: int
    n_vectors: int
    files: Mapping[str, FileDigest]
    created: str
    format: int = FORMAT
    engine: str = LOCAL

    def to_json(self) -> str:
        """The text of the manifest file; its keys are sorted, so equal manifests have equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote, read back.

        Raises:
            IndexMismatchError: If it is of another format or no manifest at all.
        """
        try:
            fields = json.loads(text)
            if fields["format"] != FORMAT:
                raise IndexMismatchError(
                    f"索引の形式が違います（索引は版 {fields['format']}、このプログラムは版 {FORMAT}）。"
                )
            files = {name: FileDigest(**digest) for name, digest in fields.pop("files").items()}
            return cls(files=files, **fields)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexMismatchError("索引の目録 manifest.json が壊れています。") from error

    def check(self, *, embedder: str, analyser: str) -> None:
        """Refuse what would compare vectors or terms of different makers.

        Raises:
            IndexMismatchError: Says which of the two differs.
        """
        for what, built, now in (
            ("埋め込みモデル", self.embedder, embedder),
            ("日本語の解析器", self.analyser, analyser),
        ):
            if built != now:
                raise IndexMismatchError(f"{what}が違います。索引は「{built}」、今の設定は「{now}」です。")

    def check_sizes(self, folder: Path) -> None:
        """Refuse a generation of which a file is missing or cut short: quick, reads no content.

        Raises:
            IndexMismatchError: Names the file.
        """
        for name, digest in self.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != digest.n_bytes:
                raise IndexMismatchError(f"索引のファイルがないか、途中で切れています: {path}")

    def check_digests(self, folder: Path) -> None:
        """Refuse a generation of which a file has changed: reads every byte.

        Raises:
            IndexMismatchError: Names the file.
        """
        self.check_sizes(folder)
        for name, digest in self.files.items():
            if FileDigest.from_file(folder / name) != digest:
                raise IndexMismatchError(f"索引のファイルの内容が変わっています: {folder / name}")
