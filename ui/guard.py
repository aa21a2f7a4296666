"""The guard: pure ASGI middleware in front of everything that the server has, mounted applications included.

What is not on the short list of open paths needs a login: a route that is added later is guarded by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.errors import ShirubeError
from ui.accounts import Scope as Allowed
from ui.accounts import User
from ui.acting import acting
from ui.headers import Dressed
from ui.peer import Peer, Proxies, is_loopback
from ui.problem import problem
from ui.sessions import Sessions
from ui.users import Users

COOKIE = "shirube_session"
LOGIN = "/login"
OPEN_PATHS = {LOGIN: ("GET", "HEAD", "POST"), "/api/health": ("GET", "HEAD")}
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
PROGRAM_PATHS = ("/api", "/v1", "/mcp", "/gradio_api")
# What a token of a script may reach; with anything else, it must be an administrator's.
SCOPES = {
    "/api/ask": Allowed.ASK,
    "/api/search": Allowed.SEARCH,
    "/api/documents": Allowed.DOCUMENTS,
    "/api/metrics": Allowed.METRICS,
    "/v1/chat/completions": Allowed.ASK,
    "/v1/models": Allowed.ASK,
}
ANY_SCOPE = ("/mcp", "/api/docs", "/api/openapi.json", "/api/health")  # the tools of MCP check their own
# What Gradio serves and we do not use: fetching from other hosts, editing its own source, its figures. The
# page is mounted once for each language, so what stands before does not matter.
CLOSED = re.compile(
    r"/gradio_api/(?:proxy|vibe-|undo-vibe-|run-history|runs|deep_link|mcp|dev/|profiling|process_recording)"
    r"|/monitoring(?:/|$)"
)
UPLOAD = re.compile(r"/gradio_api/upload/?$|^/uploads(?:/|$)")
MOST_BODY_BYTES = 4 << 20  # of a request that is no upload
LOGIN_BODY_BYTES = 8 << 10
LOCAL = User("local", frozenset(Allowed))


@dataclass(frozen=True, slots=True)
class Rules:
    """How the guard decides.

    Attributes:
        users: `None` for one person on their own machine: no login, asked for by loopback names only.
        upload_bytes: Most bytes of an upload, `None` where nothing may be uploaded.
        root_path: Prefix below which a proxy shows the server, without a slash at its end.
    """

    users: Users | None
    sessions: Sessions
    proxies: Proxies
    has_login: bool
    upload_bytes: int | None = None
    root_path: str = ""


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """A request that goes no further: the status and what is said."""

    def __init__(self, status: int, error: str, hint: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.hint = hint


class Guard:
    """Lets through who has logged in; see the module."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on with `user`, `peer` and `path` in its `request.state`."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing here speaks over web sockets
            await send({"type": "websocket.close", "code": 1008})
            return
        path = _route_path(scope, self._rules.root_path)
        dressed = Dressed(send, path)
        try:
            passed, limit = self._admit(scope, path)
        except Refusal as refusal:
            await self._refuse(refusal, scope, path)(scope, receive, dressed)
            return
        except ShirubeError as error:
            await problem(path, 503, error.message, error.hint)(scope, receive, dressed)
            return
        with acting(passed["state"]["user"]):
            await _limited(self._app, passed, receive, dressed, limit)

    def _admit(self, scope: Scope, path: str) -> tuple[Scope, int]:
        """The scope to pass on, and the most bytes of its body."""
        rules = self._rules
        peer = rules.proxies.peer(scope)
        headers = Headers(raw=list(peer.headers))
        if CLOSED.search(path):
            raise Refusal(404, "そのようなページはありません。")
        if not rules.has_login and not is_loopback(peer.host_name):
            raise Refusal(
                421, "この名前では開けません。", "http://127.0.0.1 か http://localhost で開いてください。"
            )
        user, by_token = self._sender(headers, peer)
        if not by_token:
            _check_origin(headers, scope["method"], peer, must_tell=user is not None and rules.has_login)
        if scope["method"] not in OPEN_PATHS.get(path, ()):
            _check_login(user, path, by_token=by_token)
        limit = self._body_limit(path)
        if _length(headers) > limit:
            raise _too_large(limit)
        state = {**scope.get("state", {}), "user": user, "peer": peer, "path": path}
        full_path = rules.root_path + path
        return {
            **scope, "headers": list(peer.headers), "scheme": peer.scheme, "root_path": rules.root_path,
            "path": full_path, "raw_path": quote(full_path).encode(), "state": state,
        }, limit  # fmt: skip

    def _sender(self, headers: Headers, peer: Peer) -> tuple[User | None, bool]:
        """Who sends the request, and whether they showed a token: a wrong one is nobody's."""
        rules = self._rules
        if not rules.has_login:
            return LOCAL, False
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return (rules.users.user_of_token(token.strip()) if rules.users else None), True
        accounts = rules.users.accounts() if rules.users else {}
        session = rules.sessions.find(session_secret(headers))
        if session is not None:
            account = accounts.get(session.user)
            if account is not None and account.password == session.stamp:
                return User(account.name, account.scopes, account.groups), False
        if peer.user:
            known = accounts.get(peer.user)
            return (User(peer.user, known.scopes, known.groups) if known else User(peer.user)), False
        return None, False

    def _body_limit(self, path: str) -> int:
        if path == LOGIN:
            return LOGIN_BODY_BYTES
        if not UPLOAD.search(path):
            return MOST_BODY_BYTES
        if self._rules.upload_bytes is None:
            raise Refusal(
                403, "ファイルの追加は許可されていません。", "管理者が enable_uploads で許可できます。"
            )
        return self._rules.upload_bytes

    def _refuse(self, refusal: Refusal, scope: Scope, path: str) -> Response:
        wants_page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
        if refusal.status == 401 and scope["method"] == "GET" and wants_page and not _is_program(path):
            query = scope.get("query_string", b"").decode("latin-1")
            back = quote(path + (f"?{query}" if query else ""), safe="/")
            return RedirectResponse(f"{self._rules.root_path}{LOGIN}?next={back}", status_code=303)
        return problem(path, refusal.status, refusal.error, refusal.hint)


def session_secret(headers: Headers) -> str:
    """The secret in the cookie of a login, "" if there is none."""
    return cookie_parser(headers.get("cookie", "")).get(COOKIE, "")


def _route_path(scope: Scope, root_path: str) -> str:
    """The path below the prefix, whether or not the proxy has taken it off."""
    path: str = scope["path"]
    return path[len(root_path) :] or "/" if root_path and f"{path}/".startswith(f"{root_path}/") else path


def _is_program(path: str) -> bool:
    return _is_below(path, PROGRAM_PATHS)


def _is_below(path: str, starts: Sequence[str]) -> bool:
    return any(path == start or path.startswith(f"{start}/") for start in starts)


def _check_login(user: User | None, path: str, *, by_token: bool) -> None:
    if user is None:
        raise Refusal(401, "ログインが必要です。", "ログインするか、有効なトークンを付けてください。")
    if by_token and not _is_below(path, ANY_SCOPE):
        needed = SCOPES.get(path, Allowed.ADMIN)
        if not user.may(needed):
            raise Refusal(
                403, "このトークンでは使えません。", f"{needed.value} の権限があるトークンを使ってください。"
            )


def _check_origin(headers: Headers, method: str, peer: Peer, *, must_tell: bool) -> None:
    """Refuse what another site has the browser send.

    Browsers that tell where a request comes from are believed: no page can make them lie. Where a login
    is at stake, one that changes something and tells nothing is refused; a script has its token.
    """
    site, origin = headers.get("sec-fetch-site", ""), headers.get("origin", "")
    is_safe = method in SAFE_METHODS
    is_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    if site:
        is_foreign = site not in ("same-origin", "none") and not (is_safe and is_link)
    elif origin:
        is_foreign = not is_safe and urlsplit(origin).netloc.lower() != peer.host
    else:
        is_foreign = must_tell and not is_safe
    if is_foreign:
        raise Refusal(403, "ほかのサイトからの操作は受け付けません。", "このページを開き直してください。")


def _length(headers: Headers) -> int:
    told = headers.get("content-length", "0")
    return int(told) if told.isascii() and told.isdigit() else 0


def _too_large(limit: int) -> Refusal:
    shown = f"{limit >> 20} MB" if limit >> 20 else f"{limit >> 10} KB"
    return Refusal(413, f"送られたデータが大きすぎます（上限 {shown}）。", "小さく分けて送ってください。")


async def _limited(app: ASGIApp, scope: Scope, receive: Receive, send: Dressed, limit: int) -> None:
    """Run the application, but read no more of the body than allowed, whatever length was told."""
    n_read, is_over = 0, False

    async def receive_some() -> Message:
        nonlocal n_read, is_over
        message: Message = await receive()
        n_read += len(message.get("body", b""))
        if n_read > limit:
            is_over = True
            return {"type": "http.disconnect"}
        return message

    async def send_unless_over(message: Message) -> None:
        if not is_over or send.has_started:
            await send(message)

    try:
        await app(scope, receive_some, send_unless_over)
    except ClientDisconnect:
        if not is_over:
            raise
    if is_over and not send.has_started:
        refusal = _too_large(limit)
        await problem(scope["state"]["path"], refusal.status, refusal.error, refusal.hint)(
            scope, receive, send
        )
