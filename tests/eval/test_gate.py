from __future__ import annotations

import pytest

from eval.evaluate import summarize
from eval.gate import unmet
from eval.records import Record, RecordStatus

ONE = "受付は5月1日から始める"


@pytest.mark.parametrize(
    ("floor", "told"),
    [
        (("right", 0.5), []),
        (("right", 0.51), ["right が 0.500 で、0.510 に届きません"]),
        (("false_refusal", 0.5), []),
        (("false_refusal", 0.4), ["false_refusal が 0.500 で、0.400 を上回りました"]),
        (("refused", 0.1), ["refused を測れる質問がありません"]),
    ],
)
def test_unmet_tells_what_falls_short(build, floor, told):
    questions = [build.question(ONE, id="q1"), build.question(ONE, id="q2")]
    records = [build.said("5月1日です", ONE), Record("q2", RecordStatus.NOT_FOUND)]
    assert unmet(summarize(questions, records, {}.__getitem__, signature={}), [floor]) == told
