"""Every error that a user can meet: one Japanese sentence and the next step.

    ShirubeError
    ├── ReadError              one file cannot be read; the batch goes on without it
    │   ├── UnsupportedError   it is of a format that is not read
    │   ├── ProtectedError     it is encrypted
    │   ├── DamagedError       it is broken or cut off
    │   └── TooLargeError      reading it would take more memory or time than is meant for one file
    ├── CatalogError           the index folder cannot be written or read
    │   ├── LockedError        another process is writing (retryable)
    │   └── DiskFullError      no space left; the previous state is kept
    ├── IndexMissingError      nothing has been ingested here yet
    ├── IndexMismatchError     the index was built by something else than what would read it
    ├── EngineMismatchError    another engine holds the index than the settings name
    ├── EngineError            the engine that holds the index cannot be reached (retryable)
    │   ├── EngineRefusedError it answers, but refuses
    │   ├── EngineMissingError what connects to it is not installed
    │   └── EngineFileError    its files are used by another process, or cannot be opened
    ├── EmbedderError          the embedding model cannot be loaded
    ├── DatasetError           an evaluation dataset is malformed
    └── SettingsError          an unknown key or a value of the wrong type

Caller bugs are `ValueError` or `TypeError` with the bad value, never one of these.
"""

from __future__ import annotations

from typing import ClassVar


class ShirubeError(Exception):
    """Something went wrong that a user can mend.

    Attributes:
        message: One Japanese sentence that says what happened.
        hint: What to do next, in Japanese.
        retryable: Whether the same call may succeed later without a change.
    """

    hint: ClassVar[str] = ""
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ReadError(ShirubeError):
    """One file cannot be read; the batch goes on without it."""

    hint = "ファイルを開いて内容と文字コードを確かめてから、もう一度取り込んでください。"


class UnsupportedError(ReadError):
    """A file is of a format that is not read."""

    hint = "docx・xlsx・pptx・PDF・テキストなど、対応している形式で保存し直してください。"


class ProtectedError(ReadError):
    """A file is encrypted."""

    hint = "パスワードを外して保存し直してください。"


class DamagedError(ReadError):
    """A file is broken or cut off."""

    hint = "元のソフトで開けるか確かめ、保存し直してください。"


class TooLargeError(ReadError):
    """Reading a file would take more memory or time than is meant for one file."""

    hint = "ファイルを分けてください。"


class CatalogError(ShirubeError):
    """The index folder cannot be written or read."""

    hint = "--index-dir の場所と、その書込み権限を確かめてください。"


class LockedError(CatalogError):
    """Another process is writing to the same index."""

    hint = "先の取り込みが終わってから、もう一度実行してください。"
    retryable = True


class DiskFullError(CatalogError):
    """No space is left; the previous state is kept."""

    hint = "空きを作るか、--index-dir で別の場所を選んでください。これまでの索引はそのまま残っています。"


class IndexMissingError(ShirubeError):
    """Nothing has been ingested here yet."""

    hint = "先に shirube ingest フォルダ名 で文書を取り込んでください。"


class IndexMismatchError(ShirubeError):
    """The index was built by something else than what would read it."""

    hint = "shirube ingest --rebuild で索引を作り直してください。"


class EngineMismatchError(ShirubeError):
    """The index is held by another engine than the settings name."""

    hint = "設定 engine を索引に合わせるか、shirube migrate で索引を移してください。"


class EngineError(ShirubeError):
    """The engine that holds the search indexes cannot be reached."""

    hint = (
        "サーバーが動いているか、milvus_uri と MILVUS_TOKEN が正しいかを確かめて、もう一度実行してください。"
        "これまでの索引はそのままです。"
    )
    retryable = True


class EngineRefusedError(EngineError):
    """The engine answers, but refuses."""

    hint = (
        "MILVUS_TOKEN と権限、Milvus の版（docs/milvus.md）を確かめてください。これまでの索引はそのままです。"
    )
    retryable = False


class EngineMissingError(EngineError):
    """What connects to the engine is not installed."""

    hint = "pip install 'shirube[milvus]' を実行するか、設定 engine を local にしてください。"
    retryable = False


class EngineFileError(EngineError):
    """The engine's own files are used by another process, or cannot be opened."""

    hint = (
        "使っているプロセスを終わらせるか、milvus-lite をサーバーとして動かしてください（docs/milvus.md）。"
        "これまでの索引はそのままです。"
    )


class EmbedderError(ShirubeError):
    """The embedding model cannot be loaded."""

    hint = "README の「設定」に従い、埋め込みモデルの名前またはパスを確かめてください。"


class DatasetError(ShirubeError):
    """An evaluation dataset is malformed."""

    hint = "docs/eval.md の形式に合わせて直してください。"


class SettingsError(ShirubeError):
    """An unknown key or a value of the wrong type."""

    hint = "shirube settings で使える設定名と今の値を確かめてください。"
