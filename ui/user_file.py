"""How the user file is written: TOML, replaced as a whole, for its owner's eyes only."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.whole_file import whole_file
from ui.accounts import Account, Scope, Token, UserError

HEAD = "# Users of Shirube. Written by `shirube user`; the digests tell neither passwords nor tokens.\n"


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file is replaced; `None` where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or "") from error
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_accounts(path: Path) -> dict[str, Account]:
    """The accounts by name, in the order of the file; a file that does not exist has none.

    Raises:
        UserError: If the file cannot be read or is no user file.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("user", [])
        accounts = [_account(row) for row in rows]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(path, error.strerror or "") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(path, "書き方に誤りがあります") from error
    return {account.name: account for account in accounts}


def write_accounts(path: Path, accounts: Iterable[Account]) -> None:
    """Replace the file in one step: a reader sees the old or the new one, never a part.

    Raises:
        UserError: If the place cannot be written.
    """
    text = HEAD + "\n".join(line for account in accounts for line in _lines(account)) + "\n"
    try:
        with whole_file(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise UserError(f"利用者ファイルを書けません: {path}（{error.strerror or error}）") from error


def _account(row: dict[str, Any]) -> Account:
    return Account(
        name=_text(row["name"]),
        password=_text(row["password"]),
        is_admin=row.get("admin", False) is True,
        tokens=tuple(
            Token(
                id=_text(token["id"]),
                digest=_text(token["digest"]),
                scopes=frozenset(Scope(scope) for scope in token["scopes"]),
                expires=_moment(token["expires"]),
            )
            for token in row.get("token", [])
        ),
        groups=frozenset(_text(group) for group in row.get("groups", [])),
    )


def _lines(account: Account) -> Iterator[str]:
    yield "\n[[user]]"
    yield f"name = {_quoted(account.name)}"
    yield f"admin = {str(account.is_admin).lower()}"
    yield f"password = {_quoted(account.password)}"
    if account.groups:
        yield f"groups = {json.dumps(sorted(account.groups), ensure_ascii=False)}"
    for token in account.tokens:
        yield "\n[[user.token]]"
        yield f"id = {_quoted(token.id)}"
        yield f"digest = {_quoted(token.digest)}"
        yield f"scopes = {json.dumps(sorted(scope.value for scope in token.scopes))}"
        yield f"expires = {token.expires.astimezone(UTC).isoformat()}"


def _quoted(text: str) -> str:
    """A basic string of TOML; names and digests hold nothing that JSON would write differently."""
    return json.dumps(text, ensure_ascii=False)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"not a text: {value!r}")
    return value


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(f"not a moment with its time zone: {value!r}")
    return value


def _unreadable(path: Path, reason: str) -> UserError:
    return UserError(f"利用者ファイルを読めません: {path}（{reason}）")
