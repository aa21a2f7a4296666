from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import Server, resident_mb, run_cli, running
from tests.browser.steps import TABLE_QUESTION, TEXT_QUESTION, ask, open_tab, wait_for_answer

pytestmark = pytest.mark.slow
Open = Callable[..., Any]
NEW_TEXT = "夜間窓口の案内\n\n夜間窓口は、毎週木曜日の午後八時まで開いている。\n"
NEW_QUESTION = "夜間窓口は何時まで開いていますか。"
MOST_MB = 700
PASSWORD = "とても長い合言葉です2026"


@pytest.fixture
def own_server(own_folder: Path) -> Iterator[Server]:
    uploads = own_folder / "uploads"
    with running(own_folder, enable_uploads="true", uploads_dir=str(uploads)) as started:
        yield started


def test_file_is_added_answers_and_is_removed(open_page: Open, own_server: Server, tmp_path: Path) -> None:
    file = tmp_path / "yakan.txt"
    file.write_text(NEW_TEXT, encoding="utf-8")
    page = open_page(at=own_server)
    open_tab(page, "文書")
    page.wait_for_selector("#documents table")
    page.set_input_files("#add-files input[type=file]", file)
    page.wait_for_selector("#job progress")
    page.wait_for_selector("#job p:has-text('yakan.txt を取り込みました')", timeout=120_000)
    assert "夜間窓口の案内" in page.locator("#documents").inner_text()
    assert resident_mb(own_server.pid) <= MOST_MB

    open_tab(page, "質問する")
    ask(page, NEW_QUESTION)
    assert "午後八時" in page.locator("#turn .answer").inner_text()

    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    open_tab(page, "文書")
    page.get_by_role("button", name="取り除く: 夜間窓口の案内").click()
    page.wait_for_selector("#job p:has-text('取り除きました')", timeout=60_000)
    assert questions
    assert "夜間窓口の案内" not in page.locator("#documents").inner_text()
    assert list((own_server.folder / "uploads").iterdir()) == []
    open_tab(page, "質問する")
    page.get_by_role("button", name="新しい会話").click()
    page.wait_for_selector("#suggestions li")
    ask(page, NEW_QUESTION)
    assert "午後八時" not in page.locator("#turn .answer").inner_text()


def test_adding_a_file_is_cancelled(open_page: Open, own_server: Server, tmp_path: Path) -> None:
    file = tmp_path / "nagai.txt"
    lines = (
        f"第{n}条　区画{n}の使用料は、年額{n * 7 % 991}円とし、{n % 28 + 1}日までに納める。\n"
        for n in range(4000)
    )
    file.write_text("".join(lines), encoding="utf-8")
    page = open_page(at=own_server)
    open_tab(page, "文書")
    page.wait_for_selector("#documents table")
    page.set_input_files("#add-files input[type=file]", file)
    page.wait_for_selector("#job progress[value]", timeout=60_000)
    page.get_by_role("button", name="取り消す").click()
    page.wait_for_selector("#job p:has-text('取り消しました')", timeout=60_000)
    assert "nagai" not in page.locator("#documents").inner_text()
    assert list((own_server.folder / "uploads").iterdir()) == []


def test_removal_is_not_done_without_a_yes(open_page: Open, own_server: Server) -> None:
    page = open_page(at=own_server)
    page.on("dialog", lambda dialog: dialog.dismiss())
    open_tab(page, "文書")
    page.get_by_role("button", name="取り除く: 会議室の手引き").click()
    page.wait_for_timeout(1000)
    assert "会議室の手引き" in page.locator("#documents").inner_text()


def test_archive_is_refused_whatever_it_is_called(
    open_page: Open, own_server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "bunsho.txt"
    file.write_bytes(b"PK\x03\x04" + bytes(200))
    page = open_page(at=own_server)
    open_tab(page, "文書")
    page.wait_for_selector("#documents table")
    page.set_input_files("#add-files input[type=file]", file)
    page.wait_for_selector("#job p:has-text('壊れているか')")
    assert list((own_server.folder / "uploads").iterdir()) == []


def test_history_is_there_after_a_restart(open_page: Open, own_folder: Path) -> None:
    with running(own_folder) as first:
        page = open_page(at=first)
        ask(page, TEXT_QUESTION)
        ask(page, TABLE_QUESTION)
        page.context.close()
    with running(own_folder) as second:
        page = open_page(at=second)
        open_tab(page, "履歴")
        page.locator("#history li button.link").first.click()
        wait_for_answer(page, TABLE_QUESTION)
        assert TEXT_QUESTION in page.locator("#log").inner_text()
        page.locator("#turn .chip").first.click()
        page.wait_for_selector("#source mark")
        ask(page, "市民農園の区画は何区画ですか。")
        assert page.locator("#log .turn").count() == 2


def test_conversation_is_searched_renamed_exported_and_deleted(open_page: Open, own_server: Server) -> None:
    docx = pytest.importorskip("docx", reason="python-docx opens what was exported")
    page = open_page(at=own_server)
    ask(page, TEXT_QUESTION)
    open_tab(page, "履歴")
    page.wait_for_selector("#history li")
    page.once("dialog", lambda dialog: dialog.accept("会議室のこと"))
    page.get_by_role("button", name=f"名前を変える: {TEXT_QUESTION}").click()
    page.wait_for_selector("#history button:has-text('会議室のこと')")
    page.fill("#history-search input, #history-search textarea", "潜水艦")
    page.wait_for_selector("#history:has-text('当てはまる会話はありません')")
    page.fill("#history-search input, #history-search textarea", "会議室")
    page.wait_for_selector("#history button:has-text('会議室のこと')")
    with page.expect_download() as download:
        page.get_by_role("link", name="DOCX: 会議室のこと").click()
    assert download.value.suggested_filename == "会議室のこと.docx"
    document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert TEXT_QUESTION in text
    assert "会議室の手引き" in text
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="削除: 会議室のこと").click()
    page.wait_for_selector("#history:has-text('会話はありません')")


def test_feedback_is_stored_with_its_line(open_page: Open, own_server: Server) -> None:
    page = open_page(at=own_server)
    ask(page, TEXT_QUESTION)
    page.fill("#turn .feedback input", "ただし書きも要る")
    page.get_by_role("button", name="答えが違う").click()
    page.wait_for_selector("#status:has-text('記録しました')")
    assert page.get_by_role("button", name="答えが違う").get_attribute("aria-pressed") == "true"
    out = own_server.folder / "feedback.jsonl"
    run_cli(own_server.folder, "feedback", "export", "--out", out, "--index-dir", own_server.folder / "index")
    written = "".join(path.read_text(encoding="utf-8") for path in own_server.folder.glob("feedback*.jsonl"))
    rows = [json.loads(line) for line in written.splitlines()]
    assert any(row["question"] == TEXT_QUESTION for row in rows)
    assert "ただし書きも要る" in json.dumps(rows, ensure_ascii=False)


def test_answer_is_copied_with_its_sources(open_page: Open, server: Server) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, TEXT_QUESTION)
    page.get_by_role("button", name="コピー").click()
    page.wait_for_selector("#turn button:has-text('コピーしました')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(TEXT_QUESTION)
    assert "[1] 会議室の手引き" in copied


def test_two_users_do_not_see_each_other(chromium: Any, own_folder: Path) -> None:
    users = own_folder / "users.toml"
    for name in ("tanaka", "suzuki"):
        run_cli(own_folder, "user", "add", name, "--users-file", users, stdin=f"{PASSWORD}\n{PASSWORD}\n")
    with running(own_folder, users_file=str(users)) as server:
        pages = {name: logged_in(chromium, server, name) for name in ("tanaka", "suzuki")}
        ask(pages["tanaka"], TEXT_QUESTION)
        link = pages["tanaka"].locator("#turn a[href*='/answer/']").first.get_attribute("href")
        open_tab(pages["suzuki"], "履歴")
        pages["suzuki"].wait_for_selector("#history:has-text('まだ会話はありません')")
        assert pages["suzuki"].request.get(server.url + link).status == 404
        assert pages["tanaka"].request.get(server.url + link).status == 200
        assert "tanaka" in pages["tanaka"].locator("#frame").inner_text()
        pages["tanaka"].get_by_role("button", name="ログアウト").click()
        pages["tanaka"].wait_for_selector("input[name=password]")
        for page in pages.values():
            page.context.close()


def logged_in(chromium: Any, server: Server, name: str) -> Any:
    page = chromium.new_context(locale="ja-JP").new_page()
    page.goto(server.url)
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_function("window.shirube !== undefined")
    page.wait_for_selector("#question textarea")
    return page
