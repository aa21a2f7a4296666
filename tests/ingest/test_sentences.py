import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_bounds


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("開催した。参加した。", ["開催した。", "参加した。"]),
        ("「はい。そうです。」と答えた。次へ", ["「はい。そうです。」と答えた。", "次へ"]),
        ("市長（当時。現知事）が出席した。", ["市長（当時。現知事）が出席した。"]),
        ("何人ですか？12人です！", ["何人ですか？", "12人です！"]),
        ("一行目\n二行目", ["一行目", "二行目"]),
        ("閉じない「括弧。\n次の行。", ["閉じない「括弧。", "次の行。"]),
        ("Yahoo!ニュースに載った。", ["Yahoo!ニュースに載った。"]),
        ("𠮷野家で会った。", ["𠮷野家で会った。"]),
        ("  \n　", []),
        ("", []),
    ],
)
def test_sentence_bounds_cut_at_full_stops_outside_brackets(text, sentences):
    assert [text[a:b] for a, b in sentence_bounds(text)] == sentences


@given(st.text(alphabet="あ。「」（）！\n 　a", max_size=60))
def test_sentence_bounds_lose_nothing_but_white_space(text):
    bounds = sentence_bounds(text)
    assert "".join("".join(text[a:b].split()) for a, b in bounds) == "".join(text.split())
    assert all(a < b for a, b in bounds)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(bounds))
