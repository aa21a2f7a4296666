from __future__ import annotations

from collections import Counter

import pytest

from assistant.offer import NUMBERING, TELLS_NOTHING, Kind, offers, titles
from ingest.document import Block, BlockKind, Document
from ingest.traced import Traced

BODY = "この節では、対象となる人、申し込み方、費用の負担、担当する課の役割分担を順に説明しています。"


def document_of(*parts: tuple[BlockKind, str], title: str = "手引") -> Document:
    text = "".join(part + "\n" for _, part in parts)
    blocks, at = [], 0
    for kind, part in parts:
        blocks.append(Block(kind, Traced.from_original(text, at, at + len(part))))
        at += len(part) + 1
    return Document("手引", "手引.txt", title, "", (), "", text, tuple(blocks))


def drawn(*parts: tuple[BlockKind, str], title: str = "手引") -> list[tuple[Kind, str]]:
    document = document_of(*parts, title=title)
    return [(offer.kind, offer.question) for offer in offers(document, Counter(titles(document.blocks)))]


def under(heading: str) -> list[tuple[Kind, str]]:
    return drawn((BlockKind.HEADING, heading), (BlockKind.PARAGRAPH, BODY))


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("第３章 通訳者の派遣", "通訳者の派遣について教えてください。"),
        ("（２）やさしい日本語", "やさしい日本語について教えてください。"),
        ("【避難するところ】", "避難するところについて教えてください。"),
        ("Q-1 会費はいくらですか。", ""),
        ("A-1 通訳は、いつまでに頼めばよいですか。", "通訳は、いつまでに頼めばよいですか。"),
        ("相談窓口を充実する", ""),
        ("米国版で２年ぶり", ""),
        ("外国人が相談できる窓口", "外国人が相談できる窓口について教えてください。"),
        ("「ベトナム語版", ""),
        ("今回の研修の特徴", ""),
        ("参加者数", ""),
        ("表3 言語別件数", ""),
        ("単位：千円の事業", ""),
        ("令和5年4月1日現在", ""),
        ("2022年度中", ""),
        ("手引", ""),
    ],
)
def test_heading_gives_a_question_if_it_names_something(heading: str, question: str) -> None:
    assert [asked for _, asked in under(heading)] == ([question] if question else [])


def test_heading_that_recurs_or_has_no_text_below_it_gives_none() -> None:
    heading = (BlockKind.HEADING, "通訳者の派遣")
    assert drawn(heading, (BlockKind.PARAGRAPH, BODY), heading, (BlockKind.PARAGRAPH, BODY)) == []
    assert drawn(heading, (BlockKind.PARAGRAPH, "準備中。")) == []


@pytest.mark.parametrize(
    ("text", "term", "kind"),
    [
        ("「訳文チェック」とは、機械翻訳を人が直すことをいう。", "訳文チェック", Kind.DEFINITION),
        ("【登録通訳者】\n協会の名簿に載っている通訳者をいう。試験がある。", "登録通訳者", Kind.DEFINITION),
        ("多言語資料とは、二つ以上の言語で書かれた資料をいう。", "多言語資料", Kind.DEFINITION),
        ("潮見市国際交流協会（以下「協会」という。）が行う。", "潮見市国際交流協会", Kind.SHORTENED),
    ],
)
def test_definition_gives_a_question(text: str, term: str, kind: Kind) -> None:
    assert drawn((BlockKind.PARAGRAPH, text)) == [(kind, f"「{term}」とは何ですか。")]


def test_offer_says_where_its_answer_stands() -> None:
    parts = [
        (BlockKind.HEADING, "通訳者の派遣"),
        (BlockKind.PARAGRAPH, BODY),
        (BlockKind.HEADING, "文書の翻訳"),
        (BlockKind.PARAGRAPH, BODY),
    ]
    document = document_of(*parts)
    first, second = offers(document, Counter(titles(document.blocks)))
    assert document.text[first.start : first.end] == f"通訳者の派遣\n{BODY}\n"
    assert document.text[second.start : second.end] == f"文書の翻訳\n{BODY}\n"


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("料金（円）", "料金はいくら"),
        ("配布部数", "配布部数はいくつ"),
        ("担当課", "担当課はどこ"),
        ("開始日", "開始日はいつ"),
        ("① 区分", "区分は何"),
    ],
)
def test_row_gives_a_question_by_its_header(header: str, asked: str) -> None:
    text = "防災ハンドブック\t12\n"
    block = Block(
        BlockKind.TABLE_ROW,
        Traced.from_original(text, 0, len(text) - 1),
        headers=("資料", header),
        cells=(9, 11),
    )
    document = Document("表", "表.tsv", "表", "", (), "", text, (block,))
    [offer] = offers(document, Counter())
    assert (offer.kind, offer.question) == (Kind.ROW, f"防災ハンドブックの{asked}ですか。")


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("第２章 事業の実施状況", "事業の実施状況"),
        ("（１）窓口の運営", "窓口の運営"),
        ("① 相談件数", "相談件数"),
        ("＜重点的に取り組んだ事項＞", "重点的に取り組んだ事項"),
        ("A-1 派遣の申込み", "派遣の申込み"),
        ("2.1 タブレットの起動", "タブレットの起動"),
        ("〇 翻訳の依頼", "翻訳の依頼"),
        ("一般会計の予算", "一般会計の予算"),
        ("二次元コードの使い方", "二次元コードの使い方"),
    ],
)
def test_number_of_a_heading_is_left_out(heading: str, bare: str) -> None:
    assert NUMBERING.sub("", heading).strip() == bare


@pytest.mark.parametrize(
    "heading",
    ["令和5年4月1日現在", "※※※", "目次", "お問い合わせ先", "①中止 ②縮小", "2024.3", "（共通）", "第 24回"],
)
def test_heading_that_tells_nothing_is_known(heading: str) -> None:
    assert TELLS_NOTHING.search(heading)
