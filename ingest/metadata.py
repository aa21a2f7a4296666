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
from ingest.document import Block, BlockKind, Details
from ingest.edition import find_edition, find_issued
from ingest.errors import ReadError
from ingest.files import DECLARATIONS
from ingest.publisher import guess_publisher
from ingest.title import guess_title

KEYS = {
    "file": str,
    "title": str,
    "publisher": str,
    "fiscal_years": list,
    "aliases": list,
    "password": str,
    "edition": str,
    "date": str,
    "url": str,
    "groups": list,
}
DATE = re.compile(r"(?:\d{4}(?:-\d\d){0,2})?")
URL = re.compile(r"(?:https?://\S+)?")
GROUP = re.compile(r"[\w.@-]{1,64}")
FIRST_LINES = 5
SAMPLE_CHARS = 10_000
LABEL_CHARS = 40
TIMELINE = re.compile(r"年度?\s*[:：]")  # a history, not the year of the document
REACHES_ON = re.compile(r"以[降後前]")
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
        date: `2023-08-15`, `2023-08` or `2023`.
        groups: Who may see the document; empty for everybody.
    """

    pattern: str
    title: str = ""
    publisher: str = ""
    fiscal_years: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    edition: str = ""
    date: str = ""
    url: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document besides its text; see `Document`."""

    title: str
    publisher: str
    fiscal_years: tuple[int, ...]
    details: Details


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
    title, title_trust = _first(
        (_last(d.title for d in declared), 1.0),
        (guess_title(text, page_title=page_title), 0.9 if page_title else 0.7),
        (stem, 0.2),
    )
    publisher, publisher_trust = _first(
        (_last(d.publisher for d in declared), 1.0), (guess_publisher(text, title=title), 0.6), ("", 0.0)
    )
    years, years_trust = _first(
        (_last(d.fiscal_years for d in declared), 1.0), *_fiscal_years(text, blocks, title, stem), ((), 0.0)
    )
    edition, edition_trust = _first(
        (_last(d.edition for d in declared), 1.0), (find_edition(text, title), 0.8), ("", 0.0)
    )
    issued, issued_trust = _first((_last(d.date for d in declared), 1.0), (find_issued(text), 0.8), ("", 0.0))
    details = Details(
        aliases=tuple(dict.fromkeys(alias for d in declared for alias in d.aliases)),
        edition=edition,
        issued=issued,
        url=_last(d.url for d in declared) or "",
        confidence=(
            ("title", title_trust),
            ("publisher", publisher_trust),
            ("fiscal_years", years_trust),
            ("edition", edition_trust),
            ("issued", issued_trust),
        ),
        groups=_last(d.groups for d in declared) or (),
    )
    return Metadata(title, publisher, tuple(sorted(set(years))), details)


def _first(*values: tuple[T | None, float]) -> tuple[T, float]:
    """The first value that says something, with how far it is to be trusted; the last one always serves."""
    *tried, (last, trust) = values
    found = next(((value, sure) for value, sure in tried if value), None)
    return found or (last, trust)  # type: ignore[return-value]


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
            edition=entry.get("edition", ""),
            date=entry.get("date", ""),
            url=entry.get("url", ""),
            groups=tuple(entry.get("groups", ())),
        )


def _check(name: str, key: str, value: object) -> None:
    if key not in KEYS:
        raise ReadError(f"{name} に知らない項目「{key}」があります（使えるのは {'、'.join(KEYS)} です）。")
    item = {"fiscal_years": int, "aliases": str, "groups": str}.get(key)
    is_right = isinstance(value, KEYS[key])
    if isinstance(value, list) and item:
        is_right = is_right and all(type(x) is item for x in value)  # True is no year
    if key == "groups":  # a slip here would show everybody what is meant for a few
        is_right = is_right and bool(value) and all(GROUP.fullmatch(group) for group in value)  # type: ignore[attr-defined]
    form = {"date": DATE, "url": URL}.get(key)
    if isinstance(value, str) and form:
        is_right = form.fullmatch(value) is not None
    if not is_right:
        wanted = {
            "fiscal_years": "西暦の整数の並び",
            "aliases": "文字列の並び",
            "groups": "組の名前の並び",
            "date": '"2023-08-15" か "2023-08" の形',
            "url": "https:// か http:// で始まる文字列",
        }.get(key, "文字列")
        raise ReadError(f"{name} の項目「{key}」は{wanted}で書いてください。")


def _fiscal_years(
    text: str, blocks: Sequence[Block], title: str, stem: str
) -> Iterator[tuple[tuple[int, ...], float]]:
    """What each place says, with how far it is to be trusted, the best place first."""
    headers = " ".join(
        dict.fromkeys(label for b in blocks if b.kind is BlockKind.TABLE_ROW for label in b.headers)
    )
    lines = (line.strip() for line in text[:SAMPLE_CHARS].splitlines())
    first = [line for line in lines if line][:FIRST_LINES]
    labels = " ".join(x for x in first if len(x) <= LABEL_CHARS and "。" not in x and not TIMELINE.search(x))
    for place, trust in ((title, 0.9), (headers, 0.8), (labels, 0.7), (stem, 0.6)):
        yield tuple({mention.year for mention in find_years(place) if mention.is_fiscal}), trust
    yield tuple({int(m[2]) if m[2] else 2018 + int(m[1]) for m in NAME_YEAR.finditer(stem)}), 0.6
    yield _commonest(text), 0.4


def _commonest(text: str) -> tuple[int, ...]:
    """The fiscal years named more than half as often as the commonest, each twice at least.

    One that is only named as that since or until which something holds (令和元年度以降) is none of them.
    """
    mentions = [mention for mention in find_years(text) if mention.is_fiscal]
    free = {mention.year for mention in mentions if not REACHES_ON.match(text, mention.end)}
    counts = Counter(mention.year for mention in mentions if mention.year in free)
    most = max(counts.values(), default=0)
    return tuple(year for year, n in counts.items() if n >= 2 and n * 2 > most)
