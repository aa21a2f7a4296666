"""`shirube user`: who may log in, and the tokens of their scripts."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from ingest.errors import SettingsError
from ui.accounts import Account, Scope, UserError
from ui.settings import Settings
from ui.terminal import print_error, print_json, print_lines
from ui.users import Users


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do what `args.action` says to the user file.

    Raises:
        SettingsError: If no user file is set.
        UserError: If it cannot be done.
    """
    if settings.users_file is None:
        raise SettingsError(
            "利用者ファイルの場所が決まっていません。--users-file か users_file で指定してください。"
        )
    users = Users(settings.users_file)
    match args.action:
        case "add":
            groups = None if args.groups is None else [g.strip() for g in args.groups.split(",") if g.strip()]
            users.add(args.name, _password(), is_admin=args.admin or None, groups=groups)
            _told(f"{args.name} を加えました（{users.path}）。", {"added": args.name}, as_json=args.json)
        case "remove":
            users.remove(args.name)
            _told(f"{args.name} とそのトークンを除きました。", {"removed": args.name}, as_json=args.json)
        case "token":
            _issue(users, args)
        case "withdraw":
            users.withdraw_token(args.name, args.token)
            told = f"{args.name} のトークン {args.token} を使えなくしました。"
            _told(told, {"withdrawn": args.token}, as_json=args.json)
        case _:
            accounts = list(users.accounts().values())
            if args.json:
                print_json({"users": [_account_json(account) for account in accounts]})
            else:
                print_lines(account_lines(accounts, now=datetime.now(UTC)))
    return 0


def account_lines(accounts: list[Account], *, now: datetime) -> Iterator[str]:
    """Each user with their tokens."""
    yield f"利用者 {len(accounts)} 人"
    for account in accounts:
        groups = f"  組 {'、'.join(sorted(account.groups))}" if account.groups else ""
        yield f"- {account.name}" + ("（管理者）" if account.is_admin else "") + groups
        for token in account.tokens:
            scopes = "、".join(sorted(scope.value for scope in token.scopes))
            until = f"{token.expires:%Y-%m-%d}" + ("（期限切れ）" if token.expires <= now else " まで")
            yield f"    トークン {token.id}  {scopes}  {until}"


def _issue(users: Users, args: argparse.Namespace) -> None:
    known = {scope.value for scope in Scope}
    scopes = [part.strip() for part in args.scope.split(",") if part.strip()]
    if not scopes or not set(scopes) <= known or args.days < 1:
        raise UserError(
            f"--scope は {'、'.join(sorted(known))} を「,」で区切って、--days は1以上で指定してください。"
        )
    token = users.issue_token(args.name, [Scope(scope) for scope in scopes], days=args.days)
    if args.json:
        print_json({"user": args.name, "token": token, "scopes": scopes, "days": args.days})
        return
    print_lines([token])
    print_error(f"{args.days}日間使えるトークンです。ここでしか表示しないので、控えてください。")


def _password() -> str:
    """Typed twice, or the first line of what is piped in.

    Raises:
        UserError: If the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("パスワード（10字以上、表示されません）: ")
    if getpass.getpass("もう一度: ") != password:
        raise UserError("2回のパスワードが違います。もう一度やり直してください。")
    return password


def _told(line: str, value: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        print_json(value)
    else:
        print_lines([line])


def _account_json(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "admin": account.is_admin,
        "groups": sorted(account.groups),
        "tokens": [
            {
                "id": token.id,
                "scopes": sorted(scope.value for scope in token.scopes),
                "expires": token.expires.isoformat(),
            }
            for token in account.tokens
        ],
    }
