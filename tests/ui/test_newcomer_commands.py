"""用語集 and はじめての方へ on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ui.conftest import Shirube


def test_term_is_shown_with_its_meaning_and_place(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube("glossary", "やさしい日本語", "--index-dir", index_dir)
    assert (outcome.code, outcome.err) == (0, "")
    term, meaning, place = outcome.out.splitlines()[:3]
    assert term == "やさしい日本語"
    assert meaning.startswith("    用語: 語彙や文法を簡単にし")
    assert "yogoshu.txt:" in place


def test_all_terms_as_json_have_their_ranges(shirube: Shirube, index_dir: Path) -> None:
    told = json.loads(shirube("glossary", "--json", "--index-dir", index_dir).out)
    assert len(told["entries"]) > 10
    assert all(meaning["spans"] for entry in told["entries"] for meaning in entry["meanings"])


def test_unknown_term_is_an_error_with_the_next_step(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube("glossary", "量子コンピューター", "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert "shirube glossary" in outcome.err


def test_guide_shows_purpose_headings_and_questions(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube("guide", "yogoshu.txt", "--index-dir", index_dir)
    assert outcome.code == 0
    assert "  目的\n" in outcome.out
    assert "  見出し\n" in outcome.out
    assert "  はじめの質問\n" in outcome.out


def test_guide_of_all_documents_as_json(shirube: Shirube, index_dir: Path) -> None:
    told = json.loads(shirube("guide", "--json", "--index-dir", index_dir).out)
    assert len({guide["document_id"] for guide in told["guides"]}) == len(told["guides"]) > 1
    assert any(guide["purpose"] for guide in told["guides"])


def test_guide_of_an_unknown_document_is_an_error(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube("guide", "nai.txt", "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert "shirube status" in outcome.err
