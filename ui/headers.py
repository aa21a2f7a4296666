"""What every response tells the browser: what it may load, run, show in a frame and keep."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

# Gradio writes scripts into its page, so each of them gets the page's nonce: what a document could bring in
# (`onerror=`, `javascript:`, a script element) never has one. Its components set style attributes, which no
# nonce can cover, and compile their templates in the browser, so its pages alone may evaluate strings.
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'{eval}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-src 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
FIXED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # none at all would make the browser hide the origin of our own forms
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
UNCHANGING = re.compile(r"^(?:/en)?/(?:assets|static)/")  # Gradio's own: names change with their content
KEPT = "private, max-age=31536000, immutable"
PAGES = frozenset({"/", "/en", "/en/"})
FILES = re.compile(r"/gradio_api/file[=/]")
SCRIPT = re.compile(rb"<script(?=[\s>])", re.IGNORECASE)


class Dressed:
    """A `send` that adds the headers to a response and the nonce to the scripts of an HTML page."""

    def __init__(self, send: Send, path: str) -> None:
        self._send = send
        self._path = path
        self._nonce = secrets.token_urlsafe(16)
        self._held: Message | None = None  # the start of an HTML page, until its length is known
        self._body = b""
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message of the application on."""
        if message["type"] == "http.response.start":
            self.has_started = True
            headers = MutableHeaders(raw=message["headers"])
            is_page = headers.get("content-type", "").startswith("text/html")
            self._dress(headers, is_found=message["status"] == 200)
            if is_page and "content-encoding" not in headers:
                self._held = message
                return
        elif self._held is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_page(self._held)
            return
        await self._send(message)

    async def _send_page(self, start: Message) -> None:
        body = SCRIPT.sub(b'<script nonce="%b"' % self._nonce.encode(), self._body)
        headers = MutableHeaders(raw=start["headers"])
        if self._body:  # HEAD tells the length of what it does not send
            headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})

    def _dress(self, headers: MutableHeaders, *, is_found: bool) -> None:
        for name, value in FIXED.items():
            headers[name] = value
        is_file = FILES.search(self._path) is not None
        evaluated = " 'unsafe-eval'" if self._path in PAGES else ""
        policy = FILE_POLICY if is_file else POLICY.format(nonce=self._nonce, eval=evaluated)
        headers.setdefault("content-security-policy", policy)  # a page may have a stricter one of its own
        headers.setdefault("cache-control", KEPT if is_found and UNCHANGING.match(self._path) else "no-store")
