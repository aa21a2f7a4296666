from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from eval.compare import CompareError, compare, load_run, permutation_p
from eval.evaluate import summarize
from eval.labels import LABELS, LOWER_IS_BETTER
from eval.records import Record, RecordStatus
from eval.report import write_report
from eval.table import format_comparison

ONE = "受付は5月1日から始める"
N = 20


def run(build, folder, *, wrong=(), ids=range(N), **signature):
    questions = [build.question(ONE, id=f"q{n}", question=f"{n}番の受付はいつですか。") for n in ids]
    records = [
        replace(build.said("5月2日です" if n in wrong else "5月1日です", ONE), id=f"q{n}") for n in ids
    ]
    report = summarize(questions, records, {}.__getitem__, signature={"shirube": "0", **signature})
    write_report(folder, records, report)
    return load_run(folder)


def test_a_deliberate_regression_is_found_and_its_questions_are_named(build, tmp_path):
    a = run(build, tmp_path / "a", wrong={0}, k="20")
    b = run(build, tmp_path / "b", wrong=range(1, 10), k="3")
    found = compare(a, b)
    right = found.measures["right"]
    assert (right.a, right.b, right.n, right.is_better) == (0.95, 0.55, N, False)
    assert right.difference == pytest.approx(-0.4)
    assert right.high < 0
    assert right.p < 0.05
    worse = [one.id for one in found.changed if not one.is_better]
    assert worse == [f"q{n}" for n in range(1, 10)]
    assert [one.id for one in found.changed if one.is_better] == ["q0"]
    assert found.signature == {"k": ("20", "3")}
    told = format_comparison(found)
    assert "悪くなった質問 9 件" in told
    assert "q3  3番の受付はいつですか。" in told
    assert "A: 5月1日です\n    B: 5月2日です" in told
    assert json.loads(json.dumps(found.to_json()))["changed"][0]["because"] == "right"


def test_a_run_does_not_differ_from_itself(build, tmp_path):
    a = run(build, tmp_path / "a", wrong={0})
    found = compare(a, a)
    assert found.changed == []
    assert {(one.difference, one.p, one.is_better) for one in found.measures.values()} == {(0.0, 1.0, None)}


def test_only_common_questions_are_compared(build, tmp_path):
    a, b = run(build, tmp_path / "a", ids=range(3)), run(build, tmp_path / "b", ids=range(2, 7))
    found = compare(a, b)
    assert (found.n_common, found.n_only_a, found.n_only_b) == (1, 2, 4)
    assert "6 件は除く" in format_comparison(found)
    with pytest.raises(CompareError, match="共通の質問がありません"):
        compare(a, run(build, tmp_path / "c", ids=range(9, 11)))


@pytest.mark.parametrize("content", ["{", "[]", '{"format": 1, "per_question": [], "signature": {}}'])
def test_a_folder_without_a_report_of_this_version_is_refused(tmp_path, content):
    with pytest.raises(CompareError, match="読めません"):
        load_run(tmp_path)
    (tmp_path / "report.json").write_text(content, encoding="utf-8")
    with pytest.raises(CompareError, match="この版"):
        load_run(tmp_path)


def test_permutation_p_is_near_the_exact_share_of_all_signs():
    moved = [1.0, 1.0, 1.0, -1.0, 0.5, 0.0, 0.25]
    sums = [
        abs(sum(s * m for s, m in zip(signs, moved, strict=True)))
        for signs in product((1, -1), repeat=len(moved))
    ]
    exact = sum(one >= abs(sum(moved)) for one in sums) / len(sums)
    assert permutation_p(moved) == pytest.approx(exact, abs=0.02)
    assert permutation_p([0.0, 0.0]) == 1.0
    with pytest.raises(ValueError, match="at least one"):
        permutation_p([])


def test_lower_is_better_is_what_the_labels_say():
    assert (
        {name for name, label in LABELS.items() if "低いほどよい" in label} <= LOWER_IS_BETTER <= set(LABELS)
    )


def test_an_answer_that_became_an_error_is_worse(build, tmp_path):
    a = run(build, tmp_path / "a", ids=[1])
    failed = Record("q1", RecordStatus.ERROR, message="索引がありません。")
    report = summarize([build.question(ONE, id="q1")], [failed], {}.__getitem__, signature={})
    write_report(tmp_path / "b", [failed], report)
    (changed,) = compare(a, load_run(tmp_path / "b")).changed
    assert (changed.is_better, changed.answer_b, changed.lost_b) == (False, "索引がありません。", "error")
