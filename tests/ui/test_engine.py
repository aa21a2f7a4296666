"""The settings name the engine; what follows the index follows it there too."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from index.access import EVERYTHING, Access
from index.engine_local import LOCAL_ENGINE
from index.milvus import MilvusEngine
from ingest.errors import SettingsError
from tests.index.milvus_lite_engine import lite_engine
from tests.ui.served import QUESTION, ingest_into, open_small, settings_of, write_documents
from ui.engine import TOKEN_VARIABLE, build_engine, milvus_engine
from ui.index_views import IndexViews
from ui.settings import Settings, load_settings


@pytest.fixture
def on_milvus(tmp_path: Path) -> Iterator[Settings]:
    with lite_engine(tmp_path) as engine:
        yield settings_of(tmp_path, engine="milvus", milvus_uri=engine.server.uri)


def test_local_engine_is_the_default() -> None:
    assert build_engine(Settings()) is LOCAL_ENGINE


def test_milvus_without_a_place_is_refused() -> None:
    with pytest.raises(SettingsError, match="milvus_uri"):
        build_engine(Settings(engine="milvus"))


@pytest.mark.parametrize(
    "uri", ["https://root:himitsu@milvus.example:19530", "milvus.example:19530", "ftp://milvus.example"]
)
def test_place_with_a_password_or_of_another_kind_is_refused(uri: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_settings({"milvus_uri": uri}, environ={}, folder=tmp_path)


def test_one_connection_for_each_place_and_token(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(engine="milvus", milvus_uri="http://127.0.0.1:9")
    monkeypatch.setenv(TOKEN_VARIABLE, "root:himitsu")
    first = build_engine(settings)
    assert isinstance(first, MilvusEngine)
    assert build_engine(settings) is milvus_engine(settings) is first
    assert os.environ["PYTHON_DOTENV_DISABLED"], "pymilvus must not read the .env of any folder"
    monkeypatch.setenv(TOKEN_VARIABLE, "root:anders")
    assert build_engine(settings) is not first


def test_new_generation_is_lent_within_two_seconds_and_no_question_is_dropped(
    on_milvus: Settings, tmp_path: Path
) -> None:
    folder = write_documents(tmp_path / "文書")
    ingest_into(on_milvus, folder)

    views = IndexViews(partial(open_small, on_milvus), has_login=False)
    views.start()
    try:
        with views.open() as before:
            (folder / "rooms.md").write_text(
                "# 会議室\n\n会議室の予約は、利用日の三日前までとする。\n", encoding="utf-8"
            )
            ingest_into(on_milvus, folder)
            ended = time.monotonic()
            while True:
                with views.open() as now:
                    told = now.assistant.ask(QUESTION)
                if "三日前" in told.sentences[0].text:
                    break
                assert "七日前" in told.sentences[0].text, "one state or the other, never less"
                assert time.monotonic() - ended < 5  # two seconds where nothing else keeps the processor busy
            assert "七日前" in before.assistant.ask(QUESTION).sentences[0].text, (
                "who has the old one keeps it"
            )
    finally:
        views.close()


def test_views_of_groups_come_from_milvus_too(on_milvus: Settings, tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "文書")
    (folder / "documents.toml").write_text(
        '[[document]]\nfile = "books.md"\ngroups = ["人事課"]\n', encoding="utf-8"
    )
    ingest_into(on_milvus, folder)
    for access, n_documents in (
        (EVERYTHING, 2),
        (Access(frozenset()), 1),
        (Access(frozenset({"人事課"})), 2),
    ):
        with open_small(on_milvus, access) as opened:
            hits = opened.retriever.retrieve("本は二週間借りられる", k=10)
            assert opened.store.manifest.n_documents == n_documents
            assert any("二週間" in hit.passage.text for hit in hits) == (n_documents == 2)
