from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ui.accounts import Scope, User, UserError
from ui.passwords import PasswordCost
from ui.users import TOKEN_PREFIX, Users

PASSWORD = "一二三四五六七八九十"


@pytest.fixture
def users(tmp_path: Path) -> Users:
    return Users(tmp_path / "users.toml", cost=PasswordCost(n=2, r=1, p=1))


def test_password_of_an_account_is_right_or_not(users: Users) -> None:
    users.add("田中", PASSWORD)
    assert users.check("田中", PASSWORD) == users.accounts()["田中"]
    assert users.check("田中", PASSWORD + " ") is None
    assert users.check("鈴木", PASSWORD) is None


def test_file_tells_neither_password_nor_token_and_belongs_to_its_owner(users: Users) -> None:
    users.add("tanaka", PASSWORD)
    token = users.issue_token("tanaka", [Scope.ASK], days=1)
    text = users.path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    assert token.removeprefix(TOKEN_PREFIX) not in text
    if os.name == "posix":
        assert stat.S_IMODE(users.path.stat().st_mode) == 0o600


def test_token_tells_its_user_and_scopes_until_it_expires(users: Users) -> None:
    users.add("tanaka", PASSWORD)
    token = users.issue_token("tanaka", [Scope.ASK, Scope.SEARCH], days=2)
    user = users.user_of_token(token)
    assert user == User("tanaka", frozenset({Scope.ASK, Scope.SEARCH}))
    assert user is not None
    assert user.may(Scope.ASK)
    assert not user.may(Scope.DOCUMENTS)
    assert users.user_of_token(token, now=datetime.now(UTC) + timedelta(days=2, seconds=1)) is None
    assert users.user_of_token(token + "x") is None


def test_admin_scope_is_the_administrators_to_hand_out_and_includes_the_others(users: Users) -> None:
    users.add("tanaka", PASSWORD)
    with pytest.raises(UserError, match="管理者"):
        users.issue_token("tanaka", [Scope.ADMIN], days=1)
    users.add("tanaka", PASSWORD, is_admin=True)
    token = users.issue_token("tanaka", [Scope.ADMIN], days=1)
    user = users.user_of_token(token)
    assert user is not None
    assert user.may(Scope.SEARCH)
    users.add("tanaka", PASSWORD + "一")  # a new password, the same rank
    assert users.accounts()["tanaka"].is_admin
    users.add("tanaka", PASSWORD, is_admin=False)  # no administrator any more: neither are the tokens
    assert users.user_of_token(token) == User("tanaka", frozenset())


def test_withdrawn_token_and_tokens_of_a_removed_user_are_worthless(users: Users) -> None:
    users.add("a", PASSWORD)
    users.add("b", PASSWORD)
    token_a, token_b = (users.issue_token(name, [Scope.ASK], days=1) for name in "ab")
    users.withdraw_token("a", users.accounts()["a"].tokens[0].id)
    users.remove("b")
    assert users.user_of_token(token_a) is None
    assert users.user_of_token(token_b) is None
    assert list(users.accounts()) == ["a"]


def test_changes_of_another_process_are_seen(users: Users) -> None:
    users.add("a", PASSWORD)
    assert list(users.accounts()) == ["a"]
    other = Users(users.path, cost=PasswordCost(n=2, r=1, p=1))
    other.add("b", PASSWORD)
    assert list(users.accounts()) == ["a", "b"]
    users.path.unlink()
    assert users.accounts() == {}


@pytest.mark.parametrize("name", ["", "a b", "a/b", "<script>", "長" * 65, "a\n"])
def test_name_that_could_confuse_is_refused(users: Users, name: str) -> None:
    with pytest.raises(UserError, match="使えません"):
        users.add(name, PASSWORD)


@pytest.mark.parametrize("password", ["", "短い", "tanaka@example.jp", "長" * 257])
def test_weak_password_is_refused(users: Users, password: str) -> None:
    with pytest.raises(UserError, match="10字以上"):
        users.add("tanaka@example.jp", password)


def test_unknown_user_has_nothing_to_change(users: Users) -> None:
    with pytest.raises(UserError, match="いません"):
        users.remove("a")
    with pytest.raises(UserError, match="いません"):
        users.issue_token("a", [Scope.ASK], days=1)
    users.add("a", PASSWORD)
    with pytest.raises(UserError, match="ありません"):
        users.withdraw_token("a", "00000000")


@pytest.mark.parametrize(
    "text",
    ["[[user]", "user = 3", '[[user]]\nname = "a"', '[[user]]\nname = 1\npassword = "x"',
     '[[user]]\nname="a"\npassword="x"\n[[user.token]]\nid="1"\ndigest="2"\nscopes=["all"]\nexpires=2026-01-01T00:00:00Z'],
)  # fmt: skip
def test_broken_file_is_told_and_left_alone(users: Users, text: str) -> None:
    users.path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="読めません"):
        users.accounts()
    with pytest.raises(UserError, match="読めません"):
        users.add("b", PASSWORD)
    assert users.path.read_text(encoding="utf-8") == text
