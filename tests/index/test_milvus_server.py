"""What a client of Milvus raises is tried again or told in one sentence; the client here is a scripted one."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.milvus_server import MilvusServer
from ingest.errors import (
    EngineError,
    EngineFileError,
    EngineMissingError,
    EngineRefusedError,
    IndexMismatchError,
    ShirubeError,
)
from tests.index.milvus_lite_engine import require_milvus

ROOT = Path(__file__).parents[2]
URI, TOKEN = "http://milvus.example:19530", "root:himitsu"


class ScriptedClient:
    """Raises or returns what the script says, one item a call; remembers the calls."""

    def __init__(self, script: list[Any]) -> None:
        self.script = script
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.connected: list[tuple[str, str]] = []
        self.n_closed = 0

    def connect(self, uri: str, token: str, timeout_s: float) -> ScriptedClient:
        assert timeout_s > 0
        self.connected.append((uri, token))
        return self

    def close(self) -> None:
        self.n_closed += 1

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*, timeout: float, **arguments: Any) -> Any:
            assert timeout > 0
            self.calls.append((name, arguments))
            said = self.script.pop(0)
            if isinstance(said, Exception):
                raise said
            return said

        return call


def milvus_error(message: str, code: int = 1, **more: bool) -> Exception:
    require_milvus()
    from pymilvus.exceptions import MilvusException

    error: Exception = MilvusException(code=code, message=message, **more)
    return error


def server_of(client: ScriptedClient, patience_s: float = 5.0) -> MilvusServer:
    return MilvusServer(URI, token=TOKEN, patience_s=patience_s, connect=client.connect)


def test_token_goes_to_the_client_once_and_calls_share_the_connection() -> None:
    client = ScriptedClient(["eins", "zwei"])
    server = server_of(client)
    assert client.connected == [], "nothing is asked before the first call"
    assert (server.call("flush", collection_name="c"), server.ask("query", filter="")) == ("eins", "zwei")
    assert client.connected == [(URI, TOKEN)]
    assert client.calls == [("flush", {"collection_name": "c"}), ("query", {"filter": ""})]


@pytest.mark.parametrize(
    ("message", "more"),
    [
        ("StatusCode.UNAVAILABLE, failed to connect to all addresses", {}),
        ("StatusCode.DEADLINE_EXCEEDED", {}),
        ("Fail connecting to server on milvus.example:19530", {}),
        ("node is stopping", {"retriable": True}),
        ("rate limit exceeded", {"code": 8}),
    ],
)
def test_what_may_pass_is_tried_again_on_a_new_connection(message: str, more: dict[str, Any]) -> None:
    client = ScriptedClient([milvus_error(message, **more), milvus_error(message, **more), "gut"])
    assert server_of(client).call("upsert", collection_name="c", data=[1]) == "gut"
    assert client.calls == [("upsert", {"collection_name": "c", "data": [1]})] * 3
    assert (client.n_closed, len(client.connected)) == (2, 3)


def test_connection_that_another_thread_closed_is_made_again() -> None:
    client = ScriptedClient([ValueError("Cannot invoke RPC on closed channel!"), "gut"])
    require_milvus()
    assert server_of(client).ask("query", filter="") == "gut"


def test_collection_that_is_not_in_memory_is_loaded() -> None:
    client = ScriptedClient([milvus_error("collection not loaded", code=101), None, "gut"])
    assert server_of(client).ask("search", collection_name="c") == "gut"
    assert [name for name, _ in client.calls] == ["search", "load_collection", "search"]
    assert client.n_closed == 0


@pytest.mark.parametrize(
    ("message", "code", "kind", "told"),
    [
        ("StatusCode.UNAUTHENTICATED, token expired", 16, EngineRefusedError, "ログインできません"),
        ("auth check failure, please check username", 1400, EngineRefusedError, "ログインできません"),
        ("StatusCode.PERMISSION_DENIED", 7, EngineRefusedError, "受け付けません"),
        ("out of quota", 9, EngineRefusedError, "out of quota"),
        ("collection not found[collection=c]", 100, IndexMismatchError, "索引がありません"),
        ("Open local milvus failed", 1, EngineFileError, "ファイルを開けません"),
        ("milvus-lite is required for local database connections.", 1, EngineMissingError, "milvus-lite"),
    ],
)
def test_refusal_is_told_at_once(message: str, code: int, kind: type[ShirubeError], told: str) -> None:
    client = ScriptedClient([milvus_error(message, code=code)])
    with pytest.raises(kind, match=told) as raised:
        server_of(client).call("flush", collection_name="c")
    assert len(client.calls) == 1
    assert raised.value.message.endswith("。")
    assert raised.value.hint
    assert "himitsu" not in raised.value.message


def test_server_that_stays_away_is_told_when_patience_ends() -> None:
    client = ScriptedClient([milvus_error("StatusCode.UNAVAILABLE")] * 50)
    with pytest.raises(EngineError, match="つながりません") as raised:
        server_of(client, patience_s=0.5).call("flush", collection_name="c")
    assert raised.value.retryable
    assert 2 <= len(client.calls) <= 10


def test_wrong_argument_stays_a_bug() -> None:
    require_milvus()
    with pytest.raises(ValueError, match="no such field"):
        server_of(ScriptedClient([ValueError("no such field")])).call("query")


def test_missing_package_is_told_with_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pymilvus'] = None\n"
        "from index.milvus_server import MilvusServer\n"
        "from ingest.errors import EngineMissingError\n"
        "try: MilvusServer('http://127.0.0.1:9').call('flush')\n"
        "except EngineMissingError as error: sys.exit(0 if 'shirube[milvus]' in error.hint else 1)\n"
        "sys.exit(2)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_files_that_another_process_uses_are_told(tmp_path: Path) -> None:
    require_milvus()
    path = tmp_path / "milvus.db"
    holding = (
        "import sys; from index.milvus_server import MilvusServer\n"
        "MilvusServer(sys.argv[1]).call('list_collections'); print('offen', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == "offen\n"
        with pytest.raises(EngineFileError, match="開けません"):
            MilvusServer(str(path), patience_s=2).call("list_collections")
        other.stdin.close()
        other.wait(30)
    from milvus_lite.server_manager import server_manager_instance

    server = MilvusServer(str(path), patience_s=10)
    assert server.call("list_collections") == []
    server.close()
    server_manager_instance.release_server(str(path))


def test_threads_share_one_connection() -> None:
    client = ScriptedClient(["gut"] * 40)
    server = server_of(client)
    threads = [threading.Thread(target=server.ask, args=("query",)) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(client.calls), len(client.connected)) == (40, 1)
