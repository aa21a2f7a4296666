"""Reading a model's stream: keys in any bracket and any pieces, never half; outlines stay text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import Words
from assistant.prose_reader import Said, StreamReader

KEYS = ("BCDF", "GHJK")


def read(text: str, size: int = 1) -> tuple[list[Said], str]:
    reader = StreamReader(KEYS)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    events = [event for piece in pieces for event in reader.feed(piece)] + list(reader.close())
    shown = "".join(event.text for event in events if isinstance(event, Words))
    return [event for event in events if isinstance(event, Said)], shown


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("費用は5円です。[BCDF]", [("費用は5円です。", ("BCDF",))]),
        ("費用は5円です[BCDF]。", [("費用は5円です。", ("BCDF",))]),
        ("費用は5円です。【BCDF】［GHJK］", [("費用は5円です。", KEYS)]),
        ("費用は5円です。[BCDF, GHJK]", [("費用は5円です。", KEYS)]),
        ("費用は5円です。 BCDF", [("費用は5円です。", ("BCDF",))]),
        ("(1)受付 ①申請 【1】審査です。[BCDF]", [("(1)受付 ①申請 【1】審査です。", ("BCDF",))]),
        ("費用は5円です。[XXXX]", [("費用は5円です。", ())]),
        ("費用は5円です。[BC", [("費用は5円です。", ())]),
        ("HTTPは通信です。", [("HTTPは通信です。", ())]),
        ("はい。\n・一つ[GHJK]\n・二つ", [("はい。", ()), ("・一つ", ("GHJK",)), ("・二つ", ())]),
    ],
)
def test_sentences_and_their_keys(text: str, sentences: list[tuple[str, tuple[str, ...]]], size: int) -> None:
    said, shown = read(text, size)
    assert [(one.text, one.keys) for one in said] == sentences
    assert not any(key[:2] in shown for key in KEYS)


@given(st.text(alphabet="BCDFGHJKX[]【】()、。 \nあ1①", max_size=60), st.integers(1, 7))
def test_pieces_do_not_change_what_is_read_and_no_key_is_shown(text: str, size: int) -> None:
    said, shown = read(text, size)
    assert said == read(text, 1000)[0]
    assert not any(f"[{key}]" in shown for key in KEYS)


@pytest.mark.parametrize("unit", ["[", "[B", "BCDF", "[BCDF", "、", "([【", "X]"])
def test_reading_takes_time_that_grows_with_the_length_only(unit: str) -> None:
    start = time.process_time()
    read(unit * 4000, 50)
    assert time.process_time() - start < 5
