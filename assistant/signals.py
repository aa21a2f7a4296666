"""Signals: what was found for a question, in numbers that tell whether the documents answer it.

Nothing here counts how long a question is or how it is put: each number compares what it asks with what was
found, or what was found with what else was. The more of each, the likelier the documents answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import fsum
from statistics import fmean, pstdev

from assistant.match import MatchedHit, WordWeights
from assistant.question import AnswerType, Question, find_answer
from assistant.topic import phrases
from index.hit import Hit
from ingest.calendar import years_in

HIRAGANA = re.compile("[ぁ-ん]")
LEGS = ("dense", "terms", "grams")
VECTOR_LEGS = ("dense", "tokens")  # by the vector of the passage, and by those of its tokens
BM25_MOST = 2.2  # times its idf is the most that a term adds to a score, k1 being 1.2
CLOSE = 3  # passages, from the best, that are read for details
NEAR_RANKS = 10  # from which the hits are the background
STEADY = 0.005  # of the vectors' spread, below which one is as good as another
ASKED_UNIT = re.compile(r"何[十百千万億]*([一-龠々ァ-ヶ%％])|いくつの([一-龠々]{1,3})")
SAME_UNITS = ("人名", "回度", "割%％", "社団", "戸軒棟")
AMOUNT = r"[\d一二三四五六七八九十][\d,.]*[千万億兆]*\s*[かカヶヵ箇]?"
NUMBER = re.compile(r"\d+")


def signals(
    question: Question, words: WordWeights, matched: Sequence[MatchedHit], hits: Sequence[Hit]
) -> dict[str, float]:
    """The signals by name; empty without hits.

    Args:
        question: What is asked.
        words: Its words, weighed by how rare they are.
        matched: The first hits and the question's words in them.
        hits: All hits, best first.
    """
    if not matched:
        return {}
    words = _without_kana(words.telling())
    return {
        **_coverage(words, matched),
        **_legs(words, hits),
        **_agreement(hits),
        **_details(question, words, matched),
    }


def _without_kana(words: WordWeights) -> WordWeights:
    """The words without pairs with kana, of which half only carry grammar."""
    return replace(words, grams={pair: n for pair, n in words.grams.items() if not HIRAGANA.search(pair)})


def _coverage(words: WordWeights, matched: Sequence[MatchedHit]) -> dict[str, float]:
    """Shares of the question's words, by rarity."""
    passages = [_share(words.terms, match.everything) for match in matched]
    pairs = [_share(words.grams, match.everything) for match in matched]
    sentences = [_share(words.terms, own) for match in matched for own in match.sentences]
    together = frozenset[str]().union(*(match.everything for match in matched[:CLOSE]))
    return {
        "covered": max(passages),
        "covered_first": passages[0],
        "covered_sentence": max(sentences, default=0.0),
        "covered_together": _share(words.terms, together),
        "pairs": max(pairs),
        "pairs_first": pairs[0],
        "covered_beyond": max(passages) - fmean(passages),
    }


def _legs(words: WordWeights, hits: Sequence[Hit]) -> dict[str, float]:
    """How near the best hits are, and how far they stand out from the others."""
    found: dict[str, float] = {}
    for leg, most in (("terms", BM25_MOST * words.rarity), *((leg, 1.0) for leg in VECTOR_LEGS)):
        scores = [hit.legs.get(leg, 0.0) for hit in hits]
        ranked = sorted((score for score in scores if score), reverse=True) or [0.0]
        best, rest = ranked[0], ranked[NEAR_RANKS:] or ranked[-1:]
        found[f"{leg}_best"] = best / most
        found[f"{leg}_first"] = scores[0] / most
        if leg in VECTOR_LEGS:  # their scores lie close together, so that differences tell more than shares
            found[f"{leg}_beyond"] = best - fmean(rest)
            found[f"{leg}_deviations"] = (best - fmean(ranked)) / (pstdev(ranked) + STEADY)
            found[f"{leg}_lead"] = best - (ranked[1] if len(ranked) > 1 else best)
        else:
            found[f"{leg}_beyond"] = 1 - fmean(rest) / best if best else 0.0
    scores = [hit.score for hit in hits]
    found["score_beyond"] = scores[0] - fmean(scores[NEAR_RANKS // 2 :] or scores[-1:])
    found["score_lead"] = scores[0] - (scores[1] if len(scores) > 1 else 0.0)
    return found


def _agreement(hits: Sequence[Hit]) -> dict[str, float]:
    """Whether words and vectors point at the same passages."""
    best: list[list[str]] = []
    for leg in LEGS:
        ranked = sorted(hits, key=lambda hit: -hit.legs.get(leg, 0.0))
        best.append([hit.passage.id for hit in ranked[:5] if leg in hit.legs])
    first = hits[0].passage.id
    return {
        "agree_first": fmean(ids[:1] == [first] for ids in best),
        "agree_five": len(set(best[0]) & set(best[1])) / 5,
    }


def _details(question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> dict[str, float]:
    """Whether what the question names is there, and text of the kind it asks for near by."""
    texts = [match.reading.search_text for match in matched]
    asked = _flat(question.text)
    names = {
        _flat(phrase.text): fsum(words.grams.get(pair, 0.0) for pair in _pairs(_flat(phrase.text)))
        for phrase in phrases(question.text)
        if phrase.is_specific and len(phrase.text) > 1
    }
    runs = {run for n in range(len(asked) - 3) if not HIRAGANA.search(run := asked[n : n + 4])}
    numbers = set(NUMBER.findall(asked))
    return {
        "names": max(_share(names, {name for name in names if name in text}) for text in texts),
        "names_anywhere": _share(names, {name for name in names if any(name in text for text in texts)}),
        "runs": max(_part(runs, {run for run in runs if run in text}) for text in texts),
        "numbers": max(_part(numbers, set(NUMBER.findall(text))) for text in texts[:CLOSE]),
        "years": max(
            _part(question.years, years_in(match.hit.passage.search_text)) for match in matched[:CLOSE]
        ),
        **_typed(question, words, matched),
    }


def _typed(question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> dict[str, float]:
    """Coverage of the sentences that hold what may answer, against that of all."""
    best = typed = 0.0
    asked = _flat(question.text)
    for match in matched:
        passage = match.hit.passage
        own = frozenset[str]().union(*match.sentences)
        for (start, end), held in zip(passage.sentences, match.sentences, strict=True):
            around = held | (match.everything - own)
            share = _share(words.terms, around)
            best = max(best, share)
            if _may_answer(passage.text[start:end], question, asked):
                typed = max(typed, share)
    return {"typed": typed, "typed_share": typed / best if best else 0.0}


def _may_answer(text: str, question: Question, asked: str) -> bool:
    """Whether a text holds words of the kind that is asked for and that the question does not say itself."""
    unit = ASKED_UNIT.search(asked)
    if unit:
        said = unit[1] or unit[2]
        same = next((group for group in SAME_UNITS if said in group), said)
        pattern = f"[{same}]" if len(said) == 1 else re.escape(said)
        found = re.finditer(AMOUNT + pattern, unicodedata.normalize("NFKC", text))
        return any(_flat(one[0]) not in asked for one in found)
    if question.wants is AnswerType.ANY:
        return True
    place = find_answer(text, question.wants)
    return place is not None and _flat(text[slice(*place)]) not in asked


def _share(weights: Mapping[str, float], held: Collection[str]) -> float:
    """Of the weights, the part that is held; 1 where there is nothing to hold."""
    total = fsum(weights.values())
    return fsum(weight for word, weight in weights.items() if word in held) / total if total else 1.0


def _part(wanted: Collection[object], held: Collection[object]) -> float:
    return sum(one in held for one in wanted) / len(wanted) if wanted else 1.0


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().split())
