"""The Milvus engine on milvus-lite: within this process, or as a server of its own that can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.milvus import MilvusEngine
from index.milvus_server import MilvusServer

WITHOUT = "pymilvus and milvus-lite are not installed (pip install 'shirube[milvus]')"


def require_milvus() -> None:
    """Skip the test where the extra is not installed."""
    pytest.importorskip("pymilvus", reason=WITHOUT)
    pytest.importorskip("milvus_lite", reason=WITHOUT)


def engine_at(uri: str | Path, *, patience_s: float = 30.0) -> MilvusEngine:
    return MilvusEngine(MilvusServer(str(uri), patience_s=patience_s))


@contextmanager
def lite_engine(folder: Path) -> Iterator[MilvusEngine]:
    """On files in this folder, in threads of this process."""
    require_milvus()
    from milvus_lite.server_manager import server_manager_instance

    path = str(folder / "milvus.db")
    server = MilvusServer(path, patience_s=30.0)
    try:
        yield MilvusEngine(server)
    finally:
        server.close()
        server_manager_instance.release_server(path)


class LiteServer:
    """A milvus-lite server in a process of its own, on one port and one folder however often it is killed."""

    def __init__(self, folder: Path) -> None:
        require_milvus()
        self._folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        options = ["--data-dir", str(self._folder), "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "milvus_lite", "server", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            assert self._process.poll() is None, "milvus-lite did not start"
            time.sleep(0.05)
        raise TimeoutError("milvus-lite does not listen")

    def kill(self) -> None:
        """Take it away at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
