from __future__ import annotations

from dataclasses import replace

import pytest

from eval.corpus import DocumentTexts
from eval.lost import STAGE_LABELS, Stage, lost_at
from eval.records import Excerpt, Record, RecordStatus

ONE = "受付は5月1日から始める"
OTHER = "関係のない別の文がここにある"
TEXTS = {
    "whole": DocumentTexts((ONE,), (ONE,)),
    "unindexed": DocumentTexts((ONE,), (OTHER,)),
    "unread": DocumentTexts((OTHER,), (OTHER,)),
}


def hits(*texts):
    return tuple(Excerpt("a.txt", text, ()) for text in texts)


@pytest.mark.parametrize(
    ("read", "found", "said", "stage"),
    [
        ("whole", [ONE], ("5月1日です", ONE), Stage.RIGHT),
        ("whole", [ONE], ("5月2日です", ONE), Stage.EXTRACTED_WRONG),
        ("whole", [ONE], None, Stage.WRONGLY_REFUSED),
        ("whole", [OTHER] * 5 + [ONE], ("5月2日です", OTHER), Stage.RANKED_LOW),
        ("whole", [OTHER] * 5 + [ONE], ("5月2日です", ONE), Stage.EXTRACTED_WRONG),
        ("whole", [OTHER] * 5 + [ONE], None, Stage.RANKED_LOW),
        ("whole", [OTHER], ("5月2日です", OTHER), Stage.NOT_RETRIEVED),
        ("unindexed", [OTHER], None, Stage.NOT_INDEXED),
        ("unread", [OTHER], None, Stage.NOT_READ),
    ],
)
def test_lost_at_names_the_first_stage_that_lost_it(build, read, found, said, stage):
    record = build.said(*said) if said else Record("q1", RecordStatus.NOT_FOUND)
    case = build.case(build.question(ONE), replace(record, hits=hits(*found)))
    assert lost_at(case, {"a.txt": TEXTS[read]}.__getitem__) is stage


def test_a_document_that_is_not_there_was_not_read(build):
    case = build.case(build.question(ONE), Record("q1", RecordStatus.NOT_FOUND))
    assert lost_at(case, {}.__getitem__) is Stage.NOT_READ
    assert lost_at(case) is Stage.NOT_RETRIEVED


def test_an_unanswerable_question_is_lost_only_by_answering(build):
    nothing = build.question()
    assert lost_at(build.case(nothing, build.said("5月1日です", ONE))) is Stage.WRONGLY_ANSWERED
    assert lost_at(build.case(nothing, Record("q1", RecordStatus.NOT_FOUND))) is Stage.RIGHT
    assert lost_at(build.case(nothing, Record("q1", RecordStatus.ERROR))) is Stage.ERROR


def test_every_stage_has_a_label():
    assert list(STAGE_LABELS) == list(Stage)
