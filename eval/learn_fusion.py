"""Learn how much each measure of a passage counts, and say how well that holds on documents not learnt from.

    python -m eval.learn_fusion QUESTIONS.jsonl --index-dir DIR --out OUT [--also QUESTIONS.jsonl DIR]

The weights are those of a softmax over the passages found for a question under which those that cover a piece
of evidence are likeliest. They are drawn towards equal weights, because a few hundred questions over a few
documents would let them follow chance; how strongly is chosen by leaving one document out. Neither the length
of a question or a passage nor the way a question is put is among the measures.

The figures beside the weights in `OUT`: `held_out` leaves one document out at a time and chooses all
on the other ones; `in_sample` applies the weights to what they were learnt from; `equal` is without learning.
They are of `QUESTIONS.jsonl`; what is learnt from `--also` counts in every fold.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.dataset import Question, dataset_sha256, load_dataset
from eval.text import first_chars, rank_covered
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.fusion import MEASURES, Fusion
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.tokenizer import Tokenizer, default_tokenizer

SHARPNESS = 4.0  # of the softmax: how much surer one more point of score makes
STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)
STEPS = 150
STEP = 0.05
BUDGETS = (500, 1000, 2000)
READ = 60  # passages that fill the largest budget

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and what was found for it.

    Attributes:
        document: The source of its first piece of evidence: what is left out together.
        quotes: Its pieces of evidence.
        measures: `(n passages, n measures)`.
        covers: Whether each passage covers a piece of evidence by itself.
        texts: Of the passages.
    """

    document: str
    quotes: tuple[str, ...]
    measures: Matrix
    covers: NDArray[np.bool_]
    texts: tuple[str, ...]


def example_of(question: Question, retriever: HybridRetriever, store: Store) -> Example | None:
    """What an answerable question teaches; `None` if nothing was found for it."""
    found = retriever.measure(question.question)
    if found is None or not question.evidence:
        return None
    ids = sorted(set().union(*found.measures.values()))
    texts = tuple(passage.text for passage in store.passages(ids))
    quotes = tuple(piece.quote for piece in question.evidence)
    columns = [[found.measures[name].get(i, 0.0) for i in ids] for name in MEASURES]
    covers = [any(rank_covered([text], quote) for quote in quotes) for text in texts]
    return Example(question.evidence[0].doc, quotes, np.array(columns).T, np.array(covers), texts)


def learn(examples: Sequence[Example], *, strength: float) -> Matrix:
    """Weights by measure, none negative, that make the covering passages likeliest.

    Args:
        examples: Those of which no passage covers a piece of evidence teach nothing.
        strength: Of the pull towards equal weights.
    """
    usable = [example for example in examples if example.covers.any()]
    weights = np.ones(len(MEASURES))
    for _ in range(STEPS):
        slope = 2 * strength * (weights - 1)
        for example in usable:
            likely, right = _likelihoods(example, weights)
            slope += SHARPNESS / len(usable) * (example.measures.T @ (likely - right))
        weights = np.maximum(weights - STEP * slope, 0.0)
    return weights


def loss(examples: Sequence[Example], weights: Matrix) -> float:
    """Mean of `-ln` of what the covering passages are thought likely together; lower is better."""
    usable = [example for example in examples if example.covers.any()]
    if not usable:
        return 0.0
    return float(np.mean([-np.log(_likelihoods(e, weights)[0][e.covers].sum() + 1e-12) for e in usable]))


def best_strength(examples: Sequence[Example]) -> float:
    """The strength with the least loss when each document is left out in turn."""

    def left_out(strength: float) -> float:
        parts = [(loss(out, learn(rest, strength=strength)), len(out)) for rest, out in folds(examples)]
        return sum(value * n for value, n in parts) / max(1, sum(n for _, n in parts))

    return min(STRENGTHS, key=left_out)


def folds(examples: Sequence[Example]) -> list[tuple[list[Example], list[Example]]]:
    """For each document the examples of the other ones, and its own."""
    documents = sorted({example.document for example in examples})
    return [
        ([e for e in examples if e.document != document], [e for e in examples if e.document == document])
        for document in documents
    ]


def figures(examples: Sequence[Example], weights_of: Callable[[Example], Matrix]) -> dict[str, float]:
    """hit@1, hit@5 and evidence@N of the passages in the order that the weights give."""
    rows = [_figures_of(example, weights_of(example)) for example in examples]
    return {name: round(float(np.mean([row[name] for row in rows])), 3) for name in rows[0]} if rows else {}


def report(
    examples: Sequence[Example], signature: Mapping[str, str], also: Sequence[Example] = ()
) -> dict[str, object]:
    """What is written: weights, figures, and what they were learnt on."""
    held_out: dict[str, Matrix] = {}
    for rest, out in folds(examples):
        known = [*rest, *also]
        held_out[out[0].document] = learn(known, strength=best_strength(known))
    everything = [*examples, *also]
    strength = best_strength(everything)
    weights = learn(everything, strength=strength)
    return {
        "weights": _named(weights),
        "strength": strength,
        "n_questions": len(everything),
        "held_out": figures(examples, lambda example: held_out[example.document]),
        "in_sample": figures(examples, lambda _: weights),
        "equal": figures(examples, lambda _: np.ones(len(MEASURES))),
        "folds": [_named(fold) for fold in held_out.values()],
        "signature": dict(signature),
    }


def main() -> None:
    """Learn from the command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.learn_fusion", description=__doc__)
    parser.add_argument("questions", type=Path, metavar="QUESTIONS.jsonl")
    parser.add_argument("--index-dir", type=Path, required=True, help="index of the questions' documents")
    parser.add_argument("--also", nargs=2, action="append", default=[], metavar=("QUESTIONS", "DIR"))
    parser.add_argument("--out", type=Path, required=True, help="file of the weights")
    args = parser.parse_args()
    found, signature = _examples(args.questions, args.index_dir)
    also = [_examples(*map(Path, pair)) for pair in args.also]
    signature["dataset"] = "+".join([signature["dataset"], *(other["dataset"] for _, other in also)])
    learnt = report(found, signature, [one for examples, _ in also for one in examples])
    args.out.write_text(json.dumps(learnt, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _examples(questions: Path, index_dir: Path) -> tuple[list[Example], dict[str, str]]:
    """What the questions teach, and a signature of them and their index."""
    embedder = BundledEmbedder(cache_dir=default_cache_dir())
    with Store.open(
        index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature
    ) as store:
        retriever = HybridRetriever(store, embedder, default_tokenizer(), fusion=Fusion())
        found = [example_of(question, retriever, store) for question in load_dataset(questions)]
        signature = {
            "dataset": dataset_sha256(questions)[:12],
            "embedder": store.manifest.embedder,
            "analyser": store.manifest.analyser,
        }
    return [example for example in found if example is not None], signature


def _likelihoods(example: Example, weights: Matrix) -> tuple[Matrix, Matrix]:
    """How likely each passage is thought, and the same among the covering ones alone."""
    scores = SHARPNESS * (example.measures @ weights)
    likely = np.exp(scores - scores.max())
    likely /= likely.sum()
    right = likely * example.covers
    return likely, right / (right.sum() + 1e-12)


def _figures_of(example: Example, weights: Matrix) -> dict[str, float]:
    order = np.argsort(-(example.measures @ weights), kind="stable")[:READ]
    texts = [example.texts[i] for i in order]
    ranks = [rank for quote in example.quotes if (rank := rank_covered(texts, quote))]
    row = {f"hit@{k}": float(min(ranks, default=READ) <= k) for k in (1, 5)}
    for budget in BUDGETS:
        seen = first_chars(texts, budget)
        row[f"evidence@{budget}"] = float(all(rank_covered(seen, quote) for quote in example.quotes))
    return row


def _named(weights: Matrix) -> dict[str, float]:
    return {name: round(float(weight), 3) for name, weight in zip(MEASURES, weights, strict=True)}


if __name__ == "__main__":
    main()
