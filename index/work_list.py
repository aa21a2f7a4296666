"""WorkList: the texts that still need vectors, in one file that any machine can work from.

JSON lines: first who is to embed them, how many there are and the digest of all keys, then for each text its
key and the text, by ascending key. Nothing else of the documents is in it. A list that is cut short or
changed is refused: each text must have its key, and all keys their digest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from index.shard import Shard
from index.whole_file import whole_file
from ingest.document_record import text_key
from ingest.errors import ShirubeError
from ingest.stored import decode_text, encode_json

FILE_NAME = "texts.jsonl"
FORMAT = 1


class WorkListError(ShirubeError):
    """There is no list of texts to embed, or it is not what `write_work_list` wrote."""

    hint = "文書のある機械で shirube ingest フォルダー --plan を実行し、できたフォルダーごと写してください。"


class OtherModelError(ShirubeError):
    """Texts or vectors are meant for another embedding model than the settings name."""

    hint = (
        "文書のある機械と計算する機械で、設定 embedder と shirube の版を同じにしてください。"
        "索引はそのままです。"
    )


@dataclass(frozen=True, slots=True)
class WorkList:
    """What a list says of itself.

    Attributes:
        embedder: Signature of what is to embed the texts.
        dim: Length of its vectors.
        digest: SHA-256 of the keys of all texts, hexadecimal: lists of the same texts have the same.
    """

    embedder: str
    dim: int
    n_texts: int
    digest: str
    format: int = FORMAT


@dataclass(slots=True)
class _Keys:
    """Keys as they pass by: ascending, so none twice, and their digest."""

    last: bytes = b""
    n: int = 0
    digest: Any = field(default_factory=sha256)

    def take(self, key: bytes) -> None:
        if len(key) != sha256().digest_size or key <= self.last:
            raise ValueError(f"not the next key: {key.hex()}")
        self.last = key
        self.n += 1
        self.digest.update(key)


def write_work_list(folder: Path, texts: Mapping[bytes, str], *, embedder: str, dim: int) -> WorkList:
    """Write texts, given by their `text_key`, into a folder, made if need be; a list that was there goes.

    Raises:
        OSError: If it cannot be written.
    """
    keys = _Keys()
    for key in sorted(texts):
        keys.take(key)
    work = WorkList(embedder, dim, len(texts), keys.digest.hexdigest())
    folder.mkdir(parents=True, exist_ok=True)
    with whole_file(folder / FILE_NAME) as file:
        file.write(encode_json(asdict(work)) + b"\n")
        for key in sorted(texts):
            file.write(encode_json({"key": key.hex(), "text": texts[key]}) + b"\n")
    return work


def read_work_list(folder: Path, shard: Shard, *, embedder: str) -> tuple[WorkList, dict[bytes, str]]:
    """What is to be done in one shard, by ascending key.

    The whole file is read, of the other shards only the keys.

    Raises:
        WorkListError: If there is none, or it is damaged.
        OtherModelError: If it is meant for another embedder.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            work = _header(file.readline())
            if work.embedder != embedder:
                raise OtherModelError(
                    f"計算する文の一覧は別の埋め込みモデル用です（一覧は「{work.embedder}」、今の設定は「{embedder}」）。"
                )
            keys = _Keys()
            texts = dict(_texts(file, shard, keys))
    except OSError as error:
        raise WorkListError(f"計算する文の一覧を開けません: {path}（{error.strerror}）。") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkListError(f"計算する文の一覧が壊れています: {path}") from error
    if (keys.n, keys.digest.hexdigest()) != (work.n_texts, work.digest):
        raise WorkListError(f"計算する文の一覧が途中で切れているか、変わっています: {path}")
    return work, texts


def _header(line: bytes) -> WorkList:
    fields = json.loads(line)
    if fields["format"] != FORMAT:
        raise WorkListError(f"計算する文の一覧の形式（版 {fields['format']}）は読めません。")
    return WorkList(**fields)


def _texts(lines: Iterator[bytes], shard: Shard, keys: _Keys) -> Iterator[tuple[bytes, str]]:
    for line in lines:
        entry = json.loads(decode_text(line))
        key = bytes.fromhex(entry["key"])
        keys.take(key)
        if shard.holds(key):
            if text_key(entry["text"]) != key:
                raise ValueError(f"another text: {key.hex()}")
            yield key, entry["text"]
