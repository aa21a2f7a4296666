"""The arguments of `shirube embed`, and those of `shirube ingest` that go with it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

from index.shard import Shard


def add_embed_arguments(embed: Any, ingest: Any) -> None:
    """Add the arguments to the parsers of both verbs."""
    embed.add_argument_group("引数").add_argument(
        "work", type=Path, metavar="WORK", help="shirube ingest --plan で作ったフォルダー"
    )
    embed.options.add_argument(
        "--shard",
        type=_shard,
        default=Shard(1, 1),
        metavar="I/N",
        help="N 個に分けた I 番目だけを計算する（既定は 1/1）",
    )
    embed.options.add_argument(
        "--out", type=Path, metavar="DIR", help="ファイルを書くフォルダー（既定は WORK と同じ）"
    )
    elsewhere = ingest.options.add_mutually_exclusive_group()
    elsewhere.add_argument(
        "--plan", type=Path, metavar="WORK",
        help="取り込まず、ベクトルにする文の一覧をこのフォルダーに書く（ほかの機械で計算するとき）",
    )  # fmt: skip
    elsewhere.add_argument(
        "--vectors", type=Path, metavar="DIR", help="shirube embed が書いたベクトルを使って取り込む"
    )


def _shard(given: str) -> Shard:
    found = re.fullmatch(r"([0-9]{1,7})/([0-9]{1,7})", given)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(
            f"3/8 のように、1 から始まる番号/個数で指定します（「{given}」ではなく）"
        )
    return Shard(int(found[1]), int(found[2]))
