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
