"""File names that are safe everywhere, made from what users and documents call things."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

from ingest.files import PASSED_PREFIXES
from ui.terminal import clean

NAME_BYTES = 180  # in UTF-8; most file systems allow 255, and a number may be added
SUFFIX_CHARS = 12
NO_NAME = "文書"
FORBIDDEN = re.compile(r'[<>:"|?*]')  # on Windows
RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])\s*(?:\.|$)", re.I)


def safe_name(name: str) -> str:
    r"""A name that is one visible file of one folder on every system, as near to the given one as possible.

    NFC, no path, no control, direction or invisible characters, nothing that Windows forbids or reserves, no
    hidden file; the middle is cut if it is long, the extension stays. A safe name stays as it is.

    Example:
        >>> safe_name("..\\会議/予算?.txt"), safe_name("con.txt"), safe_name("../")
        ('予算_.txt', '_con.txt', '文書')
    """
    last = re.split(r"[/\\]", name)[-1]
    line = " ".join(FORBIDDEN.sub("_", normalize("NFC", clean(last))).split())
    line = line.lstrip("".join(PASSED_PREFIXES) + " ").rstrip(". ")
    stem, dot, suffix = line.rpartition(".")
    if not dot or not stem.strip(". ") or len(suffix) > SUFFIX_CHARS:
        stem, suffix = line, ""
    ending = f".{suffix}" if suffix else ""
    stem = _cut(stem, NAME_BYTES - len(ending.encode())).rstrip(". ") or NO_NAME
    return f"{'_' if RESERVED.match(stem + ending) else ''}{stem}{ending}"


def free_place(folder: Path, name: str) -> Path:
    """A new, empty file of this name, with a number before the extension if the name is taken.

    Raises:
        OSError: If it cannot be made.
    """
    path = folder / name
    n = 1
    while True:
        place = path if n == 1 else path.with_name(f"{path.stem} ({n}){path.suffix}")
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            n += 1
        else:
            return place


def _cut(text: str, n_bytes: int) -> str:
    return text.encode()[:n_bytes].decode("utf-8", "ignore")
