from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.ui.served import (
    QUESTION,
    context_of,
    ingest_into,
    open_small,
    serving,
    settings_of,
    write_documents,
)
from ui.as_json import answer_json, hit_json, status_json
from ui.lines import Places
from ui.server import build_app
from ui.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("api")
    settings = settings_of(folder, questions_per_minute=100_000)
    ingest_into(settings, write_documents(folder / "documents"))
    return settings


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with serving(settings) as client:
        yield client


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    assert set(answer.pop("timings_s")) >= {"retrieve", "answer", "total"}
    return answer


def test_answer_is_what_the_command_line_prints(client: TestClient, settings: Settings) -> None:
    for question in (QUESTION, "富士山の高さは何メートルですか。"):
        answer = client.post("/api/ask", json={"question": question})
        assert answer.status_code == 200
        with open_small(settings) as opened:
            documents = {record.id: record for record in opened.store.documents()}
            expected = answer_json(opened.assistant.ask(question), documents, Places(opened.store))
        assert without_timings(answer.json()) == without_timings(expected)


def test_hits_are_what_the_command_line_prints(client: TestClient, settings: Settings) -> None:
    found = client.post("/api/search", json={"query": "会議室", "k": 2}).json()
    with open_small(settings) as opened:
        documents, places = {r.id: r for r in opened.store.documents()}, Places(opened.store)
        hits = [hit_json(hit, documents, places) for hit in opened.retriever.retrieve("会議室", k=2)]
    assert found == {"query": "会議室", "hits": hits}
    assert len(hits) == 2


def test_documents_are_what_the_command_line_prints(client: TestClient, settings: Settings) -> None:
    with open_small(settings) as opened:
        expected = status_json(
            opened.store.documents(), index_dir=str(settings.index_dir), generation=opened.store.generation,
            n_passages=opened.store.statistics().n_passages,
        )  # fmt: skip
    assert client.get("/api/documents").json() == expected


def test_filters_and_history_reach_the_assistant(client: TestClient) -> None:
    records = {r["source"]: r["id"] for r in client.get("/api/documents").json()["documents"]}
    body = {"query": "会議室", "filters": {"documents": [records["books.md"]]}}
    found = client.post("/api/search", json=body).json()["hits"]
    assert {hit["source"] for hit in found} == {"books.md"}
    body = {
        "question": QUESTION,
        "filters": {"publishers": ["どこにもない"]},
        "history": [{"question": "本は？"}],
    }
    answer = client.post("/api/ask", json=body).json()
    assert (answer["status"], answer["hits"]) == ("not_found", [])


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("/api/ask", {}, "question"),
        ("/api/ask", {"question": ""}, "question"),
        ("/api/ask", {"question": "長" * 2001}, "question"),
        ("/api/ask", {"question": "x", "more": 1}, "more"),
        ("/api/ask", {"question": "x", "filters": {"fiscal_years": ["R3"]}}, "filters.fiscal_years.0"),
        ("/api/search", {"query": "x", "k": 0}, "k"),
        ("/api/search", [], "body"),
    ],
)
def test_malformed_body_is_told_with_its_place(
    client: TestClient, path: str, body: object, place: str
) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert f"（{place}" in answer.json()["error"]
    assert "/api/docs" in answer.json()["hint"]


def test_what_is_no_json_and_unknown_places_are_told_in_the_same_form(client: TestClient) -> None:
    broken = client.post("/api/ask", content=b"{", headers={"content-type": "application/json"})
    for answer, status in ((broken, 422), (client.get("/api/x"), 404), (client.put("/api/ask"), 405)):
        assert (answer.status_code, set(answer.json())) == (status, {"error", "hint"})


def test_too_many_questions_are_told_with_the_time_to_wait(settings: Settings) -> None:
    with serving(settings.model_copy(update={"questions_per_minute": 2})) as client:
        codes = [client.post("/api/search", json={"query": "本"}).status_code for _ in range(3)]
        refused = client.post("/api/ask", json={"question": QUESTION})
    assert codes == [200, 200, 429]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 31
    assert set(refused.json()) == {"error", "hint"}


def test_server_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    with serving(settings_of(tmp_path)) as client:
        assert client.get("/api/health").json()["status"] == "empty"
        answer = client.post("/api/ask", json={"question": QUESTION})
    assert (answer.status_code, "shirube ingest" in answer.json()["hint"]) == (503, True)


def test_unexpected_error_is_told_without_its_details_and_with_every_header(settings: Settings) -> None:
    app = build_app(context_of(settings), with_page=False)

    @app.get("/api/broken")
    def broken() -> None:
        raise RuntimeError("秘密")

    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        answer = client.get("/api/broken")
    assert answer.status_code == 500
    assert "秘密" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_page_of_the_api_describes_every_endpoint_and_loads_nothing(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    for path in client.get("/api/openapi.json").json()["paths"]:
        assert path in page.text
    assert "fiscal_years" in page.text
    for loading in ("<script", "src=", "http://", "https://", "@import", "url("):
        assert loading not in page.text


def test_eight_threads_get_the_answers_of_one(settings: Settings) -> None:
    questions = [QUESTION, "本は何週間借りられますか。", "会議室は何時に閉めますか。", "富士山の高さは？"]
    context = context_of(settings)

    def asked(question: str) -> dict[str, Any]:
        return without_timings(context.answer(question, user="a"))

    try:
        alone = [asked(question) for question in questions]
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(asked, questions * 16))
    finally:
        context.index.close()
    assert together == alone * 16


def test_stream_without_a_model_is_the_answer_alone(client: TestClient) -> None:
    told = client.post("/api/ask/stream", json={"question": QUESTION})
    assert told.headers["content-type"].startswith("text/event-stream")
    (event,) = (json.loads(line.removeprefix("data: ")) for line in told.text.splitlines() if line)
    whole = client.post("/api/ask", json={"question": QUESTION, "mode": "quote"}).json()
    assert without_timings(event["answer"]) == without_timings(whole)
