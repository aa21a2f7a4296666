"""Any sentence-transformers model by name or path."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.embed import Vectors, clean_text, gather
from index.unpacked_model import Precision
from ingest.errors import EmbedderError

CHARS_PER_BATCH = 8000
TEXTS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Prefixes:
    """What a model was trained to see before a question and before a passage."""

    query: str = ""
    passage: str = ""


# By a part of the model's name, for models whose folder does not say it; the first that fits.
# Source: the model cards of intfloat/multilingual-e5-*, cl-nagoya/ruri-v3-*, cl-nagoya/ruri-*.
KNOWN_PREFIXES = {
    "multilingual-e5-large-instruct": Prefixes(
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
    ),
    "e5-": Prefixes("query: ", "passage: "),
    "ruri-v3": Prefixes("検索クエリ: ", "検索文書: "),
    "ruri-": Prefixes("クエリ: ", "文章: "),
}


class SentenceTransformersEmbedder:
    """A sentence-transformers model, imported only when this is built.

    Texts beyond the model's own limit of tokens are cut off there, as sentence-transformers does. Batches
    are of texts of like length; vectors come in that order, not in the order given.

    Args:
        model_name_or_path: `owner/name` on the Hugging Face hub, or a folder.
        prefixes: Put before each text; None takes the model's own prompts, else what its name tells.
        allow_downloads: Whether a model that is not on this machine may be fetched.

    Raises:
        EmbedderError: If the model is not there or cannot be loaded.
    """

    def __init__(
        self, model_name_or_path: str, *, prefixes: Prefixes | None = None, allow_downloads: bool = False
    ) -> None:
        precision = native_precision()
        self._model: Any = load_sentence_transformer(
            model_name_or_path, precision=precision, allow_downloads=allow_downloads
        )
        self._prefixes = prefixes or prefixes_of(model_name_or_path, self._model.prompts)
        self.dim: int = self._model.get_embedding_dimension()
        prefixing = hashlib.sha256(repr(self._prefixes).encode()).hexdigest()[:8]
        digest = _digest(_folder(model_name_or_path))
        self.signature = f"{_name(model_name_or_path)}/{digest}/{prefixing}/nfkc/1"

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions; see `Embedder`."""
        return gather(self._in_batches(texts, prefix=self._prefixes.query), n_texts=len(texts), dim=self.dim)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages; see `Embedder`."""
        return gather(self.embed_passages_in_batches(texts), n_texts=len(texts), dim=self.dim)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and vectors, the longest of each 1,024 texts first."""
        return self._in_batches(texts, prefix=self._prefixes.passage)

    def _in_batches(self, texts: Sequence[str], *, prefix: str) -> Iterator[tuple[list[int], Vectors]]:
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            group = [prefix + clean_text(text) for text in texts[start : start + TEXTS_AT_ONCE]]
            for batch in _batches(group):
                vectors = self._model.encode(
                    [group[i] for i in batch],
                    prompt="",  # the prefix is already there, and a model's default prompt must not be added
                    batch_size=len(batch),
                    show_progress_bar=False,
                )
                # Of unit length only here: what bfloat16 rounds is up to half a per cent off.
                rows = np.asarray(vectors, dtype=np.float32)
                yield [start + i for i in batch], rows / np.linalg.norm(rows, axis=1, keepdims=True)


def native_precision() -> Precision:
    """bfloat16 where the processor multiplies it by itself, else float32: emulated, it is the slower one."""
    import torch

    able = torch.cpu.get_capabilities()
    return "bfloat16" if any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")) else "float32"


def load_sentence_transformer(
    model_name_or_path: str, *, precision: Precision, allow_downloads: bool = False
) -> Any:
    """The model on the processor, ready to infer; no progress bar, no network unless allowed.

    Raises:
        EmbedderError: If it is not there or cannot be loaded.
    """
    try:
        import torch
        from sentence_transformers import SentenceTransformer

        with _without_progress_bars():
            model = SentenceTransformer(
                model_name_or_path,
                device="cpu",
                local_files_only=not allow_downloads,
                model_kwargs={"dtype": getattr(torch, precision)},
            )
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        raise EmbedderError(f"埋め込みモデル {model_name_or_path} を読み込めません。") from error
    return model.eval()


def prefixes_of(model_name_or_path: str, prompts: dict[str, str]) -> Prefixes:
    """The model's own prompts where it has any, else what is known of its name, else none."""
    own = Prefixes(prompts.get("query") or "", prompts.get("document") or prompts.get("passage") or "")
    if own != Prefixes():
        return own
    name = _name(model_name_or_path).lower()
    return next((known for part, known in KNOWN_PREFIXES.items() if part in name), Prefixes())


def _name(model_name_or_path: str) -> str:
    path = Path(model_name_or_path)
    return (path.resolve() if path.is_dir() else path).name


def _folder(model_name_or_path: str) -> Path:
    """Where the files of a loaded model are: its folder, or its snapshot in the hub's cache."""
    from huggingface_hub import try_to_load_from_cache

    if Path(model_name_or_path).is_dir():
        return Path(model_name_or_path)
    cached = try_to_load_from_cache(model_name_or_path, "config.json")
    if not isinstance(cached, str):
        raise EmbedderError(f"埋め込みモデル {model_name_or_path} の設定ファイルが見つかりません。")
    return Path(cached).parent


def _digest(folder: Path) -> str:
    """Of the weights and of how they are pooled: the same for a name and a folder."""
    weights = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*.bin"))
    digest = hashlib.sha256()
    for path in [*weights, folder / "modules.json", *sorted(folder.glob("*_Pooling/config.json"))]:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
    start = 0
    while start < len(order):
        n = max(1, CHARS_PER_BATCH // max(1, len(texts[order[start]])))
        yield order[start : start + n]
        start += n


@contextlib.contextmanager
def _without_progress_bars() -> Iterator[None]:
    from transformers.utils import logging

    was_on = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if was_on:
            logging.enable_progress_bar()
