from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.guide import Guide, editions
from index.store import Store


@pytest.fixture(scope="module")
def guides(sample_store: Store) -> dict[str, Guide]:
    return {r.source: Guide.of(sample_store.document(r.id)) for r in sample_store.documents()}


def test_each_line_is_what_its_ranges_say(sample_store: Store, guides: dict[str, Guide]) -> None:
    for guide in guides.values():
        text = sample_store.text(guide.document_id)
        for line in (*guide.purpose, *guide.outline):
            said = "".join(text[span.start : span.end] for span in line.spans)
            assert "".join(said.split()) == "".join(line.text.split())


def test_purpose_is_the_sentence_that_says_it(guides: dict[str, Guide]) -> None:
    assert [line.text for line in guides["yogoshu.txt"].purpose] == [
        "この用語集は、新たに配属された職員のために、庁内の文書でよく使われる言葉をまとめたものです。"
    ]


def test_outline_is_the_headings_in_order(guides: dict[str, Guide]) -> None:
    outline = guides["keikaku_jisshi_jokyo.txt"].outline
    assert [line.text[0] for line in outline if line.level == 0] == list("１２３４５６")


def test_questions_have_the_place_that_they_were_drawn_from(guides: dict[str, Guide]) -> None:
    questions = guides["kyokai_faq.md"].questions
    assert len(questions) == 3
    assert all(line.spans for line in questions)


def test_editions_are_grouped_newest_first(sample_store: Store) -> None:
    one, *others = sample_store.documents()
    old = replace(one, id="a", title="潮見市交流計画（素案）", fiscal_years=(2021,))
    new = replace(one, id="b", title="潮見市交流計画（令和5年度改定版）", fiscal_years=(2023,))
    assert [[r.id for r in group] for group in editions([old, *others, new])] == [["b", "a"]]
    assert editions(others) == []
