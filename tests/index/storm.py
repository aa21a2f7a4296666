"""What the storm of `test_storm.py` kills, and who reads meanwhile: `python -m tests.index.storm fork|read …`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from index.build import remove
from index.restore import restore
from tests.index.small_pipeline import DigestEmbedder, open_store, run_ingest, small_pipeline
from ui.as_json import report_json
from ui.watch import changes, follow


def write(verb: str, index_dir: Path, given: str) -> None:
    """One of the verbs that change an index."""
    if verb == "ingest":
        run_ingest(Path(given), index_dir=index_dir)
    elif verb == "remove":
        remove(
            [given],
            index_dir=index_dir,
            embedder=DigestEmbedder(),
            pipeline=small_pipeline(),
        )
    elif verb == "restore":
        restore(Path(given), index_dir=index_dir)
    elif verb == "watch":
        folder = Path(given)

        def ingest(paths: Any) -> Any:
            return report_json(run_ingest(*paths, index_dir=index_dir))

        for _ in follow([folder], ingest, changes([folder], ignore=index_dir, poll=False)):
            pass
    else:
        raise ValueError(verb)


def announced(states: Path) -> list[dict[str, str]]:
    """The states that a writer may have made, a line each.

    A last line without its end is being written beside us; nobody has begun to make that state yet.
    """
    lines = states.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]


def read(index_dir: Path, states: Path, stop: Path) -> dict[str, Any]:
    """Ask until the file `stop` is there; what was wrong, and how many states and questions there were."""
    embedder, wrong, n_states, n_questions, worst_s = DigestEmbedder(), [], 0, 0, 0.0
    while not stop.exists():
        try:
            with open_store(index_dir) as store:
                n_states += 1
                texts = {record.source: store.text(record.id) for record in store.documents()}
                known = announced(states)
                if texts not in known:
                    wrong.append(f"a state that never was: {sorted(texts)}")
                while store.is_current() and not stop.exists():
                    for record in store.documents():
                        for i, passage in store.passages_of(record.id)[::7]:
                            vector = embedder.embed_queries([passage.text])[0]
                            best = store.passages([store.dense.search(vector, k=1)[0][0]])[0]
                            found = store.lexical.search(
                                {"body": list(passage.text)}, boosts={}, k=1, only=[i]
                            )
                            n_questions += 1
                            if best.text != passage.text or [f[0] for f in found] != [i]:
                                wrong.append(f"a wrong answer: {passage.text}")
                    time.sleep(0.5)
                late = time.monotonic()
            with open_store(index_dir):
                worst_s = max(worst_s, time.monotonic() - late)
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
            if len(wrong) > 20:
                break
    return {"wrong": wrong, "n_states": n_states, "n_questions": n_questions, "worst_s": worst_s}


def fork_writers() -> None:
    """For each request of standard input a process that writes: its number, and when it has ended, how.

    All imports are done by then: two hundred interpreters need not start.
    """
    for line in sys.stdin:
        verb, index_dir, given = json.loads(line)
        pid = os.fork()
        if pid == 0:
            write(verb, Path(index_dir), given)
            os._exit(0)
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "fork":
        fork_writers()
    elif sys.argv[1] == "read":
        print(json.dumps(read(*map(Path, sys.argv[2:])), ensure_ascii=False))
