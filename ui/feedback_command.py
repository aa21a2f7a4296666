"""`shirube feedback export`: what users said of answers, as an evaluation dataset."""

from __future__ import annotations

import argparse

from ingest.errors import ShirubeError
from ui.feedback import FeedbackBook
from ui.feedback_export import export_feedback
from ui.history_file import FILE_NAME, HistoryFile
from ui.settings import Settings
from ui.terminal import print_json, print_lines
from ui.wiring import open_store


class NoFeedbackError(ShirubeError):
    """Nobody has said anything about an answer yet."""

    hint = "画面で「役に立った」などを押すと、ここに集まります。--index-dir の場所も確かめてください。"


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the dataset `args.out` and, beside it, the rows that a person has to complete.

    Raises:
        NoFeedbackError: If there is no feedback.
        ShirubeError: If the history or the index cannot be read.
        OSError: If a file cannot be written.
    """
    path = settings.index_dir / FILE_NAME
    if not path.exists():  # opening it would make it
        raise NoFeedbackError(f"回答への評価がまだありません: {settings.index_dir}")
    with HistoryFile(path) as file, open_store(settings) as store:
        feedback = FeedbackBook(file).all()
        if not feedback:
            raise NoFeedbackError(f"回答への評価がまだありません: {settings.index_dir}")
        exported = export_feedback(feedback, store.text, args.out)
    if args.json:
        print_json(
            {
                "path": str(exported.path), "n_complete": exported.n_complete,
                "todo_path": str(exported.todo_path), "n_todo": exported.n_todo,
            }
        )  # fmt: skip
    else:
        print_lines(
            [
                f"{exported.path}: そのまま測れる質問 {exported.n_complete} 件",
                f"{exported.todo_path}: 人が補う質問 {exported.n_todo} 件",
                "回答の最初の文に印が付いた言葉を正解とみなしています。使う前に確かめてください。",
                "質問とコメントは書かれたままです。人に渡す前に、個人名などがないか読んで確かめてください。",
            ]
        )
    return 0
