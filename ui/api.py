"""The programs' endpoints: ask, search, documents, health, and the page that describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import version
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse

from assistant.followup import Turn
from assistant.mode import Mode
from index.filters import Filters
from ingest.errors import IndexMismatchError, IndexMissingError
from ui.accounts import Scope, User
from ui.acting import acting
from ui.api_page import render_api_page
from ui.context import ServerContext
from ui.metrics import CONTENT_TYPE

MOST_CHARS = 2000  # of a question
MOST_TURNS = 50
MOST_NAMES = 1000
WHOLE = User("metrics", frozenset(Scope))  # figures are of the whole index


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilterBody(_Body):
    """Only documents that match are searched; an empty list restricts nothing."""

    documents: Annotated[list[str], Field(max_length=MOST_NAMES, description="文書の id")] = []
    publishers: Annotated[list[str], Field(max_length=MOST_NAMES, description="発行者の名前")] = []
    fiscal_years: Annotated[list[int], Field(max_length=MOST_NAMES, description="年度（西暦）")] = []

    def filters(self) -> Filters:
        """As the retriever takes them."""
        return Filters(frozenset(self.documents), frozenset(self.publishers), frozenset(self.fiscal_years))


class TurnBody(_Body):
    """A question that was asked before, and its answer."""

    question: Annotated[str, Field(max_length=MOST_CHARS, description="前の質問")]
    answer: Annotated[str, Field(max_length=20_000, description="前の回答（省いてよい）")] = ""


class AskBody(_Body):
    """A question, what it is restricted to, and what was said before."""

    question: Annotated[str, Field(min_length=1, max_length=MOST_CHARS, description="質問")]
    filters: Annotated[FilterBody, Field(description="絞り込み")] = FilterBody()
    history: Annotated[
        list[TurnBody], Field(max_length=MOST_TURNS, description="これまでの会話、古い順")
    ] = []

    mode: Annotated[
        Mode | None, Field(description="書き方（plain、list、easy、quote）。省くと設定のまま")
    ] = None

    def turns(self) -> list[Turn]:
        """The conversation as the assistant takes it."""
        return [Turn(turn.question, turn.answer) for turn in self.history]


class SearchBody(_Body):
    """Words to search for."""

    query: Annotated[str, Field(min_length=1, max_length=MOST_CHARS, description="探す言葉")]
    k: Annotated[int | None, Field(ge=1, le=200, description="件数の上限（省くと設定の k）")] = None
    filters: Annotated[FilterBody, Field(description="絞り込み")] = FilterBody()


def user_of(request: Request) -> User:
    """Who sends the request: the guard lets nobody else through."""
    user: User = request.state.user
    return user


def api_routes(context: ServerContext) -> APIRouter:
    """The routes below `/api`."""
    router = APIRouter(prefix="/api", tags=["Shirube"])

    _add_asking(router, context)

    @router.post(
        "/search",
        summary="言葉に近い箇所を探す",
        description="結果の JSON は `shirube search --json` と同じです。",
    )
    def search(request: Request, body: SearchBody) -> dict[str, Any]:
        k = context.settings.k if body.k is None else body.k
        return context.search(body.query, user=user_of(request).name, k=k, filters=body.filters.filters())

    @router.get(
        "/documents",
        summary="取り込んだ文書の一覧",
        description="結果の JSON は `shirube status --json` と同じです。",
    )
    def documents() -> dict[str, Any]:
        return context.status()

    _add_state(router, context)
    router.add_api_route("/docs", _page, include_in_schema=False)
    return router


def _add_state(router: APIRouter, context: ServerContext) -> None:
    @router.get(
        "/health", summary="動いているか", description="ログインしていなければ status だけを返します。"
    )
    def health(request: Request) -> dict[str, Any]:
        user: User | None = request.state.user
        state = _health(context, knows=user is not None)
        if user is None or not user.may(Scope.METRICS):
            state.pop("alarms", None)  # they tell of questions of all users
        return state

    @router.get(
        "/metrics",
        summary="動き方の数値（Prometheus の形）",
        description="管理者か、metrics の権限があるトークンだけが見られます。",
        response_class=PlainTextResponse,
    )
    def metrics(request: Request) -> PlainTextResponse:
        if not user_of(request).may(Scope.METRICS):
            raise HTTPException(403)
        return PlainTextResponse(_metrics(context), media_type=CONTENT_TYPE)


def _metrics(context: ServerContext) -> str:
    with acting(WHOLE):
        state = _health(context, knows=True)
    gauges = {
        "shirube_up": float(state["status"] == "ok"),
        "shirube_alarms": float(len(state["alarms"])),
        **{
            f"shirube_{name}": float(state.get(name, 0))
            for name in ("generation", "n_documents", "n_passages")
        },
    }
    return "\n".join(context.metrics.lines(gauges)) + "\n"


def _add_asking(router: APIRouter, context: ServerContext) -> None:
    @router.post(
        "/ask",
        summary="質問に、出典つきで答える",
        description="結果の JSON は `shirube ask --json` と同じです。答えがなければ not_found です。",
    )
    def ask(request: Request, body: AskBody) -> dict[str, Any]:
        return context.answer(
            body.question, user=user_of(request).name, filters=body.filters.filters(), history=body.turns(),
            mode=body.mode,
        )  # fmt: skip

    @router.post(
        "/ask/stream",
        summary="質問に答えながら、文を1つずつ返す",
        description="text/event-stream。words（未確認の文字）、sentence（確かめた文）、answer（全体）の順です。",
    )
    def ask_stream(request: Request, body: AskBody) -> StreamingResponse:
        events = context.stream(
            body.question, user=user_of(request).name, filters=body.filters.filters(), history=body.turns(),
            mode=body.mode,
        )  # fmt: skip
        first = next(events)  # so that what is refused is told as for any other request
        return StreamingResponse(_told(first, events), media_type="text/event-stream")


def _told(first: dict[str, Any], events: Iterator[dict[str, Any]]) -> Iterator[str]:
    for event in chain((first,), events):
        yield f"data: {json.dumps(event, ensure_ascii=False)}\n\n"


def _page(request: Request) -> HTMLResponse:
    root_path: str = request.scope.get("root_path", "")
    return HTMLResponse(render_api_page(request.app.openapi(), root_path=root_path))


def _health(context: ServerContext, *, knows: bool) -> dict[str, Any]:
    try:
        status = context.status()
    except IndexMissingError:
        state: dict[str, Any] = {"status": "empty"}
    except IndexMismatchError:
        state = {"status": "mismatch"}
    else:
        counts = {name: status[name] for name in ("generation", "n_documents", "n_passages")}
        state = {"status": "ok", **counts}
    known = {"version": version("shirube"), "alarms": context.metrics.alarms()}
    return state | known if knows else {"status": state["status"]}
