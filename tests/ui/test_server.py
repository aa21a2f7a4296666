from __future__ import annotations

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ingest.errors import SettingsError
from tests.ui.served import settings_of, with_users
from ui.server import build_context, run, share_one_arena


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"host": "0.0.0.0"}, "ログインなしでは始められません"),
        ({"host": "192.168.0.5"}, "users_file"),
        ({"host": "::"}, "ログインなしでは始められません"),
        ({"trusted_proxy_header": "X-User"}, "trusted_proxies"),
    ],
)
def test_server_that_would_let_strangers_in_does_not_start(
    tmp_path: Path, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        build_context(settings_of(tmp_path, **given))


def test_user_file_without_users_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="shirube user add"):
        build_context(settings_of(tmp_path, host="127.0.0.1", users_file=tmp_path / "users.toml"))


def test_other_address_starts_with_users_or_a_trusted_proxy(tmp_path: Path) -> None:
    build_context(settings_of(tmp_path, host="0.0.0.0", users_file=with_users(tmp_path, "tanaka")))
    header = {"trusted_proxy_header": "X-User", "trusted_proxies": ("10.0.0.1",)}
    build_context(settings_of(tmp_path, host="0.0.0.0", **header))


def test_port_in_use_and_unreadable_certificate_are_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="--port"):
        run(settings_of(tmp_path, port=taken.getsockname()[1]), on_ready=print)
    cert = tmp_path / "cert.pem"
    with pytest.raises(SettingsError, match="両方"):
        run(settings_of(tmp_path, tls_cert=cert), on_ready=print)
    with pytest.raises(SettingsError, match="証明書を読めません"):
        run(settings_of(tmp_path, tls_cert=cert, tls_key=cert), on_ready=print)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_command_serves_tells_its_address_and_ends_when_interrupted(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--json", "--index-dir", str(tmp_path / "index")],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout
        address = process.stdout.readline().split('"')[3]
        assert httpx2.get(f"{address}api/health").json()["status"] == "empty"
        since = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in told
        assert time.monotonic() - since < 10
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has several arenas")
def test_threads_of_the_server_share_one_arena() -> None:
    assert share_one_arena()


def test_without_such_a_library_the_server_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    assert not share_one_arena()
