"""Eight hours of an office in some minutes: files change every second while people ask.

    python -m tests.life.life --seconds 1200 --users 20 --every 6

`shirube watch` follows a folder in which a file is written, rewritten or deleted every second and every tenth
change is a file that cannot be read; `shirube serve` answers users of whom half may not see a part of it. Prints
one JSON object and ends with 1 if anything was wrong: an answer that cites what no file ever said, something shown to
who may not see it, an error, memory that grows, an index that is not the folder in the end. Needs Linux for /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from ingest.catalog import FILE_NAME, Catalog
from tests.browser.site import ROOT, Server, resident_mb, run_cli, running
from tests.life.office import STAFF, Checked, Office, differences
from tests.ui.served import PASSWORD
from ui.accounts import Scope
from ui.passwords import PasswordCost
from ui.users import Users

TIMEOUT_S = 60.0
SETTLE_S = 180.0  # in which the last change must be in the index
CHANGE_S = 1.0
TELLING = re.compile(r"Traceback|ERROR|Error|エラー")


@dataclass
class Heard:
    """What the users and the followers of the folder met."""

    checked: Checked = field(default_factory=Checked)
    errors: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    memory: dict[str, list[float]] = field(default_factory=lambda: {"serve": [], "watch": []})


@contextmanager
def watching(folder: Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`shirube watch` over a folder, stopped at the end."""
    command = [sys.executable, "-m", "ui.cli", "watch", str(folder), "--index-dir", "index", "--json"]
    with log.open("wb") as out, log.with_suffix(".err").open("wb") as told:
        process = subprocess.Popen(command, cwd=log.parent, stdout=out, stderr=told, env=environ())
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=60)


def environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHIRUBE_")}
    return kept | {"PYTHONPATH": str(ROOT)}


def make_users(path: Path, n: int) -> list[tuple[str, bool]]:
    """A token of each user, and whether they may see what is for the staff."""
    users = Users(path, cost=PasswordCost(n=2, r=1, p=1))
    told = []
    for number in range(n):
        groups = [STAFF] if number % 2 else []
        users.add(f"u{number}", PASSWORD, groups=groups)
        told.append((users.issue_token(f"u{number}", [Scope.ASK], days=1), bool(groups)))
    return told


async def person(
    url: str, office: Office, heard: Heard, *, user: tuple[str, bool], end: float, every: float
) -> None:
    """One user who asks every so often."""
    token, is_staff = user
    chance = random.Random(token)
    headers = {"authorization": f"Bearer {token}"}
    # A connection for each question: one that is kept may be closed at the moment of the next.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=TIMEOUT_S, limits=limits) as client:
        await asyncio.sleep(chance.uniform(0, every))
        while (asked := time.monotonic()) < end:
            try:
                answered = await client.post("/api/ask", json={"question": office.question()})
                answered.raise_for_status()
                answer = answered.json()
                heard.seconds.append(time.monotonic() - asked)
                heard.statuses[answer["status"]] = heard.statuses.get(answer["status"], 0) + 1
                heard.checked.check(answer, office, asked=asked, is_staff=is_staff)
            except (httpx.HTTPError, ValueError) as error:
                heard.errors.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(max(0.0, asked + every - time.monotonic()))


async def changing(office: Office, end: float) -> None:
    """A change every second."""
    while (now := time.monotonic()) < end:
        office.change()
        await asyncio.sleep(max(0.0, now + CHANGE_S - time.monotonic()))


async def weighing(heard: Heard, pids: Mapping[str, int], end: float) -> None:
    """The memory of the processes that stay, every second, in MB."""
    while time.monotonic() < end:
        for name, pid in pids.items():
            heard.memory[name].append(resident_mb(pid))
        await asyncio.sleep(1)


async def live(
    server: Server, watch_pid: int, office: Office, users: list[tuple[str, bool]], args: argparse.Namespace
) -> Heard:
    """All of it at once."""
    heard, end = Heard(), time.monotonic() + args.seconds
    await asyncio.gather(
        changing(office, end),
        weighing(heard, {"serve": server.pid, "watch": watch_pid}, end),
        *(person(server.url, office, heard, user=user, end=end, every=args.every) for user in users),
    )
    return heard


def settle(office: Office, index_dir: Path) -> tuple[list[str], float]:
    """What the index lacks when it has had time enough, and how long it took."""
    started = time.monotonic()
    while True:
        with Catalog.open(index_dir / FILE_NAME) as catalog:
            indexed = {record.source: record.sha256 for record in catalog.documents()}
        lacking, passed = differences(office, indexed), time.monotonic() - started
        if not lacking or passed > SETTLE_S:
            return lacking, passed
        time.sleep(1)


def growth(memory: list[float]) -> float:
    """How much more the last quarter needs than the second, by their medians."""
    quarter = len(memory) // 4
    if not quarter:
        return 0.0
    return statistics.median(memory[-quarter:]) / statistics.median(memory[quarter : 2 * quarter]) - 1


def told(heard: Heard, office: Office, folder: Path) -> dict[str, Any]:
    """What came of it, as JSON."""
    reports = [json.loads(line) for line in (folder / "watch.log").read_text("utf-8").splitlines()]
    logs = {
        name: [line for line in (folder / name).read_text("utf-8").splitlines() if TELLING.search(line)]
        for name in ("server.log", "watch.err")
    }
    return {
        "answers": len(heard.seconds), "statuses": heard.statuses, "citations": heard.checked.n_citations,
        "errors": heard.errors[:5], "n_errors": len(heard.errors),
        "wrong": heard.checked.wrong[:5], "n_wrong": len(heard.checked.wrong),
        "changes": office.n_changes, "unreadable": office.n_broken,
        "ingests": len(reports), "ingest_errors": [r["error"] for r in reports if r["error"]][:5],
        "skipped": sum(len(r["report"].get("skipped", ())) for r in reports), "logs": logs,
        "seconds": _spread(heard.seconds), "replaced_before_asked_s": _spread(heard.checked.lags_s),
        "memory_mb": {n: {"first": m[0], "end": m[-1], "most": max(m)} for n, m in heard.memory.items()},
        "memory_growth": {name: round(growth(memory), 4) for name, memory in heard.memory.items()},
    }  # fmt: skip


def _spread(values: list[float]) -> dict[str, float]:
    parts = np.percentile(values, (50, 95, 100)) if values else (0, 0, 0)
    return {name: round(float(v), 3) for name, v in zip(("p50", "p95", "longest"), parts, strict=True)}


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The whole of it in a folder of its own, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="shirube-life-"))
    office = Office(folder / "文書", random.Random(args.seed))
    try:
        office.open()
        run_cli(folder, "ingest", office.folder, "--index-dir", folder / "index")
        users = make_users(folder / "users.toml", args.users)
        settings = {"users_file": str(folder / "users.toml"), "questions_per_minute": "10000"}
        with running(folder, **settings) as server, watching(office.folder, folder / "watch.log") as watch:
            heard = asyncio.run(live(server, watch.pid, office, users, args))
            lacking, settled_s = settle(office, folder / "index")
        doctor = json.loads(run_cli(folder, "doctor", "--json", "--index-dir", folder / "index"))
        result = told(heard, office, folder)
        return {
            "given": vars(args), **result, "lacking": lacking, "settled_s": round(settled_s, 1),
            "doctor": doctor["findings"],
        }  # fmt: skip
    finally:
        shutil.rmtree(folder)


def problems(result: Mapping[str, Any], *, most_growth: float, most_lag_s: float) -> list[str]:
    """What must not be; none if all is well."""
    must_be_empty = ("errors", "wrong", "ingest_errors", "lacking", "doctor")
    found = [f"{name}: {result[name]}" for name in must_be_empty if result[name]]
    found += [f"{name}: {lines[:3]}" for name, lines in result["logs"].items() if lines]
    found += [f"memory of {n} grew: {g}" for n, g in result["memory_growth"].items() if g > most_growth]
    if result["replaced_before_asked_s"]["longest"] > most_lag_s:
        found.append(f"cited too late: {result['replaced_before_asked_s']}")
    if not result["statuses"].get("answered"):
        found.append("nothing was answered")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=1200)
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--every", type=float, default=6, help="seconds between two questions of a user")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    result = run(args)
    found = problems(result, most_growth=0.05, most_lag_s=120)
    print(json.dumps({**result, "problems": found}, ensure_ascii=False, indent=1))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
