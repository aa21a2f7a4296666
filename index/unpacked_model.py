"""The packed weights as an ordinary sentence-transformers folder, written once into a cache folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Literal

from index.unpacked_tokenizer import tokenizer_from
from index.weights import WEIGHTS_SHA256, PackedModel, find_weights, parse_weights
from ingest.errors import EmbedderError

Precision = Literal["bfloat16", "float32"]

LAYOUT = 1  # Raised when what is written here changes, so that an older folder is not taken for a new one.
MANIFEST = "manifest.json"
ABANDONED_AFTER_S = 3600
ROWS_AT_ONCE = 16_384

NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def unpack_model(cache_dir: Path, *, precision: Precision, weights: Path | None = None) -> Path:
    """The folder of the unpacked model; written if it is missing or damaged.

    It is written beside its place and renamed into it, so that two processes may do so at once and an
    interrupted one leaves nothing that looks like a model.

    Args:
        cache_dir: Holds the folder; made if need be. 240 MB are needed in bfloat16, 480 MB in float32.
        precision: Type of the stored weights; float32 holds the packed ones exactly.
        weights: See `find_weights`.

    Raises:
        EmbedderError: If the weights are not to be had or the folder cannot be written.
    """
    target = cache_dir / f"multilingual-e5-small-{WEIGHTS_SHA256[:12]}-{precision}-{LAYOUT}"
    if is_intact(target):
        return target
    packed = parse_weights(find_weights(weights))
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        # A folder of its own around it: mkdtemp makes its folder readable for the owner only.
        room = Path(tempfile.mkdtemp(prefix=f"{target.name}.", suffix=".part", dir=cache_dir))
        try:
            _write(packed, room / target.name, precision)
            _put(room / target.name, target)
        finally:
            shutil.rmtree(room, ignore_errors=True)
    except OSError as error:
        raise EmbedderError(
            f"埋め込みモデルを {cache_dir} に展開できません（空き容量 500 MB が必要です）。"
        ) from error
    return target


def is_intact(folder: Path) -> bool:
    """Whether the folder holds every file of its manifest, unchanged."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return all(_digest(folder / name) == digest for name, digest in manifest["files"].items())
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return False


def _write(packed: PackedModel, folder: Path, precision: Precision) -> None:
    folder.mkdir()
    (folder / "1_Pooling").mkdir()
    _write_tensors(packed, folder / "model.safetensors", precision)
    tokenizer_from(packed.vocabulary).save(str(folder / "tokenizer.json"))
    for name, content in _configuration(packed, precision).items():
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    manifest = {
        "source": WEIGHTS_SHA256,
        "files": {path.relative_to(folder).as_posix(): _digest(path) for path in files},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in [*files, folder / MANIFEST]:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _put(made: Path, target: Path) -> None:
    for attempt in range(3):
        try:
            made.replace(target)
        except OSError:
            # Another process was first, or a damaged folder is in the way.
            if is_intact(target):
                return
            damaged = made.with_name(f"{target.name}.damaged-{attempt}")
            if target.exists():
                target.replace(damaged)
        else:
            return
    raise OSError(f"cannot replace {target}")


def _sweep(target: Path) -> None:
    for left in target.parent.glob(f"{target.name}.*.part"):
        with contextlib.suppress(FileNotFoundError):  # its process has just finished
            if time.time() - left.stat().st_mtime > ABANDONED_AFTER_S:
                shutil.rmtree(left, ignore_errors=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_tensors(packed: PackedModel, path: Path, precision: Precision) -> None:
    import torch
    from safetensors.torch import save_file

    dtype = getattr(torch, precision)
    tensors = {}
    for packed_name, packed_tensor in packed.tensors.items():
        name, shape = _name_and_shape(packed_name, packed)
        tensor = torch.empty(shape, dtype=dtype)
        step = ROWS_AT_ONCE * packed.dim
        flat = tensor.view(-1)
        for start in range(0, flat.numel(), step):
            flat[start : start + step] = torch.from_numpy(packed_tensor.unpack(start, start + step))
        tensors[name] = tensor
    # The pooler is not used, but loading a BERT without one warns about weights made up at random.
    tensors["pooler.dense.weight"] = torch.zeros(packed.dim, packed.dim, dtype=dtype)
    tensors["pooler.dense.bias"] = torch.zeros(packed.dim, dtype=dtype)
    save_file(tensors, path, metadata={"format": "pt"})


def _name_and_shape(packed_name: str, packed: PackedModel) -> tuple[str, tuple[int, ...]]:
    dim, inner = packed.dim, packed.n_inner
    if packed_name.startswith("emb."):
        rows = {"emb.word": packed.n_words, "emb.pos": packed.n_positions, "emb.type": packed.n_types}
        return NAMES[packed_name], (rows[packed_name], dim) if packed_name in rows else (dim,)
    layer, part, kind = packed_name.split(".")
    name = f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"
    n_out = inner if part == "fi" else dim
    n_in = inner if part == "fo" else dim
    is_vector = kind == "b" or part in {"aln", "oln"}
    return name, (n_out,) if is_vector else (n_out, n_in)


def _configuration(packed: PackedModel, precision: Precision) -> dict[str, object]:
    """Content of each configuration file of a sentence-transformers folder, by its path."""
    modules = ["Transformer", "Pooling", "Normalize"]
    return {
        "config.json": _model_configuration(packed, precision),
        "tokenizer_config.json": _tokenizer_configuration(packed),
        "modules.json": [
            {
                "idx": i,
                "name": str(i),
                "path": f"{i}_{module}" if i else "",
                "type": f"sentence_transformers.models.{module}",
            }
            for i, module in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": packed.n_positions, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": packed.dim, "pooling_mode_mean_tokens": True},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
    }


def _model_configuration(packed: PackedModel, precision: Precision) -> dict[str, object]:
    words = packed.vocabulary
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": packed.dim,
        "num_hidden_layers": packed.n_layers,
        "num_attention_heads": packed.n_heads,
        "intermediate_size": packed.n_inner,
        "hidden_act": "gelu",
        "vocab_size": packed.n_words,
        "max_position_embeddings": packed.n_positions,
        "type_vocab_size": packed.n_types,
        "layer_norm_eps": packed.norm_eps,
        "pad_token_id": words.pad,
        "bos_token_id": words.bos,
        "eos_token_id": words.eos,
        "dtype": precision,
    }


def _tokenizer_configuration(packed: PackedModel) -> dict[str, object]:
    words = packed.vocabulary
    roles = {
        "bos": words.bos,
        "cls": words.bos,
        "eos": words.eos,
        "sep": words.eos,
        "pad": words.pad,
        "unk": words.unk,
    }
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": packed.n_positions,
        **{f"{role}_token": words.pieces[at] for role, at in roles.items()},
    }
