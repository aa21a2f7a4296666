from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from tests.browser.site import Server
from tests.browser.steps import (
    BOX,
    PDF_QUESTION,
    TABLE_QUESTION,
    TEXT_QUESTION,
    UNANSWERED,
    ask,
    open_first_source,
    squeezed,
    wait_for_answer,
)

pytestmark = pytest.mark.slow
Open = Callable[..., Any]

MOST_MS = 1500  # 300 on an idle machine, which one that tests others too is not
IN_VIEW = """() => {
  const mark = document.querySelector('#source .view:not([hidden]) mark');
  const box = mark.getBoundingClientRect(), view = mark.closest('.view').getBoundingClientRect();
  return box.top >= view.top - 1 && box.top < view.bottom && box.top >= 0 && box.top < window.innerHeight;
}"""
BOX_IN_VIEW = """() => {
  const box = document.querySelector('#source .picture .box').getBoundingClientRect();
  const view = document.querySelector('#source .pictures').getBoundingClientRect();
  return box.width > 0 && box.top >= view.top && box.bottom <= view.bottom;
}"""
STATES = """() => {
  window.states = [];
  new MutationObserver(() => {
    const turn = document.querySelector('#turn .turn');
    if (!turn) return;
    const state = `${turn.dataset.state} ${turn.querySelectorAll('.sentence').length}`;
    if (window.states.at(-1) !== state) window.states.push(state);
  }).observe(document.body, { childList: true, subtree: true });
}"""
# The page reads that its stream is closed half a second late: as on a busy computer, but every time.
LATE = """() => {
  const fetched = window.fetch;
  window.fetch = async (...asked) => {
    const response = await fetched(...asked);
    if (!String(asked[0]?.url ?? asked[0]).includes('/queue/data')) return response;
    const late = new TransformStream({
      async transform(chunk, controller) {
        if (new TextDecoder().decode(chunk).includes('close_stream')) {
          window.closings = (window.closings ?? 0) + 1;
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
        controller.enqueue(chunk);
      },
    });
    const { status, headers } = response;
    return new Response(response.body.pipeThrough(late), { status, headers });
  };
}"""
STOPWATCH = """() => {
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') window.watch = { start: performance.now(), asked: false };
  }, true);
  new MutationObserver(() => {
    const turn = document.querySelector('#turn .turn');
    if (!turn || !window.watch) return;
    if (turn.dataset.state === 'pending') window.watch.asked = true;
    if (window.watch.asked && turn.querySelector('.sentence') && !window.watch.first)
      window.watch.first = performance.now() - window.watch.start;
  }).observe(document.body, { childList: true, subtree: true });
}"""


def quotes(page: Any, server: Server, question: str) -> list[str]:
    """What the API says that the citations of the same answer quote."""
    answer = page.request.post(f"{server.url}/api/ask", data={"question": question}).json()
    return [citation["quote"] for citation in answer["citations"]]


@pytest.mark.parametrize("question", [TEXT_QUESTION, TABLE_QUESTION], ids=["text", "tsv"])
def test_citation_opens_the_original_with_the_quote_marked_in_view(
    open_page: Open, server: Server, question: str
) -> None:
    page = open_page()
    ask(page, question)
    open_first_source(page)
    marked = "".join(page.locator("#source .as-read mark").all_text_contents())
    assert squeezed(marked) == squeezed(quotes(page, server, question)[0])
    page.wait_for_function(IN_VIEW, timeout=3000)


def test_every_citation_marks_its_own_quote(open_page: Open, server: Server) -> None:
    page = open_page()
    ask(page, TEXT_QUESTION)
    expected = quotes(page, server, TEXT_QUESTION)
    chips = page.locator("#turn .chip")
    cited = [int(text.strip("[]")) for text in chips.all_text_contents()]  # sentences may share a citation
    assert sorted(set(cited)) == list(range(1, len(expected) + 1))
    for n, marker in enumerate(cited):
        quote = expected[marker - 1]
        place = chips.nth(n).get_attribute("data-place")
        chips.nth(n).click()
        page.wait_for_selector(f'#source [data-place="{place}"] mark')
        marked = "".join(page.locator("#source .as-read mark").all_text_contents())
        assert squeezed(marked) == squeezed(quote)
        page.wait_for_function(IN_VIEW, timeout=3000)


def test_citation_into_a_pdf_lights_up_on_the_picture_of_its_page(open_page: Open) -> None:
    page = open_page()
    ask(page, PDF_QUESTION)
    assert "広報しおみ" in (page.locator("#turn .chip").first.get_attribute("title") or "")
    open_first_source(page)
    page.wait_for_function(
        "document.querySelector('#source .picture img').naturalWidth > 100", timeout=10_000
    )
    page.wait_for_function(BOX_IN_VIEW, timeout=3000)


def test_answer_comes_sentence_by_sentence(open_page: Open) -> None:
    page = open_page()
    page.evaluate(STATES)
    ask(page, TEXT_QUESTION)
    states = page.evaluate("window.states")
    assert states[0] == "pending 0"
    assert states[-1].startswith("done ")
    counts = [int(state.split()[1]) for state in states]
    assert counts == sorted(counts)


def test_question_asked_while_the_stream_before_it_closes_is_answered(open_page: Open) -> None:
    page = open_page()
    page.add_init_script(f"({LATE})()")
    page.reload()
    page.wait_for_function("window.closings > 0")  # what the page asks for when it is opened is there
    ask(page, TEXT_QUESTION)


def test_repaired_text_is_shown_on_demand_with_the_same_marks(open_page: Open, server: Server) -> None:
    page = open_page()
    ask(page, TABLE_QUESTION)
    open_first_source(page)
    page.click("#source [data-view=repaired]")
    marked = "".join(page.locator("#source .repaired mark").all_text_contents())
    assert squeezed(marked) == squeezed(quotes(page, server, TABLE_QUESTION)[0])
    assert page.locator("#source .repaired th").all_text_contents() == [
        "相手都市", "区分", "担当課", "項目名", "実績（令和4年度）",
    ]  # fmt: skip
    page.wait_for_function(IN_VIEW, timeout=3000)


def test_file_and_permanent_link_lead_to_the_original(open_page: Open, server: Server) -> None:
    page = open_page()
    ask(page, TEXT_QUESTION)
    open_first_source(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="元のファイルを開く").click()
    assert download.value.suggested_filename == "kaigi.txt"
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="この箇所へのリンク").click()
    opened.value.wait_for_load_state()
    assert opened.value.locator("mark#quote").count() == 1
    quote = quotes(page, server, TEXT_QUESTION)[0]
    assert squeezed("".join(opened.value.locator("pre mark").all_text_contents())) == squeezed(quote)


def test_question_without_an_answer_shows_the_nearest_sections(open_page: Open) -> None:
    page = open_page()
    ask(page, UNANSWERED)
    assert page.locator("#turn .not-found").inner_text() == "文書に記載がありません。"
    open_first_source(page)


def test_suggested_questions_are_asked_with_a_click(open_page: Open) -> None:
    page = open_page()
    page.wait_for_selector("#suggestions li")
    question = page.locator("#suggestions button").first.inner_text()
    page.locator("#suggestions button").first.click()
    wait_for_answer(page, question)
    assert page.locator("#turn .sentence").count() > 0


def test_filter_restricts_the_answer_and_is_named(open_page: Open) -> None:
    page = open_page()
    page.click("#narrow button")
    page.click("#by-document input")
    page.get_by_role("option", name="会議室の手引き").click()
    page.keyboard.press("Escape")
    ask(page, TABLE_QUESTION)
    assert "絞り込み: 会議室の手引き" in page.locator("#turn").inner_text()
    assert "多文化共生課" not in page.locator("#turn").inner_text()


def test_follow_up_shows_what_it_was_taken_for(open_page: Open) -> None:
    page = open_page()
    ask(page, "令和3年度の市民農園の区画は何区画ですか。")
    assert "120区画" in page.locator("#turn .answer").inner_text()
    ask(page, "では令和2年度は？")
    assert page.locator("#log .turn").count() == 1
    asked = page.locator("#turn .asked").inner_text()
    assert "令和2年度" in asked
    assert "市民農園" in asked


def test_hostile_document_shows_as_text(open_page: Open) -> None:
    page = open_page()
    ask(page, "園芸講座の申込みは何で受け付けますか。")
    open_first_source(page)
    assert page.evaluate("window.evil") is None
    assert "<script>window.evil = 1</script>" in page.locator("#source .as-read").inner_text()
    assert "⟦U+202E⟧" in page.locator("#source .as-read").inner_text()
    assert page.locator("#source pre a, #source pre img, #turn .answer img, #turn .sentence a").count() == 0


def test_first_text_is_there_at_once(open_page: Open) -> None:
    page = open_page()
    ask(page, TEXT_QUESTION)  # warm
    page.evaluate(STOPWATCH)
    times: list[float] = []
    for n in range(30):
        page.fill(BOX, (TEXT_QUESTION, TABLE_QUESTION)[n % 2])
        page.press(BOX, "Enter")
        page.wait_for_function("window.watch && window.watch.first", timeout=20_000)
        wait_for_answer(page, (TEXT_QUESTION, TABLE_QUESTION)[n % 2])
        times.append(page.evaluate("window.watch.first"))
    print(f"first text after {median(times):.0f} ms (median of {len(times)})")
    assert median(times) <= MOST_MS, times


def test_page_is_usable_within_seconds(chromium: Any, server: Server) -> None:
    took: dict[str, list[float]] = {"cold": [], "warm": []}
    for _ in range(10):
        context = chromium.new_context()
        page = context.new_page()
        for cache in took:
            page.goto(server.url + "/", wait_until="commit")
            page.wait_for_function(
                "window.shirube && document.querySelector('#question textarea:enabled')", polling="raf"
            )
            took[cache].append(page.evaluate("performance.now()"))
        context.close()
    assert (median(took["cold"]) <= 4000, median(took["warm"]) <= 2000) == (True, True), took
