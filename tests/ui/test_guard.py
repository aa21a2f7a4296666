from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from tests.ui.served import (
    PASSWORD,
    QUESTION,
    SITE,
    ingest_into,
    log_in,
    serving,
    settings_of,
    with_users,
    write_documents,
)
from ui.accounts import Scope
from ui.guard import CLOSED, COOKIE, LOGIN_BODY_BYTES
from ui.settings import Settings
from ui.users import Users

PAGE = {"accept": "text/html,*/*"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("guard")
    ingest_into(settings_of(folder), write_documents(folder / "documents"))
    with_users(folder, "tanaka", "suzuki", "admin")
    return folder


@pytest.fixture
def settings(folder: Path) -> Settings:
    return settings_of(folder, users_file=folder / "users.toml")


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with serving(settings) as client:
        yield client


def addresses(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of mounted applications included."""
    for route in routes:
        path = prefix + getattr(route, "path", "")
        if isinstance(route, Mount):
            yield "GET", f"{path}/some/file"
            yield from addresses(list(route.routes), path)
        elif hasattr(route, "original_router"):  # an included router of FastAPI
            yield from addresses(list(route.original_router.routes), prefix)
        elif getattr(route, "path", None):
            filled = re.sub(r"\{[^}]*\}", "x", path)
            yield from ((method, filled) for method in (getattr(route, "methods", None) or {"GET", "POST"}))


def test_nothing_but_login_and_health_answers_without_a_login(settings: Settings) -> None:
    with serving(settings, with_page=True) as client:
        _crawl(client)


def _crawl(client: TestClient) -> None:
    app: Any = client.app
    found = set(addresses(app.routes))
    assert {
        ("POST", "/api/ask"),
        ("POST", "/mcp"),
        ("GET", "/api/openapi.json"),
        ("POST", "/logout"),
    } <= found
    assert {("GET", "/config"), ("POST", "/gradio_api/queue/join"), ("GET", "/source/x")} <= found
    found |= {(method, path + "/") for method, path in found} | {("GET", f"/{name}") for name in UNLISTED}
    answering = set()
    for method, path in sorted(found):
        for accept in ("*/*", "text/html"):
            answer = client.request(method, path, headers={"accept": accept})
            assert answer.headers["content-security-policy"]
            is_refused = answer.status_code == (404 if CLOSED.search(path) else 401)
            is_led_to_login = answer.headers.get("location", "").startswith("/login?next=")
            if not (is_refused or is_led_to_login):
                answering.add((method, path))
    assert answering == {
        ("GET", "/login"), ("HEAD", "/login"), ("GET", "/api/health"),
    }  # fmt: skip


UNLISTED = [
    "", "config", "theme.css", "static/x.js", "assets/index.js", "svelte/x", "gradio_api/info", "file=/etc/passwd",
    "gradio_api/file=/etc/passwd", "gradio_api/queue/data", "favicon.ico", "/login", "login/", "Login", "login;x",
    "login%2f..%2fapi%2fdocuments", "api/health/../documents", "api/health%00", "openapi.json", "docs", "redoc",
]  # fmt: skip


def test_health_tells_strangers_no_details(client: TestClient) -> None:
    assert client.get("/api/health").json() == {"status": "ok"}
    log_in(client)
    assert client.get("/api/health").json()["n_documents"] == 2


def test_login_gives_a_cookie_that_scripts_cannot_read_and_logout_ends_it(client: TestClient) -> None:
    answer = log_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert client.get("/api/documents").status_code == 200
    secret = client.cookies[COOKIE]
    assert client.post("/logout", headers={"origin": SITE}).headers["location"] == "/login"
    client.cookies.set(COOKIE, secret)
    assert client.get("/api/documents").status_code == 401


def test_login_over_tls_marks_the_cookie_secure(settings: Settings) -> None:
    with serving(settings, base_url="https://127.0.0.1") as client:
        answer = client.post("/login", data={"name": "tanaka", "password": PASSWORD})
        assert "secure" in answer.headers["set-cookie"].lower()


def test_page_request_leads_through_login_and_back_but_never_elsewhere(client: TestClient) -> None:
    answer = client.get("/source/abc?spans=1-2", headers=PAGE)
    assert answer.headers["location"] == "/login?next=/source/abc%3Fspans%3D1-2"
    shown = client.get(answer.headers["location"])
    assert 'value="/source/abc?spans=1-2"' in shown.text
    for given, gone_to in [("/source/abc?spans=1-2", "/source/abc?spans=1-2"), ("//evil.example", "/"),
                           ("https://evil.example", "/"), ("/\\evil.example", "/"), ("/\t/evil.example", "/")]:  # fmt: skip
        answer = client.post("/login", data={"name": "tanaka", "password": PASSWORD, "next": given})
        assert answer.headers["location"] == gone_to
        client.cookies.clear()


def test_login_page_shows_what_was_typed_as_text(client: TestClient) -> None:
    answer = client.post("/login", data={"name": '"><script>', "password": "x", "next": '"><script>'})
    assert answer.status_code == 401
    assert "<script" not in answer.text
    assert "利用者名かパスワードが違います。" in answer.text


def test_changed_password_and_removed_user_end_the_session(tmp_path: Path, settings: Settings) -> None:
    users = Users(with_users(tmp_path, "tanaka", "suzuki"))
    with serving(settings.model_copy(update={"users_file": users.path})) as client:
        for change in (lambda: users.add("tanaka", PASSWORD + "一"), lambda: users.remove("suzuki")):
            name = "tanaka" if users.check("tanaka", PASSWORD) else "suzuki"
            assert log_in(client, name).status_code == 303
            assert client.get("/api/documents").status_code == 200
            change()
            assert client.get("/api/documents").status_code == 401
            client.cookies.clear()


def test_login_attempts_are_limited_by_address_and_right_ones_do_not_count(settings: Settings) -> None:
    with serving(settings.model_copy(update={"login_attempts": 3})) as client:
        assert [log_in(client).status_code for _ in range(5)] == [303] * 5
        client.cookies.clear()
        assert [log_in(client, password="wrong").status_code for _ in range(4)] == [401, 401, 401, 429]
        refused = log_in(client)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) <= 100
        assert "しばらく受け付けません" in refused.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": SITE}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": SITE}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:7861"}, 403),
        ({}, 403),
    ],
)
def test_what_other_sites_have_the_browser_send_is_refused(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    log_in(client)
    assert client.post("/api/ask", json={"question": QUESTION}, headers=headers).status_code == status


def test_link_from_elsewhere_works_but_no_frame_and_no_script_from_there(client: TestClient) -> None:
    log_in(client)
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/api/docs", headers=link).status_code == 200
    assert client.get("/api/docs", headers=link | {"sec-fetch-dest": "iframe"}).status_code == 403
    script = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"}
    assert client.get("/api/documents", headers=script).status_code == 403


def test_every_answer_forbids_frames_sniffing_and_keeping(client: TestClient) -> None:
    for path in ("/login", "/api/health", "/api/documents", "/nothing"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'self'" in policy
        assert "'unsafe-eval'" not in policy
        assert "script-src 'self' 'nonce-" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_token_reaches_what_its_scope_allows_and_nothing_else(settings: Settings) -> None:
    users = Users(settings.users_file or Path())
    status: dict[tuple[str, str], int] = {}
    calls = {
        Scope.ASK: ("POST", "/api/ask", {"question": QUESTION}),
        Scope.SEARCH: ("POST", "/api/search", {"query": "会議室"}),
        Scope.DOCUMENTS: ("GET", "/api/documents", None),
        Scope.METRICS: ("GET", "/api/metrics", None),
        Scope.ADMIN: ("GET", "/nothing", None),
    }
    with serving(settings) as client:
        for scope in Scope:
            token = users.issue_token("admin", [scope], days=1)
            for needed, (method, path, body) in calls.items():
                answer = client.request(method, path, json=body, headers={"authorization": f"Bearer {token}"})
                status[scope, needed] = answer.status_code
        wrong = client.get("/api/documents", headers={"authorization": "Bearer shirube_x"})
    allowed = {key: code for key, code in status.items() if code not in (403,)}
    assert set(allowed) == {
        (scope, needed) for scope in Scope for needed in Scope if scope in (needed, Scope.ADMIN)
    }
    assert set(allowed.values()) == {200, 404}
    assert (wrong.status_code, wrong.headers["www-authenticate"]) == (401, "Bearer")
    assert set(wrong.json()) == {"error", "hint"}


def test_wrong_token_is_not_saved_by_a_cookie(client: TestClient) -> None:
    log_in(client)
    assert client.get("/api/documents", headers={"authorization": "Bearer x"}).status_code == 401


def test_large_bodies_are_refused_before_and_while_they_are_read(client: TestClient) -> None:
    told = client.post("/login", content=b"x", headers={"content-length": str(2 << 30)})
    assert told.status_code == 413
    assert told.json()["error"] == "送られたデータが大きすぎます（上限 8 KB）。"
    sent = client.post("/login", content=(b"a" * 1024 for _ in range(2 * LOGIN_BODY_BYTES // 1024)),
                       headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert (sent.status_code, sent.json()["error"]) == (413, told.json()["error"])


def test_uploads_are_refused_unless_enabled_and_limited_then(settings: Settings) -> None:
    with serving(settings) as client:
        log_in(client)
        refused = client.post("/gradio_api/upload", content=b"x", headers={"origin": SITE})
        assert (refused.status_code, "enable_uploads" in refused.json()["hint"]) == (403, True)
    with serving(settings.model_copy(update={"enable_uploads": True, "max_upload_mb": 1})) as client:
        log_in(client)
        headers = {"origin": SITE, "content-length": str(3 << 20)}
        assert client.post("/gradio_api/upload", content=b"x", headers=headers).status_code == 413


def test_web_sockets_are_closed(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/queue/join"):
        pass


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/proxy=http://x", "/en/gradio_api/proxy=http://x", "/gradio_api/vibe-edit/", "/monitoring"],
)
def test_what_gradio_serves_and_nobody_needs_is_closed(client: TestClient, path: str) -> None:
    log_in(client)
    assert client.get(path).status_code == 404


def test_single_user_needs_no_login_but_only_under_a_loopback_name(folder: Path) -> None:
    with serving(settings_of(folder)) as client:
        assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
        assert client.get("/api/documents", headers={"authorization": "Bearer any"}).status_code == 200
        assert client.get("/api/documents", headers={"host": "localhost:7860"}).status_code == 200
        assert client.get("/api/documents", headers={"host": "[::1]:7860"}).status_code == 200
        for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:7860", ""):
            assert client.get("/api/documents", headers={"host": host}).status_code == 421
        foreign = client.post("/api/ask", json={"question": "x"}, headers={"origin": "http://evil.example"})
        assert foreign.status_code == 403


def test_proxy_vouches_for_a_user_only_if_it_is_trusted(folder: Path) -> None:
    settings = settings_of(folder, trusted_proxy_header="X-Remote-User", trusted_proxies=["10.0.0.0/8"])
    vouched = {"x-remote-user": "tanaka"}
    with serving(settings, client=("10.1.2.3", 1)) as proxied:
        assert proxied.get("/api/documents", headers=vouched).status_code == 200
        assert proxied.get("/api/documents").status_code == 401
        twice = [("x-remote-user", "tanaka"), ("x-remote-user", "admin")]
        assert proxied.get("/api/documents", headers=twice).status_code == 401
        told = {"x-forwarded-host": "shirube.example.jp", "x-forwarded-proto": "https"}
        asked = proxied.post("/api/ask", json={"question": QUESTION},
                             headers=vouched | told | {"origin": "https://shirube.example.jp"})  # fmt: skip
        assert asked.status_code == 200
    with serving(settings, client=("192.0.2.1", 1)) as direct:
        assert direct.get("/api/documents", headers=vouched).status_code == 401


def test_prefix_of_a_proxy_is_taken_off_or_not(folder: Path, settings: Settings) -> None:
    with serving(settings.model_copy(update={"root_path": "/shirube"})) as client:
        for path in ("/shirube/api/health", "/api/health"):
            assert client.get(path).json() == {"status": "ok"}
        sent_to_login = client.get("/shirube/x", headers=PAGE).headers["location"]
        assert sent_to_login == "/shirube/login?next=/x"
        answer = client.post("/shirube/login", data={"name": "tanaka", "password": PASSWORD, "next": "/x"})
        assert answer.headers["location"] == "/shirube/x"
        assert "path=/shirube/" in answer.headers["set-cookie"].lower()
        assert client.get("/shirube/api/documents").status_code == 200
        assert (
            client.get("/shirubeapi/documents").status_code == 401
        )  # below no prefix, so without the cookie


def test_broken_user_file_lets_nobody_in(tmp_path: Path, settings: Settings) -> None:
    path = with_users(tmp_path, "tanaka")
    with serving(settings.model_copy(update={"users_file": path})) as client:
        path.write_text("[[user]", encoding="utf-8")
        answer = client.get("/api/documents")
        assert (answer.status_code, set(answer.json())) == (503, {"error", "hint"})
