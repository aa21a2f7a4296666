"""Errors as programs read them: a status, one Japanese sentence and the next step."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from ingest.errors import (
    EngineError,
    EngineMismatchError,
    IndexMismatchError,
    IndexMissingError,
    LockedError,
    ShirubeError,
)
from ui.limits import TooOftenError

OPENAI_PATHS = "/v1/"
OPENAI_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class RequestError(ShirubeError):
    """What a program sent cannot be answered."""

    hint = "送った内容を直して、もう一度試してください。"


STATUSES: Mapping[type[ShirubeError], int] = {
    IndexMissingError: 503,
    IndexMismatchError: 503,
    LockedError: 503,
    EngineError: 503,
    EngineMismatchError: 503,
    TooOftenError: 429,
    RequestError: 400,
}
SENTENCES = {404: "そのような場所はありません。", 405: "この場所では使えない操作です。"}
SEE_PAGE = "/api/docs で使い方を確かめてください。"
UNEXPECTED = "サーバーに思いがけない不具合が起きました。"
TELL = "もう一度試し、続くようなら管理者に知らせてください。"


def problem(
    path: str, status: int, error: str, hint: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """The error in the form that callers of this path expect: OpenAI's below `/v1/`, else ours."""
    content: dict[str, object] = {"error": error, "hint": hint}
    if path.startswith(OPENAI_PATHS):
        kind = OPENAI_TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
        content = {"error": {"message": f"{error}{hint}", "type": kind, "param": None, "code": None}}
    challenge = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(content, status_code=status, headers={**challenge, **(headers or {})})


def add_problem_handlers(app: FastAPI) -> None:
    """Let every error of the application be told this way."""

    @app.exception_handler(ShirubeError)
    def _known(request: Request, error: ShirubeError) -> Response:
        waits = {"retry-after": str(int(error.wait_s) + 1)} if isinstance(error, TooOftenError) else {}
        status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
        return problem(request.state.path, status, error.message, error.hint, waits)

    @app.exception_handler(RequestValidationError)
    def _malformed(request: Request, error: RequestValidationError) -> Response:
        places = "、".join(dict.fromkeys(".".join(map(str, e["loc"][1:])) or "body" for e in error.errors()))
        return problem(request.state.path, 422, f"送られた内容の形が違います（{places}）。", SEE_PAGE)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        told = SENTENCES.get(error.status_code, f"受け付けられません（{error.status_code}）。")
        return problem(request.state.path, error.status_code, told, SEE_PAGE, error.headers)

    @app.exception_handler(Exception)
    def _unexpected(request: Request, _error: Exception) -> Response:
        return problem(request.state.path, 500, UNEXPECTED, TELL)
