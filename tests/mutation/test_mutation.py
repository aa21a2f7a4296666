"""Broken files end in a document or in one clear line; 5,000 of them with SHIRUBE_MUTANTS=5000, or by guard.py."""

from __future__ import annotations

import os

import pytest

from tests.mutation.guard import Ending, endings
from tests.mutation.mutate import mutants, seeds

SOME = 300


@pytest.mark.slow
def test_broken_files_end_in_a_document_or_a_clear_line() -> None:
    found = list(endings(int(os.environ.get("SHIRUBE_MUTANTS", SOME))))
    assert [ending for ending in found if ending.is_fault] == []
    assert {ending.end for ending in found} == {"read", "refused"}


def test_mutants_are_the_same_each_time_and_of_every_format() -> None:
    first, second = list(mutants(40)), list(mutants(40))
    assert first == second
    assert {mutant.suffix for mutant in first} == {"." + name.rpartition(".")[2] for name in seeds()}


@pytest.mark.parametrize(
    ("end", "said", "seconds", "mb"),
    [
        ("raised", "KeyError: 'x'", 0.1, 90),
        ("hung", "exit -9", 20, 0),
        ("crashed", "exit -11", 20, 0),
        ("refused", "no sentence", 0.1, 90),
        ("read", "", 20.5, 90),
        ("read", "", 0.1, 1001),
    ],
)
def test_guard_knows_a_fault(end: str, said: str, seconds: float, mb: float) -> None:
    assert Ending("x", end, said, seconds, mb).is_fault


def test_guard_knows_what_may_happen() -> None:
    assert not Ending("x", "refused", "ファイルが壊れています。", 0.1, 90).is_fault
    assert not Ending("x", "read", "", 0.1, 90).is_fault
