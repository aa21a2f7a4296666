"""Learn how quotes are chosen: `python -m eval.learn_extract DATASET INDEX_DIR --weights OUT --records OUT`.

The weights stay near a prior of round numbers and are learnt on every question that has an answer. The
records are those of answers out of fold: each question is answered by weights that were learnt without any
question about its documents. `--also DATASET INDEX_DIR` learns from questions about other documents too.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from assistant.chain import AnswerChain
from assistant.extract import Extractor
from assistant.features import FEATURES, Matrix
from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import PassageReader
from assistant.scorer import Scorer
from eval.dataset import Question as Row
from eval.dataset import load_dataset
from eval.evaluate import evaluate
from eval.extract_examples import Example
from eval.records import Record
from index.embed import Embedder
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.fusion import Fusion, learnt_folds
from index.retrieve import GRAMS, TERMS, HybridRetriever
from index.store import Store
from ingest.tokenizer import Tokenizer, default_tokenizer

PRIOR: Mapping[str, float] = {  # what the first version weighed by hand, times four
    "own": 8.0, "around": 4.8, "hit": 4.0, "kind": 1.6, "defines": 4.0, "year": 1.6, "ordinal": 1.6,
    "beside": 0.8, "list": 3.0, "open": -0.8, "label": -0.8,
}  # fmt: skip
BREVITY = 6.0  # set by hand: the answer line is cut to a clause, not to the bare words
STRENGTH = 3.0  # of the pull towards the prior
TEMPERATURE = 0.15  # of worth: stretches worth a tenth less than the best count half as much
STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """One choice among stretches: their features and how much of the choice each should get."""

    features: Matrix
    target: Matrix


def learn(examples: Sequence[Example]) -> Scorer:
    """The weights that choose best on these examples, near the prior."""
    steps = [step for one in examples for step in _step(one)]
    return Scorer(_fitted(steps, _prior()), BREVITY)


def _prior() -> Matrix:
    return np.array([PRIOR.get(name, 0.0) for name in FEATURES])


def _step(example: Example) -> Iterable[Step]:
    allowed = example.choice.open() & example.is_citable
    if allowed.any():
        worth = example.worth()[allowed]
        target = np.exp((worth - worth.max()) / TEMPERATURE)
        yield Step(example.choice.candidates.features[allowed], target / target.sum())


def _fitted(steps: Sequence[Step], prior: Matrix) -> Matrix:
    """Weights whose softmax over each choice is nearest to its target, by Newton's method."""
    weights = prior.copy()
    for _ in range(STEPS):
        gradient = STRENGTH * (weights - prior)
        curvature = STRENGTH * np.eye(len(prior))
        for step in steps:
            scores = step.features @ weights
            share = np.exp(scores - scores.max())
            share /= share.sum()
            mean = share @ step.features
            gradient += step.features.T @ (share - step.target)
            curvature += (step.features * share[:, None]).T @ step.features - np.outer(mean, mean)
        weights = weights - np.linalg.solve(curvature, gradient)
    return weights


@dataclass(frozen=True, slots=True)
class Laboratory:
    """An open index, what finds and answers from it, and the questions that are asked of it."""

    rows: Sequence[Row]
    store: Store
    embedder: Embedder
    retriever: HybridRetriever
    tokenizer: Tokenizer
    reader: PassageReader
    extractor: Extractor

    def retrieving_by(self, fusion: Fusion) -> Laboratory:
        """The same with other weights of retrieval."""
        return replace(
            self, retriever=HybridRetriever(self.store, self.embedder, self.tokenizer, fusion=fusion)
        )

    def example(self, row: Row) -> Example:
        """What could be said to a question of the dataset."""
        question = Question.from_text(row.question, self.tokenizer)
        words = WordWeights.from_question(question, term_idf=self._idf(TERMS), gram_idf=self._idf(GRAMS))
        hits = self.retriever.retrieve(row.question, k=self.extractor.limits.n_hits)
        found = match(question, hits, self.reader)
        return Example.of(row, question, self.extractor.choice(question, words, found))

    def records(self, rows: Sequence[Row], scorer: Scorer) -> list[Record]:
        """The answers that the weights give."""
        extractor = Extractor(limits=self.extractor.limits, scorer=scorer)
        chain = AnswerChain(self.store, self.retriever, self.tokenizer, extractor=extractor)
        sources = {record.id: record.source for record in self.store.documents()}
        return list(evaluate(rows, chain.runnable.invoke, self.store.text, sources.__getitem__))

    def _idf(self, field: str) -> Callable[[str], float]:
        return lambda word: self.store.lexical.idf(word, field=field)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn on datasets over their indexes, write the weights and the first one's records out of fold."""
    parser = argparse.ArgumentParser(prog="python -m eval.learn_extract", description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("index_dir", type=Path)
    parser.add_argument("--also", nargs=2, action="append", default=[], metavar=("DATASET", "INDEX_DIR"))
    parser.add_argument("--nested", action="store_true", help="retrieve by weights learnt without it, too")
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--records", type=Path, required=True)
    args = parser.parse_args(arguments)
    with ExitStack() as opened:
        pairs = [(args.dataset, args.index_dir), *(map(Path, pair) for pair in args.also)]
        labs = [opened.enter_context(_laboratory(dataset, index_dir)) for dataset, index_dir in pairs]
        taught = _taught(labs)
        everything = learn([example for _, example in taught])
        about_none = [row for row in labs[0].rows if not _fold(row)]
        records = labs[0].records(about_none, everything)
        records += _out_of_fold(labs, taught, learnt_folds() if args.nested else [])
    args.weights.write_text(everything.to_json() + "\n", encoding="utf-8")
    lines = [record.to_json() + "\n" for record in records]
    args.records.write_text("".join(lines), encoding="utf-8")


def _taught(labs: Sequence[Laboratory]) -> list[tuple[Row, Example]]:
    """All questions that the documents answer, with what could be said to them."""
    return [(row, lab.example(row)) for lab in labs for row in lab.rows if row.answerable]


def _out_of_fold(
    labs: Sequence[Laboratory], taught: Sequence[tuple[Row, Example]], fusions: Sequence[Fusion]
) -> list[Record]:
    """The first one's answers about each document by weights learnt without it.

    `fusions`, if any, are those of retrieval that were learnt without each document, in order.
    """
    records: list[Record] = []
    documents = sorted({_fold(row) for row in labs[0].rows} - {""})
    retrieving: Sequence[Fusion | None] = fusions or [None] * len(documents)
    for document, fusion in zip(documents, retrieving, strict=True):
        if fusion:
            labs = [lab.retrieving_by(fusion) for lab in labs]
            taught = _taught(labs)
        others = [one for row, one in taught if all(piece.doc != document for piece in row.evidence)]
        about = [row for row in labs[0].rows if _fold(row) == document]
        records += labs[0].records(about, learn(others))
    return records


@contextmanager
def _laboratory(dataset: Path, index_dir: Path) -> Iterator[Laboratory]:
    embedder, tokenizer = BundledEmbedder(cache_dir=default_cache_dir()), default_tokenizer()
    with Store.open(
        index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature
    ) as store:
        retriever = HybridRetriever(store, embedder, tokenizer)
        # Not with the weights of the package, which may be of other features.
        untaught = Extractor(scorer=Scorer(_prior(), BREVITY))
        yield Laboratory(
            load_dataset(dataset), store, embedder, retriever, tokenizer, PassageReader(tokenizer), untaught
        )


def _fold(row: Row) -> str:
    """The document of its first piece of evidence, "" if it has none."""
    return row.evidence[0].doc if row.evidence else ""


if __name__ == "__main__":
    main()
