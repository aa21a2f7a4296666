"""The page's configuration, and its events without a browser."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from index.filters import Filters
from tests.ui.served import QUESTION, context_of, ingest_into, serving, settings_of, write_documents
from ui.context import ServerContext
from ui.page.ask import AskPage
from ui.page.asked import Asked, Session
from ui.page.documents import DocumentsPage
from ui.page.frame import Frame
from ui.page.parts import PageParts, open_parts
from ui.page.past import HistoryPage
from ui.web import build_page

UNANSWERED = "宇宙船の燃料は何ですか。"


@pytest.fixture
def context(tmp_path: Path) -> Iterator[ServerContext]:
    settings = settings_of(tmp_path)
    ingest_into(settings, write_documents(tmp_path / "docs"))
    opened = context_of(settings)
    yield opened
    opened.index.close()


@pytest.fixture
def parts(context: ServerContext) -> Iterator[PageParts]:
    with open_parts(context) as opened:
        yield opened


def built(context: ServerContext, parts: PageParts) -> Any:
    """The page, built in an event loop as the server does."""

    async def build() -> Any:
        return build_page(context, parts)

    return asyncio.run(build())


def request_of(name: str = "") -> Any:
    user = SimpleNamespace(name=name) if name else None
    return SimpleNamespace(state=SimpleNamespace(user=user), session_hash="s1")


def click(**data: str) -> Any:
    return gr.EventData(None, data)


def ask_page(context: ServerContext, parts: PageParts, language: Any = "ja") -> AskPage:
    return AskPage(context, Frame(language), keeping=parts.keeping, suggest=parts.suggest)


def shown(update: Any) -> bool:
    return isinstance(update, str | Session)


def asked(
    page: AskPage, question: str, session: Session | None = None, **filters: frozenset[str]
) -> list[tuple[Any, ...]]:
    return list(page.ask(Asked(question, session or Session(), Filters(**filters)), request_of()))


def final(steps: list[tuple[Any, ...]]) -> tuple[str, Session]:
    return steps[-1][1], steps[-1][2]


def test_page_has_no_address_of_another_host(context: ServerContext, parts: PageParts) -> None:
    config = str(built(context, parts).get_config_file())
    assert re.findall(r"https?://(?!127\.0\.0\.1|localhost)[a-z0-9.-]+", config) == []


def test_page_sends_nothing_about_its_use(context: ServerContext, parts: PageParts) -> None:
    assert built(context, parts).analytics_enabled is False


def test_page_offers_only_private_events(context: ServerContext, parts: PageParts) -> None:
    dependencies = built(context, parts).get_config_file()["dependencies"]
    assert {dependency["api_visibility"] for dependency in dependencies} <= {"private", "undocumented"}


def test_page_exists_in_both_languages(context: ServerContext, parts: PageParts) -> None:
    page = built(context, parts)
    labels = {block.page: block.label for block in page.blocks.values() if block.elem_id == "question"}
    assert {page: label[:2] for page, label in labels.items()} == {"": "質問", "en": "Qu"}


def test_page_without_uploads_has_no_way_to_send_a_file(context: ServerContext, parts: PageParts) -> None:
    assert not any(isinstance(block, gr.File) for block in built(context, parts).blocks.values())


def test_server_serves_the_page_and_its_script(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    ingest_into(settings, write_documents(tmp_path / "docs"))
    with serving(settings, with_page=True) as client:
        assert [client.get(path).status_code for path in ("/", "/en", "/page.js")] == [200, 200, 200]


def test_ask_shows_the_question_before_the_answer(context: ServerContext, parts: PageParts) -> None:
    steps = asked(ask_page(context, parts), QUESTION)
    assert QUESTION in steps[0][1]
    assert 'data-state="pending"' in steps[0][1]
    assert steps[0][3] == ""


def test_ask_adds_one_sentence_after_another(context: ServerContext, parts: PageParts) -> None:
    turns = [step[1] for step in asked(ask_page(context, parts), QUESTION)[1:]]
    counts = [turn.count('class="sentence"') for turn in turns]
    assert counts == list(range(1, len(counts) + 1))
    assert 'data-state="done"' in turns[-1]
    assert all('data-state="streaming"' in turn for turn in turns[:-1])


def test_ask_gives_every_sentence_a_button_with_a_name(context: ServerContext, parts: PageParts) -> None:
    turn, _ = final(asked(ask_page(context, parts), QUESTION))
    chips = re.findall(
        r'<button type="button"[^>]*data-action="cite"[^>]*aria-label="([^"]+)"[^>]*>([^<]+)<', turn
    )
    assert len(chips) == turn.count('class="sentence"')
    assert all(name.startswith(label) for name, label in chips)


def test_ask_of_nothing_changes_nothing(context: ServerContext, parts: PageParts) -> None:
    steps = asked(ask_page(context, parts), " \n　")
    assert len(steps) == 1
    assert not any(map(shown, steps[0]))


def test_ask_without_an_answer_shows_the_nearest_sections(context: ServerContext, parts: PageParts) -> None:
    turn, _ = final(asked(ask_page(context, parts), UNANSWERED))
    assert "文書に記載がありません。" in turn
    assert "言い方を変えるか" in turn
    assert 'data-action="cite"' in turn


def test_ask_says_which_filter_it_used(context: ServerContext, parts: PageParts) -> None:
    books = next(record.id for record in context.records().values() if record.source == "books.md")
    turn, _ = final(
        asked(ask_page(context, parts), "本は何週間借りられますか。", documents=frozenset({books}))
    )
    assert "絞り込み: 図書室" in turn
    assert "会議室" not in turn


def test_ask_refused_for_its_rate_is_told(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    for _ in range(context.settings.questions_per_minute):
        context.questions.spend("local")
    turn, session = final(asked(page, QUESTION))
    assert 'class="note"' in turn
    assert session.turns[-1].trouble


def test_ask_moves_earlier_turns_up(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    _, session = final(asked(page, QUESTION))
    steps = asked(page, UNANSWERED, session)
    assert QUESTION in steps[0][0]
    assert [turn.question for turn in final(steps)[1].turns] == [QUESTION, UNANSWERED]


def test_ask_shows_hostile_questions_as_text(context: ServerContext, parts: PageParts) -> None:
    turn, _ = final(asked(ask_page(context, parts), '<img src=x onerror=alert(1)>"\u202e'))
    assert "<img" not in turn
    assert "⟦U+202E⟧" in turn


def test_chip_opens_the_source_with_the_quote_marked(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    turn, session = final(asked(page, QUESTION))
    place = html.unescape(re.findall(r'data-place="([^"]+)"', turn)[0])
    panel, _ = page.act(click(action="cite", place=place), request_of())
    as_read = panel[panel.index("<pre") : panel.index("</pre>")]
    marked = html.unescape("".join(re.findall(r"<mark>(.*?)</mark>", as_read, re.DOTALL)))
    quote = session.turns[0].sources[0].text.replace(" ／ ", "")
    assert "".join(marked.split()) == "".join(quote.split())


@pytest.mark.parametrize("place", ["", "x?spans=1-2", "x?spans=2-1", "?", "../../etc/passwd?spans=1-2"])
def test_chip_of_no_place_says_that_it_is_gone(context: ServerContext, parts: PageParts, place: str) -> None:
    panel, _ = ask_page(context, parts).act(click(action="cite", place=place), request_of())
    assert "いまは取り込まれていません" in panel


def test_conversation_is_kept_and_goes_on(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    assert parts.keeping
    _, session = final(asked(page, QUESTION))
    final(asked(page, UNANSWERED, session))
    (kept,) = parts.keeping.history.conversations("local")
    assert kept.n_turns == 2
    past = HistoryPage(context, Frame("ja"), parts.keeping)
    again = past.session_of(kept.id, "local")
    assert again
    assert [turn.question for turn in again.turns] == [QUESTION, UNANSWERED]
    assert again.turns[0].sources == session.turns[0].sources
    assert past.session_of(kept.id, "suzuki") is None


def test_history_lists_only_ones_own(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    assert parts.keeping
    past = HistoryPage(context, Frame("ja"), parts.keeping)
    final(asked(page, QUESTION))
    assert QUESTION in past.list_html("", request_of())
    assert QUESTION not in past.list_html("", request_of("suzuki"))
    assert "当てはまる会話はありません" in past.list_html("潜水艦", request_of())


def test_history_renames_and_deletes(context: ServerContext, parts: PageParts) -> None:
    assert parts.keeping
    past = HistoryPage(context, Frame("ja"), parts.keeping)
    final(asked(ask_page(context, parts), QUESTION))
    (kept,) = parts.keeping.history.conversations("local")
    listed, _ = past.change(
        "", click(action="rename", conversation=kept.id, answer="<b>予約</b>"), request_of()
    )
    assert "&lt;b&gt;予約&lt;/b&gt;" in listed
    _, said = past.change("", click(action="delete", conversation=kept.id), request_of("suzuki"))
    assert "履歴にありません" in said
    assert parts.keeping.history.conversations("local")
    past.change("", click(action="delete", conversation=kept.id), request_of())
    assert parts.keeping.history.conversations("local") == []


def test_feedback_is_stored_with_the_answer(context: ServerContext, parts: PageParts) -> None:
    page = ask_page(context, parts)
    assert parts.keeping
    _, session = final(asked(page, QUESTION))
    kept_id = session.turns[0].kept_id
    _, said = page.act(
        click(action="feedback", kept=kept_id, verdict="wrong_source", comment="別の条です"), request_of()
    )
    assert "記録しました" in said
    opinion = parts.keeping.feedback.get("local", kept_id)
    assert opinion
    assert (opinion.verdict.value, opinion.comment) == ("wrong_source", "別の条です")
    _, said = page.act(click(action="feedback", kept=kept_id, verdict="bogus"), request_of())
    assert "処理できませんでした" in said


def test_documents_are_listed_with_what_there_is_of_them(context: ServerContext) -> None:
    table = DocumentsPage(context, Frame("ja")).table_html(request_of())
    assert "2 文書" in table
    assert '<th scope="row">会議室<br>' in table
    assert "取り除く" not in table


def test_documents_of_an_empty_index_say_what_to_do(tmp_path: Path) -> None:
    context = context_of(settings_of(tmp_path))
    assert "取り込" in DocumentsPage(context, Frame("ja")).table_html(request_of())


def test_suggestions_are_questions_about_the_documents(context: ServerContext, parts: PageParts) -> None:
    shown = ask_page(context, parts).suggestions_html(request_of())
    questions = [html.unescape(found) for found in re.findall(r'data-question="([^"]+)"', shown)]
    assert questions == list(parts.suggest(4) if parts.suggest else [])


def test_choices_of_filters_come_from_the_documents(context: ServerContext, parts: PageParts) -> None:
    documents, publishers, years = ask_page(context, parts).choices(request_of())
    assert sorted(title for title, _ in documents["choices"]) == ["会議室", "図書室"]
    assert publishers["choices"] == []
    assert years["choices"] == []


def test_a_session_holds_no_more_after_many_answers(context: ServerContext, parts: PageParts) -> None:
    page = built(context, parts)
    asks = next(fn for fn in page.fns.values() if fn.name == "ask_typed")
    state = SessionState(page)

    def given(part: Any) -> Any:
        return (
            QUESTION
            if part.elem_id == "question"
            else Session()
            if isinstance(part, gr.State)
            else part.value
        )

    async def answer() -> int:
        for result in asks.fn({part: given(part) for part in asks.inputs}, request_of()):
            await page.postprocess_data(asks, list(result), state)
        return len(state.config_values)

    held = [asyncio.run(answer()) for _ in range(3)]
    assert held == [len(page.default_config.blocks)] * 3
    assert state[asks.outputs[0]._id] is not None
