"""The arguments of the command line, with help and complaints in Japanese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ui.embed_arguments import add_embed_arguments
from ui.eval_arguments import add_eval_arguments, add_scale_arguments, check_eval_arguments

VERBS = {
    "ask": "質問に、出典つきで答える（動詞を省くとこれになる）",
    "ingest": "フォルダーやファイルを取り込む（消えたファイルは索引からも除く）",
    "embed": "取り込む文をベクトルにする計算を、ほかの機械で分けて行う",
    "search": "言葉に近い箇所を探す",
    "status": "取り込んだ文書の一覧と注意点を見る",
    "glossary": "文書が説明している用語や略語を見る",
    "guide": "はじめて読む文書の、目的・見出し・最初の質問を見る",
    "inspect": "ファイルから何を読み取ったかを、頁の画像に重ねて見る",
    "remove": "文書を索引から除く（元のファイルはそのまま）",
    "eval": "質問集で回答の正しさを測る（結果を比べる、質問を下書きする）",
    "bench": "速さとメモリを段階ごとに測る",
    "settings": "設定と今の値を見る",
    "model": "文章を書くチャットモデルにつながるかを確かめる（model check）",
    "demo": "取り込みと質問をひと続きに試す",
    "serve": "画面とプログラム向けの窓口を開く",
    "user": "ログインする人とトークンを管理する",
    "feedback": "回答への評価を、質問集として書き出す",
    "watch": "フォルダーを見張り、変わったファイルを取り込み続ける",
    "backup": "索引を1つのファイルに控える",
    "restore": "控えたファイルの状態に索引を戻す",
    "migrate": "索引を、この機械と Milvus の間で移す（埋め込み直さない）",
    "doctor": "索引に食い違いがないか調べ、直せるものを直す",
}
ACTIONS = {
    "add": "利用者を加える（いる人なら、パスワードを変える）",
    "token": "スクリプト用のトークンを作る",
    "remove": "利用者をトークンごと除く",
    "withdraw": "トークンを使えなくする",
    "list": "利用者とトークンの一覧を見る",
}
OWN_WORDS = (  # which name their own
    "embed",
    "eval",
    "bench",
    "model",
    "feedback",
    "watch",
    "backup",
    "restore",
    "migrate",
)
EXAMPLES = "例: shirube ingest 文書フォルダー ／ shirube '会議室の予約は何日前からですか'"
DASH_HINT = "「-」で始まる質問は、-- のあとに書きます（例: shirube -- '-5度とは'）。"
COMPLAINTS = (  # what argparse says, and what we say
    (re.compile(r"the following arguments are required: (.+)"), r"「\1」がありません。"),
    (re.compile(r"unrecognized arguments: (.+)"), r"知らない引数です: \1。"),
    (re.compile(r"argument (\S+): expected .*argument.*"), r"\1 のあとに値がありません。"),
    (re.compile(r"argument (\S+): invalid int value: '(.*)'"), r"\1 は整数で指定します（「\2」ではなく）。"),
    (re.compile(r"argument 操作: invalid choice: '(.*)' .*"), r"「\1」という操作はありません。"),
    (re.compile(r"argument (--\S+): not allowed with argument (--\S+)"), r"\1 と \2 は一緒に使えません。"),
    (re.compile(r"argument (\S+): ignored explicit argument '.*'"), r"\1 に値は付けません。"),
)  # fmt: skip


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "使い方: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Japanese; wrong usage ends the process with exit code 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, add_help=False, allow_abbrev=False, formatter_class=_Help)
        self.options = self.add_argument_group("オプション")
        self.options.add_argument("-h", "--help", action="help", help="この説明を出す")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, in one sentence with the next step."""
        told = next(
            (pattern.sub(said, message) for pattern, said in COMPLAINTS if pattern.fullmatch(message)),
            f"引数の書き方が正しくありません（{message}）。",
        )
        dashed = re.search(r"質問|言葉|: -", message)
        hint = DASH_HINT if dashed else f"{self.prog} -h で使い方を確かめてください。"
        self.exit(2, f"エラー: {told}{hint}\n")


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The verb and its arguments.

    Raises:
        SystemExit: 0 after help or the version were shown, 2 after wrong usage was told.
    """
    parser = _parser()
    if "--version" in arguments[:1]:
        from importlib.metadata import version  # slow to import

        print(f"shirube {version('shirube')}")
        parser.exit(0)
    given = with_verb(arguments)
    _check_spelling(arguments, given, parser)
    args = parser.parse_args(given)
    if args.verb in ("ask", "search"):
        name, shown = ("question", "質問") if args.verb == "ask" else ("query", "言葉")
        setattr(args, name, " ".join(getattr(args, name)).strip())
        _require(parser, getattr(args, name), shown)
    if args.verb == "ingest":
        _require(parser, args.paths or args.rebuild, "PATH")
    if args.verb == "eval":
        check_eval_arguments(args, parser.error)
    return args


def _require(parser: Parser, given: object, shown: str) -> None:
    if not given:
        parser.error(f"the following arguments are required: {shown}")


def with_verb(arguments: Sequence[str]) -> list[str]:
    """Put the verb first, `ask` where there is none; options for all verbs may stand before it."""
    at = 0
    while at < len(arguments) and re.match(r"--(?:json|index-dir)(?:=|$)", arguments[at]):
        at += 2 if arguments[at] == "--index-dir" else 1
    if at == len(arguments) or arguments[at : at + 1] in (["-h"], ["--help"]):
        return ["-h"]
    if arguments[at : at + 1] and arguments[at] in VERBS:
        return [arguments[at], *arguments[:at], *arguments[at + 1 :]]
    return ["ask", *arguments]


def _check_spelling(arguments: Sequence[str], given: Sequence[str], parser: Parser) -> None:
    """A mistyped verb would be taken for a question."""
    if given[0] != "ask" or len(arguments) < 2 or not re.fullmatch("[a-z]{3,10}", arguments[0]):
        return
    from difflib import get_close_matches

    meant = get_close_matches(arguments[0], VERBS, n=1, cutoff=0.7)
    if meant and arguments[0] not in VERBS:
        parser.exit(
            2,
            f"エラー: 「{arguments[0]}」という動詞はありません。{meant[0]} のことなら打ち直し、"
            f"質問なら shirube ask のあとに書いてください。\n",
        )


def _parser() -> Parser:
    parser = Parser(
        prog="shirube", description="手元の文書に質問し、根拠の場所を示して答えます。", epilog=EXAMPLES
    )
    parser.options.add_argument("--version", action="store_true", help="版を出す")
    verbs = parser.add_subparsers(
        title="動詞", dest="verb", metavar="動詞", required=True, parser_class=Parser
    )
    made = {name: verbs.add_parser(name, help=told, description=told) for name, told in VERBS.items()}
    _add_arguments(made)
    add_eval_arguments(made["eval"], made["bench"])
    add_scale_arguments(made["bench"])
    add_embed_arguments(made["embed"], made["ingest"])
    _add_model_arguments(made)
    _add_server_arguments(made)
    _add_upkeep_arguments(made)
    for verb in made.values():
        verb.options.add_argument(
            "--json", action="store_true", help="プログラム向けに、1行に1つの JSON で出す"
        )
        verb.options.add_argument("--index-dir", type=_folder, metavar="DIR", help="索引を置くフォルダー")
    return parser


def _add_arguments(verbs: dict[str, Parser]) -> None:
    words = {name: verb.add_argument_group("引数") for name, verb in verbs.items() if name not in OWN_WORDS}
    words["ask"].add_argument(
        "question", nargs="+", metavar="質問", help=f"「-」なら標準入力から、1行に1問。{DASH_HINT}"
    )
    words["search"].add_argument("query", nargs="+", metavar="言葉", help="「-」なら標準入力から、1行に1つ")
    for name in ("ask", "search"):
        verbs[name].options.add_argument("-k", type=int, metavar="N", help="取り出す箇所の数")
    ingest = verbs["ingest"].options
    words["ingest"].add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="フォルダーかファイル。--rebuild だけなら前と同じ場所",
    )
    ingest.add_argument("--keep-missing", action="store_true", help="消えたファイルの文書も残す")
    ingest.add_argument("--rebuild", action="store_true", help="変わっていないファイルも読み直す")
    ingest.add_argument("--max-file-mb", type=int, metavar="N", help="1ファイルの上限（MB）")
    words["glossary"].add_argument("term", nargs="?", default="", metavar="TERM", help="省くと全部")
    words["guide"].add_argument(
        "document", nargs="?", default="", metavar="DOC", help="status に出る id かファイル名。省くと全部"
    )
    words["inspect"].add_argument("file", type=_file, metavar="FILE", help="見るファイル")
    verbs["inspect"].options.add_argument(
        "--out", type=_folder, metavar="DIR", help="書くフォルダー（既定は ファイル名-inspect）"
    )
    words["remove"].add_argument("documents", nargs="+", metavar="DOC", help="status に出る id かファイル名")
    words["demo"].add_argument("folder", type=Path, metavar="DIR", help="文書のフォルダー")
    verbs["demo"].options.add_argument("--question", metavar="質問", help="省くと見出しや定義から3つ選ぶ")


def _add_model_arguments(verbs: dict[str, Parser]) -> None:
    for name in ("ask", "eval", "serve", "model"):
        options = verbs[name].options
        options.add_argument(
            "--model", metavar="名前", help="文章を書くモデル（openai:名前、ollama:名前 など）"
        )
        options.add_argument("--model-url", metavar="URL", help="モデルの接続先（http://…/v1 など）")
        if name != "model":
            options.add_argument(
                "--mode", choices=["plain", "list", "easy", "quote"], metavar="書き方",
                help="plain 普通、list 箇条書き、easy やさしい日本語、quote 引用のみ",
            )  # fmt: skip
    group = verbs["model"].add_argument_group("引数")
    group.add_argument("action", choices=["check"], metavar="check")


def _add_server_arguments(verbs: dict[str, Parser]) -> None:
    feedback = verbs["feedback"]
    feedback.add_argument_group("引数").add_argument("action", choices=["export"], metavar="export")
    feedback.options.add_argument(
        "--out", type=_file, required=True, metavar="FILE", help="書き出す質問集（JSONL）"
    )
    serve = verbs["serve"].options
    serve.add_argument("--host", metavar="番地", help="待つ番地（既定は 127.0.0.1）")
    serve.add_argument("--port", type=int, metavar="N", help="待つポート番号（0 なら空いている番号）")
    serve.add_argument("--open", action="store_true", help="ブラウザーで画面を開く")
    actions = verbs["user"].add_subparsers(
        title="操作", dest="action", metavar="操作", required=True, parser_class=Parser
    )
    made = {name: actions.add_parser(name, help=told, description=told) for name, told in ACTIONS.items()}
    for name, action in made.items():
        if name != "list":
            action.add_argument_group("引数").add_argument("name", metavar="名前", help="利用者名")
    made["add"].options.add_argument("--admin", action="store_true", help="管理者にする")
    made["add"].options.add_argument("--groups", metavar="組", help="見てよい文書の組（「,」で区切る）")
    made["token"].options.add_argument(
        "--scope", default="ask,search,documents", metavar="権限",
        help="ask、search、documents、metrics、admin を「,」で区切る（既定ははじめの3つ）",
    )  # fmt: skip
    made["token"].options.add_argument(
        "--days", type=int, default=90, metavar="N", help="使える日数（既定は 90）"
    )
    made["withdraw"].add_argument_group("引数").add_argument("token", metavar="ID", help="list に出る id")
    for parser in (verbs["serve"], *made.values()):
        parser.options.add_argument("--users-file", type=_file, metavar="FILE", help="利用者ファイル")
    for parser in made.values():  # after the action, where people write them
        for option in ("--json", "--index-dir"):
            given: dict[str, Any] = {"action": "store_true"} if option == "--json" else {"type": _folder}
            parser.options.add_argument(option, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **given)


def _add_upkeep_arguments(verbs: dict[str, Parser]) -> None:
    for name, told in (("backup", "書くファイル"), ("restore", "shirube backup で作ったファイル")):
        verbs[name].add_argument_group("引数").add_argument("file", type=_file, metavar="FILE", help=told)
    verbs["migrate"].add_argument_group("引数").add_argument(
        "target", choices=["local", "milvus"], metavar="TO", help="移す先（local か milvus）"
    )
    verbs["doctor"].options.add_argument("--repair", action="store_true", help="直せるものを直す")
    watch = verbs["watch"]
    watch.add_argument_group("引数").add_argument(
        "paths", nargs="+", type=Path, metavar="DIR", help="見張るフォルダー"
    )
    watch.options.add_argument(
        "--poll", action="store_true", help="2秒ごとに全部のファイルを見る（共有ドライブなど）"
    )


def _folder(name: str) -> Path:
    if not name:
        raise argparse.ArgumentTypeError("フォルダーの名前が空です")
    return Path(name)


def _file(name: str) -> Path:
    if not name:
        raise argparse.ArgumentTypeError("ファイルの名前が空です")
    return Path(name)
