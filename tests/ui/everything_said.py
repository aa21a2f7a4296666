"""All that a running server says to one user, over every way in, as values that can be compared."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from tests.ui.served import SITE, log_in

HEADERS = {"origin": SITE}
AS_PROGRAM = {"accept": "application/json, text/event-stream"}
CHANGING = (  # from one run to the next, whatever is indexed
    (re.compile(r'\\?"timings_s\\?": ?\{[^}]*\}'), "TIMINGS"),
    (re.compile(r'\\?"(generation|created|id)\\?": ?(\\?"chatcmpl[^"]*"|\d+)(?=[,}])'), r"\1"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"), "DATE"),
    (re.compile(r'(/answer/|/conversation/|data-(?:kept|conversation)=\\?")[\w-]{22}'), r"\1ID"),
)
KEPT = re.compile(r"/(?:answer|conversation)/[\w-]{22}(?:/export\.\w+)?")
ADDRESSES = (
    "/file/{}",
    "/inspect/{}",
    "/source/{}?spans=0-9",
    "/page/{}/1.png",
    "/inspect/{}?first=2&lang=en",
)
SESSION = "page"


@dataclass(frozen=True)
class Tried:
    """What a user tries.

    Attributes:
        filters: As the endpoints take them.
        document_ids: Of the whole index, whether the user may know them or not.
        words: Looked for in lists.
        index_dir: Taken out of what is said.
    """

    questions: Sequence[str]
    filters: Sequence[Mapping[str, Any]]
    document_ids: Sequence[str]
    words: Sequence[str]
    index_dir: str = ""


@dataclass
class Listener:
    """One user at one server; `said` holds what they heard, by what they did."""

    client: TestClient
    tried: Tried
    said: dict[str, str] = field(default_factory=dict)

    def hear(self, deed: str, response: Any) -> str:
        """Keep an answer without what differs from run to run; all of it is returned."""
        content = response.content
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = archive.read("word/document.xml")
        text = f"{response.status_code} {content.decode('utf-8', 'replace')}"
        kept = text.replace(self.tried.index_dir, "INDEX")
        for pattern, instead in CHANGING:
            kept = pattern.sub(instead, kept)
        self.said[deed] = kept
        return text

    def get(self, address: str, deed: str = "") -> str:
        """Open an address."""
        return self.hear(deed or address, self.client.get(address))

    def post(self, address: str, body: Mapping[str, Any], **headers: str) -> str:
        """Send a request."""
        sent = self.client.post(address, json=body, headers=HEADERS | headers)
        return self.hear(f"{address} {json.dumps(body, ensure_ascii=False)}", sent)


def everything_said(client: TestClient, name: str, token: str, tried: Tried) -> dict[str, str]:
    """All that one user hears, by what they did."""
    log_in(client, name)
    listener = Listener(client, tried)
    _endpoints(listener)
    _tools(listener, token)
    _addresses(listener)
    for n, address in enumerate(dict.fromkeys(KEPT.findall("".join(page_said(listener))))):
        listener.get(address, f"kept {n}")
    return listener.said


def _endpoints(listener: Listener) -> None:
    for address in ("/api/health", "/api/documents", "/api/metrics", "/v1/models"):
        listener.get(address)
    for question in listener.tried.questions:
        messages = [{"role": "user", "content": question}]
        for filters in listener.tried.filters:
            listener.post("/api/ask", {"question": question, "filters": filters})
            listener.post("/api/search", {"query": question, "k": 50, "filters": filters})
            listener.post("/v1/chat/completions", {"messages": messages, "filters": filters})
        listener.post("/api/ask/stream", {"question": question})
        listener.post("/v1/chat/completions", {"messages": messages, "stream": True})


def _tools(listener: Listener, token: str) -> None:
    tried = listener.tried
    calls: list[tuple[str, dict[str, Any]]] = [
        ("read_section", {"document_id": i}) for i in tried.document_ids
    ]
    for question in tried.questions:
        calls += [("ask", {"question": question, **filters}) for filters in tried.filters]
        calls += [("search", {"query": question, "k": 50, **filters}) for filters in tried.filters]
    for name, arguments in calls:
        params = {"name": name, "arguments": arguments}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        listener.post("/mcp", body, authorization=f"Bearer {token}", **AS_PROGRAM)


def _addresses(listener: Listener) -> None:
    for document_id in listener.tried.document_ids:
        for address in ADDRESSES:
            listener.get(address.format(document_id))


def page_said(listener: Listener) -> Iterator[str]:
    """Every event that the page can send, the questions first; what came back.

    What several events call is called once with all that can be clicked or typed, and once for each of them.
    """
    config = listener.client.get("/config").json()
    components = {component["id"]: component for component in config["components"]}
    events = [d for d in config["dependencies"] if d["backend_fn"]]
    box = {i for i, component in components.items() if component["props"].get("elem_id") == "question"}
    asking = [d for d in events if box & set(d["inputs"])]
    for question in listener.tried.questions:
        yield _sent(listener, asking[0], [question if i in box else None for i in asking[0]["inputs"]], None)
    shown, called = "", set[str]()
    for event in events:
        if event in asking:
            continue
        name = re.sub(r"_\d+$", "", str(event["api_name"]))
        is_new = name not in called
        called.add(name)
        is_typed = any(components[i]["type"] == "textbox" for i in event["inputs"])
        for told in _clicks(listener, shown) if is_new else [None]:
            for word in ("", *listener.tried.words) if is_typed and is_new else ("",):
                data = [_given(components[i], word) for i in event["inputs"]]
                shown += (heard := _sent(listener, event, data, told))
                yield heard


def _clicks(listener: Listener, shown: str) -> Iterator[dict[str, str] | None]:
    """What an element that was clicked may say."""
    yield None
    for document_id in listener.tried.document_ids:
        yield {"action": "cite", "place": f"{document_id}?spans=0-9"}
        yield {"action": "remove", "document": document_id}
    for question in listener.tried.questions:
        yield {"action": "ask", "question": question}
    for conversation in list(dict.fromkeys(re.findall(r"/conversation/([\w-]{22})", shown)))[:2]:
        yield {"action": "open", "conversation": conversation}


def _given(component: Mapping[str, Any], word: str) -> Any:
    return {"textbox": word, "radio": "quote", "dropdown": []}.get(component["type"])


def _sent(listener: Listener, event: Mapping[str, Any], data: Sequence[Any], told: Any) -> str:
    """One event of the page, to its end."""
    client = listener.client
    body = {
        "data": data, "fn_index": event["id"], "trigger_id": event["targets"][0][0], "session_hash": SESSION,
        "event_data": told,
    }  # fmt: skip
    client.post("/gradio_api/queue/join", json=body, headers=HEADERS).raise_for_status()
    stream = client.get("/gradio_api/queue/data", params={"session_hash": SESSION})
    messages = [json.loads(line[5:]) for line in stream.text.splitlines() if line.startswith("data:")]
    outputs = [message["output"].get("data") for message in messages if "output" in message]
    done = [message["success"] for message in messages if message["msg"] == "process_completed"]
    text = json.dumps({"done": done, "outputs": outputs}, ensure_ascii=False)
    named = re.sub(r'(?<=")[\w-]{22}(?=")', "ID", json.dumps([data, told], ensure_ascii=False))
    return listener.hear(f"{event['api_name']} {named}", _Text(text.encode()))


@dataclass(frozen=True)
class _Text:
    content: bytes
    status_code: int = 200
