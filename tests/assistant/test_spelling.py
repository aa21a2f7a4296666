"""One form for what texts write in several."""

from __future__ import annotations

import pytest

from assistant.spelling import spelt_alike


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("二期目の税", "第2期の税"),
        ("2番目の便", "第2便"),
        ("二年生", "2年生"),
        ("前の年度を上回る", "前年度を上回る"),
        ("次の日に開く", "翌日に開く"),
        ("一番目立つ", "一番目立つ"),
        ("前の年間計画", "前の年間計画"),
        ("12人目", "12人目"),
    ],
)
def test_ordinals_and_neighbouring_years_have_one_form(text: str, form: str) -> None:
    assert spelt_alike(text) == form
