"""What the storm of `test_storm.py` kills, and who reads meanwhile: run as `python -m tests.index.storm VERB …`."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from index.build import remove
from index.pipeline import Progress
from index.restore import restore
from tests.index.small_pipeline import DigestEmbedder, open_store, run_ingest, small_pipeline
from ui.as_json import report_json
from ui.watch import changes, follow


def tell(progress: Progress) -> None:
    print(progress.stage, flush=True)


def write(verb: str, index_dir: Path, given: str) -> None:
    """One of the verbs that change an index, telling how far it is."""
    print("begun", flush=True)
    if verb == "ingest":
        run_ingest(Path(given), index_dir=index_dir, on_progress=tell)
    elif verb == "remove":
        remove(
            [given],
            index_dir=index_dir,
            embedder=DigestEmbedder(),
            pipeline=small_pipeline(),
            on_progress=tell,
        )
    elif verb == "restore":
        restore(Path(given), index_dir=index_dir)
    elif verb == "watch":
        folder = Path(given)

        def ingest(paths: Any) -> Any:
            return report_json(run_ingest(*paths, index_dir=index_dir, on_progress=tell))

        for _ in follow([folder], ingest, changes([folder], ignore=index_dir, poll=False)):
            pass
    else:
        raise ValueError(verb)


def read(index_dir: Path, states: Path, stop: Path) -> dict[str, Any]:
    """Ask until the file `stop` is there; what was wrong, and how many states and questions there were."""
    embedder, wrong, n_states, n_questions, worst_s = DigestEmbedder(), [], 0, 0, 0.0
    while not stop.exists():
        try:
            with open_store(index_dir) as store:
                n_states += 1
                texts = {record.source: store.text(record.id) for record in store.documents()}
                known = [json.loads(line) for line in states.read_text(encoding="utf-8").splitlines()]
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
                    time.sleep(0.05)
                late = time.monotonic()
            with open_store(index_dir):
                worst_s = max(worst_s, time.monotonic() - late)
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {error}")
            if len(wrong) > 20:
                break
    return {"wrong": wrong, "n_states": n_states, "n_questions": n_questions, "worst_s": worst_s}


if __name__ == "__main__":
    if sys.argv[1] == "read":
        print(json.dumps(read(*map(Path, sys.argv[2:])), ensure_ascii=False))
    else:
        write(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
