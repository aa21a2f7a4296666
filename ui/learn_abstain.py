"""Learn anew when to refuse, after retrieval or the readers have changed.

    python -m ui.learn_abstain --corpus DIR --dataset FILE --jsquad DIR --work DIR

Ingests both sets into `--work` if need be, learns, prints the figures out of fold and writes
`assistant/abstain.json`. About five minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import assistant
from assistant.abstain import AnswerabilityModel, Judge
from assistant.answer import Answer
from assistant.chain import AnswerChain
from eval.dataset import dataset_sha256, load_dataset
from eval.jsquad import DOCUMENTS, QUESTIONS, convert
from eval.learn_abstain import BY_MEANING, Example, draw, examples, learn, out_of_fold, quality
from eval.logistic import Matrix
from eval.unanswerable import Remover
from index.build import IngestOptions, ingest
from index.pipeline import no_progress
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.tokenizer import default_tokenizer
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.wiring import build_embedder, open_index

N_QUESTIONS = 450  # of JSQuAD, at most
SEED = 0


def main() -> None:
    """Learn, print, write."""
    args = _arguments()
    convert(args.jsquad, args.work / "jsquad")
    sets = {
        "office": (args.corpus, args.dataset),
        "jsquad": (args.work / "jsquad" / DOCUMENTS, args.work / "jsquad" / QUESTIONS),
    }
    found: list[Example] = []
    for name, (folder, dataset) in sets.items():
        found += _asked(name, folder, dataset, args.work / f"{name}.index")
    names = sorted({name for example in found for name in example.signals})
    by_words = [name for name in names if not name.startswith(BY_MEANING)]
    digests = ", ".join(f"{name} {dataset_sha256(dataset)[:12]}" for name, (_, dataset) in sets.items())
    models = {
        "bundled": learn(found, names, learnt_on=digests),
        "by_words": learn(found, by_words, learnt_on=digests),
    }
    for line in _figures(found, names, by_words, models):
        print(line)
    text = json.dumps({name: _as_json(model) for name, model in models.items()}, indent=1)
    args.out.write_text(text + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m ui.learn_abstain", description=__doc__)
    for name, told in {
        "corpus": "folder of the documents that the dataset asks about",
        "dataset": "questions about them (JSONL, see docs/eval.md)",
        "jsquad": "folder of the two files of JSQuAD",
        "work": "scratch folder; indexes in it are used again",
    }.items():
        parser.add_argument(f"--{name}", type=Path, required=True, help=told)
    default = Path(str(assistant.__file__)).with_name("abstain.json")
    parser.add_argument("--out", type=Path, default=default, help="file to write (default: the package's)")
    return parser.parse_args()


def _asked(name: str, folder: Path, dataset: Path, index_dir: Path) -> Iterator[Example]:
    """The examples of one dataset."""
    settings = Settings.model_validate({"index_dir": index_dir})
    embedder = build_embedder(settings)
    pipeline = build_pipeline(settings)
    ingest(
        [folder], index_dir=index_dir, embedder=embedder, pipeline=pipeline,
        options=IngestOptions(), on_progress=no_progress,
    )  # fmt: skip
    tokenizer = default_tokenizer()

    def asking(store: Store, judge: Judge) -> Callable[[str], Answer]:
        retriever = HybridRetriever(store, embedder, tokenizer)
        chain = AnswerChain(store, retriever, tokenizer, answerability=judge, k=settings.k)
        return chain.runnable.invoke

    with open_index(settings, embedder=embedder) as opened:
        questions = draw(load_dataset(dataset), N_QUESTIONS, seed=SEED)
        yield from examples(name, questions, opened.store, Remover(opened.store, tokenizer), asking)


def _figures(
    found: Sequence[Example], names: Sequence[str], by_words: Sequence[str],
    models: dict[str, AnswerabilityModel],
) -> Iterator[str]:  # fmt: skip
    """Each signal alone, all together, and the words alone: on each dataset and on both."""
    known = [example for example in found if example.removed is not None]
    scores = {name: np.array([example.signals.get(name, 0.0) for example in known]) for name in names}
    scores |= {"ALL": out_of_fold(known, names), "WORDS": out_of_fold(known, by_words)}
    for dataset in (*sorted({example.dataset for example in known}), "both"):
        own = [n for n, example in enumerate(known) if dataset in ("both", example.dataset)]
        for name, values in scores.items():
            told = quality([known[n] for n in own], values[own])
            yield f"{dataset} {name}: " + " ".join(f"{key}={value:.3f}" for key, value in told.items())
    yield from _at_threshold(found, known, scores["ALL"], models["bundled"])


def _at_threshold(
    found: Sequence[Example], known: Sequence[Example], scores: Matrix, model: AnswerabilityModel
) -> Iterator[str]:
    """What the one threshold does to each dataset, to questions without an answer, and what scores mean."""
    yes = np.array([example.is_answerable for example in known])
    refused = scores < model.threshold
    for dataset in (*sorted({example.dataset for example in known}), "both"):
        own = np.array([dataset in ("both", example.dataset) for example in known])
        wrongly, rightly = refused[own & yes].mean(), refused[own & ~yes].mean()
        yield f"{dataset} below {model.threshold:.3f}: false_refusal={wrongly:.3f} refused={rightly:.3f}"
    unanswerable = [model.of(example.signals) for example in found if example.removed is None]
    yield f"unanswerable by themselves: {sum(p < model.threshold for p in unanswerable)}/{len(unanswerable)}"
    for low, high in pairwise((0.0, 0.3, 0.5, 0.7, 0.9, 1.0)):
        inside = yes[(scores >= low) & (scores <= high)]
        share = inside.mean() if len(inside) else 0.0
        yield f"probability {low}–{high}: n={len(inside)} answerable={share:.2f}"


def _as_json(model: AnswerabilityModel) -> dict[str, Any]:
    return {
        "weights": dict(model.weights),
        "intercept": model.intercept,
        "threshold": round(model.threshold, 4),
        "learnt_on": model.learnt_on,
    }


if __name__ == "__main__":
    main()
