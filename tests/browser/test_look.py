from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from tests.browser.steps import PHONE, TEXT_QUESTION, UNANSWERED, ask, open_first_source, open_tab

pytestmark = pytest.mark.slow
Open = Callable[..., Any]
AXE = files("axe_playwright_python") / "axe.min.js"

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = "tags => axe.run(document, { runOnly: { type: 'tag', values: tags } })"


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [
        f"{violation['id']} {node['target']} {node['failureSummary']}"
        for violation in page.evaluate(RUN_AXE, TAGS)["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/en"])
def test_axe_finds_nothing(open_page: Open, scheme: str, path: str) -> None:
    page = open_page(path, color_scheme=scheme, bypass_csp=True)
    page.wait_for_selector("#suggestions li")
    assert violations(page) == []
    page.click("#narrow button")
    ask(page, TEXT_QUESTION)
    open_first_source(page)
    assert violations(page) == []
    page.click("#source [data-view=repaired]")
    ask(page, UNANSWERED)
    assert violations(page) == []
    for name, part in (("文書", "#documents table"), ("履歴", "#history li")):
        open_tab(page, name if path == "/" else {"文書": "Documents", "履歴": "History"}[name])
        page.wait_for_selector(part)
        assert violations(page) == []


def test_axe_finds_nothing_on_a_phone_and_on_the_pages_of_links(open_page: Open) -> None:
    page = open_page(bypass_csp=True, **PHONE)
    ask(page, TEXT_QUESTION)
    open_first_source(page)
    assert violations(page) == []
    source = page.get_by_role("link", name="この箇所へのリンク").get_attribute("href")
    answer = page.locator("#turn a[href*='/answer/']").first.get_attribute("href")
    for address in (source, answer):
        page.goto(page.url.rstrip("/") + address if page.url.endswith("/") else address)
        assert violations(page) == []
        page.go_back()
        page.wait_for_function("window.shirube !== undefined")


def test_phone_shows_the_source_over_the_page_and_closes_it(open_page: Open) -> None:
    page = open_page(**PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ask(page, TEXT_QUESTION)
    assert page.locator("#source-panel").is_hidden()
    open_first_source(page)
    box = page.locator("#source .as-read mark").first.bounding_box()
    assert box
    assert 0 <= box["y"] < 844
    assert 0 <= box["x"] < 390
    page.get_by_role("button", name="閉じる").click()
    assert page.locator("#source-panel").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_page_at_200_percent_scrolls_in_one_direction_only(open_page: Open) -> None:
    page = open_page(viewport={"width": 640, "height": 430})  # what 1280 × 860 leaves at 200 %
    ask(page, TEXT_QUESTION)
    open_first_source(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_language_is_switched(open_page: Open) -> None:
    page = open_page()
    assert page.evaluate("document.documentElement.lang") == "ja"
    page.get_by_role("link", name="English").click()
    page.wait_for_selector("text=Narrow down")
    page.wait_for_function("document.documentElement.lang === 'en'")
    ask(page, UNANSWERED)
    assert page.locator("#turn .not-found").inner_text() == "The documents do not say."
    page.get_by_role("link", name="日本語").click()
    page.wait_for_selector("text=絞り込み")


def test_dark_mode_is_switched_and_remembered(open_page: Open) -> None:
    page = open_page(color_scheme="light")
    assert page.get_by_role("button", name="暗い画面").get_attribute("aria-pressed") == "false"
    page.get_by_role("button", name="暗い画面").click()
    page.reload()
    page.wait_for_selector("body.dark")
    assert page.get_by_role("button", name="暗い画面").get_attribute("aria-pressed") == "true"
