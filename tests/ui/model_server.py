"""A server on this machine that speaks as OpenAI's does and says what a test wrote down."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[str], Sequence[str | float]]


class ModelServer(ThreadingHTTPServer):
    """Answers each request with its script: strings are said, numbers are seconds of silence."""

    daemon_threads = True

    def __init__(self, script: Script, *, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.status = status
        self.n_requests = 0
        self.n_broken = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"  # connections are kept from one request to the next, as real servers do

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.n_requests += 1
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        if self.server.status != 200:
            self.send_error(self.server.status)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        key = (re.findall(r"記号 ([A-Z]{4})（", prompt) or [""])[0]
        try:
            for step in self.server.script(prompt):
                if isinstance(step, str):
                    self._say({"role": "assistant", "content": step.replace("{key}", key)})
                else:
                    time.sleep(step)
            self._say({}, "stop")
            self._write(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()
        except OSError:
            self.server.n_broken += 1
            self.close_connection = True

    def _say(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [choice],
        }
        self._write(f"data: {json.dumps(chunk)}\n\n".encode())

    def _write(self, said: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(said), said))
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def model_saying(
    *steps: str | float, status: int = 200, script: Script | None = None
) -> Iterator[ModelServer]:
    """A running server that says these whatever it is asked."""
    server = ModelServer(script or (lambda _: steps), status=status)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
