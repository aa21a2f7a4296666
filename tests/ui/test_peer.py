from __future__ import annotations

import pytest

from ingest.errors import SettingsError
from ui.peer import Peer, Proxies, is_loopback


def peer_of(
    client: str, headers: dict[str, str], *, networks: tuple[str, ...] = ("10.0.0.0/8", "::1")
) -> Peer:
    raw = [(name.encode(), value.encode()) for name, value in {"host": "Shirube:7860", **headers}.items()]
    scope = {"type": "http", "client": (client, 1), "scheme": "http", "headers": raw}
    return Proxies(networks, user_header="X-Remote-User").peer(scope)


FORWARDED = {
    "x-forwarded-for": "203.0.113.9, 198.51.100.7, 10.0.0.2",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "qa.example.jp",
    "x-remote-user": "%E7%94%B0%E4%B8%AD",
    "forwarded": "for=1.2.3.4",
}


def test_trusted_proxy_tells_address_scheme_host_and_user() -> None:
    peer = peer_of("10.0.0.1", FORWARDED)
    assert (peer.address, peer.scheme, peer.host, peer.user) == (
        "198.51.100.7",
        "https",
        "qa.example.jp",
        "田中",
    )


@pytest.mark.parametrize("client", ["192.0.2.1", "2001:db8::1", "testclient", "11.0.0.1"])
def test_others_are_not_believed_and_what_they_say_is_dropped(client: str) -> None:
    peer = peer_of(client, FORWARDED)
    assert (peer.address, peer.scheme, peer.host, peer.user) == (client, "http", "shirube:7860", "")
    assert [name for name, _ in peer.headers] == [b"host"]


def test_address_within_ipv6_is_the_ipv4_one() -> None:
    assert peer_of("::ffff:10.0.0.1", FORWARDED).user == "田中"
    assert peer_of("::1", {}).address == "::1"


def test_scheme_that_is_none_is_not_believed() -> None:
    assert peer_of("10.0.0.1", {"x-forwarded-proto": "javascript"}).scheme == "http"


def test_host_name_is_without_its_port() -> None:
    assert peer_of("::1", {"host": "[::1]:80"}).host_name == "::1"
    assert peer_of("::1", {"host": ""}).host_name == ""


def test_network_that_is_none_is_told() -> None:
    with pytest.raises(SettingsError, match="trusted_proxies"):
        Proxies(["proxy.example.jp"])


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("127.8.0.1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.2", False), ("localhost.example.jp", False), ("", False)],
)  # fmt: skip
def test_loopback_is_what_only_this_machine_reaches(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
