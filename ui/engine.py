"""The engine that the settings name. Milvus, and all that it needs, is imported only if it is."""

from __future__ import annotations

import os
from functools import cache

from index.engine import Engine
from index.engine_local import LOCAL_ENGINE
from ingest.errors import SettingsError
from ui.settings import Settings

TOKEN_VARIABLE = "MILVUS_TOKEN"  # noqa: S105 - its name; it is no setting, so that nothing ever shows it


def build_engine(settings: Settings) -> Engine:
    """What holds the search indexes.

    Raises:
        SettingsError: If Milvus is named, but not where it is.
    """
    return milvus_engine(settings) if settings.engine == "milvus" else LOCAL_ENGINE


def milvus_engine(settings: Settings) -> Engine:
    """Milvus where the settings say; its token comes from the environment.

    Raises:
        SettingsError: If they do not say.
    """
    if not settings.milvus_uri:
        raise SettingsError(
            "Milvus の場所が設定されていません。milvus_uri に http://サーバー:19530 などを指定してください。"
        )
    return _at(settings.milvus_uri, os.environ.get(TOKEN_VARIABLE, ""))


@cache
def _at(uri: str, token: str) -> Engine:
    """One connection for each place, however often an index is opened."""
    from index.milvus import MilvusEngine
    from index.milvus_server import MilvusServer

    os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")  # pymilvus would read any .env of the current folder
    return MilvusEngine(MilvusServer(uri, token=token))
