"""Confirmed true sentences with one thing changed, by machine: another number, year or era of the same source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.check import Ground, Verdict, check
from assistant.facts import Fact, facts_of, unified
from assistant.values import same

GATE = Path(__file__).parents[1] / "gate"
PAIRS = [
    json.loads(line)
    for path in sorted(GATE.glob("*.jsonl"))
    if path.name != "model_words.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines()
]
ERAS = {"令和": "平成", "平成": "令和", "昭和": "平成", "大正": "昭和", "明治": "大正"}


def is_confirmed(sentence: str, pair: dict[str, Any]) -> bool:
    found = check(sentence, [Ground(pair["source"])], question=pair.get("question", ""))
    return found.verdict is Verdict.CONFIRMED


def with_other_fact(pair: dict[str, Any]) -> Iterator[str]:
    """The sentence with one of its facts replaced by another of its kind that the source has."""
    text = unified(pair["sentence"])
    mine = facts_of(text)
    for fact in mine:
        for other in facts_of(unified(pair["source"])):
            if is_like(fact, other) and not any(same(other, one) for one in mine):
                yield text[: fact.start] + other.shown + text[fact.end :]


def is_like(one: Fact, other: Fact) -> bool:
    return one.kind == other.kind and one.unit == other.unit


def with_other_era(pair: dict[str, Any]) -> Iterator[str]:
    text = unified(pair["sentence"])
    for found in re.finditer("|".join(ERAS), text):
        yield text[: found.start()] + ERAS[found[0]] + text[found.end() :]


@pytest.mark.parametrize(("change", "most"), [(with_other_fact, 0.03), (with_other_era, 0.0)])
def test_changed_sentences_are_not_confirmed(change: Any, most: float) -> None:
    told_true = {(pair["source"], unified(pair["sentence"])) for pair in PAIRS if pair["is_true"]}
    changed = {
        (pair["source"], text): pair
        for pair in PAIRS
        if pair["is_true"] and is_confirmed(pair["sentence"], pair)
        for text in change(pair)
    }
    tried = [key for key in changed if key not in told_true]
    passed = [text for source, text in tried if is_confirmed(text, changed[source, text])]
    print(f"{change.__name__}: {len(passed)} of {len(tried)} confirmed")
    assert len(tried) > 100
    assert len(passed) <= most * len(tried)
