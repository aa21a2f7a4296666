"""What reaches the terminal: text from documents is only text there, whatever characters it holds."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from typing import Any

WHITE = re.compile("[\t-\r\x85\u2028\u2029]")
# Control characters (C0, DEL, C1), which start terminal commands; marks that turn the direction of writing
# around; characters that show nothing and could hide a text; halves of characters, which no encoding takes.
HARMFUL = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
STRONG, NORMAL = "\x0e", "\x0f"  # around what stands out in a line for `print_lines`; `clean` drops them
BOLD, PLAIN = "\033[1m", "\033[0m"


def clean(text: str) -> str:
    """The text without what could act on a terminal or deceive its reader; line ends become blanks."""
    return HARMFUL.sub("", WHITE.sub(" ", text))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines for people on stdout, cleaned."""
    bold = _shows_bold()
    for line in lines:
        parts = re.split(f"([{STRONG}{NORMAL}])", line)
        codes = {STRONG: BOLD if bold else "", NORMAL: PLAIN if bold else ""}
        print("".join(codes[part] if part in codes else clean(part) for part in parts))


def print_json(value: Any) -> None:
    """Print one line of JSON on stdout; characters that could act on a terminal are escaped, none is lost."""
    text = json.dumps(value, ensure_ascii=False)
    print(HARMFUL.sub(lambda found: json.dumps(found[0])[1:-1], text))


def print_error(message: str) -> None:
    """Print one line on stderr."""
    print(clean(message).rstrip(), file=sys.stderr)


def _shows_bold() -> bool:
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ  # an old Windows console prints the codes
