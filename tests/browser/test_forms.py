"""The switch between prose and quotes, in front of a model that says what this test wrote down."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import Server, running
from tests.browser.steps import TEXT_QUESTION, ask
from tests.ui.model_server import ModelServer, model_saying

pytest.importorskip("langchain_openai")
pytestmark = pytest.mark.slow
Open = Callable[..., Any]

TRUE = "会議室の予約は、利用日の七日前までに総務課へ申し込みます。"
FALSE = "会議室の予約は、利用日の三日前までに総務課へ申し込みます。"
AXE = files("axe_playwright_python") / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_saying("会議室の予約は、", 0.3, TRUE[8:], "[{key}]", FALSE, "[{key}]") as server:
        yield server


@pytest.fixture(scope="module")
def writing(indexed: Path, model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("forms") / "own")
    with running(folder, model="openai:m", model_url=model.url, questions_per_minute="10000") as server:
        yield server


def test_prose_has_marks_and_a_struck_sentence_and_quotes_ask_no_model(
    open_page: Open, writing: Server, model: ModelServer
) -> None:
    page = open_page(at=writing)
    ask(page, TEXT_QUESTION)
    turn = page.locator("#turn .turn")
    assert "確認済み" in turn.inner_text()
    assert turn.locator("s").all_text_contents() == [FALSE]
    assert page.locator("#turn .unchecked").count() == 0
    asked = model.n_requests
    page.get_by_role("radio", name="引用", exact=True).check()
    ask(page, TEXT_QUESTION)
    assert turn.locator("s").count() == 0
    assert model.n_requests == asked
    assert "利用日の七日前までに総務課へ申し込む。" in turn.inner_text()
    page.get_by_role("radio", name="文章", exact=True).check()
    ask(page, TEXT_QUESTION)
    assert turn.locator("s").count() == 1
    assert model.n_requests == asked + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_prose_nor_on_the_switch(open_page: Open, writing: Server, scheme: str) -> None:
    page = open_page(at=writing, color_scheme=scheme)
    ask(page, TEXT_QUESTION)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(RUN_AXE, TAGS)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
