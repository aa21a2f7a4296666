"""What the learner of quotes is taught: the worth of a stretch, and weights that prefer what is worth more."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.extract import Extractor
from assistant.features import FEATURES
from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import PassageReader
from assistant.scorer import Scorer, default_scorer
from eval.dataset import Evidence
from eval.dataset import Question as Row
from eval.extract_examples import COMPLETE, EVIDENCE, LENGTH, Example
from eval.learn_extract import learn
from ingest.tokenizer import default_tokenizer
from tests.fakes import hits_of

TOKENIZER = default_tokenizer()
READER = PassageReader(TOKENIZER)


def example(question: str, fact: str, evidence: str, *texts: str) -> Example:
    row = Row.model_validate(
        {
            "id": "1", "question": question, "type": "number", "answerable": True, "key_facts": ((fact,),),
            "evidence": (Evidence(doc="文書", quote=evidence),),
        }
    )  # fmt: skip
    asked = Question.from_text(question, TOKENIZER)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    return Example.of(row, asked, Extractor().choice(asked, words, match(asked, hits_of(*texts), READER)))


ONE = "会費は年に2,000円です。", "窓口は二階にあります。"


def test_worth_is_facts_and_evidence_less_length() -> None:
    told = example("会費はいくらですか。", "2,000円", ONE[0], *ONE)
    by_text = {told.choice.candidates.quote(n).text: worth for n, worth in enumerate(told.worth())}
    assert by_text[ONE[0]] == pytest.approx(1 + COMPLETE + EVIDENCE - LENGTH * len(ONE[0]) / 100)
    assert by_text[ONE[1]] == pytest.approx(-LENGTH * len(ONE[1]) / 100)


def test_learner_comes_to_prefer_what_states_the_fact() -> None:
    told = [
        example("会費はいくらですか。", f"{n},000円", f"会費は年に{n},000円です。",
                "会費は総会で会費として定めます。", f"会費は年に{n},000円です。")
        for n in range(1, 9)
    ]  # fmt: skip
    kind = FEATURES.index("kind")
    scorer = learn(told)
    assert scorer.first[kind] > learn(told[:1]).first[kind]
    assert np.isfinite(scorer.first).all()


def test_weights_survive_being_written() -> None:
    read = Scorer.from_json(default_scorer().to_json())
    assert read.to_json() == default_scorer().to_json()
    assert read.line[FEATURES.index("length")] == pytest.approx(
        read.first[FEATURES.index("length")] - read.brevity
    )


def test_weights_for_other_features_are_refused() -> None:
    text = default_scorer().to_json().replace('"own"', '"other"')
    with pytest.raises(ValueError, match="other"):
        Scorer.from_json(text)
