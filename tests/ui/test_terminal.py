from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.terminal import HARMFUL, NORMAL, STRONG, clean, print_error, print_json, print_lines

ATTACKS = (
    "\x1b[2J",  # clears the screen
    "\x1b]0;題\x07",  # names the window
    "\x9b31m",  # the same start in one C1 character
    "\u202e文書",  # turns the direction around
    "\u2066隔離\u2069",
    "見え\u200bない",
    "隠\U000e0041\U000e007fす",
    "改\r行\n段\u2028落",
)


@given(st.text(st.characters()))
def test_cleaned_text_holds_no_control_character(text: str) -> None:
    cleaned = clean(text)
    assert not HARMFUL.search(cleaned)
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned


def test_ordinary_japanese_stays_as_it_is() -> None:
    text = "①㈱ｶﾞ 髙橋𠮷野\u3000葛\U000e0100 （令和５年度）～—👨\u200d👩\u200d👧"
    assert clean(text) == text


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_does_not_reach_the_terminal(attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_lines([f"前{attack}後"])
    print_error(f"前{attack}後")
    out, err = capsys.readouterr()
    for told in (out, err):
        assert told.count("\n") == 1
        assert not HARMFUL.search(told.removesuffix("\n"))
        assert told.startswith("前")
        assert told.endswith("後\n")


@given(st.text(st.characters()))
def test_json_loses_nothing_and_holds_no_control_character(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr("builtins.print", lines.append)
        print_json({"本文": text})
    assert json.loads(lines[0]) == {"本文": text}
    assert not HARMFUL.search(lines[0])
    lines[0].encode("utf-8")


def test_marks_of_what_stands_out_are_dropped_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines([f"計{STRONG}12件{NORMAL}です"])
    assert capsys.readouterr().out == "計12件です\n"
    assert clean(f"{STRONG}12件{NORMAL}") == "12件"
