"""The login page: a form without scripts, and the routes that begin and end a login."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ui.guard import COOKIE, LOGIN, session_secret
from ui.limits import Limit
from ui.peer import Peer
from ui.sessions import Sessions
from ui.users import Users

TRIES_S = 300.0
NAMES_MORE = 10  # a name may be tried so many times as often as an address: nobody is locked out by one other
WRONG = "利用者名かパスワードが違います。"
TOO_OFTEN = "続けて間違えたため、しばらく受け付けません。{minutes}分ほど待ってから試してください。"
PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>ログイン – しるべ</title><link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --line: #767676; --act: #1d4ed8; --bad: #b91c1c }}
@media (prefers-color-scheme: dark) {{ :root {{ --line: #8a8a8a; --act: #1d4ed8; --bad: #fca5a5 }} }}
body {{ font: 1rem/1.6 system-ui, sans-serif; margin: 0; min-height: 100vh }}
body {{ display: grid; place-items: center }}
main {{ width: min(22rem, 90vw) }}
h1 {{ font-size: 1.5rem }}
label {{ display: block; margin-top: 1rem }}
input, button {{ box-sizing: border-box; width: 100%; font: inherit; padding: .6rem; border-radius: .4rem }}
input {{ border: 1px solid var(--line) }}
button {{ margin-top: 1.5rem; border: 0; background: var(--act); color: #fff }}
:focus-visible {{ outline: 3px solid #f59e0b; outline-offset: 2px }}
.error {{ color: var(--bad) }}
</style></head><body><main>
<h1>しるべ <span lang="en">Shirube</span></h1>
<form method="post" action="{action}">{error}
<input type="hidden" name="next" value="{next}">
<label>利用者名 <span lang="en">User name</span>
<input name="name" autocomplete="username" required maxlength="64" autofocus value="{name}"></label>
<label>パスワード <span lang="en">Password</span>
<input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
<button>ログイン <span lang="en">Log in</span></button>
</form></main></body></html>
"""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a wrong password may be tried, from one address and for one name."""

    addresses: Limit
    names: Limit

    @classmethod
    def of(cls, times: int) -> Tries:
        """So many in five minutes from one address."""
        return cls(Limit(times, per_s=TRIES_S), Limit(times * NAMES_MORE, per_s=TRIES_S))

    def spend(self, address: str, name: str) -> float:
        """Take one try: 0.0, or the seconds to wait."""
        return self.addresses.spend(address) or self.names.spend(name)

    def give_back(self, address: str, name: str) -> None:
        """A right password is no try."""
        self.addresses.give_back(address)
        self.names.give_back(name)


@dataclass(frozen=True, slots=True)
class Login:
    """The routes `GET` and `POST /login` and `POST /logout`.

    Attributes:
        users: `None` where nobody can log in, and nobody needs to.
        root_path: Prefix below which a proxy shows the server, without a slash at its end.
    """

    users: Users | None
    sessions: Sessions
    tries: Tries
    root_path: str = ""

    def routes(self) -> APIRouter:
        """The routes, for an application."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route(LOGIN, self.show, methods=["GET", "HEAD"])
        router.add_api_route(LOGIN, self.begin, methods=["POST"])
        router.add_api_route("/logout", self.end, methods=["POST"])
        return router

    def show(self, request: Request, next: Annotated[str, Query(max_length=2000)] = "/") -> Response:  # noqa: A002
        """The form; whoever needs no login is led to the page."""
        if self.users is None or request.state.user is not None:
            return self._redirect("/")
        return self._page(next)

    def begin(
        self,
        request: Request,
        name: Annotated[str, Form(max_length=64)] = "",
        password: Annotated[str, Form(max_length=256)] = "",
        next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
    ) -> Response:
        """Check the password, and begin a login that the cookie stands for."""
        peer: Peer = request.state.peer
        if self.users is None:
            return self._redirect("/")
        wait_s = self.tries.spend(peer.address, name)
        if wait_s:
            refused = self._page(next, TOO_OFTEN.format(minutes=int(wait_s // 60) + 1), name, status=429)
            refused.headers["retry-after"] = str(int(wait_s) + 1)
            return refused
        account = self.users.check(name, password)
        if account is None:
            return self._page(next, WRONG, name, status=401)
        self.tries.give_back(peer.address, name)
        self.sessions.end(session_secret(request.headers))
        response = self._redirect(_local(next))
        response.set_cookie(
            COOKIE, self.sessions.begin(account.name, stamp=account.password), path=f"{self.root_path}/",
            httponly=True, samesite="lax", secure=peer.scheme == "https", max_age=int(self.sessions.seconds),
        )  # fmt: skip
        return response

    def end(self, request: Request) -> Response:
        """End the login."""
        self.sessions.end(session_secret(request.headers))
        response = self._redirect(LOGIN)
        response.delete_cookie(COOKIE, path=f"{self.root_path}/")
        return response

    def _redirect(self, path: str) -> Response:
        return RedirectResponse(self.root_path + path, status_code=303)

    def _page(self, next_path: str, error: str = "", name: str = "", status: int = 200) -> Response:
        shown = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
        action, back = escape(self.root_path + LOGIN), escape(next_path)
        content = PAGE.format(action=action, next=back, error=shown, name=escape(name))
        return HTMLResponse(content, status_code=status)


def _local(path: str) -> str:
    """The path, if it is one of this server: after a login nobody is sent elsewhere."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local and path.isprintable() else "/"
