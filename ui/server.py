"""The server: page and programs' endpoints in one application, all of it behind the guard."""

from __future__ import annotations

import ctypes
import logging
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache, partial
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from ingest.errors import SettingsError
from ui.api import api_routes
from ui.audit import AuditLog, JsonLines
from ui.context import ServerContext
from ui.event_stream import LONGEST_S, EventStream
from ui.guard import Guard, Rules
from ui.index_views import AccessOpener, IndexViews
from ui.limits import Limit
from ui.login import Login, Tries
from ui.mcp import mcp_app
from ui.metrics import Metrics
from ui.openai_api import openai_routes
from ui.peer import Proxies, is_loopback
from ui.problem import add_problem_handlers
from ui.sessions import Sessions
from ui.settings import Settings
from ui.users import Users
from ui.wiring import build_embedder, open_index

MULTIPART_BYTES = 1 << 20  # around an uploaded file
SHUTDOWN_S = 5
M_ARENA_MAX = -8  # of glibc's malloc.h


class Application(FastAPI):
    """An application whose guard stands before everything, its own error pages included."""

    rules: Rules
    hang_up_s: float = LONGEST_S

    def build_middleware_stack(self) -> ASGIApp:
        """What a request meets, the guard first."""
        return Guard(EventStream(super().build_middleware_stack(), longest_s=self.hang_up_s), self.rules)


def build_context(settings: Settings, *, opener: AccessOpener | None = None) -> ServerContext:
    """What the parts of the server share; `opener` opens the index as `open_index` does.

    Raises:
        SettingsError: If the settings would let people in without a login from elsewhere.
        UserError: If the user file cannot be read.
    """
    users = Users(settings.users_file) if settings.users_file else None
    _check_login(settings, users)
    return ServerContext(
        settings=settings,
        index=IndexViews(opener or _opener(settings), has_login=_has_login(settings)),
        users=users,
        sessions=Sessions(hours=settings.session_hours),
        questions=Limit(settings.questions_per_minute, per_s=60.0),
        metrics=Metrics(alarm_after=settings.alarm_after),
        audit=AuditLog(
            settings.audit_log, n_files=settings.audit_files, with_questions=settings.log_questions
        ),
    )


def build_app(context: ServerContext, *, with_page: bool = True) -> Application:
    """The application, with the page for people or only with what programs use.

    The index is opened when it starts up.
    """
    settings = context.settings
    mcp, mcp_server = mcp_app(context)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(mcp_server.session_manager.run())
            context.index.start()
            stack.callback(context.index.close)
            stack.callback(context.audit.close)
            yield

    app = Application(
        title="しるべ", version=version("shirube"), lifespan=lifespan,
        docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.rules = _rules(context)
    add_problem_handlers(app)
    login = Login(context.users, context.sessions, Tries.of(settings.login_attempts), settings.root_path)
    app.include_router(login.routes())
    app.include_router(api_routes(context))
    app.include_router(openai_routes(context))
    app.router.routes.extend(mcp.routes)
    if with_page:
        _add_page(app, context)
    return app


def run(settings: Settings, *, on_ready: Callable[[str], None]) -> None:
    """Serve until interrupted; `on_ready` is told the address when the server answers.

    Raises:
        SettingsError: If the server may not or cannot listen there.
    """
    _set_up_logs(settings)
    share_one_arena()
    context = build_context(settings)
    cert, key = _certificate(settings)
    config = uvicorn.Config(
        build_app(context), log_config=None, access_log=False, proxy_headers=False, server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S, ssl_certfile=cert, ssl_keyfile=key,
    )  # fmt: skip
    listening = _listen(settings.host, settings.port)
    with listening:
        port = listening.getsockname()[1]
        scheme = "https" if cert else "http"
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        server = _Server(config, partial(on_ready, f"{scheme}://{host}:{port}{settings.root_path}/"))
        server.run(sockets=[listening])


def share_one_arena() -> bool:
    """Have all threads take memory from one place, where the C library is glibc; says whether it does.

    Else each of many threads has a place of its own, of which little is ever given back.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1))
    except (AttributeError, OSError, TypeError):  # another C library; Windows
        return False


def _set_up_logs(settings: Settings) -> None:
    """Warnings as text; or one JSON object a line, one for each question too."""
    handler = logging.StreamHandler()
    if settings.log_format == "json":
        handler.setFormatter(JsonLines())
        logging.getLogger("shirube").setLevel(logging.INFO)
    else:
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def _opener(settings: Settings) -> AccessOpener:
    """Opens one state of the index after another with the same model, which is loaded once."""
    embedder = cache(lambda: build_embedder(settings))
    return lambda access: open_index(settings, embedder=embedder(), access=access)


def _has_login(settings: Settings) -> bool:
    return settings.users_file is not None or bool(settings.trusted_proxy_header)


def _check_login(settings: Settings, users: Users | None) -> None:
    if settings.trusted_proxy_header and not settings.trusted_proxies:
        raise SettingsError(
            "trusted_proxy_header を使うには、プロキシの番地を trusted_proxies に書く必要があります。"
        )
    if settings.trusted_proxy_header or (users is not None and users.accounts()):
        return
    if users is not None:
        raise SettingsError(
            f"利用者ファイル {users.path} に利用者がいません。先に shirube user add 名前 で加えてください。"
        )
    if not is_loopback(settings.host):
        raise SettingsError(
            f"{settings.host} ではほかの機械からも開けるため、ログインなしでは始められません。"
            "users_file（shirube user add で作る）か trusted_proxy_header を設定してください。"
        )


def _rules(context: ServerContext) -> Rules:
    settings = context.settings
    max_bytes = settings.max_upload_mb * 1_000_000 + MULTIPART_BYTES
    return Rules(
        users=context.users,
        sessions=context.sessions,
        proxies=Proxies(settings.trusted_proxies, user_header=settings.trusted_proxy_header),
        has_login=_has_login(settings),
        upload_bytes=max_bytes if settings.enable_uploads else None,
        root_path=settings.root_path,
    )


def _add_page(app: Application, context: ServerContext) -> None:
    """Mount the page at the root, below everything that has a route of its own."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported
    from ui.web import mount_page

    mount_page(app, context)


def _certificate(settings: Settings) -> tuple[str | None, str | None]:
    cert, key = settings.tls_cert, settings.tls_key
    if cert is None and key is None:
        return None, None
    if cert is None or key is None:
        raise SettingsError("tls_cert と tls_key は両方とも設定してください。")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"証明書を読めません: {cert}、{key}（{error.strerror or error}）。") from error
    return str(cert), str(key)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"{host} の {port} 番では始められません（{error.strerror or error}）。"
            "ほかのプログラムが使っていれば、--port で別の番号を指定してください。"
        ) from error
