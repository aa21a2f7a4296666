"""Text of any amount for measuring growth: documents of an invented city, the same for the same seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from ingest.document import Block, BlockKind, Document
from ingest.passage import Passage
from ingest.traced import Traced

SEED = 7
PASSAGES_PER_DOCUMENT = 50
N_SENTENCES = 20_000  # from which every passage takes three
SENTENCES_PER_PASSAGE = 3
OFFICES = (
    "総務課",
    "税務課",
    "市民課",
    "福祉課",
    "子育て課",
    "環境課",
    "道路課",
    "水道課",
    "教育課",
    "防災課",
)
KINDS = (
    "会議室", "運動場", "図書室", "駐輪場", "給付金", "助成金", "講習会", "相談窓口", "健康診査", "防災訓練",
    "下水道", "街路樹", "保育所", "学校給食", "粗大ごみ", "住民票", "印鑑登録", "奨学金", "消火器", "公園",
)  # fmt: skip
ACTS = ("利用", "申請", "予約", "点検", "更新", "廃止", "貸出", "届出", "審査", "案内", "募集", "補修")
ENDS = (
    "の受付は{month}月{day}日から始まり、{other}月末に締め切る。",
    "の件数は令和{year}年度に{number}件で、前の年度より{less}件増えた。",
    "には手数料として{number}円がかかり、{less}日以内に納める。",
    "の担当は{place}にあり、平日の{hour}時から受け付ける。",
    "を取り消すときは、{less}日前までに書面で届け出る。",
    "に要する経費は{number}千円で、その{less}％を補助する。",
)
PLACES = ("本庁舎", "東出張所", "港支所", "川岸分室", "丘の上センター", "潮見駅前窓口")


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its passages."""

    document: Document
    passages: tuple[Passage, ...]


@cache
def sentences(seed: int = SEED) -> tuple[str, ...]:
    """The sentences from which all passages are put together."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(N_SENTENCES):
        what = f"{rng.choice(OFFICES)}が行う{rng.choice(KINDS)}の{rng.choice(ACTS)}"
        month, day, other, hour = (
            rng.integers(1, 13),
            rng.integers(1, 29),
            rng.integers(1, 13),
            rng.integers(8, 12),
        )
        end = str(rng.choice(ENDS)).format(
            month=month, day=day, other=other, hour=hour, year=rng.integers(1, 8),
            number=rng.integers(100, 9999), less=rng.integers(2, 99), place=rng.choice(PLACES),
        )  # fmt: skip
        made.append(what + end)
    return tuple(made)


def documents(n_passages: int, *, seed: int = SEED, prefix: str = "f") -> Iterator[Made]:
    """Documents with so many passages in all; fewer passages are the beginning of more."""
    rng = np.random.default_rng((seed, len(prefix)))
    for n, first in enumerate(range(0, n_passages, PASSAGES_PER_DOCUMENT)):
        size = min(PASSAGES_PER_DOCUMENT, n_passages - first)
        drawn = rng.integers(0, N_SENTENCES, size=(PASSAGES_PER_DOCUMENT, SENTENCES_PER_PASSAGE))[:size]
        yield _document(n, [tuple(row) for row in drawn.tolist()], seed, prefix)


def questions(n: int, *, seed: int = SEED) -> list[str]:
    """Questions on what some of the sentences say."""
    rng = np.random.default_rng((seed, 99))
    chosen = rng.choice(N_SENTENCES, size=n, replace=False)
    return [
        sentences(seed)[i].split("、", 1)[0].removesuffix("。") + "はいつ、いくらですか。" for i in chosen
    ]


def _document(n: int, drawn: list[tuple[int, ...]], seed: int, prefix: str) -> Made:
    source = f"{prefix}{n:06d}.txt"
    number = hashlib.sha256(source.encode()).hexdigest()[:16]
    lines = ["".join(sentences(seed)[i] for i in row) for row in drawn]
    text = "".join(f"{line}\n" for line in lines)
    office = OFFICES[n % len(OFFICES)]
    title = f"潮見市 {office} 事務の記録 第{n + 1}号"
    blocks, passages, at = [], [], 0
    for order, (line, row) in enumerate(zip(lines, drawn, strict=True)):
        body = Traced.from_original(text, at, at + len(line))
        at += len(line) + 1
        ends = np.cumsum([len(sentences(seed)[i]) for i in row]).tolist()
        blocks.append(Block(BlockKind.PARAGRAPH, body))
        passages.append(
            Passage(
                id=f"{number}-{order:05d}", document_id=number, order=order, kind=BlockKind.PARAGRAPH,
                body=body, sentences=tuple(zip([0, *ends[:-1]], ends, strict=True)), context=title,
                section=(), page=None, line=order + 1,
            )
        )  # fmt: skip
    document = Document(
        id=number, source=source, title=title, publisher=office, fiscal_years=(2019 + n % 7,),
        sha256=hashlib.sha256(text.encode()).hexdigest(), text=text, blocks=tuple(blocks),
    )  # fmt: skip
    return Made(document, tuple(passages))
