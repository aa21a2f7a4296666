"""Who may use the server: the user file with its accounts and tokens.

The file is TOML that only its owner can read and write. It holds digests: neither a password nor a token can
be read from it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import LockedError
from ui.accounts import Account, Scope, Token, User, UserError
from ui.passwords import PasswordCost, digest_of_nothing, hash_password, is_password
from ui.user_file import read_accounts, stamp, write_accounts

TOKEN_PREFIX = "shirube_"  # noqa: S105 - no secret: it lets scanners of secrets recognise one
NAME = re.compile(r"[\w.@-]{1,64}")
PASSWORD_CHARS = range(10, 257)
LOCK_TIMEOUT_S = 10


class Users:
    """The accounts of one user file, read again whenever the file changes. Safe from several threads."""

    def __init__(self, path: Path, *, cost: PasswordCost | None = None) -> None:
        self.path = path
        self._cost = cost or PasswordCost()
        self._hashing = threading.Lock()  # guesses wait for one another: each takes 32 MB
        self._loading = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._accounts: Mapping[str, Account] = {}
        self._nobody = digest_of_nothing(self._cost)

    def accounts(self) -> Mapping[str, Account]:
        """Every account by its name; a file that does not exist has none.

        Raises:
            UserError: If the file cannot be read.
        """
        with self._loading:
            seen = stamp(self.path)
            if seen != self._seen:
                self._accounts, self._seen = read_accounts(self.path), seen
            return self._accounts

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is right; an unknown name takes as long as a wrong password."""
        account = self.accounts().get(name)
        with self._hashing:
            is_right = is_password(password, account.password if account else self._nobody)
        return account if is_right else None

    def user_of_token(self, token: str, *, now: datetime | None = None) -> User | None:
        """Who presents the token and what it allows; `None` if unknown, withdrawn or expired."""
        digest, now = _digest(token), now or datetime.now(UTC)
        for account in self.accounts().values():
            for known in account.tokens:
                if secrets.compare_digest(known.digest, digest) and now < known.expires:
                    return User(account.name, known.scopes & account.scopes, account.groups)
        return None

    def add(
        self, name: str, password: str, *, is_admin: bool | None = None, groups: Collection[str] | None = None
    ) -> None:
        """Add an account, or give an existing one a new password; its tokens stay.

        `is_admin` and `groups` are left as they are if `None`.

        Raises:
            UserError: If the name or the password cannot be taken.
        """
        if not NAME.fullmatch(name):
            raise UserError(f"利用者名「{name}」は使えません（文字と数字、. _ @ - で64字まで）。")
        if len(password) not in PASSWORD_CHARS or password == name:
            raise UserError("パスワードは10字以上256字まで、利用者名と違うものにしてください。")
        wrong = [group for group in groups or () if not NAME.fullmatch(group)]
        if wrong:
            raise UserError(f"組の名前「{wrong[0]}」は使えません（文字と数字、. _ @ - で64字まで）。")
        digest = hash_password(password, self._cost)
        with self._changing() as accounts:
            known = accounts.get(name, Account(name, digest))
            rank = known.is_admin if is_admin is None else is_admin
            belongs = known.groups if groups is None else frozenset(groups)
            accounts[name] = replace(known, password=digest, is_admin=rank, groups=belongs)

    def remove(self, name: str) -> None:
        """Remove an account with its tokens; its sessions end with it.

        Raises:
            UserError: If there is none of this name.
        """
        with self._changing() as accounts:
            _known(accounts, name)
            del accounts[name]

    def issue_token(self, name: str, scopes: Sequence[Scope], *, days: int) -> str:
        """A new token; it is told only here.

        Raises:
            UserError: If there is no such account, or it may not hand out the scope.
            ValueError: If `scopes` is empty or `days` below 1.
        """
        if not scopes or days < 1:
            raise ValueError(f"a token needs a scope and a day: {scopes}, {days}")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
        with self._changing() as accounts:
            account = _known(accounts, name)
            if not set(scopes) <= account.scopes:
                raise UserError(f"{name} は管理者ではないため、admin の権限を渡せません。")
            token = Token(secrets.token_hex(4), _digest(secret), frozenset(scopes), expires)
            accounts[name] = replace(account, tokens=(*account.tokens, token))
        return secret

    def withdraw_token(self, name: str, token_id: str) -> None:
        """Make a token worthless.

        Raises:
            UserError: If there is no such account or token.
        """
        with self._changing() as accounts:
            account = _known(accounts, name)
            kept = tuple(token for token in account.tokens if token.id != token_id)
            if len(kept) == len(account.tokens):
                raise UserError(f"{name} にトークン {token_id} はありません。")
            accounts[name] = replace(account, tokens=kept)

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """The accounts, to be changed; written when the block ends without an error."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self.path}.lock", timeout=LOCK_TIMEOUT_S):
                accounts = dict(read_accounts(self.path))
                yield accounts
                write_accounts(self.path, accounts.values())
        except Timeout as error:
            raise LockedError(f"ほかの処理が利用者ファイルを書き換えています: {self.path}") from error


def _known(accounts: Mapping[str, Account], name: str) -> Account:
    if name not in accounts:
        raise UserError(f"利用者 {name} はいません。")
    return accounts[name]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
