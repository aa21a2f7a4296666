"""Accounts, tokens and what they allow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.errors import ShirubeError


class Scope(StrEnum):
    """What a token may be used for; `ADMIN` includes the others."""

    ASK = "ask"
    SEARCH = "search"
    DOCUMENTS = "documents"
    METRICS = "metrics"
    ADMIN = "admin"


PERSON = frozenset({Scope.ASK, Scope.SEARCH, Scope.DOCUMENTS})


class UserError(ShirubeError):
    """A name or password that cannot be taken, or a user who is not there."""

    hint = "shirube user list で利用者の一覧を確かめてください。"


@dataclass(frozen=True, slots=True)
class Token:
    """What a script presents instead of a password.

    Attributes:
        id: Names it in lists; no secret.
        digest: SHA-256 of the token in hexadecimal: it is random enough to need nothing slower.
    """

    id: str
    digest: str
    scopes: frozenset[Scope]
    expires: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the file knows them; `password` is a digest with its salt and cost."""

    name: str
    password: str
    is_admin: bool = False
    tokens: tuple[Token, ...] = ()
    groups: frozenset[str] = frozenset()

    @property
    def scopes(self) -> frozenset[Scope]:
        """What they may do when they log in."""
        return frozenset(Scope) if self.is_admin else PERSON


@dataclass(frozen=True, slots=True)
class User:
    """Who sends a request, what they may do with it and to which groups they belong."""

    name: str
    scopes: frozenset[Scope] = field(default=PERSON)
    groups: frozenset[str] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether they may manage documents, and so see them all."""
        return Scope.ADMIN in self.scopes

    def may(self, scope: Scope) -> bool:
        """Whether they may do what needs this scope."""
        return self.is_admin or scope in self.scopes
