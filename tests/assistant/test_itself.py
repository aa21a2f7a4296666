"""Nothing sets itself up."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

SOURCE = Ground(
    "潮見財団を事務局とする連絡会が開かれた。市は令和4年に「潮見市子ども相談センター（略称：こもれび）」を設置した。協会は協会の規則を改めた。"
)


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("市は令和4年に潮見市子ども相談センター（略称：こもれび）を設置しました。", True),
        ("こもれびは、潮見市子ども相談センター（略称：こもれび）を設置しました。", False),
        ("こもれび（相談センター）は令和4年にこもれびを設置した。", False),
        ("協会は、協会の規則を改めました。", True),
        ("連絡会の事務局は潮見財団を務めています。", False),
    ],
)
def test_thing_does_nothing_to_what_has_its_own_name(sentence: str, is_held: bool) -> None:
    assert (check(sentence, [SOURCE]).verdict is Verdict.CONFIRMED) is is_held


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("潮見市の「みなと交流」は、潮見市によるみなと交流の実施です。", False),
        ("みなと交流：潮見市のみなと交流の活動", False),
        ("みなと交流は、手紙を送り合う活動です。", True),
        ("みなと交流の件数は、5件です。", True),
        ("手紙を送り合うのは、みなと交流です。", True),
    ],
)
def test_nothing_is_told_by_its_own_name(sentence: str, is_held: bool) -> None:
    source = Ground(
        "潮見市によるみなと交流の実施\nみなと交流は、手紙を送り合う活動である。みなと交流の件数は5件である。"
    )
    assert (check(sentence, [source]).verdict is Verdict.CONFIRMED) is is_held


def test_sentence_that_ends_in_a_comma_is_broken() -> None:
    told = check("みなと交流は、手紙を送り合う、", [Ground("みなと交流は、手紙を送り合う活動である。")])
    assert (told.verdict, told.reason) == (Verdict.UNVERIFIED, "文が途中で終わっています。")
