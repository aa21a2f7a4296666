"""Many people at once: sessions that ask through the page's own events, against a server started for it.

    python -m tests.browser.load DOCUMENTS QUESTIONS.jsonl --sessions 50 --seconds 180 --every 10

Prints one JSON object: answers, errors, seconds to the last sentence (p50, p95, longest), memory of the server, and what
it manages when every session asks again as soon as it has an answer. Memory is read from /proc, so it needs Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.browser.site import Server, resident_mb, run_cli, running

TIMEOUT_S = 60
CLOSED_LOOP_S = 30
SETTLED_S = 60  # memory of the first minute is warming up


@dataclass
class Tally:
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """What an open page knows: where to send a question, and the components that travel with it."""

    fn_index: int
    trigger_id: int
    inputs: tuple[int, ...]

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Page:
        """The event that Enter in the question box triggers."""
        box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
        asks = next(d for d in config["dependencies"] if [box, "submit"] in [list(t) for t in d["targets"]])
        return cls(asks["id"], box, tuple(asks["inputs"]))

    def body(self, question: str, session: str) -> dict[str, Any]:
        data = [question if part == self.trigger_id else None for part in self.inputs]
        return {
            "data": data, "fn_index": self.fn_index, "trigger_id": self.trigger_id, "session_hash": session,
            "event_data": None,
        }  # fmt: skip


async def ask(client: httpx.AsyncClient, page: Page, question: str, session: str) -> None:
    """Ask one question as the page does, and read its stream to the end.

    Raises:
        RuntimeError: If the answer is not one.
    """
    joined = await client.post("/gradio_api/queue/join", json=page.body(question, session))
    joined.raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        stream.raise_for_status()
        shown = ""
        async for message in messages(stream):
            shown += json.dumps(message.get("output", {}), ensure_ascii=False)
            if message["msg"] == "process_completed":
                if not message["success"] or "data-state" not in shown:
                    raise RuntimeError(f"no answer: {message}"[:400])
            elif message["msg"] == "close_stream":
                return
    raise RuntimeError("the stream ended early")


async def messages(stream: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in stream.aiter_lines():
        if line.startswith("data:"):
            yield json.loads(line[5:])


async def person(
    client: httpx.AsyncClient, page: Page, questions: Sequence[str], *, n: int, seconds: float, every: float
) -> Tally:
    """One session: a question every so often, or without a pause."""
    chance = random.Random(n)
    tally = Tally()
    end = time.monotonic() + seconds
    await asyncio.sleep(chance.uniform(0, every))
    while (started := time.monotonic()) < end:
        try:
            await ask(client, page, chance.choice(questions), f"load{n}x{seconds}")
            tally.seconds.append(time.monotonic() - started)
        except (httpx.HTTPError, RuntimeError, ValueError) as error:
            tally.errors.append(f"{type(error).__name__}: {error}")
        await asyncio.sleep(max(0.0, started + every - time.monotonic()))
    return tally


async def crowd(
    server: Server, questions: Sequence[str], *, sessions: int, seconds: float, every: float
) -> Tally:
    limits = httpx.Limits(max_connections=4 * sessions)
    async with httpx.AsyncClient(base_url=server.url, timeout=TIMEOUT_S, limits=limits) as client:
        page = Page.from_config((await client.get("/config")).json())
        people = (person(client, page, questions, n=n, seconds=seconds, every=every) for n in range(sessions))
        tallies = await asyncio.gather(*people)
    return Tally([s for t in tallies for s in t.seconds], [e for t in tallies for e in t.errors])


async def watched(server: Server, tally: asyncio.Future[Tally]) -> tuple[Tally, list[float]]:
    """The tally, and the server's memory every second meanwhile, in MB."""
    memory: list[float] = []
    while not tally.done():
        memory.append(resident_mb(server.pid))
        await asyncio.sleep(1)
    return await tally, memory


def told(tally: Tally) -> dict[str, Any]:
    p50, p95, most = np.percentile(tally.seconds, (50, 95, 100)) if tally.seconds else (0, 0, 0)
    return {
        "answers": len(tally.seconds), "errors": len(tally.errors), "first_errors": tally.errors[:3],
        "p50_s": round(p50, 3), "p95_s": round(p95, 3), "longest_s": round(most, 3),
    }  # fmt: skip


async def measure(server: Server, questions: Sequence[str], args: argparse.Namespace) -> dict[str, Any]:
    given = {"sessions": args.sessions, "seconds": args.seconds, "every": args.every}
    open_loop, memory = await watched(server, asyncio.ensure_future(crowd(server, questions, **given)))
    settled = memory[min(SETTLED_S, len(memory) // 2) :]
    closed = await crowd(server, questions, sessions=args.sessions, seconds=CLOSED_LOOP_S, every=0.0)
    return {
        **given, "open": told(open_loop),
        "memory_mb": {"after_first_minute": settled[0], "end": settled[-1], "most": max(memory)},
        "memory_growth": round(settled[-1] / settled[0] - 1, 4),
        "closed": told(closed) | {"answers_per_s": round(len(closed.seconds) / CLOSED_LOOP_S, 2)},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--every", type=float, default=10)
    args = parser.parse_args()
    lines = args.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    folder = Path(tempfile.mkdtemp())
    try:
        run_cli(folder, "ingest", args.documents.resolve(), "--index-dir", folder / "index")
        with running(folder, questions_per_minute="100000") as server:
            print(json.dumps(asyncio.run(measure(server, questions, args)), ensure_ascii=False, indent=1))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
