"""A text as what it says is so."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.plain import plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("届出ではなく、許可による。", "許可による。"),
        ("承認がなければ、着手できない。", "承認があれば、着手ことができる。"),
        ("許可なく火を使ってはならない。", "許可があれば、火を使ってよい。"),
        (
            "火を使ってはならない。ただし、許可を得たときは、この限りでない。",
            "火を使ってはならない。ただし、許可を得たとき、火を使ってよい。",
        ),
        ("窓口は1階である。", "窓口は1階である。"),
    ],
)
def test_what_is_denied_twice_or_spared_is_told_as_so(text: str, told: str) -> None:
    assert plain(text) == told


RULE = "受注者は、火気を使用してはならない。ただし、施設管理者が許可したときは、この限りでない。"


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("施設管理者が許可すれば、火気を使用できます。", True),
        ("受注者は、原則として火気を使用できます。", False),  # the proviso without its condition
        ("受注者は、火気を使用してはいけません。", True),
    ],
)
def test_proviso_supports_only_with_its_condition(sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(RULE)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
