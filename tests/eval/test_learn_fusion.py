from __future__ import annotations

import numpy as np

from eval.learn_fusion import Example, best_strength, figures, folds, learn, loss, report
from index.fusion import MEASURES

RIGHT = "会費は年に二千円です。"
WRONG = "窓口は月曜日に休みます。"


def example(document: str, seed: int) -> Example:
    """The covering passage is best by the first measure; the last one misleads."""
    rng = np.random.default_rng(seed)
    measures = rng.uniform(0, 0.3, size=(5, len(MEASURES)))
    measures[2, 0] = 1.0
    measures[4, -1] = 1.0
    covers = np.array([False, False, True, False, False])
    texts = (WRONG, WRONG + "一", RIGHT, WRONG + "二", WRONG + "三")
    return Example(document, (RIGHT,), measures, covers, texts)


EXAMPLES = [example(f"文書{n % 3}", n) for n in range(12)]


def test_a_measure_that_finds_the_evidence_gains_and_one_that_misleads_loses() -> None:
    weights = learn(EXAMPLES, strength=0.01)
    assert weights[0] > 1 > weights[-1] >= 0
    assert loss(EXAMPLES, weights) < loss(EXAMPLES, np.ones(len(MEASURES)))


def test_a_strong_pull_leaves_the_weights_equal() -> None:
    assert np.allclose(learn(EXAMPLES, strength=9.0), 1, atol=0.1)


def test_each_document_is_left_out_once() -> None:
    parts = folds(EXAMPLES)
    assert [out[0].document for _, out in parts] == ["文書0", "文書1", "文書2"]
    assert all(not {e.document for e in rest} & {e.document for e in out} for rest, out in parts)


def test_report_tells_figures_held_out_and_in_sample() -> None:
    learnt = report(EXAMPLES, {"dataset": "0"})
    assert learnt["held_out"] == {
        "hit@1": 1.0, "hit@5": 1.0, "evidence@500": 1.0, "evidence@1000": 1.0, "evidence@2000": 1.0,
    }  # fmt: skip
    assert learnt["strength"] == best_strength(EXAMPLES)
    assert figures(EXAMPLES, lambda _: -np.ones(len(MEASURES)))["hit@1"] < 1


def test_questions_without_covering_passage_teach_nothing() -> None:
    lost = [Example("文書", (RIGHT,), np.eye(2, len(MEASURES)), np.zeros(2, dtype=bool), (WRONG, WRONG))]
    assert learn(lost, strength=0.1).tolist() == [1.0] * len(MEASURES)
    assert loss(lost, np.ones(len(MEASURES))) == 0
