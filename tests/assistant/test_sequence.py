"""What comes before what, told step by step."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

STEPS = "利用の流れは次のとおりです。まず窓口で申請書を提出します。次に審査担当が書類を審査します。その後、利用証を郵送します。最後に、利用料を納付します。"
STAGES = "改修は、第1段階で屋上の防水工事を行い、第2段階で空調設備を更新する。第3段階では外構を整備する。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (STEPS, "申請書を提出した後に、書類の審査が行われます。", True),
        (STEPS, "書類の審査の後に、申請書を提出します。", False),
        (STEPS, "利用証を郵送した後に、利用料を納付します。", True),
        (STEPS, "利用料を納付した後に、利用証が郵送されます。", False),
        (STEPS, "書類を審査してから利用証を郵送します。", True),
        (STEPS, "利用証を郵送してから書類を審査します。", False),
        (STAGES, "空調設備を更新するのは、防水工事より後です。", True),
        (STAGES, "外構を整備するのは、空調設備の更新より前です。", False),
        (STAGES, "外構の整備は、空調設備の更新より後の段階で行う。", True),
    ],
)
def test_order_is_that_of_the_steps(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
