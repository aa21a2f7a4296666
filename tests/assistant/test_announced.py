"""What stands below a sentence that announces it is quoted with it."""

from __future__ import annotations

import pytest

from assistant.announced import announces


@pytest.mark.parametrize(
    "text",
    [
        "提出する書類は、次のとおりです。",
        "5Sとは、以下の５つの要素を指します。",
        "次に掲げる者は、利用できない。",
        "期間は、以下のように表します。",
        "下記の書類をそろえてください：",
    ],
)
def test_a_sentence_announces_what_follows(text: str) -> None:
    assert announces(text)


@pytest.mark.parametrize(
    "text",
    [
        "50人以下の事業場では、選任しなくてよい。",
        "次のとおりです。\n窓口は三階にあります。",
        "月次の報告を行う。",
        "会議は次回に延ばす。",
        "",
    ],
)
def test_other_sentences_do_not(text: str) -> None:
    assert not announces(text)
