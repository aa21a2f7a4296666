"""What a user does on the page."""

from __future__ import annotations

from typing import Any

BOX = "#question textarea"
DONE = """question => {
  const turn = document.querySelector('#turn .turn');
  return turn && turn.dataset.state === 'done' && !turn.dataset.before
    && turn.querySelector('.question').innerText.includes(question);
}"""
MARK = "document.querySelectorAll('#turn .turn').forEach((turn) => { turn.dataset.before = true; })"
TEXT_QUESTION = "会議室の予約は何日前までですか。"
TABLE_QUESTION = "青少年の受入れの担当課はどこですか。"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
PDF_QUESTION = "汐見橋はいつ開通しますか。"
UNANSWERED = "宇宙船の燃料の種類は何ですか。"


def ask(page: Any, question: str) -> None:
    page.evaluate(MARK)  # the answer that is there may be to the same question
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    wait_for_answer(page, question)


def wait_for_answer(page: Any, question: str) -> None:
    page.wait_for_function(DONE, arg=question, timeout=20_000)


def open_first_source(page: Any) -> None:
    page.click("#turn [data-action=cite] >> nth=0")
    page.wait_for_selector("#source .source:not(.empty) mark")
    page.wait_for_timeout(200)


def open_tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def squeezed(text: str) -> str:
    return "".join(text.split())
