"""The command line: `shirube '質問'` and its other verbs.

Exit codes: 0 done (「文書に記載がありません」 is a result), 1 an error told in one Japanese sentence with the
next step, 2 wrong usage. stdout carries results only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import ShirubeError
from ui.settings import Settings, load_settings

VERBS = {
    "ask": "質問に、出典つきで答える（動詞を省くとこれになる）",
    "ingest": "フォルダーやファイルを取り込む（消えたファイルは索引からも除く）",
    "search": "言葉に近い箇所を探す",
    "status": "取り込んだ文書の一覧と注意点を見る",
    "remove": "文書を索引から除く（元のファイルはそのまま）",
    "eval": "質問集で回答の正しさを測る",
    "settings": "設定と今の値を見る",
    "demo": "取り込みと質問をひと続きに試す",
}
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    arguments = _with_verb(list(sys.argv[1:] if argv is None else argv))
    args = _parser().parse_args(arguments)
    try:
        return _run(args)
    except ShirubeError as error:
        print(f"エラー: {error.message} {error.hint}".rstrip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("中断しました。索引は前の状態のままです。", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        sys.stderr.close()
        return 0
    except MemoryError:
        print(
            "エラー: メモリが足りません。大きなファイルを分けるか、max_file_mb を下げてください。",
            file=sys.stderr,
        )
        return 1


def _run(args: argparse.Namespace) -> int:
    from ui import commands  # after the arguments are known to be right: imports take most of a second

    settings = load_settings({name: getattr(args, name, None) for name in Settings.model_fields})
    return int(getattr(commands, args.verb)(args, settings))


def _with_verb(arguments: list[str]) -> list[str]:
    """Put `ask` where a question stands without a verb; options for all verbs may come before it."""
    at = 0
    while at < len(arguments) and arguments[at] in ("--json", "--index-dir"):
        at += 2 if arguments[at] == "--index-dir" else 1
    first = arguments[at] if at < len(arguments) else "-h"
    if first in VERBS:
        return [first, *arguments[:at], *arguments[at + 1 :]]
    if first in ("-h", "--help", "--version"):
        return [first]
    return ["ask", *arguments]


def _parser() -> argparse.ArgumentParser:
    from importlib.metadata import version

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="プログラム向けに JSON で出す")
    common.add_argument("--index-dir", type=Path, metavar="DIR", help="索引を置くフォルダー")
    parser = argparse.ArgumentParser(
        prog="shirube", description="手元の文書に質問し、根拠の場所を示して答えます。",
        epilog="例: shirube ingest 文書フォルダー ／ shirube '会議室の予約は何日前からですか'",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"shirube {version('shirube')}")
    verbs = parser.add_subparsers(dest="verb", metavar="動詞", required=True)
    made = {
        name: verbs.add_parser(name, parents=[common], help=told, description=told)
        for name, told in VERBS.items()
    }
    _add_arguments(made)
    return parser


def _add_arguments(verbs: dict[str, argparse.ArgumentParser]) -> None:
    verbs["ask"].add_argument("question", metavar="質問", help="「-」なら標準入力から、1行に1問")
    verbs["ingest"].add_argument("paths", nargs="*", type=Path, metavar="PATH")
    verbs["ingest"].add_argument("--keep-missing", action="store_true", help="消えたファイルの文書も残す")
    verbs["ingest"].add_argument("--rebuild", action="store_true", help="変わっていないファイルも読み直す")
    verbs["ingest"].add_argument("--max-file-mb", type=int, metavar="N", help="1ファイルの上限（MB）")
    verbs["search"].add_argument("query", metavar="言葉", help="「-」なら標準入力から、1行に1つ")
    for name in ("ask", "search"):
        verbs[name].add_argument("-k", type=int, metavar="N", help="取り出す箇所の数")
    verbs["remove"].add_argument("documents", nargs="+", metavar="DOC", help="status に出る id かファイル名")
    verbs["eval"].add_argument("dataset", type=Path, metavar="DATASET", help="質問集（JSONL）")
    verbs["eval"].add_argument(
        "--out", type=Path, metavar="DIR", default=Path("eval-out"), help="結果を書くフォルダー"
    )
    verbs["demo"].add_argument("folder", type=Path, metavar="DIR")
    verbs["demo"].add_argument("--question", metavar="質問", help="省くと見出しや定義から3つ選ぶ")


def _speak_utf8() -> None:
    """Results are UTF-8 wherever they go; a Windows console or pipe may default to another encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
