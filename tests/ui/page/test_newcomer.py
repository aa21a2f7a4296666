from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from tests.ui.served import context_of, ingest_into, settings_of
from ui.context import ServerContext
from ui.page.ask import AskPage
from ui.page.frame import Frame
from ui.page.newcomer import GlossaryPage, GuidePage, Newcomers, is_opening


def request_of() -> Any:
    return SimpleNamespace(state=SimpleNamespace(user=None))


TERMS = """潮見市国際課　用語集

# 用語集

## やさしい日本語

語彙や文法を簡単にして、外国人にも分かりやすくした日本語をいう。

## 図書システム<b>

本の貸出しと返却を記録するためのシステムをいう。職員が使う。
"""
PLAN = """# 潮見市図書計画

## 1 計画の目的

この計画は、図書館の利用を広げるために定めるものです。

## 2 開館時間の見直し

開館時間は、平日は午前9時から午後8時まで、土曜日と日曜日は午前9時から午後5時までとします。休館日は毎週月曜日です。
"""


@pytest.fixture
def context(tmp_path: Path) -> Iterator[ServerContext]:
    settings, folder = settings_of(tmp_path), tmp_path / "docs"
    folder.mkdir()
    (folder / "terms.md").write_text(TERMS, encoding="utf-8")
    (folder / "plan.md").write_text(PLAN, encoding="utf-8")
    ingest_into(settings, folder)
    opened = context_of(settings)
    yield opened
    opened.index.close()


def places(shown: str) -> list[str]:
    return [html.unescape(place) for place in re.findall(r'data-place="([^"]+)"', shown)]


def test_each_term_opens_its_place_in_the_original(context: ServerContext) -> None:
    frame = Frame("ja", "")
    shown = GlossaryPage(Newcomers(context), frame).list_html("日本語", request_of())
    assert "やさしい日本語" in shown
    [place] = places(shown)
    panel = AskPage(context, frame).open_source(place)
    assert "<mark>語彙や文法を簡単にして" in panel


def test_terms_of_documents_are_text(context: ServerContext) -> None:
    shown = GlossaryPage(Newcomers(context), Frame("en", "")).list_html("", request_of())
    assert "<b>" not in shown
    assert "図書システム" in shown


def test_words_that_no_term_holds_are_told(context: ServerContext) -> None:
    page = GlossaryPage(Newcomers(context), Frame("ja", ""))
    assert "当てはまる用語はありません" in page.list_html("量子", request_of())


def test_guide_shows_purpose_outline_and_questions_with_places(context: ServerContext) -> None:
    shown = GuidePage(Newcomers(context), Frame("ja", "")).list_html(request_of())
    assert "この計画は、図書館の利用を広げるために定めるものです。" in shown
    assert "開館時間の見直し" in shown
    assert 'data-action="ask"' in shown
    assert places(shown)


def test_what_is_drawn_is_kept_until_the_index_changes(context: ServerContext, tmp_path: Path) -> None:
    newcomers = Newcomers(context)
    before = newcomers.first_looks()
    assert newcomers.first_looks() is before
    (tmp_path / "docs" / "terms.md").write_text(TERMS.replace("やさしい日本語", "機械翻訳"), encoding="utf-8")
    ingest_into(context.settings, tmp_path / "docs")
    context.index.refresh()
    assert newcomers.first_looks().glossary.look_up("機械翻訳")


@pytest.mark.parametrize(("action", "opens"), [("cite", True), ("ask", True), ("remove", False)])
def test_click_on_a_place_or_a_question_leads_to_the_first_tab(action: str, opens: bool) -> None:
    assert is_opening(gr.EventData(None, {"action": action})) is opens
