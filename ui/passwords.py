"""Passwords, kept as scrypt digests that carry their own salt and cost."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

SCHEME = "scrypt"
SALT_BYTES = 16
DIGEST_BYTES = 32
MOST_BYTES = 256 << 20  # memory that a digest in the file may make us spend


@dataclass(frozen=True, slots=True)
class PasswordCost:
    """How much work one guess takes: `128 * n * r` bytes of memory, `p` times over.

    Source:
        OWASP Password Storage Cheat Sheet, one of its equal choices: 32 MiB, p = 3.
    """

    n: int = 1 << 15
    r: int = 8
    p: int = 3


def hash_password(password: str, cost: PasswordCost | None = None) -> str:
    """A digest for the user file: `scrypt$n$r$p$salt$digest`, another one at each call."""
    cost = cost or PasswordCost()
    salt = secrets.token_bytes(SALT_BYTES)
    return _stored(cost, salt, _digest(password, salt, cost))


def digest_of_nothing(cost: PasswordCost) -> str:
    """A digest that no password gives, yet that takes as long to compare with as a real one."""
    return _stored(cost, secrets.token_bytes(SALT_BYTES), secrets.token_bytes(DIGEST_BYTES))


def is_password(password: str, stored: str) -> bool:
    """Whether the password gives the stored digest; a digest that cannot be read fits no password."""
    try:
        scheme, n, r, p, salt, digest = stored.split("$")
        cost = PasswordCost(int(n), int(r), int(p))
        if scheme != SCHEME or 128 * cost.n * cost.r > MOST_BYTES:
            return False
        found = _digest(password, base64.b64decode(salt, validate=True), cost)
        return hmac.compare_digest(found, base64.b64decode(digest, validate=True))
    except (ValueError, binascii.Error):
        return False


def _digest(password: str, salt: bytes, cost: PasswordCost) -> bytes:
    # HMAC fills short keys up with zeros, so that "a" and "a\0" would be one password: an end mark.
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass") + b"\xff",
        salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=MOST_BYTES * 2, dklen=DIGEST_BYTES,
    )  # fmt: skip


def _stored(cost: PasswordCost, salt: bytes, digest: bytes) -> str:
    return "$".join([SCHEME, str(cost.n), str(cost.r), str(cost.p), _encoded(salt), _encoded(digest)])


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
