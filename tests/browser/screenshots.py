"""Pictures of every state of the page over the sample documents: python -m tests.browser.screenshots FOLDER.

Two of them, `answer-light.png` and `pdf-light.png`, are in docs/images.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM
from tests.browser.site import Server, make_index, running
from tests.browser.steps import PDF_QUESTION, PHONE, UNANSWERED, ask, open_first_source, open_tab

WIDE = {"viewport": {"width": 1200, "height": 760}}
QUESTION = "国外から転入した人は、住所を定めてから何日以内に転入届を出す必要がありますか。"
COLOURS = 64  # enough for a page, and a third of the bytes


def take(browser: Any, server: Server, folder: Path) -> None:
    """One picture of each state of the page."""
    for name, options in {"light": {}, "dark": {"color_scheme": "dark"}}.items():
        page = browser.new_context(locale="ja-JP", **WIDE, **options).new_page()
        page.goto(server.url)
        page.wait_for_selector("#suggestions li")
        page.screenshot(path=folder / f"start-{name}.png")
        ask(page, QUESTION)
        open_first_source(page)
        page.screenshot(path=folder / f"answer-{name}.png")
        page.click("#source [data-view=repaired]")
        page.screenshot(path=folder / f"repaired-{name}.png")
        ask(page, PDF_QUESTION)
        open_first_source(page)
        page.wait_for_function("document.querySelector('#source .picture img').complete")
        page.screenshot(path=folder / f"pdf-{name}.png")
        ask(page, UNANSWERED)
        page.screenshot(path=folder / f"not-found-{name}.png")
        open_tab(page, "文書")
        page.wait_for_selector("#documents table")
        page.screenshot(path=folder / f"documents-{name}.png")
        open_tab(page, "履歴")
        page.wait_for_selector("#history li")
        page.screenshot(path=folder / f"history-{name}.png")
        page.context.close()
    page = browser.new_context(locale="ja-JP", **PHONE).new_page()
    page.goto(server.url)
    page.wait_for_selector("#suggestions li")
    ask(page, QUESTION)
    page.screenshot(path=folder / "phone-answer.png")
    open_first_source(page)
    page.screenshot(path=folder / "phone-source.png")
    page.context.close()


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp())
    try:
        make_index(work)
        uploads = str(work / "uploads")
        with (
            running(work, enable_uploads="true", uploads_dir=uploads) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            take(browser, server, folder)
            browser.close()
        for picture in folder.glob("*.png"):
            Image.open(picture).quantize(COLOURS).save(picture, optimize=True)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
