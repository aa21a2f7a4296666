from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ui.passwords import PasswordCost, hash_password, is_password

QUICK = PasswordCost(n=2, r=1, p=1)


@given(st.text(max_size=40), st.text(max_size=40))
@example("", "\0")
@example("a", "a\0")
@settings(max_examples=50)
def test_password_fits_its_own_digest_only(password: str, other: str) -> None:
    stored = hash_password(password, QUICK)
    assert is_password(password, stored)
    assert is_password(other, stored) == (password == other)


def test_digest_carries_salt_and_cost_but_not_the_password() -> None:
    first, second = (hash_password("夕焼け小焼けの十文字", QUICK) for _ in range(2))
    assert first != second
    assert first.startswith("scrypt$2$1$1$")
    assert "夕焼け" not in first


@pytest.mark.parametrize(
    "stored", ["", "plain", "scrypt$2$1$1$!!$??", "md5$2$1$1$AA==$AA==", "scrypt$99999999$8$1$AA==$AA=="]
)
def test_unreadable_digest_fits_no_password(stored: str) -> None:
    assert not is_password("", stored)


def test_default_cost_takes_32_mebibytes() -> None:
    cost = PasswordCost()
    assert 128 * cost.n * cost.r == 32 << 20
    assert is_password("十文字より長いパスワード", hash_password("十文字より長いパスワード"))
