"""Who is at the other end of a request: the address, scheme and host, through proxies that are trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit

from starlette.types import Scope

from ingest.errors import SettingsError

RawHeaders = Sequence[tuple[bytes, bytes]]
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Peer:
    """What is known of a request's sender.

    Attributes:
        address: Of the client itself, told by the proxies if they are trusted.
        scheme: "http" or "https", as the client sees it.
        host: Host and port that the client asked for, in lower case.
        user: Name that a trusted proxy vouches for, "" if none.
        headers: What the application may see: nothing that only a trusted proxy may say, unless one did.
    """

    address: str
    scheme: str
    host: str
    user: str
    headers: tuple[tuple[bytes, bytes], ...]

    @property
    def host_name(self) -> str:
        """The host without its port."""
        return urlsplit(f"//{self.host}").hostname or ""


class Proxies:
    """The proxies whose word is taken: those that connect from the given networks."""

    def __init__(self, networks: Sequence[str], *, user_header: str = "") -> None:
        try:
            self._networks: tuple[IPv4Network | IPv6Network, ...] = tuple(
                ip_network(network, strict=False) for network in networks
            )
        except ValueError as error:
            raise SettingsError(f"trusted_proxies に番地でないものがあります（{error}）。") from error
        self._user_header = user_header.lower().encode("latin-1", "replace")

    def peer(self, scope: Scope) -> Peer:
        """The sender of a request."""
        connected = scope["client"][0] if scope.get("client") else UNKNOWN
        headers: RawHeaders = scope["headers"]
        host = _last(headers, b"host").lower()
        if not self._is_trusted(connected):
            kept = tuple(header for header in headers if not self._is_proxys(header[0]))
            return Peer(connected, scope.get("scheme", "http"), host, "", kept)
        scheme = _last(headers, b"x-forwarded-proto").lower()
        return Peer(
            address=self._client(_joined(headers, b"x-forwarded-for"), connected),
            scheme=scheme if scheme in ("http", "https") else scope.get("scheme", "http"),
            host=_last(headers, b"x-forwarded-host").lower() or host,
            user=self._vouched(headers),
            headers=tuple(headers),
        )

    def _is_trusted(self, address: str) -> bool:
        try:
            at = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(at, "ipv4_mapped", None) or at
        return any(mapped in network for network in self._networks)

    def _is_proxys(self, name: bytes) -> bool:
        name = name.lower()
        return name == b"forwarded" or name.startswith(b"x-forwarded-") or name == self._user_header

    def _client(self, forwarded: str, connected: str) -> str:
        """The nearest address that is no trusted proxy's: what stands before it anyone may have written."""
        for address in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self._is_trusted(address):
                return address
        return connected

    def _vouched(self, headers: RawHeaders) -> str:
        """The user's name; two different ones are none."""
        names = set(_values(headers, self._user_header)) if self._user_header else set()
        return unquote(names.pop()).strip() if len(names) == 1 else ""


def is_loopback(host: str) -> bool:
    """Whether only programs of the same machine reach a server that listens there."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _values(headers: RawHeaders, name: bytes) -> Iterator[str]:
    for key, value in headers:
        if key.lower() == name:
            yield value.decode("utf-8", "replace")


def _last(headers: RawHeaders, name: bytes) -> str:
    """The last of the values, which the nearest proxy wrote; "" if there is none."""
    return _joined(headers, name).rpartition(",")[2].strip()


def _joined(headers: RawHeaders, name: bytes) -> str:
    return ",".join(_values(headers, name))
