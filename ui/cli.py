"""The command line: `shirube '質問'` and its other verbs.

Exit codes: 0 done (「文書に記載がありません」 is a result), 1 an error told in one Japanese sentence with the
next step, 2 wrong usage, 130 interrupted. stdout carries results only.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

from ingest.errors import SettingsError, ShirubeError
from ui.arguments import parse_arguments
from ui.terminal import print_error

INTERRUPTED = 130
WRITING = ("ingest", "remove", "demo", "restore", "doctor", "migrate")  # verbs that change the index


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _speak_utf8()
    args = parse_arguments(list(sys.argv[1:] if argv is None else argv))
    try:
        code = _run(args)
        sys.stdout.flush()  # here, where a full disk or a closed pipe can still be told
    except KeyboardInterrupt:
        print_error("中断しました。" + ("索引は前の状態のままです。" if args.verb in WRITING else ""))
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output (head, less) has seen enough
        _drop_output()
        return 0
    except Exception as error:  # the top level: a user is told what happened, never shown a traceback
        if isinstance(error, OSError):
            _drop_output()
        print_error(f"エラー: {_told(error)}")
        return 1
    return code


def _run(args: argparse.Namespace) -> int:
    # After the arguments are known to be right: these imports take most of a second.
    from ui import commands
    from ui.settings import Settings, load_settings

    try:
        settings = load_settings({name: getattr(args, name, None) for name in Settings.model_fields})
    except SettingsError:
        if args.verb == "settings":  # who asks what can be set must see it all the more
            commands.settings(args, Settings.model_validate({}))
        raise
    return int(getattr(commands, args.verb)(args, settings))


def _told(error: Exception) -> str:
    """One sentence about what went wrong, and the next step."""
    match error:
        case ShirubeError():
            return f"{error.message.removesuffix('。')}。{error.hint}"
        case MemoryError():
            return "メモリが足りません。大きなファイルを分けるか、max_file_mb を下げてください。"
        case OSError():
            place = f" {error.filename}" if error.filename else ""
            reason = error.strerror or type(error).__name__
            return f"読み書きができません:{place}（{reason}）。場所と権限、空き容量を確かめてください。"
    place = "、".join(
        f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-1:]
    )
    return (
        f"思いがけない不具合です（{type(error).__name__}: {error}、{place}）。"
        "もう一度試し、続くようならこの行を添えて開発元に知らせてください。"
    )


def _speak_utf8() -> None:
    """Results are UTF-8 wherever they go; a Windows console or pipe may default to another encoding."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _drop_output() -> None:
    """Send what is still to be flushed nowhere: the interpreter would fail on it once more at its end."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # not a real stream
        return


if __name__ == "__main__":
    sys.exit(main())
