"""Debian's Chromium in front of a real server.

Needs Chromium (`CHROMIUM` names another one than that on the path); Playwright and axe-core come with the extra `dev`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.site import Server, make_index, running

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests last: the synchronous Playwright leaves an event loop running in the thread of the tests."""
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("browser"))


@pytest.fixture
def own_folder(indexed: Path, tmp_path: Path) -> Path:
    """A folder of a test's own with the same index and no history."""
    return shutil.copytree(indexed, tmp_path / "own")


@pytest.fixture(scope="session")
def server(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = shutil.copytree(indexed, tmp_path_factory.mktemp("shared") / "own")
    with running(folder, questions_per_minute="10000") as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


Opened = Callable[..., Any]


@pytest.fixture
def open_page(chromium: Any, server: Server) -> Iterator[Opened]:
    """Opens the page in a fresh context; at the end no script may have failed and nothing may have left the host."""
    contexts: list[Any] = []
    failures: list[str] = []

    def opened(path: str = "/", *, at: Server = server, **options: Any) -> Any:
        given = {"viewport": {"width": 1280, "height": 860}, "locale": "ja-JP"} | options
        context = chromium.new_context(**given)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(f"script: {error}"))
        page.on(
            "request", lambda request: is_own(request.url, at) or failures.append(f"request: {request.url}")
        )
        page.goto(at.url + path)
        page.wait_for_function("window.shirube !== undefined")
        page.wait_for_selector("#question textarea")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert failures == []


def is_own(url: str, server: Server) -> bool:
    return url.startswith((server.url, "data:", "blob:", "about:"))
