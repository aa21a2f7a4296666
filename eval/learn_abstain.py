"""Learn when the documents do not answer, from questions whose evidence was left out, and show how well.

Every figure is out of fold: all questions about a document are judged by weights learnt without it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.abstain import AnswerabilityModel, Judge
from assistant.answer import Answer
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question as Analysed
from assistant.signals import signals
from eval.dataset import Question
from eval.logistic import Matrix, auc, fit_logistic, threshold_at
from eval.unanswerable import Removed, Remover
from index.hit import Hit
from index.store import Store

N_FOLDS = 5
PENALTY = 2.0
FALSE_REFUSALS = 0.05
SMALLER = 0.02  # the other rate that is reported
BY_MEANING = ("dense", "tokens", "score", "agree")  # signals that hang on the scale of the vectors start so


class Recorder:
    """A judge that answers everything and keeps what it saw."""

    threshold = 0.0

    def __init__(self) -> None:
        self.seen: Mapping[str, float] = {}

    def probability(
        self, question: Analysed, words: WordWeights, matched: Sequence[MatchedHit], hits: Sequence[Hit]
    ) -> float:
        """Always 1."""
        self.seen = signals(question, words, matched, hits)
        return 1.0


Asking = Callable[[Store, Judge], Callable[[str], Answer]]
"""Given a store and a judge, what asks a question of them."""


@dataclass(frozen=True, slots=True)
class Example:
    """What was found for a question under one condition.

    Attributes:
        dataset: Name of the set that the question is from.
        group: The document that it is about; examples of one group are never in two folds.
        removed: What was left out; `None` for a question that has no answer by itself.
    """

    dataset: str
    group: str
    removed: Removed | None
    signals: Mapping[str, float]

    @property
    def is_answerable(self) -> bool:
        """Whether everything was there."""
        return self.removed is Removed.NOTHING


def draw(questions: Sequence[Question], n: int, *, seed: int) -> list[Question]:
    """At most `n` of the answerable questions at random, and all others."""
    answerable = [question for question in questions if question.answerable]
    chosen = random.Random(seed).sample(answerable, min(n, len(answerable)))  # noqa: S311 - no secret
    return [*chosen, *(question for question in questions if not question.answerable)]


def examples(
    dataset: str, questions: Iterable[Question], store: Store, remover: Remover, asking: Asking
) -> Iterator[Example]:
    """Ask each question with everything there, without its evidence, and without its documents.

    Raises:
        ValueError: If something that was left out is found all the same.
    """
    for question in questions:
        recorder = Recorder()
        if not question.answerable:
            asking(store, recorder)(question.question)
            yield Example(dataset, question.id, None, recorder.seen)
            continue
        group = remover.title(question.evidence[0].doc)
        for trial in remover.trials(question):
            answer = asking(trial.store, recorder)(question.question)
            if any(hit.passage.id in trial.gone for hit in answer.hits):
                raise ValueError(f"{question.id}: a passage that was left out was found")
            yield Example(dataset, group, trial.removed, recorder.seen)


def learn(found: Sequence[Example], names: Sequence[str], *, learnt_on: str) -> AnswerabilityModel:
    """The model over these signals, and its threshold.

    The threshold refuses at most 5 % of the answerable questions of every dataset out of fold, so that the
    easier one does not pay for the harder.
    """
    known = [example for example in found if example.removed is not None]
    scores = out_of_fold(known, names)
    thresholds = [
        threshold_at(scores[[e.is_answerable and e.dataset == dataset for e in known]], FALSE_REFUSALS)
        for dataset in {example.dataset for example in known}
    ]
    weights, intercept = _fitted(known, names)
    return AnswerabilityModel(weights, intercept, min(thresholds), learnt_on)


def out_of_fold(known: Sequence[Example], names: Sequence[str], *, seed: int = 0) -> Matrix:
    """For each example the probability by weights learnt on the other folds, `(n,)`.

    Folds are made of whole documents, the same number of each dataset's in each.
    """
    fold_of: dict[tuple[str, str], int] = {}
    for dataset in sorted({example.dataset for example in known}):
        groups = sorted({example.group for example in known if example.dataset == dataset})
        random.Random(seed).shuffle(groups)  # noqa: S311 - no secret
        fold_of.update({(dataset, group): n % N_FOLDS for n, group in enumerate(groups)})
    folds = np.array([fold_of[example.dataset, example.group] for example in known])
    probabilities = np.zeros(len(known))
    for fold in sorted(set(folds.tolist())):
        weights, intercept = _fitted([e for e, own in zip(known, folds, strict=True) if own != fold], names)
        model = AnswerabilityModel(weights, intercept, 0.5)
        for n in np.flatnonzero(folds == fold).tolist():
            probabilities[n] = model.of(known[n].signals)
    return probabilities


def _fitted(known: Sequence[Example], names: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights, those that are nothing left out, and intercept; both kinds and all datasets count the same."""
    x = np.array([[example.signals.get(name, 0.0) for name in names] for example in known])
    y = np.array([float(example.is_answerable) for example in known])
    kinds = [(example.dataset, example.is_answerable) for example in known]
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    shares = np.array([len(known) / len(counts) / counts[kind] for kind in kinds])
    fit = fit_logistic(x, y, shares, penalty=PENALTY)
    weights = {n: round(float(w), 4) for n, w in zip(names, fit.weights, strict=True) if w > 0}
    return weights, round(fit.intercept, 4)


def quality(known: Sequence[Example], scores: Matrix) -> dict[str, float]:
    """How well scores of one dataset or of all tell what is answerable.

    `auc`, and the shares refused where 5 or 2 % of the answerable are: of all, `_passages` and `_document`.
    """
    yes = np.array([example.is_answerable for example in known])
    kinds = {kind: np.array([e.removed is kind for e in known]) for kind in Removed}
    told = {"n": float(yes.sum()), "auc": auc(scores, yes.astype(float))}
    for kind in (Removed.PASSAGES, Removed.DOCUMENT):
        both = yes | kinds[kind]
        told[f"auc_{kind.value}"] = auc(scores[both], yes[both].astype(float))
    for share in (FALSE_REFUSALS, SMALLER):
        refused = scores < threshold_at(scores[yes], share)
        told[f"refused@{share}"] = float(refused[~yes].mean())
        told[f"refused_passages@{share}"] = float(refused[kinds[Removed.PASSAGES]].mean())
        told[f"refused_document@{share}"] = float(refused[kinds[Removed.DOCUMENT]].mean())
    return told
