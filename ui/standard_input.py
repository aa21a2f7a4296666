"""What is given on the command line, or line by line on standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from ingest.errors import ReadError
from ui.terminal import print_error


def given_lines(given: str) -> Iterator[str]:
    """The text given, or for 「-」 each line of standard input that says something."""
    if given != "-":
        yield given.encode("utf-8", "replace").decode()  # bytes of the shell that are no text
        return
    if sys.stdin.isatty():
        print_error("1行に1つずつ入力してください（終わりは Ctrl-D、Windows では Ctrl-Z）。")
    for number, line in enumerate(sys.stdin.buffer, start=1):
        text = _decoded(line, number).strip()
        if text:
            yield text


def _decoded(line: bytes, number: int) -> str:
    for encoding in ("utf-8-sig", "cp932"):  # what terminals send in Japan
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(f"標準入力の {number} 行目が UTF-8 でも Shift_JIS でもありません。")
