"""The arguments of `shirube eval` and `shirube bench`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

ACTIONS = {"compare": ("A", "B"), "draft": ("DOCS",)}  # what stands before the folders, and their names
OUT_DIR = Path("eval-out")
N_DRAFTS = 50

Complain = Callable[[str], Any]


def add_eval_arguments(eval_verb: Any, bench_verb: Any) -> None:
    """Add the arguments of both verbs to their parsers."""
    eval_verb.add_argument_group("引数").add_argument(
        "words", nargs="+", metavar="DATASET",
        help="質問集（JSONL、CSV、XLSX）。「compare A B」なら 2 つの結果を比べ、"
        "「draft DOCS」なら質問の下書きを作る",
    )  # fmt: skip
    options = eval_verb.options
    options.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="結果を書くフォルダー（既定は eval-out）。draft では書くファイル",
    )
    options.add_argument(
        "--fail-under", type=_floor, action="append", default=[], metavar="指標=値",
        help="この値に届かなければ終了コード 1（例: right=.7。何度でも）",
    )  # fmt: skip
    options.add_argument(
        "--baseline", action="store_true", help="同じ文書とモデルで、LangChain の素朴な構成とも比べる"
    )
    options.add_argument("--unchecked", action="store_true", help="未確認（checked が false）の質問も使う")
    options.add_argument(
        "--without-evidence", action="store_true",
        help="答えられる質問を、根拠のある文書を除いても尋ね、断れるかを測る",
    )  # fmt: skip
    options.add_argument("--sample", type=int, metavar="N", help="--seed で選んだ N 件だけを尋ねる")
    options.add_argument(
        "--resume", action="store_true", help="途中で止まった測定を、まだの質問から続ける（--out の中を使う）"
    )
    options.add_argument("-n", type=int, default=N_DRAFTS, metavar="N", help="draft: 下書きの数（既定は 50）")
    options.add_argument(
        "--seed", type=int, default=0, metavar="N", help="draft と --sample: 選び方の種（既定は 0）"
    )
    bench_verb.add_argument_group("引数").add_argument(
        "folder", nargs="?", type=Path, default=Path("sample"), metavar="DOCS",
        help="文書のフォルダー（既定は sample）",
    )  # fmt: skip
    bench_verb.options.add_argument("--out", type=Path, metavar="FILE", help="結果を JSON で書くファイル")


def check_eval_arguments(args: argparse.Namespace, complain: Complain) -> None:
    """Sort the words into `action` and what belongs to it; wrong ones are complained about.

    A dataset that is named like an action is written `./compare`.
    """
    first, *rest = args.words
    names = ACTIONS.get(first)
    args.action = first if names else "run"
    if names is None:
        args.dataset = Path(first)
        args.out = args.out or OUT_DIR
        if args.sample is not None and args.sample < 1:
            complain("--sample は 1 以上にします")
        if rest:
            complain(f"unrecognized arguments: {' '.join(rest)}")
        return
    if len(rest) < len(names):
        complain(f"the following arguments are required: {names[len(rest)]}")
    if len(rest) > len(names):
        complain(f"unrecognized arguments: {' '.join(rest[len(names) :])}")
    args.paths = [Path(word) for word in rest]
    if first == "draft" and args.out is None:
        complain("the following arguments are required: --out")
    if args.n < 1:
        complain("-n は 1 以上にします")


def _floor(given: str) -> tuple[str, float]:
    """A measure and the value that it has to reach."""
    from eval.labels import LABELS

    name, _, value = given.partition("=")
    if name not in LABELS:
        raise argparse.ArgumentTypeError(f"「{name}」という指標はありません")
    try:
        return name, float(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{given}」は 指標=値 の形ではありません") from None


def add_scale_arguments(bench: Any) -> None:
    """Of `shirube bench scale`, which makes its documents itself."""
    bench.options.add_argument(
        "--work",
        type=Path,
        default=Path("shirube-scale"),
        metavar="DIR",
        help="scale の索引を置き、また使うフォルダー",
    )
    bench.options.add_argument(
        "--passages", type=_sizes, default=[10_000, 100_000], metavar="N,N", help="scale で測る箇所の数"
    )


def _sizes(given: str) -> list[int]:
    sizes = [int(one) for one in given.split(",") if one.strip().isdecimal()]
    if len(sizes) != given.count(",") + 1 or min(sizes) < 1:
        raise argparse.ArgumentTypeError(f"「{given}」は 10000,100000 のような数の並びではありません")
    return sizes
