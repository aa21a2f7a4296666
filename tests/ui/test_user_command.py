from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from ui.cli import main
from ui.users import Users

PASSWORD = "一二三四五六七八九十"


def user(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    return main(["user", *arguments, "--users-file", str(folder / "users.toml")])


def test_user_is_added_given_a_token_listed_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert user(monkeypatch, tmp_path, "add", "tanaka", "--admin") == 0
    assert user(monkeypatch, tmp_path, "token", "tanaka", "--scope", "ask,admin", "--days", "3") == 0
    said = capsys.readouterr()
    users = Users(tmp_path / "users.toml")
    assert users.check("tanaka", PASSWORD)
    token = said.out.splitlines()[-1]
    found = users.user_of_token(token)
    assert found is not None
    assert found.is_admin
    assert "ここでしか表示しない" in said.err
    assert user(monkeypatch, tmp_path, "list") == 0
    assert "- tanaka（管理者）" in capsys.readouterr().out
    assert user(monkeypatch, tmp_path, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["users"]
    assert (listed[0]["name"], listed[0]["tokens"][0]["scopes"]) == ("tanaka", ["admin", "ask"])
    assert token not in json.dumps(listed)
    assert user(monkeypatch, tmp_path, "withdraw", "tanaka", listed[0]["tokens"][0]["id"]) == 0
    assert users.user_of_token(token) is None
    assert user(monkeypatch, tmp_path, "remove", "tanaka") == 0
    assert users.accounts() == {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["remove", "nobody"], "利用者 nobody はいません"),
        (["token", "nobody", "--scope", "all"], "--scope"),
        (["token", "nobody", "--days", "0"], "--days"),
        (["add", "a b"], "使えません"),
    ],
)
def test_what_cannot_be_done_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    assert user(monkeypatch, tmp_path, *arguments) == 1
    assert told in capsys.readouterr().err


def test_user_file_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "list"]) == 1
    assert "--users-file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"), [(["user"], "「操作」がありません"), (["user", "ban"], "「ban」という操作はありません"),
                            (["user", "add"], "「名前」がありません")],
)  # fmt: skip
def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
