"""Long cells cut where a reader would: before what heads the next part, not within a short list."""

from __future__ import annotations

from ingest.document import Block, BlockKind
from ingest.pieces import MAX_CHARS, Piece, pieces_of
from ingest.traced import Traced

ROW = "潮見市\n広報しおみ\n秋の講座\n"


def cut(text: str, *, section: tuple[str, ...] = ()) -> list[Piece]:
    return list(pieces_of(Block(BlockKind.TABLE_ROW, Traced.from_original(text), section)))


def talk(n: int) -> str:
    return f"■講座{n}\n" + "水辺の生き物を観察します。長靴でお越しください。\n" * 3 + f"場所：第{n}集会室\n"


def test_a_heading_within_a_cell_begins_a_part_and_none_ends_with_it() -> None:
    pieces = cut(ROW + "".join(talk(n) for n in range(1, 5)))
    assert [p.body.text.split("\n")[0] for p in pieces[1:]] == ["■講座2", "■講座3", "■講座4"]
    assert all("\n■" not in p.body.text for p in pieces[1:])


def test_a_later_part_is_found_by_its_row_and_the_heading_above_it() -> None:
    long = "■申し込み\n" + "".join(
        f"{n}番目の説明として、用意する物を順に並べておきます。\n" for n in range(20)
    )
    pieces = cut(ROW + long, section=("潮見市", "広報しおみ"))
    assert len(pieces) > 2
    assert pieces[-1].head.startswith("秋の講座")
    assert pieces[-1].head.endswith("■申し込み")
    assert "潮見市" not in pieces[-1].head


def test_a_short_list_is_not_parted_from_its_label() -> None:
    told = "提供する会員は、保育の心得がある人です。" * 7
    pieces = cut(
        f"{told}\n謝礼：\n・平日の昼間…1時間700円\n・休日と夜間…1時間900円\n問い合わせは窓口へどうぞ。"
        + "\n続きの文です。" * 20
    )
    [holder] = [p.body.text for p in pieces if "700円" in p.body.text]
    assert "900円" in holder
    assert all(len(p.body.text) <= MAX_CHARS for p in pieces)
