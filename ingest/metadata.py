"""Title, publisher and fiscal years of a document: declared, else guessed from its text or its name."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from ingest.calendar import find_years
from ingest.decode import decode
from ingest.document import Block, BlockKind
from ingest.errors import ReadError
from ingest.files import DECLARATIONS
from ingest.publisher import guess_publisher
from ingest.title import guess_title

KEYS = {"file": str, "title": str, "publisher": str, "fiscal_years": list, "aliases": list, "password": str}
FIRST_LINES = 5
SAMPLE_CHARS = 10_000
LABEL_CHARS = 40
TIMELINE = re.compile(r"年度?\s*[:：]")  # a history, not the year of the document
NAME_YEAR = re.compile(r"(?<![A-Za-z0-9])[rR](\d{1,2})(?!\d)|(?<!\d)(20\d\d)(?!\d)")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a `documents.toml` says of the files that match its pattern.

    Attributes:
        pattern: A path or glob below the ingested folder, with `/`; `*` stands for any characters.
        fiscal_years: Western years; empty if not declared.
        aliases: Other names that people use for the document.
        password: Opens the file, if it is encrypted.
    """

    pattern: str
    title: str = ""
    publisher: str = ""
    fiscal_years: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its text; see `Document`."""

    title: str
    publisher: str
    fiscal_years: tuple[int, ...]
    aliases: tuple[str, ...] = ()


def load_declarations(root: Path) -> tuple[Declaration, ...]:
    """What the `documents.toml` files of a folder and its subfolders declare; none is fine.

    Raises:
        ReadError: If one cannot be read, or has a key that is unknown or of the wrong type.
    """
    found: list[Declaration] = []
    for path in sorted(root.rglob(DECLARATIONS)):
        folder = path.parent.relative_to(root).as_posix()
        prefix = "" if folder == "." else f"{folder}/"
        try:
            entries = tomllib.loads(decode(path.read_bytes()).text.replace("\r\n", "\n"))
        except OSError as error:
            raise ReadError(f"{prefix}{DECLARATIONS} を開けません。") from error
        except tomllib.TOMLDecodeError as error:
            raise ReadError(f"{prefix}{DECLARATIONS} の書き方に誤りがあります（{error}）。") from error
        found.extend(_declarations(entries, prefix))
    return tuple(found)


def find_metadata(
    text: str,
    blocks: Sequence[Block],
    *,
    source: str,
    declarations: Sequence[Declaration] = (),
    page_title: str = "",
) -> Metadata:
    """Title, publisher and years of a document; each comes from the first place that gives it.

    These are what is declared, the text, and the file's name. Later declarations win. Fiscal years
    are those of the title, of the table headers, of the first lines or of the file's name; failing
    these, the ones named most often.

    Args:
        text: The document's text.
        blocks: Its blocks; the headers of table rows may name a year.
        source: Path of the file below the ingested folder.
        declarations: What `load_declarations` gave, with patterns below the same folder.
        page_title: What the format itself says (`<title>`, a first heading), "" if nothing.
    """
    declared = [d for d in declarations if fnmatchcase(source, d.pattern)]
    stem = Path(source).stem
    title = _last(d.title for d in declared) or guess_title(text, page_title=page_title) or stem
    publisher = _last(d.publisher for d in declared) or guess_publisher(text, title=title)
    years = _last(d.fiscal_years for d in declared) or _fiscal_years(text, blocks, title, stem)
    aliases = tuple(dict.fromkeys(alias for d in declared for alias in d.aliases))
    return Metadata(title, publisher, tuple(sorted(set(years))), aliases)


def _last(values: Iterable[T]) -> T | None:
    """The last value that says something."""
    return next((value for value in reversed(list(values)) if value), None)


def _declarations(entries: dict[str, Any], prefix: str) -> Iterator[Declaration]:
    name = f"{prefix}{DECLARATIONS}"
    unknown = set(entries) - {"document"}
    if unknown:
        raise ReadError(
            f"{name} に知らない項目「{min(unknown)}」があります（使えるのは [[document]] だけです）。"
        )
    documents = entries.get("document", [])
    if not isinstance(documents, list) or not all(isinstance(entry, dict) for entry in documents):
        raise ReadError(f"{name} の document は [[document]] と書いてください。")
    for entry in documents:
        for key, value in entry.items():
            _check(name, key, value)
        if not entry.get("file"):
            raise ReadError(f"{name} の [[document]] に file がありません。")
        yield Declaration(
            pattern=prefix + entry["file"],
            title=entry.get("title", ""),
            publisher=entry.get("publisher", ""),
            fiscal_years=tuple(entry.get("fiscal_years", ())),
            aliases=tuple(entry.get("aliases", ())),
            password=entry.get("password", ""),
        )


def _check(name: str, key: str, value: object) -> None:
    if key not in KEYS:
        raise ReadError(f"{name} に知らない項目「{key}」があります（使えるのは {'、'.join(KEYS)} です）。")
    item = {"fiscal_years": int, "aliases": str}.get(key)
    is_right = isinstance(value, KEYS[key])
    if isinstance(value, list) and item:
        is_right = is_right and all(type(x) is item for x in value)  # True is no year
    if not is_right:
        wanted = {"fiscal_years": "西暦の整数の並び", "aliases": "文字列の並び"}.get(key, "文字列")
        raise ReadError(f"{name} の項目「{key}」は{wanted}で書いてください。")


def _fiscal_years(text: str, blocks: Sequence[Block], title: str, stem: str) -> tuple[int, ...]:
    headers = " ".join(
        dict.fromkeys(label for b in blocks if b.kind is BlockKind.TABLE_ROW for label in b.headers)
    )
    lines = (line.strip() for line in text[:SAMPLE_CHARS].splitlines())
    first = [line for line in lines if line][:FIRST_LINES]
    labels = " ".join(x for x in first if len(x) <= LABEL_CHARS and "。" not in x and not TIMELINE.search(x))
    for place in (title, headers, labels, stem):
        years = {mention.year for mention in find_years(place) if mention.is_fiscal}
        if years:
            return tuple(years)
    named = {int(m[2]) if m[2] else 2018 + int(m[1]) for m in NAME_YEAR.finditer(stem)}
    return tuple(named) or _commonest(text)


def _commonest(text: str) -> tuple[int, ...]:
    """The fiscal years named more than half as often as the commonest, each twice at least."""
    counts = Counter(mention.year for mention in find_years(text) if mention.is_fiscal)
    most = max(counts.values(), default=0)
    return tuple(year for year, n in counts.items() if n >= 2 and n * 2 > most)
