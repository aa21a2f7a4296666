from __future__ import annotations

from pathlib import Path

import pytest

from eval.dataset import load_dataset
from eval.draft import draft, draft_lines
from eval.text import states
from ingest.read import read

SAMPLE = Path(__file__).parents[2] / "sample"
NAMES = ("yogoshu.txt", "kyokai_faq.md", "bosai_gomi.html", "令和5年度予算_国際交流関係.csv")


@pytest.fixture(scope="module")
def documents():
    return [read(SAMPLE / name, root=SAMPLE) for name in NAMES]


def test_every_draft_quotes_its_document_word_for_word_and_states_its_fact(documents):
    texts = {document.source: document.text for document in documents}
    drafts = draft(documents, n=200)
    assert len(drafts) > 20
    for one in drafts:
        assert one.quote in texts[one.doc]
        assert states(one.quote, one.fact)
    assert {one.type for one in drafts} >= {"definition", "explain", "row", "number"}
    assert {one.doc for one in drafts} == set(NAMES)


def test_drafts_are_the_same_for_the_same_seed_and_others_for_another(documents):
    first, again, other = (draft_lines(draft(documents, n=12, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_at_most_n_are_drawn_and_no_question_twice(documents):
    drafts = draft(documents, n=15)
    assert len(drafts) == len({one.question for one in drafts}) == 15
    assert draft(documents, n=0) == draft([], n=5) == []
    with pytest.raises(ValueError, match="negative"):
        draft(documents, n=-1)


def test_a_draft_file_is_a_dataset_that_nobody_has_checked(documents, tmp_path):
    drafts = draft(documents, n=10)
    (tmp_path / "draft.jsonl").write_text(draft_lines(drafts), encoding="utf-8")
    questions = load_dataset(tmp_path / "draft.jsonl")
    assert [question.question for question in questions] == [one.question for one in drafts]
    assert not any(question.checked for question in questions)


def test_a_quantity_is_asked_for_in_its_own_sentence(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "# 研修\n\n新任職員の研修は、年に3回実施している。会場は本庁舎である。\n", encoding="utf-8"
    )
    (one,) = [one for one in draft([read(path, root=tmp_path)], n=9) if one.type == "number"]
    assert one.question == "新任職員の研修は、年に何回実施しているか。"
    assert (one.fact, one.quote) == ("3回", "新任職員の研修は、年に3回実施している。")
