from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.guide import Guide, editions
from index.store import Store
from ingest.document import Block, BlockKind, Document
from ingest.traced import Traced


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


def test_heading_that_comes_back_again_and_again_is_left_out_of_the_outline() -> None:
    text = "".join(f"第{n}章　調査{n}\n問いの文です。\n【中堅企業】\n答えの文です。\n" for n in range(1, 5))
    blocks = tuple(
        Block(
            BlockKind.HEADING if line[-1] != "。" else BlockKind.PARAGRAPH,
            Traced.from_original(text, at, at + len(line)),
            (line,),
        )
        for line, at in _lines(text)
    )
    guide = Guide.of(Document("d" * 16, "a.txt", "調査", "", (), "0" * 64, text, blocks))
    assert [line.text for line in guide.outline] == [f"第{n}章 調査{n}" for n in range(1, 5)]


def _lines(text: str) -> list[tuple[str, int]]:
    out, at = [], 0
    for line in text.splitlines():
        out.append((line, at))
        at += len(line) + 1
    return out
