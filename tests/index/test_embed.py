from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import clean_text, gather


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        (" 　 ", "   "),
        ("住民票の写し", "住民票の写し"),
        ("ＡＢＣ１２３", "ABC123"),
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("か\u3099き", "がき"),
        ("㈱潮見①", "(株)潮見1"),
        ("㋿元年", "令和元年"),
        ("市⾧", "市長"),
        ("１０～２０〜３０", "10～20〜30"),
        ("前\0後", "前後"),
        ("\ud83d迷子", "迷子"),
        ("<s>取消</s>", "< s>取消< /s>"),
        ("＜ｍａｓｋ＞", "< mask>"),
        ("a < b, <span>", "a < b, <span>"),
        ("𠮷野家 😀", "𠮷野家 😀"),
    ],
)
def test_clean_text_is_what_the_model_was_trained_to_see(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)  # lone surrogates among them


@given(ANY_TEXT)
def test_clean_text_fits_a_c_string_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert b"\0" not in cleaned.encode()
    assert clean_text(cleaned) == cleaned


@given(st.permutations(range(7)), st.integers(1, 7))
def test_gather_restores_the_order_of_the_texts(order: list[int], batch_size: int) -> None:
    batches = [order[i : i + batch_size] for i in range(0, 7, batch_size)]
    rows = ((batch, np.array([[i, -i] for i in batch], dtype=np.float32)) for batch in batches)
    assert gather(rows, n_texts=7, dim=2).tolist() == [[i, -i] for i in range(7)]


def test_gather_of_no_batches_is_empty_but_has_its_width() -> None:
    assert gather(iter(()), n_texts=0, dim=384).shape == (0, 384)


def test_gather_refuses_when_a_text_got_no_vector() -> None:
    with pytest.raises(ValueError, match="2 texts, 1 vectors"):
        gather(iter([([0], np.zeros((1, 3), dtype=np.float32))]), n_texts=2, dim=3)
