from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.steps import BOX, TEXT_QUESTION, ask, wait_for_answer

pytestmark = pytest.mark.slow
Open = Callable[..., Any]

COMPOSING = """([composing, code]) => {
  const box = document.querySelector('#question textarea');
  const enter = { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing: composing };
  for (const kind of ['keydown', 'keypress', 'keyup']) {
    const event = new KeyboardEvent(kind, enter);
    Object.defineProperty(event, 'keyCode', { get: () => code });
    box.dispatchEvent(event);
  }
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  return { name: one.getAttribute('aria-label') || one.innerText || one.id || one.tagName,
           isSeen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
}"""


@pytest.mark.parametrize(("composing", "code"), [(True, 13), (False, 229), (True, 229)])
def test_enter_that_confirms_a_conversion_does_not_send(open_page: Open, composing: bool, code: int) -> None:
    page = open_page()
    page.fill(BOX, TEXT_QUESTION)
    page.evaluate(COMPOSING, [composing, code])
    page.wait_for_timeout(700)
    assert page.locator("#turn .turn").count() == 0
    assert page.input_value(BOX) == TEXT_QUESTION


def test_plain_enter_as_an_event_does_send(open_page: Open) -> None:
    page = open_page()
    page.fill(BOX, TEXT_QUESTION)
    page.evaluate(COMPOSING, [False, 13])
    wait_for_answer(page, TEXT_QUESTION)


def test_shift_enter_starts_a_new_line(open_page: Open) -> None:
    page = open_page()
    page.fill(BOX, "一行目")
    page.press(BOX, "Shift+Enter")
    page.keyboard.type("二行目")
    assert page.input_value(BOX) == "一行目\n二行目"


def tab_until(page: Any, selector: str, most: int = 40) -> None:
    """Press Tab until the element has the focus; on the way every stop is named and seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue  # from the last stop to the first the focus goes through the browser's own controls
        stop = page.evaluate(FOCUSED)
        assert stop["name"].strip(), page.evaluate("document.activeElement.outerHTML")
        assert stop["isSeen"], page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not to be reached by the keyboard")


def test_everything_is_done_with_the_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.wait_for_selector("#suggestions li")
    page.evaluate("document.activeElement.blur()")
    tab_until(page, "a.skip")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#question textarea')")
    page.keyboard.type(TEXT_QUESTION)
    page.keyboard.press("Enter")
    wait_for_answer(page, TEXT_QUESTION)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Home")
    tab_until(page, "#turn .chip")
    page.keyboard.press("Enter")
    page.wait_for_selector("#source .source:not(.empty) mark")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.matches('#source .source')")
    tab_until(page, "#source [data-view=repaired]")
    page.keyboard.press("Space")
    assert page.locator("#source .repaired").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#turn .chip')")


def test_tabs_change_with_the_keyboard(open_page: Open) -> None:
    page = open_page()
    tab = page.get_by_role("tab", name="文書")
    for _ in range(5):  # on a busy machine a tab is there a moment before it listens
        tab.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(2000)
        if tab.get_attribute("aria-selected") == "true":
            break
    page.wait_for_selector("#documents table")


def test_answer_is_announced_to_those_who_cannot_see_it(open_page: Open) -> None:
    page = open_page()
    ask(page, TEXT_QUESTION)
    page.wait_for_function("document.getElementById('announcer').innerText.startsWith('回答が出ました')")
    assert page.locator("#announcer").get_attribute("aria-live") == "polite"
