"""A server over two small documents, with vectors that need no model, and clients that speak to it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.testclient import TestClient

from assistant.abstain import AnswerabilityModel
from assistant.ask import Assistant
from assistant.chain import AnswerChain
from index.access import EVERYTHING, Access
from index.build import IngestOptions, ingest
from index.pipeline import no_progress
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.tokenizer import Tokenizer, default_tokenizer
from tests.fakes import TermEmbedder
from ui.context import ServerContext
from ui.engine import build_engine
from ui.passwords import PasswordCost
from ui.pipeline import build_pipeline
from ui.server import Application, build_app, build_context
from ui.settings import Settings
from ui.users import Users
from ui.wiring import Open, build_prose

ROOMS = "# 会議室\n\n## 予約\n\n会議室の予約は、利用日の七日前までに総務課へ申し込む。\n\n## 利用\n\n会議室は午後九時に閉める。\n"
BOOKS = "# 図書室\n\n本は二週間借りられる。延長は一回だけできる。\n"
QUESTION = "会議室の予約は何日前までですか。"
PASSWORD = "一二三四五六七八九十"
SITE = "http://127.0.0.1:7860"


def write_documents(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "rooms.md").write_text(ROOMS, encoding="utf-8")
    (folder / "books.md").write_text(BOOKS, encoding="utf-8")
    return folder


def ingest_into(settings: Settings, folder: Path) -> None:
    ingest(
        [folder], index_dir=settings.index_dir, embedder=TermEmbedder(), pipeline=build_pipeline(settings),
        options=IngestOptions(), on_progress=no_progress,
    )  # fmt: skip


@contextmanager
def open_small(settings: Settings, access: Access = EVERYTHING) -> Iterator[Open]:
    """What `open_index` opens, with the small embedder and a threshold that fits it."""
    embedder, tokenizer = TermEmbedder(), default_tokenizer()
    with Store.open(
        settings.index_dir,
        embedder_signature=embedder.signature,
        analyser_signature=Tokenizer.signature,
        access=access,
        engine=build_engine(settings),
    ) as store:
        retriever = HybridRetriever(store, embedder, tokenizer)
        model = AnswerabilityModel({"covered": 2.0}, intercept=-1.0, threshold=0.5)
        chain = AnswerChain(store, retriever, tokenizer, answerability=model)
        prose = build_prose(settings, chain, store) if settings.model else None
        yield Open(store, retriever, Assistant(chain, fingerprint="0" * 12, prose=prose))


def settings_of(folder: Path, **given: Any) -> Settings:
    return Settings(index_dir=folder / "index", **given)


def with_users(folder: Path, *names: str) -> Path:
    """A user file; passwords cost next to nothing here."""
    users = Users(folder / "users.toml", cost=PasswordCost(n=2, r=1, p=1))
    for name in names:
        users.add(name, PASSWORD, is_admin=name == "admin")
    return users.path


def context_of(settings: Settings) -> ServerContext:
    return build_context(settings, opener=lambda access: open_small(settings, access))


@contextmanager
def serving(settings: Settings, *, with_page: bool = False, **client: Any) -> Iterator[TestClient]:
    """A running server and a browser-like client on it."""
    app: Application = build_app(context_of(settings), with_page=with_page)
    app.hang_up_s = 0.0  # this client never hangs up
    options = {"base_url": SITE, "client": ("127.0.0.1", 50000), "follow_redirects": False}
    with TestClient(app, **(options | client)) as opened:
        yield opened


def log_in(client: TestClient, name: str = "tanaka", password: str = PASSWORD) -> Any:
    return client.post("/login", data={"name": name, "password": password}, headers={"origin": SITE})


@contextmanager
def listening(settings: Settings) -> Iterator[str]:
    """The same server on a real socket; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = build_app(context_of(settings), with_page=False)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
